"""E-books → Markdown: the package document says what the book is and in which order its files are read (EPUB 3.3)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from pmpress.config import isbn
from pmpress.diagnostics import Diagnostic, ManuscriptError, Span, error, note, warning
from pmpress.importers import opening
from pmpress.importers.found import About, Found
from pmpress.importers.html.dividing import Division, written
from pmpress.importers.html.inline import Setting
from pmpress.importers.html.notes import take_notes
from pmpress.importers.html.pictures import Pictures
from pmpress.importers.html.tree import (
    charset_of,
    drop,
    elements,
    local,
    name_places,
    parse,
    parse_xhtml,
    said_of,
    words_of,
)
from pmpress.importers.made_here import without_what_is_made
from pmpress.importers.words import day_in, language_of
from pmpress.manuscript import humanise, kind_named, matter_of
from pmpress.model import Contributor, Matter

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_TEXTS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
# What a press makes by itself, and makes anew.
_MADE = frozenset(
    {
        "cover",
        "titlepage",
        "halftitlepage",
        "toc",
        "landmarks",
        "page-list",
        "copyright-page",
        "loi",
        "lot",
        "loe",
        "imprint",
    }
)
_NAMED = re.compile(r"(?:cover|title-?page|titlepg|toc|nav|contents|copyright|halftitle)(?:[-_]?page)?\d*", re.I)
_ORDER: tuple[Matter, ...] = ("frontmatter", "bodymatter", "backmatter")
_SHOWN, _DEEPEST, _PART_PAGE = 60, 20, 300


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the list of contents, and those below it."""

    title: str
    href: str
    below: tuple[_Entry, ...]


@dataclass(slots=True)
class _Package:
    """The package document, read: `items` are path, media type and properties by their ids, `spine` the texts in order,
    `titles` what the list of contents calls each file, `parts` the title of the part it stands in, `heads` that of the
    part that begins with it."""

    root: etree._Element
    folder: str
    items: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)


def bring(archive: opening.Archive, stem: str) -> Found:
    """Read an e-book. Raises ManuscriptError: `archive-broken`, `source-encrypted`, `source-empty`, `source-too-large`,
    `epub-broken`."""
    package = _package(archive)
    _check_encryption(archive, {path for path, _, _ in package.items.values()})
    diagnostics: list[Diagnostic] = []
    roots = _documents(archive, package, diagnostics)
    about = _about(package, stem)
    setting = Setting(archive.name, Pictures(lambda path: _picture(archive, path)))
    for path, root in roots.items():
        without_what_is_made(root)
        _locate(root, path, archive.name)
        name_places(root, path)
    setting.notes = take_notes(roots.values())
    divisions = _divisions(roots, package, archive.name, diagnostics)
    if not divisions:
        raise ManuscriptError(error("source-empty", f"there is no text in '{archive.name}'", Span(archive.name)))
    opening.held("".join(words_of(root) for root in roots.values()), archive.name)
    texts = written(divisions, setting)
    cover = _cover(archive, package, setting.pictures)
    language = about.language or language_of(" ".join(map(words_of, roots.values())))
    found = (*diagnostics, *setting.diagnostics)
    return Found(replace(about, cover=cover, language=language), tuple(texts), setting.pictures.files, found)


def _parsed(archive: opening.Archive, entry: str) -> etree._Element:
    try:
        root = etree.fromstring(archive.read(entry), _PARSER) if entry in archive.names else None
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        said = f"'{entry}' of '{archive.name}' is missing or broken"
        raise ManuscriptError(error("epub-broken", said, Span(archive.name), "It is no EPUB that can be read."))
    return root


