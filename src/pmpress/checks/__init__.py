"""Checks, one a file: over the sources, the model, the laid-out pages, the finished files."""
