"""Mail addresses that stand bare in the text, as GitHub reads them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from pmpress.dialect.inline.atoms import link

# Not the beginning of something longer, as in `git@example.org:a/b.git`.
_FROM_THE_SIGN = r"@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++(?<!-)(?![\w@]|[:/]\w)"
_BEFORE = re.compile(r"(?<![\w.+/:-])[A-Za-z0-9][\w.+-]*+\Z")
_LONGEST = 64  # what may stand before the sign (RFC 5321)


class BareMail(InlineProcessor):
    """`someone@example.org` as it stands in running text."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(_FROM_THE_SIGN, md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """See the base class."""
        first = max(0, m.start() - _LONGEST)
        before = _BEFORE.search(data, first, m.start())
        if not before:
            return None, m.start(), m.end()
        address = before[0] + m[0]
        return link(f"mailto:{address}", address, address), before.start(), m.end()
