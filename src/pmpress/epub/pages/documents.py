"""One page of the e-book as an XHTML content document (EPUB 3.3, *XHTML content documents*)."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pmpress import xhtml
from pmpress.epub.names import STYLE_SHEET

_SVG = "{http://www.w3.org/2000/svg}svg"
MATHML = "{http://www.w3.org/1998/Math/MathML}math"

CONTINUED = "continued"
"""The class of the body of a file that goes on with the page of the file before."""


def properties(body: etree._Element) -> tuple[str, ...]:
    """What the manifest must say is inside (EPUB 3.3, *Manifest properties vocabulary*)."""
    inside = {"mathml": MATHML, "svg": _SVG}
    return tuple(word for word, name in inside.items() if next(body.iter(name), None) is not None)


def document(
    body: etree._Element,
    title: str,
    kind: str,
    language: str,
    direction: str,
    *,
    goes_on: bool = False,
    kept: tuple[str, ...] = (),
) -> bytes:
    """A page as a file, without the press's own attributes but for those `kept`: `kind` is the epub:type of its body,
    and `goes_on` says that the file goes on with the page of the one before."""
    for element in body.iter(etree.Element):
        for name in [name for name in element.attrib if str(name).startswith("data-") and name not in kept]:
            del element.attrib[name]
    continued = f' class="{CONTINUED}"' if goes_on else ""
    spoken, runs = quoteattr(language), quoteattr(direction)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="{xhtml.XHTML}" xmlns:epub="{xhtml.EPUB}" lang={spoken} xml:lang={spoken} dir={runs}>
<head>
<meta charset="utf-8"/>
<title>{escape(title)}</title>
<link rel="stylesheet" type="text/css" href="{STYLE_SHEET}"/>
</head>
<body epub:type="{kind}"{continued}>
{xhtml.serialise(body).strip()}
</body>
</html>
""".encode()
