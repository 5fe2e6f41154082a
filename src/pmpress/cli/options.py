"""What every command that reads a book is told: its argument, its options, and the order that comes of them."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmpress.cli.asked import Options
from pmpress.cli.showing import print_diagnostics
from pmpress.diagnostics import PressError, UsageError, error

if TYPE_CHECKING:
    from pmpress.model import EditionKind
    from pmpress.press import Order


def book_options(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and the options of every command that reads a book, handed over as one `Options`."""

    @click.argument("book", type=click.Path(path_type=Path), required=False)
    @click.option("--layout", metavar="NAME", help="The layout to dress the book in.")
    @click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Override a key of book.toml.")
    @click.option(
        "--edition", type=click.Choice(["book", "screen"]), help="Pages to print (the default), or for the screen."
    )
    @click.option(
        "--target", metavar="NAME", default="", help="Where the files go: a printer or shop, such as kdp or kindle."
    )
    @click.option("--draft", is_flag=True, help="Build in spite of errors, with a mark at each broken place.")
    @click.option("--quiet", "-q", is_flag=True, help="Show no progress and no notes.")
    @click.option("--format", type=click.Choice(["text", "json"]), default="text", help="How diagnostics are printed.")
    def wrapped(
        book: Path | None,
        layout: str | None,
        settings: tuple[str, ...],
        edition: EditionKind | None,
        target: str,
        draft: bool,
        quiet: bool,
        format: str,
        **others: Any,
    ) -> None:
        options = Options(book, layout, settings, edition, target, draft, quiet, format)
        try:
            command(options, **others)
        except PressError as fault:
            print_diagnostics(options, fault.diagnostics)
            sys.exit(fault.exit_code)

    wrapped.__doc__, wrapped.__name__ = command.__doc__, command.__name__
    return wrapped


output_option = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="A folder (default: build), or a file name ending in .pdf or .epub.",
)
jobs_option = click.option(
    "--jobs",
    "-j",
    metavar="N",
    type=click.IntRange(1),
    help="How many processes work at once (default: as many as cores).",
)


def order_of(options: Options) -> Order:
    """What the press is asked for. Raises UsageError (`book-missing`, `set-malformed`, `epoch-malformed`)."""
    from pmpress.press import Order

    settings = [_setting(written) for written in options.settings]
    if options.layout:
        settings.append(("layout.name", json.dumps(options.layout)))
    book = _book(options.book)
    return Order(book, tuple(settings), options.edition, options.target, draft=options.draft, epoch=_epoch())


def _book(given: Path | None) -> Path:
    if given is not None:
        return given
    here, usual = Path(), Path("manuscript")
    if os.path.isfile(here / "book.toml"):
        return here
    if os.path.isdir(usual):
        return usual
    raise UsageError(
        error(
            "book-missing", "there is no book.toml and no manuscript/ here", hint="Name the book: pmpress build FOLDER"
        )
    )


def _setting(written: str) -> tuple[str, str]:
    key, equals, value = written.partition("=")
    if not equals or not key.strip():
        raise UsageError(
            error("set-malformed", f"--set {written}: it wants KEY=VALUE", hint="As in --set book.language=en")
        )
    return key.strip(), value


def _epoch() -> int | None:
    written = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not written:
        # Libraries that read it themselves find fault with an empty one.
        os.environ.pop("SOURCE_DATE_EPOCH", None)
        return None
    # The last second that has a year of four digits is 253402300799.
    if not re.fullmatch("[0-9]{1,12}", written) or int(written) > 253402300799:
        raise UsageError(error("epoch-malformed", f"SOURCE_DATE_EPOCH is '{written}': it wants seconds since 1970"))
    return int(written)
