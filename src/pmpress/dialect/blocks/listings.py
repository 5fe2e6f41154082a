"""Captions of code blocks: ```` ```python title="x.py" ```` is a figure, the title its caption."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from pmpress.xhtml import SPAN

_CAPTION = re.compile(r"""(?<![\w-])(?:title|(caption))=(?:"([^"]*+)"|'([^']*+)')""")


def is_captioned_twice(info: str) -> bool:
    """Whether there is both a title and a caption: only the first is printed."""
    return len(_CAPTION.findall(info)) > 1


def holder(parent: Element, info: str, source: str) -> Element:
    """Where a code block with this info string goes: into `parent`, or into a figure there with a caption.

    A title is taken as it is, as the name of a file is; a caption is Markdown.
    """
    m = _CAPTION.search(info)
    text = (m[2] or m[3] or "").strip() if m else ""
    if not m or not text:
        return parent
    figure = SubElement(parent, "figure", {"class": "listing", SPAN: source})
    caption = SubElement(figure, "figcaption")
    caption.text = text if m[1] else AtomicString(text.replace("&", "&amp;"))
    return figure