def _package(archive: opening.Archive) -> _Package:
    container = _parsed(archive, "META-INF/container.xml")
    path = next(
        (each.get("full-path") or "" for each in container.iter(etree.Element) if local(each) == "rootfile"), ""
    )
    package = _Package(_parsed(archive, path), posixpath.dirname(path))
    for each in package.root.iter(etree.Element):
        if local(each) == "item" and each.get("id") and each.get("href"):
            where = posixpath.normpath(posixpath.join(package.folder, unquote(str(each.get("href")))))
            package.items[str(each.get("id"))] = (where, each.get("media-type") or "", each.get("properties") or "")
        elif local(each) == "itemref" and each.get("idref") in package.items:
            package.spine.append(package.items[str(each.get("idref"))][0])
    _read_contents(archive, package)
    return package


def _read_contents(archive: opening.Archive, package: _Package) -> None:
    """The list of contents: that of EPUB 3, else that of EPUB 2."""
    for path, _, properties in package.items.values():
        if "nav" in properties.split() and path in archive.names:
            root = parse_xhtml(archive.read(path))
            toc = (
                next((each for each in elements(root, "nav") if "toc" in said_of(each)), None)
                if root is not None
                else None
            )
            top = next(iter(elements(toc, "ol")), None) if toc is not None else None
            if top is not None:
                _take_in(package, path, _listed(top))
                return
    for path, media_type, _ in package.items.values():
        if media_type == "application/x-dtbncx+xml" and path in archive.names:
            top = next((each for each in _parsed(archive, path).iter(etree.Element) if local(each) == "navmap"), None)
            _take_in(package, path, _listed(top) if top is not None else ())


def _listed(holder: etree._Element, depth: int = 0) -> tuple[_Entry, ...]:
    """The entries of a list, of either kind."""
    entries = []
    for item in holder if depth < _DEEPEST else ():
        if local(item) == "li":
            link = next((each for each in item if local(each) in ("a", "span")), None)
            below = next((each for each in item if local(each) == "ol"), None)
            href = link.get("href") or "" if link is not None else ""
            words = next((words_of(each) for each in elements(item) if "contents-title" in said_of(each)), "")
            title = words or (words_of(link) if link is not None else "")
            entries.append(_Entry(title, href, _listed(below, depth + 1) if below is not None else ()))
        elif local(item) == "navpoint":
            title = next((words_of(each) for each in item if local(each) == "navlabel"), "")
            href = next((each.get("src") or "" for each in item if local(each) == "content"), "")
            entries.append(_Entry(title, href, _listed(item, depth + 1)))
    return tuple(entries)


def _take_in(package: _Package, where: str, entries: Sequence[_Entry], part: str = "", head: str = "") -> None:
    """Note the title of each file, and the part it stands in: an entry that has other files below it is a part."""
    for entry in entries:
        path = unquote(entry.href.partition("#")[0])
        target = posixpath.normpath(posixpath.join(posixpath.dirname(where), path)) if path else head
        package.titles.setdefault(target, entry.title)
        if part:
            package.parts.setdefault(target, part)
        below = {each.href.partition("#")[0] for each in entry.below}
        is_part = not part and bool(below - {entry.href.partition("#")[0], ""})
        if is_part and target:
            package.heads[target] = entry.title
        _take_in(package, where, entry.below, entry.title if is_part else part, target)


def _check_encryption(archive: opening.Archive, items: set[str]) -> None:
    """Raises ManuscriptError (`source-encrypted`) if texts are locked; fonts that are disguised do no harm."""
    if "META-INF/encryption.xml" not in archive.names:
        return
    for each in _parsed(archive, "META-INF/encryption.xml").iter(etree.Element):
        if local(each) == "encrypteddata":
            methods = {
                inner.get("Algorithm") for inner in each.iter(etree.Element) if local(inner) == "encryptionmethod"
            }
            if not methods <= _FONTS:
                said = f"'{archive.name}' is locked (DRM)"
                raise ManuscriptError(
                    error("source-encrypted", said, Span(archive.name), "Import a copy without protection.")
                )


