"""What a part of a book is called, for machines and for ears: epub:type → DPUB-ARIA role, in one table.

`epub:type` speaks to reading systems (a note pops up), `role` to assistive technology. EPUB Accessibility asks for the
second wherever the first is used; which role belongs to which type is said by the W3C's *EPUB Type to ARIA Role
Authoring Guide 1.1*. The guide knows no role for a group of footnotes: here they stand at the end of a chapter, which
is what DPUB-ARIA 1.1 calls `doc-endnotes`. `doc-endnote` and `doc-biblioentry` are deprecated there and left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from pmpress.xhtml import EPUB, EPUB_TYPE, HEADINGS, classes_of, elements, free_id, ids_of, local, tag

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

_BLOCKS: Mapping[str, str] = {
    "abstract": "doc-abstract",
    "epigraph": "doc-epigraph",
    "example": "doc-example",
    "pullquote": "doc-pullquote",
    "hint": "doc-tip",
    "tip": "doc-tip",
    **dict.fromkeys(("attention", "caution", "danger", "error", "important", "warning"), "doc-notice"),
}
"""The role of a block of the text by its class; what warns is that of an admonition."""


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


def set_block_roles(body: etree._Element) -> None:
    """Give blocks within a text the roles that DPUB-ARIA has for them: examples, abstracts, tips, warnings.

    `aside` may not have that of a warning (W3C, *ARIA in HTML*), so that a warning becomes a `div`. Any other
    admonition is a note: as an `aside` each would be a landmark of the page.
    """
    for block in elements(body, "aside", "div", "figure"):
        classes = classes_of(block)
        if block.get("role") is not None or block.get(EPUB_TYPE) is not None:
            continue
        role = next((_BLOCKS[name] for name in classes if name in _BLOCKS), "")
        if "admonition" in classes:
            block.set("role", role or "note")
            if role == "doc-notice":
                block.tag = tag("div")
        elif role and (local(block) != "figure" or role == "doc-example"):
            block.set("role", role)


def describe_at_length(body: etree._Element) -> None:
    """What unfolds in a figure is the long description of its picture (WAI-ARIA 1.3, *aria-details*)."""
    taken = ids_of(body)
    for figure in elements(body, "figure"):
        details, image = figure.find(tag("details")), figure.find(f".//{tag('img')}")
        if details is None or image is None or image.get("role") == "presentation":
            continue
        if not details.get("id"):
            details.set("id", free_id("description", taken))
        image.set("aria-details", details.get("id") or "")


def divide_into_sections(body: etree._Element) -> None:
    """Put each heading of a text and what stands under it into a section of its own, so that every section has one
    heading (HTML, *Headings and outlines*). What has a place of its own, as the notes have at the end, stays in the
    whole."""
    for section in elements(body, "section"):
        first, *others = [child for child in section if local(child) in HEADINGS] or [section]
        _nest([heading for heading in others if local(heading) > local(first)])


def _nest(headings: Sequence[etree._Element]) -> None:
    """Wrap each of the headings below a section's own, in their order: each takes along those below it."""
    for heading in headings:
        section = etree.Element(tag("section"), {"class": "section"})
        parent = heading.getparent()
        assert parent is not None
        following = []
        for sibling in heading.itersiblings():
            ends = local(sibling) in HEADINGS and local(sibling) <= local(heading)
            if ends or (local(sibling) == "section" and sibling.get("class") != "section"):
                break
            following.append(sibling)
        parent.replace(heading, section)
        section.extend([heading, *following])
