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


_CONTINUED = "continued"  # the class of the body of a file that goes on with the one before


@dataclass(slots=True)
class _Page:
    """A page of the spine: the body, the slug of what it holds, and every id in it."""

    body: etree._Element
    slug: str
    ids: set[str] = field(default_factory=set)


def read_epub(data: bytes, slugs: Collection[str], signs: Signs) -> tuple[Mapping[str, str], bool]:
    """The signs of every chapter by its slug, and whether the book says the pages of its print."""
    pages: dict[str, _Page] = {}
    with zipfile.ZipFile(BytesIO(data)) as container:
        files = set(container.namelist())
        slug = ""
        for file, content in _spine(container):
            pages[file] = _page(file, etree.fromstring(content, _PARSER), slugs, before=slug)
            slug = pages[file].slug
    readers: dict[str, Reader] = {}
    for file, page in pages.items():
        if page.slug:
            _leave_out_missing_pictures(page.body, file, files)
            _lead_as_the_model(page.body, file, pages)
            readers.setdefault(page.slug, Reader(signs, Span(file))).take(page.body)
    found = {slug: reader.finished().signs for slug, reader in readers.items()}
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


def _page(file: str, root: etree._Element, slugs: Collection[str], *, before: str) -> _Page:
    """A page of the spine; the one before holds what is called `before`."""
    body = root.find(xhtml.tag("body"))
    body = root if body is None else body
    stem = posixpath.basename(file).removesuffix(".xhtml")
    ids = [str(element.get("id")) for element in body.iterchildren(etree.Element)]
    slug = next((each for each in (*ids, stem) if each in slugs), "")
    return _Page(body, before if _CONTINUED in xhtml.classes_of(body) else slug, xhtml.ids_of(body))


def _leave_out_missing_pictures(body: etree._Element, file: str, files: Collection[str]) -> None:
    for image in xhtml.elements(body, "img"):
        if _resolved(file, image.get("src", "")) not in files:
            xhtml.remove(image)


def _resolved(file: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))


def _is_page_break(element: etree._Element) -> bool:
    return "pagebreak" in element.get(xhtml.EPUB_TYPE, "").split()


def _lead_as_the_model(body: etree._Element, file: str, pages: Mapping[str, _Page]) -> None:
    """Have the links of a page say where they lead as the model does, those that lead nowhere nothing."""
    for link in xhtml.elements(body, "a"):
        if (href := link.get("href")) is None:
            continue
        if (target := _target(href, file, pages)) is None:
            del link.attrib["href"]
        else:
            link.set("href", target)


def _target(href: str, file: str, pages: Mapping[str, _Page]) -> str | None:
    path, _, fragment = href.partition("#")
    page = pages.get(_resolved(file, path) if path else file)
    if page is None:
        return href if ":" in path else None
    fragment = unquote(fragment)
    if fragment and fragment not in page.ids:
        return None
    return f"#{page.slug}--{fragment}" if fragment and fragment != page.slug else f"#{page.slug}"
