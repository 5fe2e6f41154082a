"""Colours for code, by Pygments, with as few spans as the colours need: each one costs layout time on every page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml import etree
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from pmpress.xhtml import elements, tag

LONGEST = 100_000  # characters; past this code stays plain

# The classes a layout can colour. A kind of token not named here takes the class of the kind it belongs to.
CLASSES = {
    Token.Comment: "c",
    Token.Comment.Preproc: "cp",
    Token.Generic.Deleted: "gd",
    Token.Generic.Emph: "ge",
    Token.Generic.Heading: "gh",
    Token.Generic.Inserted: "gi",
    Token.Generic.Output: "go",
    Token.Generic.Prompt: "gp",
    Token.Generic.Strong: "gs",
    Token.Generic.Subheading: "gh",
    Token.Keyword: "k",
    Token.Literal: "m",
    Token.Literal.String: "s",
    Token.Name.Attribute: "na",
    Token.Name.Builtin: "nb",
    Token.Name.Class: "nc",
    Token.Name.Decorator: "nd",
    Token.Name.Exception: "nc",
    Token.Name.Function: "nf",
    Token.Name.Tag: "nt",
    Token.Operator.Word: "k",
}


def colour(body: etree._Element) -> None:
    """Highlight each code block under `body` whose language is known."""
    for code in elements(body, "code"):
        parent = code.getparent()
        language = code.get("class", "").removeprefix("language-")
        if not language or parent is None or parent.tag != tag("pre") or len(code) or not code.text:
            continue
        lexer = _lexer(language.lower())
        if lexer and len(code.text) <= LONGEST:
            _fill(code, _spans(lexer(stripnl=False, ensurenl=False), code.text))


@cache
def _lexer(language: str) -> type[Lexer] | None:
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None


def _spans(lexer: Lexer, text: str) -> list[tuple[str, str]]:
    """The text in stretches of one class each (or none), white space at their borders outside."""
    found: list[tuple[str, str]] = []
    for name, piece in _pieces(lexer, text):
        between = found.pop()[1] if len(found) > 1 and found[-2][0] == name and not found[-1][1].strip(" ") else ""
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + between + piece)
        else:
            found.append((name, piece))
    # A lexer may drop characters; then the code is worth more than its colours.
    return found if "".join(piece for _, piece in found) == text else [("", text)]


def _pieces(lexer: Lexer, text: str) -> Iterator[tuple[str, str]]:
    for kind, value in lexer.get_tokens(text):
        name = _class(kind)
        core = value.strip()
        if not name or not core:
            yield "", value
            continue
        begin = value.index(core)
        yield from ((one, piece) for one, piece in _around(name, value, begin, begin + len(core)) if piece)


def _around(name: str, value: str, begin: int, end: int) -> Iterator[tuple[str, str]]:
    yield "", value[:begin]
    yield name, value[begin:end]
    yield "", value[end:]


@cache
def _class(kind: _TokenType) -> str:
    while kind not in CLASSES and kind.parent is not None:
        kind = kind.parent
    return CLASSES.get(kind, "")


def _fill(code: etree._Element, spans: list[tuple[str, str]]) -> None:
    code.text = ""
    last: etree._Element | None = None
    for name, piece in spans:
        if name:
            last = etree.SubElement(code, tag("span"), {"class": name})
            last.text = piece
        elif last is None:
            code.text += piece
        else:
            last.tail = piece
