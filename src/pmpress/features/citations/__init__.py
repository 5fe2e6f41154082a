"""Citations, `[@knuth1984, p. 3]`, and the bibliography of the works that are cited.

`notation` finds them in the text. Once the whole book is known, the works are read (`library`, from BibTeX by `bibtex`,
`latex`, `names` and `works`), and citeproc-py (`engine`) says in the book's style what each citation and each entry is
(`citing`, `finishing`). All of that is `richtext` until `bibliography` makes the text of it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files as files_of
from typing import Any

from pmpress import xhtml
from pmpress.config import Key, Table, shaped, text, texts
from pmpress.diagnostics import Diagnostic, Nearest, Span, error
from pmpress.features.citations import bibliography, library, notation
from pmpress.features.citations.bibliography import KIND, PART, Citations
from pmpress.features.citations.notation import Cite
from pmpress.features.galley import Galley
from pmpress.features.marks import ids_in, of_kind
from pmpress.model import Mark, Marks, Registry, Settings
from pmpress.terms import terms_for

_MARK = "citation"
_OURS = ("author-date", "numeric")
_WORKS = {"type": "string", "pattern": r"\.([bB][iI][bB]|[jJ][sS][oO][nN])\s*$"}


@shaped(
    {
        "anyOf": [_WORKS, {"type": "array", "items": _WORKS}],
        "title": "a file ending in `.bib` or `.json`, or a list of such files",
    }
)
def _bibliography(value: Any) -> tuple[str, ...]:
    paths = (text(value),) if isinstance(value, str) else texts(value)
    if not all(path.lower().endswith((".bib", ".json")) for path in paths):
        raise ValueError("a file of BibTeX (.bib) or CSL-JSON (.json), or a list of such files")
    return paths


@shaped(
    {
        "anyOf": [{"enum": list(_OURS)}, {"type": "string", "pattern": r"\.[cC][sS][lL]\s*$"}],
        "title": '`"author-date"`, `"numeric"`, or a file ending in `.csl`',
    }
)
def _style(value: Any) -> str:
    name = text(value)
    if name not in _OURS and not _is_file(name):
        raise ValueError('"author-date", "numeric" or the file of a style of the Citation Style Language (.csl)')
    return name


def _is_file(style: str) -> bool:
    return style.lower().endswith(".csl")


TABLE = Table(
    "citations",
    (
        Key("bibliography", _bibliography, "The file with the works that may be cited, or a list.", (), files=tuple),
        Key(
            "style",
            _style,
            "How works are cited: a style of the press, or of the Citation Style Language.",
            "author-date",
            files=lambda style: (style,) if _is_file(style) else (),
        ),
    ),
)


def _is_wanted(marks: tuple[Marks, ...], settings: Settings) -> bool:
    """Whether anything may be a citation."""
    return any(of_kind(marks, _MARK))


FILLS = {KIND: _is_wanted}


def collect(galley: Galley) -> None:
    """Put a `span` around each citation, and mark what it says; in a book without bibliography keys are text."""
    if not galley.settings["citations"]["bibliography"]:
        for root in galley.roots:
            notation.dissolve(notation.marked(root))
        return
    for root in galley.roots:
        for element, found in notation.wrap(root):
            element.set("id", galley.free_id("cite"))
            span = galley.span(element[0] if len(element) else element)
            element.set(xhtml.SPAN, f"{span.file}:{span.line}-{span.line}")
            cites = [(cite.key, cite.before, cite.after, cite.bare) for cite in found.cites]
            about = {
                "cites": json.dumps(cites),
                "in-brackets": "yes" if found.in_brackets else "",
                "written": xhtml.text_of(element),
            }
            galley.marks.append(Mark(_MARK, span, str(element.get("id")), about=about))


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Read the works and say every citation in the book's style, and the entries of the bibliography.

    A key that no work has is an error `citation-unknown`; of the files, what `library.read` finds, and
    `citation-style-unreadable`.
    """
    settings = registry.settings["citations"]
    found = list(of_kind(marks, _MARK))
    if not found:
        return registry, ()
    terms = terms_for(registry.language)
    words = {"phdthesis": terms["phd-thesis"], "mastersthesis": terms["master-thesis"]}
    words |= {"mathesis": terms["master-thesis"]}
    works, diagnostics = library.read(settings["bibliography"], registry.files, words)
    citations, said = [], []
    near = Nearest(works)
    for slug, mark in found:
        cites = tuple(Cite(*cite) for cite in json.loads(mark.about["cites"]))
        unknown = [cite.key for cite in cites if cite.key not in works]
        if not unknown:
            citations.append(bibliography.Citation(f"{slug}--{mark.id}", cites, mark.about["in-brackets"] == "yes"))
        elif mark.about["in-brackets"] and works:
            said += [_unknown(key, near.to(key), mark.span) for key in unknown]
    if not works and not diagnostics and all(path in registry.files for path in settings["bibliography"]):
        said.append(error("bibliography-empty", "there is no work in it", Span(settings["bibliography"][0], 1)))
    style = settings["style"]
    if _is_file(style) and style not in registry.files:
        return registry, (*diagnostics, *said)
    source = registry.files[style] if _is_file(style) else (files_of(__package__) / f"{style}.csl").read_text("utf-8")
    home = next((each.chapter.slug for each in marks if each.chapter.kind == KIND), "")
    try:
        part = bibliography.made(citations, works, source, registry.language, home, ids_in(marks, home))
    except Exception as fault:
        # citeproc-py fails in any way it likes over what it does not know of a style; ours it knows.
        if not _is_file(style):
            raise
        said.append(_unusable(style, fault))
        return registry, (*diagnostics, *said)
    written = {mark.about["written"]: part.plain(f"{slug}--{mark.id}") for slug, mark in found}
    part = replace(part, written={source: said for source, said in written.items() if said})
    labels = {
        anchor: replace(label, title=part.said(label.title)) if "@" in label.title else label
        for anchor, label in registry.labels.items()
    }
    registry = replace(registry.with_part(PART, part), labels=labels)
    if part.home:
        registry = registry.with_anchors(part.home, (entry.id for entry in part.entries))
    return registry, (*diagnostics, *said)


