"""Links in a finished PDF: each leads where it says, inside the book and out of it."""

from __future__ import annotations

import pytest
from test_pdf_sample import png, printed, small_book, whole

from pmpress.model import Asset
from pmpress.pdf.addresses import BASE


def test_links_inside_the_book_lead_to_the_page_of_their_target() -> None:
    book = whole()
    destinations = book.destinations()
    led = [(page, a) for page, a in book.annotations() if a.A.S == "/GoTo"]
    names = [bytes(annotation.A.D).decode() for _, annotation in led]
    assert {"two", "one--why", "three--why", "first-part", "preface"} <= set(names)
    for name in names:
        assert destinations[name] == book.page_map.anchors[name]
    assert "Without authority" in book.texts[destinations["two"]]
    assert "Why it is so" in book.texts[destinations["three--why"]]


def test_no_address_of_the_workshop_is_left() -> None:
    book = whole()
    assert BASE.encode() not in book.rendered.data
    for _, annotation in book.annotations():
        assert BASE not in str(annotation.A.get("/URI", ""))
        assert BASE not in str(annotation.Contents)
        assert "/Dest" not in annotation


def test_links_out_of_the_book_stay_and_say_where_they_lead() -> None:
    uris = [str(a.A.URI) for _, a in whole().annotations() if a.A.S == "/URI"]
    assert set(uris) == {"https://example.org/a?b=c"}


def test_names_are_sorted_as_bytes() -> None:
    names = [bytes(name) for name in whole().pdf.Root.Names.Dests.Names[::2]]
    assert names == sorted(names)
    assert len(set(names)) == len(names)


def test_headings_are_destinations_even_if_nothing_links_to_them() -> None:
    assert "five--detail" in whole().destinations()


def test_a_link_says_the_title_it_leads_to() -> None:
    said = {str(a.Contents) for _, a in whole().annotations() if a.A.S == "/GoTo"}
    assert {"Without authority", "Why it is so", "Page 3"} <= said


def test_every_link_can_be_clicked() -> None:
    for _, annotation in whole().annotations():
        left, bottom, right, top = map(float, annotation.Rect)
        assert right > left
        assert top - bottom >= 8


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "other.html", "file:///etc/passwd", "http://[broken", "data:,x"]
)
def test_other_links_are_only_text(href: str) -> None:
    found = printed(small_book(f'<p>See <a href="{href}" rel="attachment">this thing</a>.</p>'))
    assert "See this thing." in found.text_from("c1")
    assert [a for page, a in found.annotations() if page == found.page_map.anchors["c1"]] == []


def test_a_link_to_where_nothing_is_printed_leads_to_the_chapter() -> None:
    body = '<p>See <a href="#c2--gone">there</a>.</p>'
    found = printed(small_book(body, '<p data-for="ebook" id="gone">On screens.</p><p>Text.</p>'))
    assert found.codes == ["link-unprinted"]
    (link,) = [a for page, a in found.annotations() if page == found.page_map.anchors["c1"]]
    assert bytes(link.A.D) == b"c2"


def test_an_image_in_a_link_stands_before_the_link() -> None:
    from dataclasses import replace

    picture = Asset("p.png", "image/png", png(60, 40))
    body = '<p>A <a href="https://example.org/"><img src="p.png" alt="The picture"/></a> here.</p>'
    found = printed(replace(small_book(body), assets=(picture,)))
    assert "A The picture here." in found.text_from("c1")
    (link,) = [a for page, a in found.annotations() if page == found.page_map.anchors["c1"]]
    assert str(link.A.URI) == "https://example.org/"
    figures = [element for element in found.elements() if element.S == "/Figure"]
    assert [str(figure.Alt) for figure in figures] == ["The picture"]


def test_anchors_in_other_scripts() -> None:
    found = printed(small_book('<p>See <a href="#c1--%C3%A9t%C3%A9">it</a>.</p><h2 id="été">Été</h2><p>x</p>'))
    assert found.codes == []
    # In ASCII: some readers look names up in another order than others.
    assert found.destinations()["c1--%C3%A9t%C3%A9"] == found.page_map.anchors["c1--été"]
