"""What the engine says in its logs, made into diagnostics: nothing of it reaches the terminal by itself."""

from __future__ import annotations

import logging
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from pmpress.diagnostics import Diagnostic, Span, error, warning
from pmpress.pdf.addresses import name_at

Locate: TypeAlias = Callable[[str], Span | None]
"""Where the file of that name is used."""

_LOGGERS = ("weasyprint", "fontTools")
_CSS = re.compile(
    r"Ignored `(?P<name>[^:`]+):|Invalid math|.*(rule|selector|declaration|Parse error|descriptor|@import|font-face)",
    re.I,
)
_LONGEST = 400
_PLACE = re.compile(r" at \d+:\d+")
# What a style sheet may well say to other programs, and everybody knows this one does not do.
_UNDERSTOOD = (
    "-", "animation", "cursor", "font-optical-sizing", "hanging-punctuation", "hyphenate-limit-lines", "initial-letter",
    "line-break", "ruby-", "speak", "text-orientation", "text-rendering", "text-wrap", "transition", "writing-mode",
)  # fmt: skip


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what the engine logs while the block runs: warnings and errors, in order."""
    heard: list[str] = []
    ear = _Ear(heard)
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(ear)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    try:
        with warnings.catch_warnings():
            # Of a photograph's damaged notes on itself, which nothing here reads.
            warnings.filterwarnings("ignore", module=r"PIL\b")
            yield heard
    finally:
        for logger, level, propagate in before:
            logger.removeHandler(ear)
            logger.setLevel(level)
            logger.propagate = propagate


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())


def diagnose(heard: Iterable[str], layout: str, locate: Locate) -> tuple[Diagnostic, ...]:
    """The diagnostics that the engine's lines amount to, each once. `layout` names the layout whose CSS it read."""
    found = (_diagnose(line, layout, locate) for line in heard)
    return tuple(dict.fromkeys(diagnostic for diagnostic in found if diagnostic is not None))


def _diagnose(line: str, layout: str, locate: Locate) -> Diagnostic | None:
    if broken := re.match(r"Failed to (?:load|render) (?:SVG )?image (?:at )?'?([^' ]+?)'?(?:: (.*))?$", line, re.S):
        name = name_at(broken[1])
        reason = re.sub(r"^\w+: ", "", (broken[2] or "").strip()) or "it is damaged, or no picture"
        message = f"the picture '{name}' cannot be drawn: {reason}"
        return error("image-broken", message, locate(name), "Export it again, or name another file.")
    if line.startswith("Failed to load inline SVG"):
        return error(
            "image-broken", f"a picture written in the text cannot be drawn: {line.partition(': ')[2]}", locate("")
        )
    if dropped := re.match(r"This row has more columns than the table, ignored (\d+) cells", line):
        return error("table-cells-lost", f"a row has {dropped[1]} cells more than its table has columns", locate(""))
    if missing := re.match(r"\.notdef glyph rendered .*\((U\+[0-9A-F]+)\)", line, re.S):
        return warning(
            "glyph-missing", f"no font of the layout has {missing[1]}, which a picture or a style sheet asks for"
        )
    if css := _CSS.match(line):
        if (css["name"] or "").startswith(_UNDERSTOOD):
            return None
        said = textwrap.shorten(re.sub(r"\s+`(?=,)", "`", _PLACE.sub("", line)).rstrip("."), _LONGEST)
        hint = "Mend it in the layout's style sheets, or what [style] of book.toml puts there."
        return warning(
            "css-ignored", f"the layout '{layout}' asks for what the printed page does not know: {said}", None, hint
        )
    return warning("engine-remark", f"the page engine says: {line}")
