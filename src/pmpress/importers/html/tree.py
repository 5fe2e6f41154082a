"""Trees of HTML, from a page, a word processor's file or an e-book: parsed, and named so that links can be followed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from lxml import etree
from lxml import html as lxml_html

KEY, TO = "data-key", "data-to"
"""Attributes that say which place an element is, and to which a link leads: `FILE#ID`."""

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_XML = etree.XMLParser(
    resolve_entities=False, no_network=True, recover=False, huge_tree=True, remove_comments=True, remove_pis=True
)
_ENCODING = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.I)


def charset_of(data: bytes) -> str:
    """The encoding that a page says it is in; empty if it says none."""
    found = _ENCODING.search(data[:4096]) or re.search(rb"^\s*<\?xml[^>]*encoding=[\"']([\w-]+)", data[:200])
    return found[1].decode("ascii") if found else ""


def parse(text: str) -> etree._Element:
    """The page as a tree, read as browsers read it; elements have no name space."""
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # What XML says of its encoding is true no more.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    # Browsers read on behind the end of a page, the parser does not.
    text = re.sub(r"</(?:body|html)\s*>", "", text, flags=re.I)
    root = lxml_html.document_fromstring(text.encode() or b"<p></p>", parser=parser, ensure_head_body=True)
    for element in root.iter(etree.Element):
        # Names of XML that word processors write into HTML: Office's say nothing of the text.
        prefix, colon, name = str(element.tag).rpartition(":")
        if colon:
            element.tag = name if prefix in ("svg", "math", "m", "mml") and re.fullmatch(r"\w+", name) else "span"
    return root


def parse_xhtml(data: bytes) -> etree._Element | None:
    """A document of an e-book as a tree whose elements have no name space; None if it is not well-formed."""
    # Entities of HTML are known to no parser of XML that reads no DTD.
    text = re.sub(rb"<!DOCTYPE[^>\[]*(\[[^\]]*\])?[^>]*>", b"", data, count=1)
    try:
        root = etree.fromstring(text, _XML)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if any(isinstance(node, etree._Entity) for node in root.iter()):
        return None
    for element in root.iter(etree.Element):
        qualified = etree.QName(element)
        if qualified.namespace not in (None, "http://www.w3.org/2000/svg"):
            element.tag = qualified.localname
    return root


def local(element: etree._Element) -> str:
    """The name of an element in small letters; empty for what is none."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def words_of(element: etree._Element) -> str:
    """The text in an element, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


def said_of(element: etree._Element) -> frozenset[str]:
    """What an element says of itself: its classes, its role and what EPUB's vocabulary calls it."""
    types = element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or ""
    return frozenset(f"{element.get('class', '')} {element.get('role', '')} {types}".lower().split())


def elements(root: etree._Element, *names: str) -> list[etree._Element]:
    """The elements of those names, in order; all if none is named."""
    wanted = frozenset(names)
    return [element for element in root.iter(etree.Element) if not wanted or local(element) in wanted]


def drop(element: etree._Element) -> None:
    """Take an element away, and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def name_places(root: etree._Element, file: str) -> None:
    """Give every place that a link may lead to its key, and every link inside the source the key it leads to."""
    for element in elements(root, "a", "span"):
        _into_heading(element)
    for element in elements(root):
        identifier = element.get("id") or (element.get("name") if local(element) == "a" else "")
        if identifier:
            element.set(KEY, f"{file}#{identifier}")
        href = (element.get("href") or "").strip() if local(element) == "a" else ""
        if href and not re.match(r"[A-Za-z][\w+.-]*:|//", href):
            path, _, fragment = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path))) if path else file
            element.set(TO, f"{target}#{unquote(fragment)}")


def _into_heading(anchor: etree._Element) -> None:
    """A place without words right before a heading is that heading's: put it in there."""
    if not anchor.get("id") or len(anchor) or (anchor.text or "").strip() or (anchor.tail or "").strip():
        return
    holder = anchor
    parent = anchor.getparent()
    if parent is not None and local(parent) == "p" and not words_of(parent) and not elements(parent, "img"):
        holder = parent
    following = holder.getnext()
    while following is not None and local(following) in ("a", "span") and not words_of(following):
        following = following.getnext()
    if following is None or local(following) not in HEADINGS:
        return
    parent = anchor.getparent()
    if parent is not None:
        parent.remove(anchor)
        anchor.tail, following.text = following.text, None
        following.insert(0, anchor)


def blocks_in(element: etree._Element) -> Iterator[etree._Element]:
    """The children that are blocks."""
    return (child for child in element if local(child) in BLOCKS)


def holds_blocks(element: etree._Element) -> bool:
    """Whether there is a block anywhere in an element."""
    return any(local(each) in BLOCKS for each in element.iterdescendants(etree.Element))


def keys_of(roots: Iterable[etree._Element]) -> dict[str, etree._Element]:
    """Every place by its key, the first where two have one."""
    found: dict[str, etree._Element] = {}
    for root in roots:
        for element in elements(root):
            if key := element.get(KEY):
                found.setdefault(str(key), element)
    return found
