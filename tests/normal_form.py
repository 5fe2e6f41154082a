"""Two readings of one Markdown text, brought into a form in which they are equal if their structure and text are.

What does not count: ids, classes, the escaping of URLs, entities, white space outside code, and how a reader writes
notes, tasks, figures and bare addresses. What does: each word, each element and what it stands in, each address.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

from lxml import etree

from pmpress import xhtml
from pmpress.dialect.html import policy
from pmpress.dialect.html import reader as raw_html
from pmpress.dialect.reading import Reading
from pmpress.xhtml import EPUB_TYPE, local, tag

# Smart punctuation undone. Both sides pass through it, so that what an author has typed as “ himself is equal too.
_STRAIGHT = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "–": "--", "—": "---", "…": "..."}
)
_KEPT_ATTRIBUTES = ("alt", "colspan", "href", "reversed", "rowspan", "src", "start", "title", "value")
_PHRASES = policy.PHRASES - {"br"} | {"noteref"}
_SAME = {"s": "del", "strike": "del"}
_CHECKBOX = re.compile(r"<input\b[^>]*\bcheckbox\b[^>]*>", re.IGNORECASE)
_OPTIONAL = "\x01"  # around the start tag and the text of a link that shows its own address
_CODE_SPACE = str.maketrans({" ": "\ue000", "\n": "\ue001", "\t": "\ue002"})
_VISIBLE_SPACE = str.maketrans({"\ue000": " ", "\ue001": "⏎", "\ue002": "→"})
_UNREAD = frozenset({"script", "style", "template", "title"})


def of_html(text: str) -> str:
    """The normal form of HTML. It is read as the dialect reads raw HTML, so that what no book may have is missing on
    both sides, and what is compared is the reading of Markdown."""
    text = _CHECKBOX.sub(lambda m: "☑" if re.search(r"\bchecked\b", m[0]) else "☐", text)
    return of_tree(raw_html.read("\x02wzxhzdk:0\x03", [text], Reading("reference")))


def of_fragment(fragment: str) -> str:
    """The normal form of what the dialect makes."""
    return of_tree(xhtml.parse(fragment))


def of_tree(body: etree._Element) -> str:
    """The normal form of a tree, which is changed on the way."""
    _settle_figures(body)
    _settle_tasks(body)
    _settle_code(body)
    _settle_notes(body)
    text = "".join(piece for child in [_text(body.text), *map(_written, body)] for piece in child)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def difference(expected: str, found: str) -> tuple[str, str] | None:
    """Where two normal forms part: a stretch of each from there on; None if they are equal.

    Links that `found` makes of bare addresses may be missing in `expected`, not the other way round.
    """
    expected = re.sub(f"{_OPTIONAL}(.*?){_OPTIONAL}(.*?){_OPTIONAL}", r"\1\2</a>", expected)
    place = 0
    parts = found.split(_OPTIONAL)
    for index in range(0, len(parts), 3):
        options = [parts[index]]
        if not expected.startswith(parts[index], place):
            return _parting(expected[place:], parts[index])
        place += len(options[0])
        if index + 2 < len(parts):
            start, text = parts[index + 1 : index + 3]
            linked = f"{start}{text}</a>"
            if expected.startswith(linked, place):
                place += len(linked)
            elif expected.startswith(text, place):
                place += len(text)
            else:
                return _parting(expected[place:], linked)
    return _parting(expected[place:], "") if place < len(expected) else None


def _parting(expected: str, found: str) -> tuple[str, str]:
    limit = min(len(expected), len(found))
    begin = next((place for place in range(limit) if expected[place] != found[place]), limit)
    begin = max(0, begin - 20)
    return _shown(expected[begin:]), _shown(found[begin:])


def _shown(text: str) -> str:
    return text[:60].translate(_VISIBLE_SPACE).replace("\n", "⏎")


# --- What readers write differently ----------------------------------------------------------------------------------


def _settle_figures(body: etree._Element) -> None:
    """A figure with one image is the paragraph it was, its caption the image's title."""
    for figure in xhtml.elements(body, "figure"):
        if not len(figure) or local(figure[0]) != "img" or figure.get("id") or figure.get("class"):
            continue
        if len(figure) == 2 and local(figure[1]) == "figcaption":
            figure[0].set("title", "".join(figure[1].itertext()))
            xhtml.remove(figure[1])
        if len(figure) == 1:
            figure.tag = tag("p")


def _settle_tasks(body: etree._Element) -> None:
    """A task's mark is text, in whatever element it stands."""
    for mark in xhtml.elements(body, "span"):
        if mark.get("class") in {"task-mark", "task-list-control", "task-list-indicator"}:
            xhtml.unwrap(mark)


def _settle_code(body: etree._Element) -> None:
    """Code blocks have no colours."""
    for block in xhtml.elements(body, "pre"):
        for colour in xhtml.elements(block, "span"):
            xhtml.unwrap(colour)


