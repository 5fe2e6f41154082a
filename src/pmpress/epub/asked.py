"""What a target asks of the e-book, held against the e-book: each thing with a diagnostic that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pmpress.diagnostics import Diagnostic, error, note, warning
from pmpress.epub.names import Names
from pmpress.epub.packaging.package import Item
from pmpress.epub.pictures.fitting import is_animated
from pmpress.epub.places import place_of_picture
from pmpress.model import Book, Target


def check(book: Book, target: Target, names: Names, items: Iterable[Item], size: int) -> Iterator[Diagnostic]:
    """What of an e-book its target will not take. `items` are its files, `size` is the whole e-book's, in bytes."""
    yield from _stilled(book, target)
    yield from _pictures(book, target, names, items)
    yield from _whole(target, size)


def _stilled(book: Book, target: Target) -> Iterator[Diagnostic]:
    """The pictures of a book that move, where the target has none that do."""
    if target.ebook.animations:
        return
    for asset in filter(is_animated, book.assets):
        said = f"the picture '{asset.name}' moves, and for '{target.name}' its first picture stands for all"
        yield note("picture-still", said, place_of_picture(book, asset.name), "See to it that this one says enough.")


def _pictures(book: Book, target: Target, names: Names, items: Iterable[Item]) -> Iterator[Diagnostic]:
    """What could be made smaller is so already: these are drawings, and pictures that move."""
    most = target.ebook.picture_bytes
    called = {file: name for name, file in names.assets.items()}
    for item in items:
        if item.media_type.startswith("image/") and 0 < most < len(item.data):
            name = called.get(item.file, item.file)
            size = f"{len(item.data) / 1e6:.3g} MB"
            said = f"the picture '{name}' has {size}, and {_takes(target)} {most / 1e6:g} at most"
            hint = "Save it with fewer details, or as JPEG or PNG: those are made smaller by themselves."
            yield warning("picture-size", said, place_of_picture(book, name), hint)


def _whole(target: Target, size: int) -> Iterator[Diagnostic]:
    most = target.ebook.most_bytes
    if 0 < most < size:
        said = f"{_takes(target)} files of {most / 1e6:g} MB at most, and this has {size / 1e6:.0f}"
        yield error("target-size", said, None, "Take pictures out or make them smaller, or make two volumes.")


def _takes(target: Target) -> str:
    return f"'{target.name}' takes" if target.name else "shops take"
