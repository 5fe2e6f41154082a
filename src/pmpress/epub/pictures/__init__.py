"""Pictures as shops take them, and those that stand for drawings and formulas."""