def _documents(archive: opening.Archive, package: _Package, diagnostics: list[Diagnostic]) -> dict[str, etree._Element]:
    """The bodies of the texts of the spine, by their paths."""
    types = {path: media_type for path, media_type, _ in package.items.values()}
    navigation = {path for path, _, properties in package.items.values() if "nav" in properties.split()}
    found: dict[str, etree._Element] = {}
    for path in dict.fromkeys(package.spine):
        span = Span(f"{archive.name}/{path}")
        if path not in archive.names:
            diagnostics.append(warning("entry-missing", "the book lists this file and does not have it", span))
        elif types.get(path) not in _TEXTS:
            diagnostics.append(warning("entry-left-out", f"left out: it is no text ({types.get(path)})", span))
        elif path not in navigation:
            data = archive.read(path)
            root = parse_xhtml(data)
            if root is None:
                root = parse(opening.decoded(data, str(span), diagnostics, charset_of(data)))
            body = next(iter(elements(root, "body")), None)
            if body is not None:
                for each in elements(body, "script", "style", "template"):
                    drop(each)
                found[path] = body
    return found


def _locate(root: etree._Element, path: str, name: str) -> None:
    """Say where a text lies, and make the paths of its pictures those of the whole book."""
    folder = posixpath.dirname(path)
    root.getroottree().docinfo.URL = f"{name}/{path}"
    for each in elements(root, "img", "image"):
        for key in ("src", "href", "{http://www.w3.org/1999/xlink}href"):
            source = each.get(key)
            if source and not re.match(r"[A-Za-z][\w+.-]*:|//", source):
                each.set(key, posixpath.normpath(posixpath.join(folder, source)))


def _picture(archive: opening.Archive, path: str) -> bytes:
    if path not in archive.names:
        raise LookupError("it is not in the book")
    return archive.read(path)


def _divisions(
    roots: Mapping[str, etree._Element], package: _Package, name: str, diagnostics: list[Diagnostic]
) -> list[Division]:
    """A division for each text; pages that the press makes by itself are left out and named."""
    found: list[Division] = []
    seen_body = False
    for path, root in roots.items():
        said = _types(root)
        words = words_of(root)
        span = Span(f"{name}/{path}")
        if said & _MADE or (_NAMED.fullmatch(PurePosixPath(path).stem) and "chapter" not in said):
            if words:
                message = f"left out, since the press makes such a page: '{words[:_SHOWN]}'"
                diagnostics.append(note("page-left-out", message, span))
            continue
        if not words and not elements(root, "img", "svg", "table", "math"):
            continue
        heading = next(iter(elements(root, "h1", "h2", "h3")), None)
        if len(words) < _PART_PAGE and heading is not None and ("part" in said or path in package.heads):
            named = {title: words_of(heading) for title in (package.heads.get(path),) if title}
            package.parts.update({each: named[title] for each, title in package.parts.items() if title in named})
            continue
        if found and ("continued" in said or (heading is None and path not in package.titles)):
            # What a file had no room for, or a picture between two pages: it belongs to the chapter before.
            found[-1] = replace(found[-1], blocks=(*found[-1].blocks, root), keys=(*found[-1].keys, f"{path}#"))
            continue
        kind = next((kind for each in sorted(said) if (kind := kind_named(each)) and kind != "chapter"), "")
        matter = next((each for each in _ORDER if each in said), None)
        if matter is None:
            matter = matter_of(kind) if kind else "bodymatter"
        seen_body = seen_body or matter == "bodymatter"
        if matter == "frontmatter" and seen_body:
            matter = "bodymatter"
        kind = kind if kind and matter_of(kind, matter) == matter else "chapter"
        part = package.parts.get(path, "")
        title = (
            words_of(heading) if heading is not None else package.titles.get(path) or humanise(PurePosixPath(path).stem)
        )
        keys = (
            f"{path}#",
            *(str(each.get("data-key")) for each in elements(root) if each.get("data-key") and each is root),
        )
        found.append(
            Division(title, (root,), heading, part if matter == "bodymatter" else "", matter, _kind(kind), keys)
        )
    return found


