"""The lists of figures and of tables: what has a caption, in the order of the book."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.config import Key, Table, flag
from pmpress.features.galley import Galley
from pmpress.features.marks import of_kind
from pmpress.features.numbering import MARK
from pmpress.model import Marks, Registry, Settings
from pmpress.textplaces import OUTPUT

_SERIES = {"loi": "figure", "lot": "table"}

TABLE = Table(
    "lists",
    (
        Key("figures", flag, "Whether there is a list of figures.", False),
        Key("tables", flag, "Whether there is a list of tables.", False),
    ),
)


def _is_wanted(key: str, series: str, marks: tuple[Marks, ...], settings: Settings) -> bool:
    listed = (mark.about for _, mark in of_kind(marks, MARK))
    return settings[TABLE.name][key] and any(about["series"] == series and about["title"] for about in listed)


FILLS = {
    "loi": lambda marks, settings: _is_wanted("figures", "figure", marks, settings),
    "lot": lambda marks, settings: _is_wanted("tables", "table", marks, settings),
}


def resolve(galley: Galley, registry: Registry) -> None:
    """Fill the list, in the chapter that is there for it: number, caption, and in print the page."""
    series = _SERIES.get(galley.chapter.kind)
    if series is None:
        return
    listed = etree.SubElement(galley.body, xhtml.tag("ol"), {"class": "list-of"})
    for anchor, label in registry.labels.items():
        if label.series == series and label.title:
            item = etree.SubElement(listed, xhtml.tag("li"))
            link = etree.SubElement(item, xhtml.tag("a"), {"href": f"#{anchor}"})
            if label.number:
                number = etree.SubElement(link, xhtml.tag("span"), {"class": "contents-number"})
                number.text, number.tail = label.number, " "
            etree.SubElement(link, xhtml.tag("span"), {"class": "contents-title"}).text = label.title
            page = {"class": "contents-page", "data-page-of": anchor, OUTPUT: "print"}
            etree.SubElement(link, xhtml.tag("span"), page).text = "0"
