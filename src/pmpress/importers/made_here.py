"""What the press itself puts into an e-book's text: numbers, labels, marks of pages. A book that it made and that is
brought back would have them twice."""

from __future__ import annotations

from lxml import etree

from pmpress.importers.html.tree import drop, elements, local, said_of, words_of

_LABELS = frozenset(
    {
        "chapter-number",
        "section-number",
        "caption-label",
        "part-number",
        "appendix-number",
        "equation-number",
        "footnote-number",
        "chapter-label",
        "task-mark",
    }
)
_PAGES = frozenset({"pagebreak", "doc-pagebreak"})


def without_what_is_made(root: etree._Element) -> None:
    """Take numbers, labels and marks of pages out of a text."""
    for each in elements(root):
        said = said_of(each)
        if each.getparent() is None:
            continue
        if said & _PAGES and local(each) in ("span", "a", "div", "hr"):
            # Some readers' page numbers are words in the text.
            drop(each)
        elif said & _LABELS and local(each) == "span":
            tail = each.tail or ""
            each.tail = tail.lstrip() if said & (_LABELS - {"task-mark"}) else tail
            if "task-mark" in said:
                each.text = {"☑": "[x]", "☐": "[ ]"}.get(words_of(each), words_of(each))
                continue
            drop(each)
