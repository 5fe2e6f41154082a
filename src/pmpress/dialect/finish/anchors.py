"""Ids: GitHub's for headings, the author's where there are any, each only once in a text and each a valid name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from unicodedata import category

from lxml import etree

from pmpress.dialect.finish.typography import without_stand_ins
from pmpress.dialect.reading import Reading, first_line_of
from pmpress.xhtml import EPUB_TYPE, HEADINGS, SPAN, elements, local

# What XML lets nowhere into a name.
_NOT_IN_A_NAME = re.compile(
    "[^-.0-9A-Z_a-z\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
)
_HYPHENS = re.compile(r"-{2,}")
_SPACES = re.compile(r"\s+")


def slug(text: str) -> str:
    """The text as an id: lower case, letters of any script, no `--`, a name to XML; empty if nothing of it can be."""
    kept = (one for one in text.lower() if one.isalnum() or one.isspace() or one in "_-" or category(one)[0] == "M")
    return as_name("".join(kept).strip())


def as_name(text: str) -> str:
    """The nearest valid id to what an author has written as one; empty if there is none."""
    name = _HYPHENS.sub("-", _NOT_IN_A_NAME.sub("", _SPACES.sub("-", text))).strip("-.")
    return name if not name or name[0].isalpha() or name[0] == "_" else f"s-{name}"


@dataclass(slots=True)
class Names:
    """The ids given out in a text."""

    taken: set[str] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)

    def give(self, wanted: str) -> str:
        """This id, or with the first `-1`, `-2` … that is free."""
        name, count = wanted, self._counts.get(wanted, 0)
        while name in self.taken:
            count += 1
            name = f"{wanted}-{count}"
        self._counts[wanted] = count
        self.taken.add(name)
        return name


def explicit(body: etree._Element, names: Names, reading: Reading) -> None:
    """Settle the ids the author has written; a second use of one is an error."""
    first_use: dict[str, tuple[int, etree._Element]] = {}
    for element in body.iter(etree.Element):
        written = element.get("id")
        if written is None:
            continue
        line = line_of(element)
        name = as_name(written)
        if not name:
            del element.attrib["id"]
        elif name in first_use and _is_copy(element, first_use[name][1]):
            del element.attrib["id"]
            continue
        else:
            element.set("id", names.give(name))
        if name and name in first_use:
            message = f"the id “{name}” is used twice: first in line {first_use[name][0]}, again in line {line}"
            reading.fail("id-duplicate", message, line, "give one of them another id")
        elif name != written:
            message = f"“{written}” cannot be an id" + (f": it is “{name}” here" if name else "")
            reading.warn("id-changed", message, line)
        first_use.setdefault(name, (line, element))


def implicit(body: etree._Element, names: Names) -> None:
    """Give each heading without an id the one GitHub would give it."""
    for heading in elements(body, *HEADINGS):
        if heading.get("id") is None:
            heading.set("id", names.give(slug(without_stand_ins(_title(heading))) or "section"))


def _title(heading: etree._Element) -> str:
    """The text of a heading, without references to notes."""
    pieces = [heading.text or ""]
    for child in heading:
        if child.get(EPUB_TYPE) != "noteref":
            pieces += [child.get("alt", ""), _title(child)]
        pieces.append(child.tail or "")
    return "".join(pieces)


def line_of(element: etree._Element) -> int:
    """The line of an element, or of the nearest around it that has one."""
    while not element.get(SPAN):
        parent = element.getparent()
        if parent is None:
            return 0
        element = parent
    return first_line_of(element.get(SPAN, ""))


def _is_copy(one: etree._Element, other: etree._Element) -> bool:
    """Whether HTML's parser has made one of the other, as it does when a block stands in a phrase."""
    return local(one) == local(other) and one.attrib == other.attrib and one.get("id") == other.get("id")
