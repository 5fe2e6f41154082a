"""What binds tightest in inline Markdown: escapes, code, `{{ variables }}`, entities, `<addresses>`, raw HTML.

They are one pattern, since of these what begins first wins. Each pattern of the dialect gives its elements their exact
source as an attribute: link labels are compared as they were written, and `spans`, which takes it away again, counts
lines by it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AMP_SUBSTITUTE, ETX, INLINE_PLACEHOLDER_RE, STX, AtomicString
from markdown_it.common.utils import unescapeAll

from pmpress.dialect.finish.typography import STAND_INS
from pmpress.dialect.inline.mathematics import Dollars
from pmpress.dialect.tree import SOURCE, VARIABLE

_ATTRIBUTE = r"""\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?"""
_ATOM = re.compile(
    rf"""
    \\?(?P<variable>\{{\{{\s*+(?P<name>[\w.-]++)\s*+\}}\}})
    |\\(?:(?P<escape>[!-/:-@\[-`{{-~])|(?P<newline>(?=\n)))
    |\ (?<!\ \ )(?P<spaces>\ *+)(?=\n)
    |(?P<ticks>`++)
    |(?P<dollars>\$\$?)
    |&(?:(?P<entity>\#[xX][0-9a-fA-F]{{1,6}}|\#[0-9]{{1,7}}|[A-Za-z][A-Za-z0-9]{{1,31}});|(?P<ampersand>(?:&(?![\#A-Za-z]))*))
    |<(?:(?P<link>[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>]*+)>
        |(?P<mail>[\w.!\#$%&'*+/=?^`{{|}}~-]++@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)>
        |(?P<tag>[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*\s*+/?>|/[A-Za-z][A-Za-z0-9-]*+\s*+>)
        |(?P<other>!--|\?|!\[CDATA\[|![A-Za-z]))
    """,
    re.VERBOSE,
)
_CLOSE = {"!--": "-->", "?": "?>", "![CDATA[": "]]>"}
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]")


class Atom(str):
    """A text that stands for source which reads otherwise: `*` for `\\*`."""

    __slots__ = ("raw",)
    raw: str

    def __new__(cls, text: str, raw: str) -> Atom:
        """The text with the source it stands for."""
        atom = super().__new__(cls, text)
        atom.raw = raw
        return atom


def source_of(md: Markdown, text: str) -> str:
    """The text with each of Python-Markdown's placeholders replaced by the Markdown it stands for."""
    stash = md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]

    def source(match: re.Match[str]) -> str:
        found = stash.get(match[1], match[0])
        if isinstance(found, Element):
            return found.get(SOURCE) or "".join(found.itertext())
        return str(getattr(found, "raw", found))

    return INLINE_PLACEHOLDER_RE.sub(source, text) if STX in text else text


def kept(text: str) -> str:
    """Characters that are to reach the book as they are: nothing later takes them for mark-up or improves on them."""
    return "".join(map(_kept_character, text))


def _kept_character(character: str) -> str:
    if _NOT_IN_XML.match(character):
        return "\ufffd"
    if character == "&":
        return f"{AMP_SUBSTITUTE}amp;"
    if character in STAND_INS:
        return STAND_INS[character]
    if character.isascii() and not character.isalnum():
        return f"{STX}{ord(character)}{ETX}"
    return character


class Atoms(InlineProcessor):
    """Escapes, line breaks, code, entities, `<addresses>` and raw HTML: of these, what begins first wins.

    `_unclosed` remembers of each length of backtick runs the rest of a text in which no run closes it.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(_ATOM.pattern, md)
        self.compiled_re = _ATOM
        self._unclosed: dict[str, str] = {}
        self._dollars = Dollars()

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """See the base class; one method for each kind of atom."""
        kind = m.lastgroup or ""
        if kind == "variable":
            return _variable(m), m.start(), m.end()
        if kind == "ticks":
            return self._code(m, data)
        if kind == "dollars":
            return self._dollars.read(m, data)
        if kind == "other":
            return self._other(m, data)
        return self._simple(m, kind), m.start(), m.end()

    def _simple(self, m: re.Match[str], kind: str) -> Element | str:
        if kind == "escape":
            return Atom(kept(m["escape"]), m[0])
        if kind == "newline" or (kind == "spaces" and m["spaces"]):
            return Element("br", {SOURCE: ""})
        if kind == "spaces":
            return Atom("", m[0])
        if kind in {"entity", "ampersand"}:
            meant = unescapeAll(m[0]) if kind == "entity" else m[0]
            return Atom(kept("\ufffd" if meant.startswith("&#") else meant), m[0])
        if kind == "tag":
            return Atom(self.md.htmlStash.store(m[0]), m[0])
        return link(("mailto:" if kind == "mail" else "") + m[kind], m[kind], m[0])

    def _code(self, m: re.Match[str], data: str) -> tuple[Element | str | None, int, int]:
        if m[0] in self._unclosed and self._unclosed[m[0]].endswith(data[m.end() :]):
            return None, m.start(), m.end()
        close = _closing(m[0]).search(data, m.end())
        if not close:
            self._unclosed[m[0]] = data[m.end() :]
            return None, m.start(), m.end()
        text = data[m.end() : close.start()].replace("\n", " ")
        if text[0] == text[-1] == " " and text.strip(" "):
            text = text[1:-1]
        code = Element("code", {SOURCE: data[m.start() : close.end()]})
        code.text = AtomicString(text.replace("&", "&amp;"))
        return code, m.start(), close.end()

    def _other(self, m: re.Match[str], data: str) -> tuple[Element | str | None, int, int]:
        """Comments, instructions, declarations, CDATA."""
        close = _CLOSE.get(m["other"], ">")
        # `<!-->` and `<!--->` are whole comments: their end may share the dashes of the beginning.
        end = data.find(close, m.end() - 2 if m["other"] == "!--" else m.end())
        if end < 0:
            return None, m.start(), m.end()
        raw = data[m.start() : end + len(close)]
        return Atom(self.md.htmlStash.store(raw), raw), m.start(), m.start() + len(raw)


def _variable(m: re.Match[str]) -> Element:
    """`{{ name }}`: what it stands for is looked up when the whole book is known, unless a backslash is before it."""
    element = Element("span", {VARIABLE: "" if m[0][0] == "\\" else m["name"], SOURCE: m[0]})
    element.text = AtomicString(kept(m["variable"]))
    return element


@lru_cache
def _closing(ticks: str) -> re.Pattern[str]:
    """What ends a code span that this run of backticks begins."""
    return re.compile(rf"`(?<!``){ticks[1:]}(?!`)")


def link(href: str, text: str, raw: str) -> Element:
    """A link whose text is an address, and so nothing but text."""
    element = Element("a", {"href": href, SOURCE: raw})
    element.text = AtomicString(text.replace("&", "&amp;"))
    return element