def _settle_notes(body: etree._Element) -> None:
    """References become `noteref`, bodies `note`; links back go."""
    for link in xhtml.elements(body, "a"):
        classes = link.get("class", "").split()
        if "footnote-backref" in classes:
            _remove_with_space(link)
            continue
        parent = link.getparent()
        wrapped = parent is not None and local(parent) == "sup" and "footnote-ref" in [*classes, *_classes(parent)]
        if wrapped or link.get(EPUB_TYPE) == "noteref":
            number = re.search(r"\d+", xhtml.text_of(link))
            if wrapped:
                xhtml.unwrap(link.getparent())
            for name in list(link.attrib):
                del link.attrib[name]
            link.tag, link.text = tag("noteref"), number[0] if number else ""
            del link[:]
    for rule in xhtml.elements(body, "hr"):
        if "footnotes-sep" in _classes(rule):
            xhtml.remove(rule)
    for section in xhtml.elements(body, "section", "div"):
        if {"footnotes", "footnote"} & set(_classes(section)):
            _settle_note_bodies(section)


def _settle_note_bodies(section: etree._Element) -> None:
    for part in list(section):
        if local(part) in {"ol", "hr"}:
            xhtml.unwrap(part)
    section.tag = tag("notes")
    for note in section:
        note.tag = tag("note")
        note.attrib.clear()
        for paragraph in [child for child in note if local(child) == "p"]:
            if not len(paragraph) and not (paragraph.text or "").strip():
                xhtml.remove(paragraph)


def _remove_with_space(link: etree._Element) -> None:
    """Take a link back away, and the space before it that keeps it from the text."""
    previous, parent = link.getprevious(), link.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "").rstrip()
    elif parent is not None:
        parent.text = (parent.text or "").rstrip()
    xhtml.remove(link)


def _classes(element: etree._Element) -> list[str]:
    return str(element.get("class") or "").split()


# --- Writing ---------------------------------------------------------------------------------------------------------


def _written(element: etree._Element, verbatim: str = "") -> Iterator[str]:
    """The element and its tail. `verbatim` is `code` or `pre` inside one."""
    name = _SAME.get(local(element), local(element))
    inside = "pre" if name == "pre" or verbatim == "pre" else "code" if name == "code" else verbatim
    start = f"<{name}{''.join(_attributes(element))}>"
    if _shows_its_address(element):
        yield from (_OPTIONAL, start, _OPTIONAL, *_text(element.text), _OPTIONAL)
    else:
        border = "" if name in _PHRASES else "\n"
        text = element.text or ""
        yield f"{border}{start}{border}"
        yield from _text(text.rstrip("\n") if inside == "pre" and not len(element) else text, inside)
        for child in element:
            yield from _written(child, inside)
        if name not in {"br", "hr", "img", "wbr"}:
            yield f"{border}</{name}>{border}"
    yield from _text(element.tail, verbatim)


def _attributes(element: etree._Element) -> Iterator[str]:
    for name in _KEPT_ATTRIBUTES:
        value = str(element.get(name) or "")
        if name in {"href", "src"}:
            value = unquote(value).strip()
        if value and (name, value) != ("start", "1"):
            folded = " ".join(value.split())
            yield f' {name}="{html.escape(folded)}"'


def _text(text: str | None, verbatim: str = "") -> Iterator[str]:
    """Text with its white space folded, except in code blocks."""
    if not text:
        return
    if verbatim == "pre":
        yield html.escape(text, quote=False).translate(_CODE_SPACE)
        return
    folded = html.escape(re.sub(r"[ \t\r\n]+", " ", text), quote=False)
    yield folded if verbatim else folded.translate(_STRAIGHT)


def _shows_its_address(element: etree._Element) -> bool:
    if local(element) != "a" or len(element) or element.get("title"):
        return False
    text, address = unquote(element.text or ""), unquote(element.get("href", ""))
    return bool(text) and " " not in text and address in {text, f"http://{text}", f"mailto:{text}"}


# --- Visible text ----------------------------------------------------------------------------------------------------


def visible_in_fragment(fragment: str) -> str:
    """All that a reader sees of what the dialect makes: no white space, no numbers of notes, no marks of tasks."""
    body = xhtml.parse(fragment)
    for link in xhtml.elements(body, "a"):
        if link.get(EPUB_TYPE) == "noteref":
            xhtml.remove(link)
    for caption in [one for one in xhtml.elements(body, "figcaption") if local(one.getparent()) == "figure"]:
        figure = caption.getparent()
        if figure is not None and len(figure) == 2 and local(figure[0]) == "img":
            xhtml.remove(caption)  # the title of an image, which HTML does not show
    return _squeezed("".join(body.itertext()))


def visible_in_html(text: str) -> str:
    """The same of any HTML, read by the standard library's parser and so without any help of the dialect."""
    parser = _Visible()
    parser.feed(text)
    parser.close()
    return _squeezed("".join(parser.pieces))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s☐☑]+", "", text.translate(_STRAIGHT))


class _Visible(HTMLParser):
    """Collects the text outside scripts, references to notes and links back from them."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if not self._hidden and (tag in _UNREAD or {"footnote-ref", "footnote-backref"} & set(classes)):
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)
