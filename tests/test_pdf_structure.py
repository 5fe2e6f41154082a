"""The tags of a finished PDF: what a voice reads out, and in which order."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pikepdf
import pytest
from test_pdf_sample import Printed, is_element, kids, printed, rtl_book, small_book, whole


@pytest.fixture(params=["whole", "rtl"], scope="module")
def book(request: pytest.FixtureRequest) -> Printed:
    return whole() if request.param == "whole" else printed(rtl_book())


def parent_tree(pdf: pikepdf.Pdf) -> dict[int, pikepdf.Object]:
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    keys = [int(number) for number in numbers[::2]]
    assert keys == sorted(set(keys)), "a number tree is sorted, and each number stands once"
    return dict(zip(keys, numbers[1::2], strict=True))


def test_one_document_holds_all_sheets(book: Printed) -> None:
    root = book.pdf.Root.StructTreeRoot
    assert len(root.K) == 1
    assert root.K[0].S == "/Document"
    assert book.pdf.Root.MarkInfo.Marked is True
    for kid in root.K[0].K:
        assert kid.P.objgen == root.K[0].objgen


def test_every_page_finds_its_marked_content(book: Printed) -> None:
    parents = parent_tree(book.pdf)
    for page in book.pdf.pages:
        if "/StructParents" not in page.obj:
            assert page.obj.get("/Contents") is None or page.obj.Contents.read_bytes() == b""
            continue
        marked = [
            int(operands[1].MCID)
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "BDC" and len(operands) == 2 and "/MCID" in operands[1]
        ]
        elements = parents[int(page.obj.StructParents)]
        assert sorted(marked) == list(range(len(elements)))
        for number in marked:
            element = elements[number]
            assert number in [kid for kid in kids(element) if isinstance(kid, int)]
            assert element.Pg.objgen == page.obj.objgen


def test_every_link_is_tagged_as_one_and_finds_its_element(book: Printed) -> None:
    parents = parent_tree(book.pdf)
    links = 0
    for _, annotation in book.annotations():
        element = parents[int(annotation.StructParent)]
        assert element.S == "/Link"
        targets = [kid.Obj.objgen for kid in kids(element) if not isinstance(kid, int) and kid.get("/Type") == "/OBJR"]
        assert annotation.objgen in targets
        links += 1
    assert links > 3


def test_elements_know_their_parents_and_hold_something(book: Printed) -> None:
    for element in book.elements():
        assert kids(element) or element.S in ("/TD", "/TH"), element.S
        for kid in kids(element):
            if is_element(kid):
                assert kid.P.objgen == element.objgen


def test_furniture_is_no_content() -> None:
    book = whole()
    page = book.pdf.pages[book.page_map.anchors["one"] + 1]
    operators = [(str(operator), operands) for operands, operator in pikepdf.parse_content_stream(page)]
    at = next(place for place, (operator, _) in enumerate(operators) if operator == "Do")
    operator, operands = operators[at - 1]
    assert operator == "BDC"
    assert operands[0] == "/Artifact"
    assert operands[1].Type == "/Pagination"
    assert operators[at + 1][0] == "EMC"
    form = page.obj.Resources.XObject["/Furniture"]
    assert b"BDC" not in form.read_bytes(), "nothing in it is tagged"
    assert b"Tj" in form.read_bytes() or b"TJ" in form.read_bytes()


def test_identifiers_are_the_only_ones_of_their_name_and_can_be_looked_up() -> None:
    pdf = whole().pdf
    names = pdf.Root.StructTreeRoot.IDTree.Names
    table = {bytes(name): element.objgen for name, element in zip(names[::2], names[1::2], strict=True)}
    keys = [bytes(name) for name in names[::2]]
    assert keys == sorted(keys)
    identified = [element for element in whole().elements() if "/ID" in element]
    assert len(identified) == len(table)
    assert all(table[bytes(element.ID)] == element.objgen for element in identified)


def test_table_headers_have_a_scope_and_cells_name_them() -> None:
    headers = [element for element in whole().elements() if element.S == "/TH"]
    assert len(headers) == 3 * 7
    assert {str(header.A.Scope) for header in headers} == {"/Column"}
    known = {bytes(header.ID) for header in headers}
    for cell in (element for element in whole().elements() if element.S == "/TD"):
        assert {bytes(name) for name in cell.A.Headers} <= known


def test_a_header_at_the_start_of_a_row_is_the_rows() -> None:
    table = "<table><tr><th>Kind</th><th>Years</th></tr><tr><th>Old</th><td>12</td></tr></table>"
    found = printed(small_book(table))
    headers = [element for element in found.elements() if element.S == "/TH"]
    assert [str(header.A.Scope) for header in headers] == ["/Column", "/Column", "/Row"]


def test_list_items_hold_labels_and_bodies_only() -> None:
    body = "<ul><li><p>One.</p><p>Two.</p></li><li>Three<ol><li>Four</li></ol></li></ul><dl><dt>A</dt><dd>B</dd></dl>"
    for item in (element for element in printed(small_book(body)).elements() if element.S == "/LI"):
        assert {str(kid.S) for kid in kids(item)} <= {"/Lbl", "/LBody"}


def test_figures_have_words_and_a_place_on_the_page() -> None:
    figures = [element for element in whole().elements() if element.S == "/Figure"]
    assert Counter(str(figure.Alt) for figure in figures) == {
        "Three boxes: listen, decide, tell": 7,
        "A grey gradient": 7,
    }
    for figure in figures:
        left, bottom, right, top = map(float, figure.A.BBox)
        assert 0 < left < right < 396
        assert 0 < bottom < top < 612


def test_notes_are_tagged_as_notes() -> None:
    notes = [element for element in whole().elements() if element.S == "/Note"]
    assert len(notes) == 3 * 7
    assert len({bytes(element.ID) for element in notes}) == len(notes)


def test_headings_stand_in_order() -> None:
    levels = [str(element.S) for element in whole().elements() if str(element.S)[1:] in ("H1", "H2", "H3")]
    assert levels[:3] == ["/H1", "/H1", "/H1"]
    for before, after in pairwise(levels):
        assert int(after[2]) <= int(before[2]) + 1
