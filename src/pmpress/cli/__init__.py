"""The command line: arguments, progress, printing, exit codes. The work is the press's.

Exit codes: 0 done (warnings allowed), 1 the manuscript has errors, 2 wrong usage, 3 the machine lacks something,
4 an internal fault.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys

import click

from pmpress import __version__
from pmpress.cli import books, desk
from pmpress.cli.showing import echo_diagnostics, internal_error
from pmpress.diagnostics import MachineError, PressError, error

INTERNAL = 4


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="pmpress")
def cli() -> None:
    """Markdown in, a book out: a PDF to print and an EPUB to read.

    BOOK is a folder with a book.toml, any folder of Markdown files, or one Markdown file. Without it, the folder you
    are in if it has a book.toml, else manuscript/.
    """


for _command in (*books.COMMANDS, *desk.COMMANDS):
    cli.add_command(_command)


def main() -> None:
    """Run the command line and leave with its exit code. No traceback reaches the author: what nobody foresaw is
    written to a log file and named."""
    # A book is made of many small things that stay: the garbage collector looks at them less often than it would.
    gc.set_threshold(200_000, 20, 20)
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
    except PressError as fault:
        echo_diagnostics(fault.diagnostics)
        code = fault.exit_code
    except OSError as fault:
        code = _output_lost(fault)
    except Exception:  # the one place where anything at all is caught
        echo_diagnostics([internal_error()])
        code = INTERNAL
    # Else it would look through all that the run has made once more, only to end.
    gc.freeze()
    sys.exit(code)


def _output_lost(fault: OSError) -> int:
    """The exit code when standard output takes no more: 0 where its reader has had enough, 3 where its disk is full."""
    if fault.errno not in (errno.EPIPE, errno.ENOSPC):
        echo_diagnostics([internal_error()])
        return INTERNAL
    # Python is not to complain of it once more when it ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if fault.errno == errno.EPIPE:
        return 0
    echo_diagnostics([error("output-unwritable", "the output cannot be written: no space left")])
    return MachineError.exit_code
