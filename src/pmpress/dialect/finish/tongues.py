"""The languages that an author says words, or a whole text, to be in."""

from __future__ import annotations

import re

from lxml import etree

from pmpress.dialect.finish.anchors import line_of
from pmpress.dialect.reading import Reading
from pmpress.languages import what_is_unknown
from pmpress.xhtml import EPUB_TYPE, local

_TAG = re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MARKED = etree.XPath("descendant::*[@lang]")


def taken(said: str, reading: Reading) -> str:
    """The language that the front matter says the text is in; empty if it says none, or what is no tag."""
    if said and not _TAG.fullmatch(said):
        reading.warn("language-unknown", f"'{said}' is no language tag", reading.first_line, "Write one such as fr-CA.")
        return ""
    if said and (unknown := what_is_unknown(said)):
        reading.warn("language-unknown", unknown[0], reading.first_line, unknown[1])
    return said


def mark(body: etree._Element, language: str) -> None:
    """Say of each block of a text in which language it is: each note by itself, as their list is the book's."""
    for block in body.iterchildren(etree.Element):
        for each in block if block.get(EPUB_TYPE) == "footnotes" else (block,):
            if each.get("lang") is None and local(each) != "hr":
                each.set("lang", language)


def check(body: etree._Element, reading: Reading) -> None:
    """Tell of each tag of which something is in no registry (RFC 5646): nobody would know how to read it out."""
    for element in _MARKED(body):
        if unknown := what_is_unknown(element.get("lang")):
            said, hint = unknown
            reading.warn("language-unknown", said, line_of(element), hint)
