"""A book press: Markdown chapters in, a print-ready PDF and an EPUB out.

`pmpress.press` is where everything meets; `pmpress.cli` is the command.
"""


def __getattr__(name: str) -> str:
    """Look `__version__` up when somebody asks: reading installed metadata is too slow for every start."""
    if name == "__version__":
        from importlib.metadata import version

        return version("pmpress")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
