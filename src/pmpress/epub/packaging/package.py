"""The container: everything made so far, written by ebooklib and packed again, the same bytes for the same book.

ebooklib writes the package document and the container file. It is given every file as a plain item without content:
what it takes for a chapter it parses as HTML and prints anew, and what it has pressed would be pressed again.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from lxml import etree

from pmpress.epub.packaging.metadata import IDENTIFIER, Statement
from pmpress.model import Metadata

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can tell
_UNIX = 3
_LEVEL = 6  # the best takes a third longer for a third of a hundredth of the bytes
_APPLE_BOOKS = "http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the package: `id` and `properties` as the manifest says them; `in_spine`: it is a page to be read."""

    id: str
    file: str
    media_type: str
    data: bytes
    properties: tuple[str, ...] = ()
    in_spine: bool = False


def write(metadata: Metadata, statements: Iterable[Statement], items: Collection[Item]) -> bytes:
    """Make an EPUB 3.3 publication of the items, in the order given."""
    from ebooklib import epub  # brings more along than all else here: only what writes a package waits for it

    package = epub.EpubBook()
    package.metadata.clear()  # a random identifier and the writer's version
    package.IDENTIFIER_ID = IDENTIFIER
    package.set_direction(metadata.direction)
    package.add_prefix("ibooks", _APPLE_BOOKS)
    for said in statements:
        namespace = "DC" if said.dublin_core else None
        package.add_metadata(namespace, said.name, said.value, dict(said.attributes))
    for item in items:
        entry = epub.EpubItem(item.id, item.file, item.media_type)
        entry.properties = list(item.properties)
        package.add_item(entry)
        if item.in_spine:
            package.spine.append(entry)
    written = BytesIO()
    modified = datetime.fromisoformat(metadata.modified)
    epub.write_epub(written, package, {"mtime": modified, "package_direction": True, "raise_exceptions": True})
    contents = {f"{package.FOLDER_NAME}/{item.file}": item.data for item in items}
    return _packed_again(written, contents, metadata.language)


def properties_in(data: bytes) -> tuple[tuple[str, str], ...]:
    """What the package document of a finished e-book says in words of schema.org: each property with its value."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        package = etree.fromstring(packed.read(next(name for name in packed.namelist() if name.endswith(".opf"))))
    said = ((meta.get("property", ""), meta.text or "") for meta in package.iter("{http://www.idpf.org/2007/opf}meta"))
    return tuple((name.removeprefix("schema:"), value) for name, value in said if name.startswith("schema:"))


def _packed_again(written: BytesIO, contents: Mapping[str, bytes], language: str) -> bytes:
    """The same entries, filled, without the moment and the machine they were written on (EPUB 3.3, *OCF ZIP
    container*)."""
    packed = BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            content = contents[name] if name in contents else source.read(name)
            data = _in_language(content, language) if name.endswith(".opf") else content
            target.writestr(entry, data, compresslevel=_LEVEL)
    return packed.getvalue()


def _in_language(package_document: bytes, language: str) -> bytes:
    """The package document with the language its words are in, which ebooklib has no way to say."""
    package = etree.fromstring(package_document)
    package.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    return etree.tostring(package, encoding="utf-8", xml_declaration=True)
