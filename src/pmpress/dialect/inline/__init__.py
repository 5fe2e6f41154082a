"""What stands inside a line: the patterns that Python-Markdown works through."""