def _kind(kind: str) -> str:
    """The kind as it is listed. What features fill comes filled: it is a text like any other."""
    return "" if kind in ("chapter", "") else "chapter" if kind in ("index", "bibliography", "glossary") else kind


def _types(root: etree._Element) -> frozenset[str]:
    """What a text says it is: its body, or the one section that it consists of."""
    said = said_of(root)
    inner = [each for each in root if isinstance(each.tag, str)]
    while len(inner) == 1:
        said |= said_of(inner[0])
        inner = (
            [each for each in inner[0] if isinstance(each.tag, str)]
            if local(inner[0]) in ("section", "div", "article")
            else []
        )
    return frozenset(each.removeprefix("doc-") for each in said)


def _about(package: _Package, stem: str) -> About:
    """The metadata (EPUB 3.3, 5.5; OPF 2.0.1, 2.2)."""
    every = [each for each in package.root.iter(etree.Element)]
    refined: dict[str, dict[str, str]] = {}
    for each in every:
        if local(each) == "meta" and each.get("refines") and each.get("property"):
            refined.setdefault(str(each.get("refines")).lstrip("#"), {})[str(each.get("property"))] = words_of(each)

    def said(name: str) -> list[etree._Element]:
        return [each for each in every if local(each) == name and "purl.org/dc" in str(etree.QName(each).namespace)]

    def of(element: etree._Element, name: str) -> str:
        own = element.get(f"{{http://www.idpf.org/2007/opf}}{name}") or element.get(name) or ""
        return refined.get(str(element.get("id")), {}).get(name, "") or own

    def first(name: str) -> str:
        return next((words_of(each) for each in said(name) if words_of(each)), "")

    titles = {of(each, "title-type"): words_of(each) for each in reversed(said("title"))}
    people = [
        Contributor(words_of(each), _role(of(each, "role"), is_creator=local(each) == "creator"), of(each, "file-as"))
        for each in [*said("creator"), *said("contributor")]
        if words_of(each)
    ]
    properties = {
        str(each.get("property")): words_of(each) for each in every if local(each) == "meta" and not each.get("refines")
    }
    numbers = [words_of(each) for each in [*said("identifier"), *said("source")]]
    return About(
        title=titles.get("main") or first("title") or humanise(stem),
        subtitle=titles.get("subtitle", ""),
        contributors=tuple(dict.fromkeys(people)),
        language=first("language").removeprefix("und"),
        publisher=first("publisher"),
        date=day_in(first("date")),
        edition=properties.get("schema:bookEdition", ""),
        rights=first("rights"),
        licence=properties.get("dcterms:license", ""),
        description=_plain(first("description")),
        subjects=tuple(dict.fromkeys(words_of(each) for each in said("subject") if words_of(each))),
        isbn=next((number for each in numbers if (number := _isbn(each))), ""),
    )


def _role(written: str, *, is_creator: bool) -> str:
    return written if re.fullmatch("[a-z]{3}", written) else "aut" if is_creator else "ctb"


def _plain(text: str) -> str:
    """A description, which may be HTML written as text."""
    return words_of(parse(text)) if "<" in text else text


def _isbn(text: str) -> str:
    bare = re.sub(r"^urn:isbn:", "", text.strip(), flags=re.I)
    try:
        return isbn(bare) if re.search(r"\d", bare) else ""
    except ValueError:
        return ""


def _cover(archive: opening.Archive, package: _Package, pictures: Pictures) -> str:
    """The path of the cover among the pictures. One that the press has drawn it draws anew."""
    named = next(
        (
            each.get("content")
            for each in package.root.iter(etree.Element)
            if local(each) == "meta" and each.get("name") == "cover"
        ),
        "",
    )
    for identifier, (path, media_type, properties) in package.items.items():
        is_cover = "cover-image" in properties.split() or identifier == named
        if is_cover and path in archive.names and media_type in ("image/jpeg", "image/png"):
            return pictures.keep(PurePosixPath(path).name, archive.read(path))
    return ""
