"""Links inside the book: by file and by id, turned into anchors that hold in both outputs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import error, warning
from pmpress.features.galley import Galley
from pmpress.model import Mark, Marks, Registry

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


def register(marks: Iterable[Marks]) -> Registry:
    """Say for each chapter its anchors, and for each file the chapters written in it."""
    anchors: dict[str, Mapping[str, str]] = {}
    openings: dict[str, str] = {}
    chapters_of: dict[str, tuple[str, ...]] = {}
    for chapter in marks:
        slug = chapter.chapter.slug
        ids = {mark.id: f"{slug}--{mark.id}" for mark in chapter.marks if mark.kind == "anchor"}
        anchors[slug] = {**ids, slug: slug, chapter.chapter.title_id or slug: slug}
        for file in chapter.files:
            openings.setdefault(file, slug if file == chapter.files[0] else ids.get(_first_id(chapter, file), slug))
            chapters_of[file] = (*chapters_of.get(file, ()), slug)
    return Registry(anchors=anchors, openings=openings, chapters_of=chapters_of)


def _first_id(chapter: Marks, file: str) -> str:
    return next((mark.id for mark in chapter.marks if mark.kind == "anchor" and mark.span.file == file), "")


def resolve(galley: Galley, registry: Registry) -> None:
    """Turn every link inside the book into `#ANCHOR`. One that leads nowhere is an error `link-unresolved`; one to a
    file of the folder that is not in the book becomes plain text, with a warning `link-left-out`."""
    for root in galley.roots:
        for link in xhtml.elements(root, "a"):
            if link.get("href") is not None:
                _resolve_link(galley, registry, link)


def _resolve_link(galley: Galley, registry: Registry, link: etree._Element) -> None:
    href, span = str(link.get("href", "")), galley.span(link)
    scheme = _SCHEME.match(href)
    if href.startswith("//") or (scheme and scheme[1].lower() in _FOLLOWED):
        return
    path, _, fragment = href.partition("#")
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
        hint = _nearest(galley, registry, fragment) if not path else "Mend the name, or add the file to the book."
        galley.diagnostics.append(error("link-unresolved", f"the link '{href}' leads nowhere", span, hint))
        _give_up(galley, link, href)


def _give_up(galley: Galley, link: etree._Element, href: str) -> None:
    galley.mark_broken(link, href)
    xhtml.unwrap(link)


def _path(galley: Galley, link: etree._Element) -> str:
    path = str(link.get("href", "")).partition("#")[0].partition("?")[0]
    return path.lstrip("/") if path.startswith("/") else galley.path(link, path)


def _anchor(galley: Galley, registry: Registry, link: etree._Element, fragment: str) -> str:
    href = str(link.get("href", ""))
    if href.startswith("#"):
        # In the chapter itself, then in the others of its file, then anywhere, if that is one place.
        near = [galley.chapter.slug, *registry.chapters_of.get(galley.span(link).file, ())]
        anywhere = {_find(registry, [slug], fragment) for slug in registry.anchors} - {""}
        return _find(registry, near, fragment) or (anywhere.pop() if len(anywhere) == 1 else "")
    path = next((name for name in _spellings(_path(galley, link)) if name in registry.openings), "")
    if not path:
        return ""
    return _find(registry, registry.chapters_of[path], fragment) if fragment else registry.openings[path]


def _find(registry: Registry, slugs: Iterable[str], fragment: str) -> str:
    for slug in slugs:
        anchors = registry.anchors[slug]
        if fragment in anchors:
            return anchors[fragment]
        alike = [anchor for identifier, anchor in anchors.items() if _bare(identifier) == _bare(fragment)]
        if alike:
            return alike[0]
    return ""


def _bare(identifier: str) -> str:
    # Tools disagree on case, on runs of hyphens and on a prefix for a leading digit.
    return re.sub(r"[\W_]+", "", identifier.casefold().removeprefix("s-"))


def _spellings(path: str) -> tuple[str, ...]:
    """The names under which a file may be in the book: itself, its Markdown source, the text that opens a folder."""
    stem = str(PurePosixPath(path).with_suffix("")) if path.endswith((".html", ".htm")) else path
    opened = tuple(f"{path}/{name}" for name in ("README.md", "index.md", "readme.md"))
    return (path, f"{stem}.md", f"{stem}.markdown", *opened)


def _nearest(galley: Galley, registry: Registry, fragment: str) -> str:
    near = difflib.get_close_matches(fragment, list(registry.anchors.get(galley.chapter.slug, {})), 1)
    return f"Did you mean '#{near[0]}'?" if near else "Give the place an id: '## Title {#id}'."
