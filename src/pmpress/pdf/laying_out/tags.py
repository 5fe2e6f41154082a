"""The tags of one sheet, put right before the engine writes them: PDF/UA-1 asks for more than it does.

Works on the engine's own PDF objects (`pydyf`), which are plain dictionaries and lists, right where the sheet is laid
out: that costs a fraction of doing it on the finished file. (ISO 32000-1, 14.7 and 14.8; ISO 14289-1, 7)
"""

from __future__ import annotations

from typing import Any, TypeAlias

import pydyf

from pmpress.pdf.facts import PT
from pmpress.pdf.preparing.formulas import SIGN

Object: TypeAlias = Any  # pydyf's Dictionary and Array have no types of their own

_KEPT_EMPTY = frozenset({"/TD", "/TH", "/Document"})
# What says nothing about the text in it, unless it has something to add to these keys.
_SAYS_NOTHING = frozenset({"/Span", "/NonStruct"})
_PLAIN_KEYS = frozenset({"Type", "S", "K", "Pg", "P"})
# What holds other elements and no text of its own (ISO 32000-1, 14.8.4.2 and 14.8.4.3).
_HOLDS_NO_TEXT = frozenset(
    {"/Document", "/Part", "/Art", "/Sect", "/Div", "/BlockQuote", "/L", "/LI", "/Table", "/THead", "/TBody", "/TFoot",
     "/TR", "/TOC", "/TOCI", "/Figure", "/Formula"}
)  # fmt: skip
_IN_TABLE = {"/Table": "/TBody", "/TBody": "/TR"}
_LEAST_HEIGHT = 10.0

DECORATION = "\ufffc"
"""The alternative text by which a picture that shows nothing is told from one that lacks it."""


def mend(document: object, pdf: Object, *, prefix: str, unnamed: str) -> None:
    """The engine's `finisher`: put the tags of `pdf` right in place.

    `prefix` makes the identifiers unique among the sheets of a book; `unnamed` is said for a picture without
    alternative text.
    """
    _Tags(pdf, prefix, unnamed).mend()


