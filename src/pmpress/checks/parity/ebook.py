"""A finished EPUB as signs: each chapter's page, if the spine has it."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from pmpress import xhtml
from pmpress.checks.parity.reading import Reader
from pmpress.checks.parity.signs import Signs
from pmpress.diagnostics import Span

_CONTAINER = "META-INF/container.xml"
_NAMES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


@dataclass(slots=True)
class _Page:
    """A page of the spine: the body, the slug of what it holds, and every id in it."""

    body: etree._Element
    slug: str
    ids: set[str] = field(default_factory=set)


def read_epub(data: bytes, slugs: Collection[str], signs: Signs) -> tuple[Mapping[str, str], bool]:
    """The signs of every chapter by its slug, and whether the book says the pages of its print."""
    with zipfile.ZipFile(BytesIO(data)) as container:
        files = set(container.namelist())
        pages = {file: _page(file, etree.fromstring(content, _PARSER), slugs) for file, content in _spine(container)}
    found: dict[str, str] = {}
    for file, page in pages.items():
        if page.slug:
            _leave_out_missing_pictures(page.body, file, files)
            reader = Reader(signs, Span(file), target=_Targets(file, pages))
            reader.take(page.body)
            found.setdefault(page.slug, reader.finished().signs)
    return found, any(_is_page_break(element) for page in pages.values() for element in page.body.iter(etree.Element))


def _spine(container: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The pages in reading order, each once."""
    (package,) = etree.fromstring(container.read(_CONTAINER), _PARSER).xpath(
        "c:rootfiles/c:rootfile/@full-path", namespaces=_NAMES
    )
    opf = etree.fromstring(container.read(package), _PARSER)
    items = {item.get("id"): item.get("href") for item in opf.iterfind("o:manifest/o:item", _NAMES)}
    folder = posixpath.dirname(package)
    for reference in opf.iterfind("o:spine/o:itemref", _NAMES):
        file = posixpath.normpath(posixpath.join(folder, unquote(items.get(reference.get("idref")) or "")))
        if file.endswith(".xhtml"):
            yield file, container.read(file)


def _page(file: str, root: etree._Element, slugs: Collection[str]) -> _Page:
    body = root.find(xhtml.tag("body"))
    body = root if body is None else body
    stem = posixpath.basename(file).removesuffix(".xhtml")
    ids = [str(element.get("id")) for element in body.iterchildren(etree.Element)]
    slug = next((each for each in (*ids, stem) if each in slugs), "")
    return _Page(body, slug, xhtml.ids_of(body))


def _leave_out_missing_pictures(body: etree._Element, file: str, files: Collection[str]) -> None:
    for image in xhtml.elements(body, "img"):
        if _resolved(file, image.get("src", "")) not in files:
            xhtml.remove(image)


def _resolved(file: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))


def _is_page_break(element: etree._Element) -> bool:
    return "pagebreak" in element.get(xhtml.EPUB_TYPE, "").split()


@dataclass(frozen=True, slots=True)
class _Targets:
    """Where the links of a page lead, as the model says it; None where they lead nowhere."""

    file: str
    pages: Mapping[str, _Page]

    def __call__(self, link: etree._Element) -> str | None:
        href = link.get("href", "")
        path, _, fragment = href.partition("#")
        page = self.pages.get(_resolved(self.file, path) if path else self.file)
        if page is None:
            return href if ":" in path else None
        fragment = unquote(fragment)
        if fragment and fragment not in page.ids:
            return None
        return f"#{page.slug}--{fragment}" if fragment and fragment != page.slug else f"#{page.slug}"
