"""The commands at the author's desk: begin a book, bring one in, see it, and ask what there is."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from pmpress.cli.asked import Options
from pmpress.cli.options import book_options, jobs_option, order_of
from pmpress.cli.showing import echo_diagnostics, summed_up


def _checked(key: str) -> Callable[[str], str]:
    """What checks an answer of the author of a new book, as book.toml is checked."""

    def check(said: str) -> str:
        from pmpress.starter import checked

        try:
            return checked(key, said)
        except ValueError as wanted:
            raise click.BadParameter(f"it wants {wanted}") from None

    return check


def _new_option(key: str, help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    check = _checked(key)
    return click.option(f"--{key}", help=help, callback=lambda _, __, said: said if said is None else check(said))


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_new_option("title", "The title.")
@_new_option("author", "Who writes it.")
@_new_option("language", "A language tag such as en, de-CH or ar.")
@click.option("--kind", type=click.Choice(["novel", "handbook", "essay"]), help="What it is: text and layout follow.")
def new(folder: Path, title: str | None, author: str | None, language: str | None, kind: str | None) -> None:
    """Begin a book in DIR.

    It is a small one that can be built at once, to be written over. What no option says is asked, if there is a
    terminal to ask on.
    """
    from pmpress.press.writing import check_free
    from pmpress.starter import KINDS, Start, start

    def ask(key: str, question: str, said: str | None, usual: str) -> str:
        if said is not None or not is_asked:
            return said or usual
        return str(click.prompt(question, usual, value_proc=_checked(key), show_default=bool(usual)))

    check_free(folder)
    is_asked = sys.stdin.isatty() and sys.stdout.isatty()
    named = " ".join(re.sub(r"[\W_]+", " ", os.path.basename(os.path.abspath(folder))).split()).capitalize()
    wanted = Start(
        title=ask("title", "Title", title, named or "A book"),
        author=ask("author", "Author", author, ""),
        language=ask("language", "Language", language, _usual_language()),
        kind=ask("kind", f"Kind ({', '.join(KINDS)})", kind, KINDS[0]),
    )
    count = start(folder, wanted)
    click.echo(f"{click.format_filename(folder)}: {count} files, a book to write over. Next:\n")
    _say_next(folder)


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--output", "-o", metavar="DIR", required=True, type=click.Path(path_type=Path), help="The new folder.")
def import_(source: Path, output: Path) -> None:
    """Make a manuscript of what is written already.

    SOURCE is plain text, HTML, DOCX, EPUB, Markdown, or the folder of an mdBook or a GitBook. What was guessed or not
    understood is printed, and kept in DIR as import-report.txt. Nothing is overwritten.
    """
    from pmpress.importers import bring_in

    found = bring_in(source, output)
    echo_diagnostics(summed_up(found, hint="import-report.txt lists all."))
    click.echo(f"{click.format_filename(output)}: a manuscript. Next:\n")
    _say_next(output)


@click.command()
def schema() -> None:
    """Print the JSON Schema of book.toml. Editors complete and check it by that."""
    from pmpress import config
    from pmpress.features import TABLES

    click.echo(config.schema_of((*config.TABLES, *TABLES)), nl=False)


@click.command()
@click.option(
    "--port", metavar="N", type=click.IntRange(1, 65535), help="The port of the page (default: one that is free)."
)
@click.option("--editor", default="", metavar="NAME", help="What links open: vscode, sublime, idea … or an address.")
@jobs_option
@book_options
def preview(options: Options, port: int | None, editor: str, jobs: int | None) -> None:
    """Show the book in the browser while it is written.

    The page is for this machine only, and each saved change shows at once. It needs pmpress[preview].
    """
    from pmpress.press.workers import cores
    from pmpress.preview import preview as show

    show(order_of(options), port, editor, jobs or cores(), lambda address: click.echo(f"{address}  (Ctrl-C ends it)"))


@click.command()
def doctor() -> None:
    """Say what this machine has and what it lacks. How to install that is said too."""
    from pmpress import doctor as machine

    sys.exit(machine.main())


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what completes these commands in a shell. In bash: eval "$(pmpress completion bash)"."""
    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(click.get_current_context().find_root().command, {}, "pmpress", "_PMPRESS_COMPLETE").source())


def _say_next(folder: Path) -> None:
    """Say which commands to go on with."""
    if folder.resolve() != Path.cwd():
        name = click.format_filename(folder)
        click.echo(f"    cd {shlex.quote(f'./{name}' if name.startswith('-') else name)}")
    click.echo("    pmpress preview    # in the browser, while you write")
    click.echo("    pmpress build      # the PDF and the EPUB, in build/")


def _usual_language() -> str:
    """The language that this machine speaks, as a tag; English where it does not say."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    tag = re.match(r"[a-z]{2,3}(_[A-Z]{2})?(?=[.@]|$)", spoken)
    return tag[0].replace("_", "-") if tag else "en"


COMMANDS = (new, import_, preview, schema, doctor, completion)
