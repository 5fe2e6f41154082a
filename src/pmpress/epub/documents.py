"""One page of the e-book as an XHTML content document (EPUB 3.3, *XHTML content documents*)."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic
from pmpress.epub.names import STYLE_SHEET
from pmpress.model import Metadata

_SVG = "{http://www.w3.org/2000/svg}svg"
_MATHML = "{http://www.w3.org/1998/Math/MathML}math"


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is written: its file, its title, the epub:type of its body, the body itself, and what could
    not be kept of it."""

    file: str
    title: str
    kind: str
    body: etree._Element
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def properties(self) -> tuple[str, ...]:
        """What the manifest must say is inside (EPUB 3.3, *Manifest properties vocabulary*)."""
        inside = {"mathml": _MATHML, "svg": _SVG}
        return tuple(word for word, name in inside.items() if next(self.body.iter(name), None) is not None)


def document(page: Page, metadata: Metadata) -> bytes:
    """The page as a file, in the book's language and direction, without the press's own attributes (`data-…`)."""
    for element in page.body.iter(etree.Element):
        for name in [name for name in element.attrib if str(name).startswith("data-")]:
            del element.attrib[name]
    language, direction = quoteattr(metadata.language), quoteattr(metadata.direction)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="{xhtml.XHTML}" xmlns:epub="{xhtml.EPUB}" lang={language} xml:lang={language} dir={direction}>
<head>
<meta charset="utf-8"/>
<title>{escape(page.title)}</title>
<link rel="stylesheet" type="text/css" href="{STYLE_SHEET}"/>
</head>
<body epub:type="{page.kind}">
{xhtml.serialise(page.body).strip()}
</body>
</html>
""".encode()
