"""What the file says about the book: catalogue, information dictionary, XMP (ISO 16684-1), the colours it means.

PDF/A wants every property explained that it does not know itself: PDF/UA's is. (ISO 19005-3, 6.6.2.3)

No date but the book's own: the clock is never asked.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf, String

from pmpress.model import Book, Metadata, PrintRules
from pmpress.pdf.binding.archive import SRGB, srgb

_PRODUCER = "pmpress"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/">
{properties}
</rdf:Description>{explained}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
_EXPLAINED = """
<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def describe(pdf: Pdf, book: Book, rules: PrintRules) -> None:
    """Say what book this is, in every place where programs look for it, and what the file conforms to."""
    about = book.metadata
    pdf.Root.Lang = String(about.language)
    preferences = Dictionary(DisplayDocTitle=True)
    if about.direction == "rtl":
        preferences.Direction = Name.R2L
    pdf.Root.ViewerPreferences = preferences
    for key, value in _information(about).items():
        pdf.docinfo[key] = String(value)
    metadata = pdf.make_stream(_xmp(about, rules).encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata
    if rules.archive:
        _intend(pdf)


def _intend(pdf: Pdf) -> None:
    """Say in which colours the book is meant. (ISO 19005-3, 6.2.3)"""
    profile = pdf.make_stream(srgb())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(SRGB),
        Info=String(SRGB),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _information(about: Metadata) -> dict[str, str]:
    said = {
        "/Title": about.title,
        "/Author": ", ".join(about.authors),
        "/Subject": about.description,
        "/Keywords": ", ".join(about.keywords),
        "/Producer": _PRODUCER,
    }
    if about.dated:
        date = "D:" + re.sub(r"\D", "", about.modified) + "Z"
        said |= {"/CreationDate": date, "/ModDate": date}
    return {key: value for key, value in said.items() if value}


def _xmp(about: Metadata, rules: PrintRules) -> str:
    identifiers = _identifiers(about)
    others = tuple(person.name for person in about.contributors if person.role != "aut")
    properties = [
        "<pdfuaid:part>1</pdfuaid:part>" if rules.tags else "",
        "<pdfaid:part>3</pdfaid:part>" if rules.archive else "",
        f"<pdfaid:conformance>{'A' if rules.tags else 'U'}</pdfaid:conformance>" if rules.archive else "",
        _in_any_language("dc:title", about.title),
        _listed("dc:creator", "rdf:Seq", about.authors),
        _listed("dc:contributor", "rdf:Bag", others),
        _in_any_language("dc:description", about.description),
        _listed("dc:language", "rdf:Bag", (about.language,)),
        _listed("dc:subject", "rdf:Bag", about.keywords),
        _listed("dc:publisher", "rdf:Bag", (about.publisher,) if about.publisher else ()),
        _listed("dc:date", "rdf:Seq", (about.date,) if about.date else ()),
        _in_any_language("dc:rights", about.rights),
        _said("dc:identifier", identifiers[0]),
        _listed("xmp:Identifier", "rdf:Bag", identifiers[1:]),
        _said("dc:source", about.source),
        f"<pdf:Keywords>{escape(', '.join(about.keywords))}</pdf:Keywords>" if about.keywords else "",
        f"<pdf:Producer>{_PRODUCER}</pdf:Producer>",
    ]
    if about.dated:
        properties += [
            f"<xmp:{name}>{about.modified}</xmp:{name}>" for name in ("CreateDate", "ModifyDate", "MetadataDate")
        ]
    explained = _EXPLAINED if rules.tags and rules.archive else ""
    return _XMP.format(properties="\n".join(text for text in properties if text), explained=explained)


def _identifiers(about: Metadata) -> tuple[str, ...]:
    """What the printed book is called, its own ISBN before all else."""
    isbn = f"urn:isbn:{about.isbn_print}" if about.isbn_print else ""
    doi = f"https://doi.org/{about.doi}" if about.doi else ""
    named = (isbn, about.identifier, doi, *about.identifiers)
    return tuple(dict.fromkeys(each for each in named if each)) or ("",)


def _said(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def _in_any_language(name: str, text: str) -> str:
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt></{name}>' if text else ""


def _listed(name: str, kind: str, texts: tuple[str, ...]) -> str:
    items = "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts)
    return f"<{name}><{kind}>{items}</{kind}></{name}>" if texts else ""