def _unknown(key: str, near: str, span: Span) -> Diagnostic:
    hint = f"Did you mean '@{near}'?" if near else "Add the work to the bibliography, or mend the key."
    return error("citation-unknown", f"no work in the bibliography has the key '{key}'", span, hint)


def _unusable(style: str, fault: Exception) -> Diagnostic:
    hint = "Take a style from https://github.com/citation-style-language/styles as it is."
    if isinstance(fault, bibliography.StyleFault):
        return error("citation-style-unreadable", str(fault), Span(style, fault.line), hint)
    said = f"citeproc-py cannot use the style: {type(fault).__name__}: {fault}"
    return error("citation-style-unreadable", said, Span(style, 1), hint)


def resolve(galley: Galley, registry: Registry) -> None:
    """Put the citations' texts in, with links to the entries, and the entries into the bibliography."""
    part = registry.parts.get(PART, Citations())
    for root in galley.roots:
        citations = [each for each in root.iter(xhtml.tag("span")) if _is_citation(each)]
        unknown = [each for each in citations if f"{galley.chapter.slug}--{each.get('id')}" not in part.texts]
        for element in unknown:
            if (element.text or "").startswith("["):
                galley.mark_broken(element, xhtml.text_of(element))
        notation.dissolve([key for element in unknown for key in notation.marked(element)])
        notation.dissolve(unknown)
        for element in citations:
            if said := part.texts.get(f"{galley.chapter.slug}--{element.get('id')}"):
                _fill(element, said)
    galley.headings = [
        replace(heading, title=part.said(heading.title)) for heading in galley.headings or galley.chapter.headings
    ]
    if part.entries and galley.chapter.slug == part.home:
        bibliography.fill(galley, part, registry.labels)


def _is_citation(element: Any) -> bool:
    return element.get("class") == "citation" and str(element.get("id", "")).startswith("cite-")


def _fill(element: Any, said: str) -> None:
    fragment = xhtml.parse(said)
    element.text = fragment.text
    element[:] = list(fragment)
