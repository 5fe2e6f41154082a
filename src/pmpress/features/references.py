"""Links inside the book: by file and by id, turned into anchors that hold in both outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Nearest, error, warning
from pmpress.features.galley import Galley, plain_text
from pmpress.folios import PAGE_OF, PAGED
from pmpress.model import Label, Mark, Marks, Registry
from pmpress.textplaces import OUTPUT

_PART = "references"
_SCHEME = re.compile(r"([A-Za-z][\w+.-]*):")
_FOLLOWED = frozenset(
    {"http", "https", "mailto", "tel", "ftp", "ftps", "doi", "urn", "news", "irc", "xmpp", "sms", "geo"}
)


def collect(galley: Galley) -> None:
    """List every id in the text, and every file that a link asks for."""
    for root in galley.roots:
        for element in root.iter(etree.Element):
            if identifier := element.get("id"):
                galley.marks.append(Mark("anchor", galley.span(element), id=str(identifier)))
        for link in root.iter(xhtml.tag("a")):
            href = str(link.get("href", ""))
            if href and not href.startswith("#") and not _SCHEME.match(href):
                galley.marks.append(Mark("link", galley.span(link), target=_path(galley, link)))


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Say for each chapter its anchors, and for each file the chapters written in it."""
    anchors: dict[str, Mapping[str, str]] = dict(registry.anchors)
    openings: dict[str, str] = {}
    chapters_of: dict[str, tuple[str, ...]] = {}
    for chapter in marks:
        slug = chapter.chapter.slug
        ids = {mark.id: f"{slug}--{mark.id}" for mark in chapter.marks if mark.kind == "anchor"}
        anchors[slug] = {**anchors.get(slug, {}), **ids, slug: slug, chapter.chapter.title_id or slug: slug}
        for file in chapter.files:
            openings.setdefault(file, slug if file == chapter.files[0] else ids.get(_first_id(chapter, file), slug))
            chapters_of[file] = (*chapters_of.get(file, ()), slug)
    registry = replace(registry, anchors=anchors, openings=openings, chapters_of=chapters_of)
    return registry.with_part(_PART, _alike(anchors)), ()


