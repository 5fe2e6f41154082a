"""What the file says about the book: catalogue, information dictionary, and XMP (ISO 16684-1).

No date but the book's own: the clock is never asked.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from pikepdf import Dictionary, Name, Pdf, String

from pmpress.model import Book, Metadata

_PRODUCER = "pmpress"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/">
{properties}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


def describe(pdf: Pdf, book: Book) -> None:
    """Say what book this is, in every place where programs look for it."""
    about = book.metadata
    pdf.Root.Lang = String(about.language)
    preferences = Dictionary(DisplayDocTitle=True)
    if about.direction == "rtl":
        preferences.Direction = Name.R2L
    pdf.Root.ViewerPreferences = preferences
    for key, value in _information(about).items():
        pdf.docinfo[key] = String(value)
    metadata = pdf.make_stream(_xmp(about).encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata


def _information(about: Metadata) -> dict[str, str]:
    said = {
        "/Title": about.title,
        "/Author": ", ".join(about.authors),
        "/Subject": about.description,
        "/Keywords": ", ".join(about.subjects),
        "/Producer": _PRODUCER,
    }
    if about.dated:
        date = "D:" + re.sub(r"\D", "", about.modified) + "Z"
        said |= {"/CreationDate": date, "/ModDate": date}
    return {key: value for key, value in said.items() if value}


def _xmp(about: Metadata) -> str:
    properties = [
        "<pdfuaid:part>1</pdfuaid:part>",
        _in_any_language("dc:title", about.title),
        _listed("dc:creator", "rdf:Seq", about.authors),
        _in_any_language("dc:description", about.description),
        _listed("dc:language", "rdf:Bag", (about.language,)),
        _listed("dc:subject", "rdf:Bag", about.subjects),
        _listed("dc:publisher", "rdf:Bag", (about.publisher,) if about.publisher else ()),
        _in_any_language("dc:rights", about.rights),
        f"<dc:identifier>{escape(about.identifier)}</dc:identifier>" if about.identifier else "",
        f"<pdf:Keywords>{escape(', '.join(about.subjects))}</pdf:Keywords>" if about.subjects else "",
        f"<pdf:Producer>{_PRODUCER}</pdf:Producer>",
    ]
    if about.dated:
        properties += [
            f"<xmp:{name}>{about.modified}</xmp:{name}>" for name in ("CreateDate", "ModifyDate", "MetadataDate")
        ]
    return _XMP.format(properties="\n".join(text for text in properties if text))


def _in_any_language(name: str, text: str) -> str:
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt></{name}>' if text else ""


def _listed(name: str, kind: str, texts: tuple[str, ...]) -> str:
    items = "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts)
    return f"<{name}><{kind}>{items}</{kind}></{name}>" if texts else ""
