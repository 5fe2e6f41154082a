"""What a part of a book is called, for machines and for ears: epub:type → DPUB-ARIA role, in one table.

`epub:type` speaks to reading systems (a note pops up), `role` to assistive technology. EPUB Accessibility asks for the
second wherever the first is used; which role belongs to which type is said by the W3C's *EPUB Type to ARIA Role
Authoring Guide 1.1*. The guide knows no role for a group of footnotes: here they stand at the end of a chapter, which
is what DPUB-ARIA 1.1 calls `doc-endnotes`. `doc-endnote` and `doc-biblioentry` are deprecated there and left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from pmpress.xhtml import EPUB, EPUB_TYPE

_TYPED = etree.XPath("descendant-or-self::*[@epub:type]", namespaces={"epub": EPUB})
_SAME_WORD = (
    "abstract acknowledgments afterword appendix backlink bibliography biblioref chapter colophon conclusion credit "
    "credits dedication endnotes epigraph epilogue errata footnote foreword glossary glossref index introduction "
    "noteref notice pagebreak part preface prologue pullquote qna subtitle tip toc"
)

ROLES: Mapping[str, str] = {
    **{kind: f"doc-{kind}" for kind in _SAME_WORD.split()},
    "footnotes": "doc-endnotes",
    "page-list": "doc-pagelist",
}
"""The role of each epub:type that has one."""


def role_of(kind: str) -> str:
    """The role that goes with an epub:type (a list of words, as the attribute may hold), or nothing."""
    return next((ROLES[word] for word in kind.split() if word in ROLES), "")


def types_of(element: etree._Element) -> list[str]:
    """The words in the element's epub:type."""
    return (element.get(EPUB_TYPE) or "").split()


def typed(body: etree._Element) -> Sequence[etree._Element]:
    """The elements with an epub:type, `body` included, in document order."""
    found: Sequence[etree._Element] = _TYPED(body)
    return found


def set_roles(body: etree._Element) -> None:
    """Give every element with an epub:type the role that goes with it, unless it says another one itself."""
    for element in typed(body):
        role = role_of(element.get(EPUB_TYPE) or "")
        if role and element.get("role") is None:
            element.set("role", role)
