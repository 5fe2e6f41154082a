"""Formulas in MathML, drawn for those who cannot set them: the only owner of ziamath."""
