"""Tables: every header cell says what it heads, and a table with a caption is counted."""

from __future__ import annotations

from pmpress import xhtml
from pmpress.features.captions import enter
from pmpress.features.galley import Galley, caption_of


def collect(galley: Galley) -> None:
    """Give each `th` a scope: of its row if it opens a row that has data cells, else of its column.

    One that is empty, as that in the corner often is, heads nothing and is a `td`. (PDF/UA-1, section 7.5; HTML,
    section 4.9.10)
    """
    for row in galley.body.iter(xhtml.tag("tr")):
        has_data = row.find(xhtml.tag("td")) is not None
        for cell in list(row.iterchildren(xhtml.tag("th"))):
            if not cell.get("scope"):
                cell.set("scope", "row" if has_data and cell.getprevious() is None else "col")
            if not len(cell) and not xhtml.text_of(cell):
                cell.tag = xhtml.tag("td")
                del cell.attrib["scope"]
    for table in galley.body.iter(xhtml.tag("table")):
        if caption_of(table) is not None:
            enter(galley, table, "table")
