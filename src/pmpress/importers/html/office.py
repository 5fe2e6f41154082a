"""Pages that word processors write: lists that are only paragraphs or stand beside each other, a title that is a
paragraph, links that lead over another page."""

from __future__ import annotations

import re
from urllib.parse import unquote

from lxml import etree

from pmpress.importers.html.tree import drop, elements, local, said_of, words_of

_WORD_LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d)", re.I)
_GOOGLE_LEVEL = re.compile(r"\blst-\w+-(\d)\b")
_OVER = re.compile(r"https://www\.google\.com/url\?(?:.*&)?q=([^&]+).*")


def tidy(body: etree._Element) -> str:
    """Make a word processor's page one like others. Returns the title, if it is a paragraph, and takes it out."""
    for link in elements(body, "a"):
        if over := _OVER.fullmatch(link.get("href") or ""):
            link.set("href", unquote(over[1]))
    for paragraph in elements(body, "p"):
        if _WORD_LEVEL.search(paragraph.get("style") or ""):
            _as_list(paragraph)
    for each in elements(body, "ul", "ol"):
        _nest(each)
    title = next((each for each in elements(body, "p")[:5] if said_of(each) & {"title", "msotitle"}), None)
    if title is None or elements(title, "img"):
        return ""
    drop(title)
    return words_of(title)


def _as_list(paragraph: etree._Element) -> None:
    """Word's item of a list, a paragraph with its sign in it, as a list of one item."""
    found = _WORD_LEVEL.search(paragraph.get("style") or "")
    level = int(found[1]) - 1 if found else 0
    signs = [each for each in elements(paragraph, "span") if "mso-list:ignore" in (each.get("style") or "").lower()]
    is_numbered = any(re.match(r"\(?\w+[.)]", words_of(each)) for each in signs)
    for each in signs:
        drop(each)
    holder = etree.Element("ol" if is_numbered else "ul")
    holder.set("class", f"lst-word-{level}")
    paragraph.addprevious(holder)
    holder.tail, paragraph.tail = paragraph.tail, None
    holder.append(paragraph)
    paragraph.tag = "li"


def _nest(holder: etree._Element) -> None:
    """Put a list into the one before it that it goes on with, or under the item that it belongs to."""
    level, before = _level(holder), holder.getprevious()
    if level < 0 or before is None or _level(before) < 0 or (before.tail or "").strip():
        return
    above = before
    while len(before) and _level(before) < level:
        above = before[-1]
        if not len(above) or not 0 <= _level(above[-1]) <= level:
            break
        before = above[-1]
    if _level(before) == level and local(before) == local(holder):
        before.extend(list(holder))
        drop(holder)
    elif local(above) == "li":
        inner = etree.SubElement(above, local(holder), {"class": str(holder.get("class"))})
        inner.extend(list(holder))
        drop(holder)


def _level(element: etree._Element) -> int:
    """How deep a list says it is; -1 if it says nothing."""
    found = _GOOGLE_LEVEL.search(element.get("class") or "") if local(element) in ("ul", "ol") else None
    return int(found[1]) if found else -1
