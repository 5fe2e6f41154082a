"""Notes: a sign in the text that leads to its words elsewhere. They become the dialect's notes, wherever the source had
them: under the text, at the end of the chapter, in a file of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from pmpress.importers.html.tree import HEADINGS, TO, drop, elements, keys_of, local, said_of, words_of

NOTE = "data-note"
"""An attribute of a link: the number of the note it refers to."""

_REFERS = frozenset({"noteref", "doc-noteref", "footnote-ref", "footnote-reference", "footnoteref"})
_BACK = frozenset(
    {
        "doc-backlink",
        "backlink",
        "footnote-back",
        "footnote-backref",
        "footnote-backlink",
        "reversefootnote",
        "mw-cite-backlink",
    }
)
_NOTES = frozenset(
    {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote", "footnotes", "endnotes", "doc-endnotes"}
)
_SIGN = re.compile(r"[\[(]?\s*(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z]{1,2}|[ivx]{1,5})\s*[\])]?\.?", re.I)
_OTHER = frozenset({"biblioref", "doc-biblioref", "glossref", "doc-glossref"})
_BODIES = frozenset({"li", "aside", "p", "div", "dd", "section", "td", "blockquote"})
_KEPT, _LONGEST_RETURN = 30, 30


def take_notes(roots: Iterable[etree._Element]) -> dict[str, etree._Element]:
    """Mark every reference with the number of its note, and take the notes' words out of the text. Returns them by
    number."""
    every = list(roots)
    places = keys_of(every)
    order = {element: number for number, element in enumerate(each for root in every for each in elements(root))}
    bodies: dict[etree._Element, str] = {}
    for root in every:
        for link in elements(root, "a"):
            body = _body(link, places)
            # Notes stand behind what they are about: a link that leads up leads back to the text.
            if body is not None and (order[body] > order[link] or _is_marked(body)):
                bodies.setdefault(body, str(len(bodies) + 1))
                link.set(NOTE, bodies[body])
    for body, number in bodies.items():
        for link in elements(body, "a"):
            if _returns(link, number, places):
                drop(link)
        _clean(body)
        _detach(body)
    return {number: body for body, number in bodies.items()}


def _body(link: etree._Element, places: Mapping[str, etree._Element]) -> etree._Element | None:
    """The element with the words of the note that a link refers to; None if it refers to none."""
    target = places.get(str(link.get(TO) or ""))
    if target is None or said_of(link) & (_BACK | _OTHER):
        return None
    parent = link.getparent()
    above = said_of(parent) if parent is not None else frozenset[str]()
    is_raised = (parent is not None and local(parent) == "sup") or any(local(each) == "sup" for each in link)
    says_so = bool(said_of(link) & _REFERS) or bool(above & _REFERS)
    if not says_so and not (_SIGN.fullmatch(words_of(link)) and (is_raised or _leads_back(target, link))):
        return None
    body = target
    while local(body) not in _BODIES and body.getparent() is not None:
        body = body.getparent()  # type: ignore[assignment]
    is_body = local(body) in _BODIES and not any(local(each) in HEADINGS for each in body.iter(etree.Element))
    return body if is_body and body not in link.iterancestors() else None


def _returns(link: etree._Element, number: str, places: Mapping[str, etree._Element]) -> bool:
    """Whether a link in a note leads to where the note is referred to, and says no more than that."""
    target = places.get(str(link.get(TO) or ""))
    if target is None or link.get(NOTE) or len(words_of(link)) > _LONGEST_RETURN:
        return False
    above = target.getparent()
    around = [target, *target.iter("a"), *(list(above) if above is not None and local(target) in ("a", "span") else [])]
    return any(each.get(NOTE) == number for each in around)


def _leads_back(target: etree._Element, link: etree._Element) -> bool:
    """Whether a link from the words of the note leads to this one."""
    holders = [link, *list(link.iterancestors())[:2], *link.iter(etree.Element)]
    keys = {str(each.get("data-key")) for each in holders if each.get("data-key")}
    body = target.getparent() if target.getparent() is not None and local(target) in ("a", "span", "sup") else target
    return body is not None and any(each.get(TO) in keys for each in body.iter("a"))


def _is_marked(body: etree._Element) -> bool:
    """Whether a target says that it is a note."""
    return any(said_of(each) & _NOTES for each in (body, *body.iterancestors()))


def _clean(body: etree._Element) -> None:
    """Take away what leads back to the text, and the number before the words."""
    for each in elements(body):
        if each is body or each.getparent() is None:
            continue
        leads_back = local(each) == "a" and each.get(TO) and not each.get(NOTE)
        if (
            said_of(each) & _BACK
            or said_of(each) & {"footnote-number", "note-number"}
            or (leads_back and (_SIGN.fullmatch(words_of(each)) or not re.search(r"\w", words_of(each))))
        ):
            drop(each)
    for each in elements(body, "sup", "span", "a")[:2]:
        if _SIGN.fullmatch(words_of(each)) and not each.get(NOTE) and not _text_before(body, each):
            drop(each)
    first = next((each for each in body.iter(etree.Element) if (each.text or "").strip()), body)
    first.text = re.sub(r"^\s*(?:\[\d+\]|\d*[.:)])\s+", "", first.text or "")


def _text_before(body: etree._Element, element: etree._Element) -> bool:
    for each in body.iter(etree.Element):
        if each is element:
            return False
        if (each.text or "").strip():
            return True
    return False


def _detach(body: etree._Element) -> None:
    """Take a note out of the text, and the list or section that held nothing but notes with it."""
    holder = body.getparent()
    drop(body)
    for _ in range(_KEPT):
        if holder is None or local(holder) in ("body", "html", "main", "article"):
            return
        parent = holder.getparent()
        if any(str(text).strip() for text in holder.itertext()) or elements(holder, "img", "table", "svg", "math"):
            return
        drop(holder)
        holder = parent
