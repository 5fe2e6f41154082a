"""The tags of what is drawn see-through: CSS `opacity` has the engine draw text on a sheet of its own (a form XObject)
over the page, and tag it as if it stood on the page.

(ISO 32000-1, 14.7.4.2 and 14.7.4.4: marked content in a stream that is not the page's)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pydyf

Object: TypeAlias = Any  # pydyf's Dictionary and Array have no types of their own

_NOTHING = b"null"


def own(pdf: Object) -> None:
    """Say of all marked content that stands on such a form, in the elements it belongs to and in the parent tree. Works
    in place on the engine's objects, when all else is done to the tags."""
    forms = [(each, dict(_marks(each.stream))) for each in pdf.objects if _is_form(each)]
    if not any(marks for _, marks in forms):
        return
    entries = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]["ParentTree"]
    numbers = pdf.objects[int(entries.split()[0])]["Nums"]
    owners_by_page = _owners_by_page(pdf, dict(zip(numbers[::2], numbers[1::2], strict=True)))
    free = max(numbers[::2]) + 1
    for form, marks in forms:
        if not marks:
            continue
        owners = owners_by_page[id(form._tags)]
        own_entry = pydyf.Array(_NOTHING for _ in range(max(marks) + 1))
        for number, place in marks.items():
            own_entry[number], owners[number] = owners[number], _NOTHING
            if own_entry[number] == _NOTHING:  # a decoration
                form.stream[place - 1 : place + 2] = ["/Artifact", b"", b"BMC"]
            else:
                _name_form(pdf.objects[int(own_entry[number].split()[0])], number, form)
        form.extra["StructParents"] = free
        numbers.extend([free, own_entry])
        free += 1


def _is_form(thing: Object) -> bool:
    return bool(getattr(thing, "extra", {}).get("Subtype") == "/Form" and hasattr(thing, "_tags"))


def _owners_by_page(pdf: Object, entries: dict[int, Object]) -> dict[int, Object]:
    """The owners of each page's marked content, by what the engine counts it with, which its forms share."""
    pages = [pdf.objects[int(reference.split()[0])] for reference in pdf.page_references]
    return {id(pdf.objects[int(page["Contents"].split()[0])]._tags): entries[page["StructParents"]] for page in pages}


def _marks(drawing: list[Any]) -> Iterator[tuple[int, int]]:
    """The number of each piece of marked content, and where in the drawing it is said."""
    for place, item in enumerate(drawing):
        if isinstance(item, dict) and "MCID" in item:
            yield item["MCID"], place


def _name_form(element: Object, number: int, form: Object) -> None:
    """Have an element find a piece of its content on the form, not on the page."""
    found = pydyf.Dictionary({"Type": "/MCR", "Pg": element["Pg"], "Stm": form.reference, "MCID": number})
    element["K"][element["K"].index(number)] = found
