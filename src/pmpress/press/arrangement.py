"""The order of a book: what stands before and behind its chapters, and where what the press adds finds its place.

The order of the pages before and behind the text is the trade's (*The Chicago Manual of Style*, 1.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pmpress import features, xhtml
from pmpress.manuscript import Manuscript, PartSections, Section, matter_of
from pmpress.model import Chapter, Leaf, Marks, Part
from pmpress.terms import terms_for

_BEFORE_CONTENTS = ("dedication", "epigraph")
# Of these each stands before all that follow; a kind that is not named stands where its author has put it.
_FRONT = (*_BEFORE_CONTENTS, "loi", "lot", "foreword", "preface", "acknowledgments", "introduction")
_BACK = ("afterword", "appendix", "endnotes", "glossary", "bibliography", "index", "contributors", "colophon")


def in_order(
    chapters: Sequence[Chapter], marks: Sequence[Marks], manuscript: Manuscript
) -> tuple[tuple[Chapter, ...], tuple[Marks, ...]]:
    """The chapters with their marks in reading order, and among them, still empty, those that features fill and the
    author has not written."""
    if not chapters:
        return (), ()
    marked = list(zip(chapters, marks, strict=True))
    front, body, back = (
        [each for each in marked if each[0].matter == matter] for matter in ("frontmatter", "bodymatter", "backmatter")
    )
    terms, taken = terms_for(manuscript.language), {chapter.slug for chapter in chapters}
    for kind in features.wanted(marks, manuscript.config.tables):
        matter = matter_of(kind, "frontmatter" if kind in _FRONT else "backmatter")
        slug = xhtml.free_id(kind, taken)
        chapter = Chapter(slug, kind, matter, terms[kind], terms[kind], "")
        texts, order = (front, _FRONT) if matter == "frontmatter" else (back, _BACK)
        texts.insert(_place([each.kind for each, _ in texts], kind, order), (chapter, Marks(chapter, ())))
    # Dedication and epigraph stand before the contents, and so before all else.
    front.sort(key=lambda each: each[0].kind not in _BEFORE_CONTENTS)
    every = [*front, *body, *back]
    return tuple(chapter for chapter, _ in every), tuple(each for _, each in every)


def _place(kinds: Sequence[str], kind: str, order: Sequence[str]) -> int:
    """Where among the kinds that are there another belongs: before the first of those that come behind it."""
    behind = order[order.index(kind) + 1 :]
    return next((place for place, each in enumerate(kinds) if each in behind), len(kinds))


def arranged(
    manuscript: Manuscript, chapters: Sequence[Chapter], parts: Iterable[Part]
) -> tuple[tuple[Chapter | Leaf, ...], tuple[Chapter | Part, ...], tuple[Chapter, ...]]:
    """The chapters, in their order, in the matters and parts that their sections stand in, and the leaves of the front
    matter."""
    front = [chapter for chapter in chapters if chapter.matter == "frontmatter"]
    opening = [chapter for chapter in front if chapter.kind in _BEFORE_CONTENTS]
    leaves = [Leaf("halftitlepage")] if manuscript.config.halftitle else []
    leaves += [Leaf("titlepage"), Leaf("copyright-page")]
    by_section: dict[str, list[Chapter]] = {}
    for chapter in (each for each in chapters if each.matter == "bodymatter"):
        by_section.setdefault(chapter.slug.partition("_")[0], []).append(chapter)

    def of(given: Iterable[Section]) -> tuple[Chapter, ...]:
        # A section may have become several chapters, or have gone to another matter.
        return tuple(chapter for section in given for chapter in by_section.get(section.slug, ()))

    waiting = iter(parts)
    body: list[Chapter | Part] = []
    for item in (*manuscript.sections.front, *manuscript.sections.body, *manuscript.sections.back):
        if isinstance(item, PartSections):
            body.append(replace(next(waiting), chapters=of(item.sections)))
        else:
            body.extend(of((item,)))
    back = tuple(chapter for chapter in chapters if chapter.matter == "backmatter")
    return (*leaves, *opening, Leaf("contents"), *front[len(opening) :]), tuple(body), back