def _alike(anchors: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """For each id without what tools disagree on, the chapters that have such a one, and its anchor in each."""
    alike: dict[str, dict[str, str]] = {}
    for slug, known in anchors.items():
        for identifier, anchor in known.items():
            alike.setdefault(_bare(identifier), {}).setdefault(slug, anchor)
    return alike


def _first_id(chapter: Marks, file: str) -> str:
    return next((mark.id for mark in chapter.marks if mark.kind == "anchor" and mark.span.file == file), "")


def resolve(galley: Galley, registry: Registry) -> None:
    """Turn every link inside the book into `#ANCHOR`, and say what a link without words leads to ("Figure 3.2").

    One that leads nowhere is an error `link-unresolved`, or `ref-unresolved` if it has no words, as is one to what has
    neither number nor title; one to a file of the folder that is not in the book becomes plain text, with a warning
    `link-left-out`.
    """
    near = Nearest(registry.anchors.get(galley.chapter.slug, {}))
    for root in galley.roots:
        for link in xhtml.elements(root, "a"):
            href = link.get("href")
            if href is None:
                continue
            if not _is_anchor(registry, href):  # else a feature has made it
                _resolve_link(galley, registry, link, near)
            is_there = link.getparent() is not None  # one that leads nowhere is gone
            if is_there and link.get(xhtml.EPUB_TYPE) is None and link.get("href", "").startswith("#"):
                _put_words(galley, registry, link)
    _entitle_again(galley)


def _entitle_again(galley: Galley) -> None:
    """Take the titles of headings anew: contents and running heads say what references in them say."""
    elements = {str(each.get("id")): each for each in xhtml.elements(galley.body, *xhtml.HEADINGS)}
    galley.headings = [
        replace(heading, title=plain_text(elements[heading.id]).removeprefix(f"{heading.number} "))
        if _refers(elements.get(heading.id))
        else heading
        for heading in galley.headings
    ]


def _refers(heading: etree._Element | None) -> bool:
    return heading is not None and heading.find(f".//{xhtml.tag('a')}") is not None


def _is_anchor(registry: Registry, href: str) -> bool:
    slug, _, identifier = href.removeprefix("#").partition("--")
    return href == f"#{registry.anchors.get(slug, {}).get(identifier)}"


def _resolve_link(galley: Galley, registry: Registry, link: etree._Element, near: Nearest) -> None:
    href, span = str(link.get("href", "")), galley.span(link)
    scheme = _SCHEME.match(href)
    if href.startswith("//") or (scheme and scheme[1].lower() in _FOLLOWED):
        return
    path, _, fragment = href.partition("#")
    fragment = unquote(fragment)
    if scheme or href.startswith("/") or (path and _path(galley, link).startswith("..")):
        known = registry.openings.get(path.lstrip("/")) if not scheme else None
        if known is None:
            galley.diagnostics.append(
                error("path-outside", f"the link '{href}' leads out of the manuscript's folder", span)
            )
            _give_up(galley, link, href)
            return
    anchor = _anchor(galley, registry, link, fragment)
    if anchor:
        link.set("href", f"#{anchor}")
    elif path and _path(galley, link) in registry.left_out:
        galley.diagnostics.append(warning("link-left-out", f"'{path}' is not in the book: the link is left out", span))
        xhtml.unwrap(link)
    else:
        hint = _hint(near.to(fragment)) if not path else "Mend the name, or add the file to the book."
        code = "link-unresolved" if _has_words(link) else "ref-unresolved"
        galley.diagnostics.append(error(code, f"the link '{href}' leads nowhere", span, hint))
        _give_up(galley, link, href)


def _has_words(link: etree._Element) -> bool:
    return bool(len(link) or xhtml.text_of(link))


def _put_words(galley: Galley, registry: Registry, link: etree._Element) -> None:
    """Give a link the words it has not, and, if it is of the class `page`, the page for print."""
    anchor = link.get("href", "").removeprefix("#")
    label = registry.labels.get(anchor, Label(""))
    classes = xhtml.classes_of(link)
    to_page = "page" in classes
    if to_page:
        xhtml.set_classes(link, (name for name in classes if name != "page"))
    if _has_words(link):
        if to_page:
            _put_page_behind(galley, link, anchor)
        return
    words = _words(galley.terms, label)
    if to_page and not words:  # where there are no pages, the chapter is named
        words = _words(galley.terms, registry.labels[anchor.partition("--")[0]])
    if not words:
        said = f"nothing is known of the place '{anchor}' that could be said of it"
        hint = "Write the words of the link: [words](#place)."
        galley.diagnostics.append(error("ref-unresolved", said, galley.span(link), hint))
        _give_up(galley, link, anchor)
        return
    link.text = _capital(words) if _opens(link) else words
    if to_page:
        page = _page_link(galley, link, anchor)
        page.set(PAGED, "instead")
        page.tail, link.tail = link.tail, None
        link.set(OUTPUT, "ebook")
        link.addnext(page)


def _words(terms: Mapping[str, str], label: Label) -> str:
    """What a place is called inside a sentence."""
    pattern = terms.get(f"ref-{label.series}", "")
    return pattern.replace(" {}", "\u00a0{}").format(label.number) if pattern and label.number else label.title


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _opens(link: etree._Element) -> bool:
    """Whether the link stands at the beginning of its block."""
    parent = link.getparent()
    return parent is not None and link.getprevious() is None and not (parent.text or "").strip()


def _put_page_behind(galley: Galley, link: etree._Element, anchor: str) -> None:
    """Put the page, for print, in brackets behind a link that has its own words."""
    around = etree.Element(xhtml.tag("span"), {OUTPUT: "print", PAGED: "also"})
    page = _page_link(galley, link, anchor)
    del page.attrib[OUTPUT]
    around.text, page.tail = " (", ")"
    around.append(page)
    around.tail, link.tail = link.tail, None
    link.addnext(around)


def _page_link(galley: Galley, link: etree._Element, anchor: str) -> etree._Element:
    """A link, for print, that says on which page an anchor is; the renderer puts the number in."""
    page = etree.Element(xhtml.tag("a"), {"href": f"#{anchor}", OUTPUT: "print"})
    before, _, behind = galley.terms["ref-page"].partition("{}")
    page.text = _capital(before) if _opens(link) else before.replace(" ", "\u00a0")
    folio = etree.SubElement(page, xhtml.tag("span"), {PAGE_OF: anchor})
    folio.text, folio.tail = "0", behind or None
    return page


def _give_up(galley: Galley, link: etree._Element, href: str) -> None:
    galley.mark_broken(link, href)
    xhtml.unwrap(link)


def _path(galley: Galley, link: etree._Element) -> str:
    path = str(link.get("href", "")).partition("#")[0].partition("?")[0]
    return path.lstrip("/") if path.startswith("/") else galley.path(link, path)


def _anchor(galley: Galley, registry: Registry, link: etree._Element, fragment: str) -> str:
    href = str(link.get("href", ""))
    if href.startswith("#"):
        near = [galley.chapter.slug, *registry.chapters_of.get(galley.span(link).file, ())]
        return _find(registry, near, fragment, anywhere=True)
    path = next((name for name in _spellings(_path(galley, link)) if name in registry.openings), "")
    if not path:
        return ""
    return _find(registry, registry.chapters_of[path], fragment) if fragment else registry.openings[path]


def _find(registry: Registry, near: Sequence[str], fragment: str, *, anywhere: bool = False) -> str:
    """The anchor of an id in the first of the chapters near by that has it; else, if it may be `anywhere`, in the one
    that does. An id that is only alike counts where none is the same."""
    alike: Mapping[str, str] = registry.parts[_PART].get(_bare(fragment), {})
    same = {slug: registry.anchors[slug][fragment] for slug in alike if fragment in registry.anchors[slug]}
    for homes in (same, alike):
        if found := next((homes[slug] for slug in near if slug in homes), ""):
            return found
        if anywhere and homes:
            places = set(homes.values())
            return places.pop() if len(places) == 1 else ""
    return ""


def _bare(identifier: str) -> str:
    # Tools disagree on case, on runs of hyphens and on a prefix for a leading digit.
    return re.sub(r"[\W_]+", "", identifier.casefold().removeprefix("s-"))


def _spellings(path: str) -> tuple[str, ...]:
    """The names under which a file may be in the book: itself, its Markdown source, the text that opens a folder."""
    stem = str(PurePosixPath(path).with_suffix("")) if path.endswith((".html", ".htm")) else path
    opened = tuple(f"{path}/{name}" for name in ("README.md", "index.md", "readme.md"))
    return (path, f"{stem}.md", f"{stem}.markdown", *opened)


def _hint(near: str) -> str:
    return f"Did you mean '#{near}'?" if near else "Give the place an id: '## Title {#id}'."