class _Tags:
    def __init__(self, pdf: Object, prefix: str, unnamed: str) -> None:
        self._pdf = pdf
        self._prefix = prefix
        self._unnamed = unnamed
        self._root = self._at(pdf.catalog["StructTreeRoot"])
        self._identified: list[Object] = []
        self._figures: list[Object] = []
        self._dropped: set[int] = set()
        self._owners: dict[bytes, bytes] = {}

    def mend(self) -> None:
        document = self._at(self._root["K"][0])
        self._mend(document, None)
        self._gather(document)
        self._name_owners()
        self._drop_annotations()
        names = pydyf.Array()
        for element in self._identified:
            names.extend([element["ID"], element.reference])
        self._root["IDTree"] = pydyf.Dictionary({"Names": names})
        # For whoever moves pages about: these elements say where on a page they are.
        self._root["Figures"] = pydyf.Array(figure.reference for figure in self._figures)

    def _at(self, reference: bytes) -> Object:
        return self._pdf.objects[int(reference.split()[0])]

    def _elements(self, parent: Object) -> list[Object]:
        kids = [self._at(kid) for kid in parent["K"] if isinstance(kid, bytes)]
        return [kid for kid in kids if kid["Type"] == "/StructElem"]

    def _name_note(self, element: Object) -> None:
        """A note, at the foot of the page or, too long for that, behind the text: what `notes.NOTE` was made for."""
        element["S"] = "/Note"
        element["ID"] = pydyf.String(f"{self._prefix}.note-{element.number}")
        self._identified.append(element)

    def _mend(self, element: Object, link: Object | None) -> bool:
        """Put right an element, which stands inside `link` or in none, and all below it. False: nothing is in it."""
        kind = element["S"]
        if "ID" in element:
            # The same string object stands in the cells that name this header.
            element["ID"].string = f"{self._prefix}.{element['ID'].string}"
            self._identified.append(element)
        if kind == "/Table":
            # Rows without a body, and cells without a row, stand in boxes that the engine names like the table.
            element["S"] = _IN_TABLE.get(self._at(element["P"])["S"], kind)
        elif kind == "/TR":
            self._scope_headers(element)
        elif kind == "/Figure":
            if "Alt" in element and element["Alt"].string == DECORATION:
                self._make_artifact(element)
                return False
            self._mend_figure(element)
        elif kind == "/Link" and link is not None:
            element["S"] = "/Span"
        inside = link if link is not None or kind != "/Link" else element
        element["K"][:] = [kid for kid in element["K"] if self._keeps(kid, element, inside)]
        if kind == "/LI":
            self._give_body(element)
        elif kind == "/Part" and element["K"]:  # where a note was asked for the engine leaves an empty one
            self._name_note(element)
        return bool(element["K"]) or kind in _KEPT_EMPTY

    def _keeps(self, kid: bytes | int, element: Object, link: Object | None) -> bool:
        """Whether a kid of `element` stays: marked content, a link's annotation, an element with something in it."""
        if not isinstance(kid, bytes):
            return True
        target = self._at(kid)
        if target["Type"] != "/OBJR":
            return self._mend(target, link)
        annotation = self._at(target["Obj"])
        _stretch(annotation["Rect"])
        if link is None or link is element:
            element["S"] = "/Link"
            return True
        # Each inline element inside a link gets an annotation of its own, tagged as what it is: one a link is enough.
        self._dropped.add(annotation.number)
        _widen(self._at(self._at(link["K"][0])["Obj"])["Rect"], annotation["Rect"])
        return False

    def _scope_headers(self, row: Object) -> None:
        cells = self._elements(row)
        heads_columns = self._at(row["P"])["S"] == "/THead" or all(cell["S"] == "/TH" for cell in cells)
        for cell in cells:
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = "/Column" if heads_columns else "/Row"

    def _give_body(self, item: Object) -> None:
        """Gather what a list item holds besides its label and its body, as one of paragraphs does, in a body."""
        strays = [kid for kid in self._elements(item) if kid["S"] not in ("/Lbl", "/LBody")]
        if not strays:
            return
        kids = pydyf.Array(stray.reference for stray in strays)
        body = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "K": kids, "Pg": item["Pg"], "P": item.reference}
        )
        self._pdf.add_object(body)
        for stray in strays:
            stray["P"] = body.reference
        place = item["K"].index(strays[0].reference)
        item["K"][:] = [kid for kid in item["K"] if kid not in kids]
        item["K"].insert(place, body.reference)

    def _mend_figure(self, figure: Object) -> None:
        if "Alt" not in figure:
            figure["Alt"] = pydyf.String(self._unnamed)
        elif figure["Alt"].string.startswith(SIGN):
            figure["S"] = "/Formula"
            figure["Alt"].string = figure["Alt"].string.removeprefix(SIGN)
        # The engine gives the box in px from the top.
        height = self._at(figure["Pg"])["TrimBox"][3]
        left, top, right, bottom = (side * PT for side in figure["A"]["BBox"])
        figure["A"]["BBox"] = pydyf.Array([left, height - bottom, right, height - top])
        self._figures.append(figure)

    def _make_artifact(self, figure: Object) -> None:
        """Mark what draws a figure as an artifact, and forget that there was one. (ISO 32000-1, 14.8.2.2)"""
        page = self._at(figure["Pg"])
        drawing = self._at(page["Contents"]).stream
        entries = self._at(self._root["ParentTree"])["Nums"]
        owners = entries[entries[::2].index(page["StructParents"]) * 2 + 1]
        wanted = set(figure["K"])
        for place, item in enumerate(drawing):
            if isinstance(item, dict) and item.get("MCID") in wanted and drawing[place - 1] == "/Figure":
                drawing[place - 1 : place + 2] = ["/Artifact", b"", b"BMC"]  # as many as before: the loop goes on
        for number in wanted:
            owners[number] = b"null"
        figure["K"].clear()

    def _gather(self, element: Object) -> None:
        """Give an element the text of those in it that say nothing about it: the engine makes one of every line.

        Nothing is lost, and the book has a fifth of the elements.
        """
        kids = pydyf.Array()
        for kid in element["K"]:
            below = self._at(kid) if isinstance(kid, bytes) else None
            if below is None or below["Type"] != "/StructElem":
                kids.append(kid)
                continue
            self._gather(below)
            if self._is_needless(below, element):
                kids.extend(below["K"])
                self._owners[kid] = element.reference
                below.clear()
            else:
                kids.append(kid)
        element["K"][:] = kids

    @staticmethod
    def _is_needless(element: Object, parent: Object) -> bool:
        return (
            element["S"] in _SAYS_NOTHING
            and element.keys() <= _PLAIN_KEYS
            and parent["S"] not in _HOLDS_NO_TEXT
            and parent.get("Pg") == element["Pg"]
            and all(isinstance(kid, int) for kid in element["K"])
        )

    def _name_owners(self) -> None:
        """Have the parent tree name the elements that text was given to."""
        for entry in self._at(self._root["ParentTree"])["Nums"][1::2]:
            if isinstance(entry, list):
                entry[:] = map(self._owner, entry)

    def _owner(self, reference: bytes) -> bytes:
        while reference in self._owners:
            reference = self._owners[reference]
        return reference

    def _drop_annotations(self) -> None:
        """Take the dropped annotations off their pages and out of the parent tree."""
        if not self._dropped:
            return
        parents = {self._pdf.objects[number]["StructParent"] for number in self._dropped}
        for reference in self._pdf.page_references:
            page = self._at(reference)
            if "Annots" in page:
                page["Annots"][:] = [kid for kid in page["Annots"] if int(kid.split()[0]) not in self._dropped]
        numbers = self._at(self._root["ParentTree"])["Nums"]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        numbers[:] = [item for pair in pairs if pair[0] not in parents for item in pair]


def _stretch(rectangle: Object) -> None:
    """Give a link somewhere to be clicked: one in a line of no height, as a raised number is, has none."""
    left, right = sorted((rectangle[0], rectangle[2]))
    bottom, top = sorted((rectangle[1], rectangle[3]))
    lacking = max(0.0, _LEAST_HEIGHT - (top - bottom)) / 2
    rectangle[:] = [left, bottom - lacking, right, top + lacking]


def _widen(rectangle: Object, inner: Object) -> None:
    """Make the rectangle hold the inner one too."""
    rectangle[:] = [*map(min, rectangle[:2], inner[:2]), *map(max, rectangle[2:], inner[2:])]
