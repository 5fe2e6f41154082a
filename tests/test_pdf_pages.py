"""The pages of a finished PDF: their order, their sides, their numbers, and what is said about the book."""

from __future__ import annotations

from dataclasses import replace

import pikepdf
import pytest
from test_pdf_sample import (
    book,
    chapter,
    layout,
    metadata,
    printed,
    prose,
    rtl_book,
    simple,
    small_book,
    texts_of,
    whole,
)

from pmpress.model import Edition, Part
from pmpress.pdf import render

CHAPTERS = ("one", "two", "three", "four", "five", "six", "appendix")


def labels_of(pdf: pikepdf.Pdf) -> list[str]:
    return [page.label for page in pdf.pages]


def test_the_sheets_stand_in_reading_order_each_on_its_side() -> None:
    book = whole()
    assert "What’s Product" in book.texts[0]
    assert "© 2024" in book.texts[1]
    assert book.texts[2].startswith("Contents Preface")
    anchors = ["preface", "first-part", "one", "two", "three", "second-part", "four", "five", "six", "appendix"]
    starts = [book.page_map.anchors[anchor] for anchor in anchors]
    assert starts == sorted(starts)
    assert all(page_index % 2 == 0 for page_index in starts), "each begins on a recto"


def test_the_page_behind_a_part_is_truly_blank() -> None:
    book = whole()
    part = book.page_map.anchors["first-part"]
    assert book.texts[part] == "Part I What it is"
    assert book.page_map.anchors["one"] == part + 2
    blank = book.pdf.pages[part + 1]
    assert "/Contents" not in blank.obj or blank.obj.Contents.read_bytes() == b""
    assert blank.mediabox == book.pdf.pages[0].mediabox


def test_labels_are_roman_before_the_body_and_arabic_from_one_in_it() -> None:
    book = whole()
    body = book.page_map.anchors["first-part"]
    assert labels_of(book.pdf) == list(book.page_map.labels)
    assert book.page_map.labels[:6] == ("i", "ii", "iii", "iv", "v", "vi")
    assert book.page_map.labels[body : body + 2] == ("1", "2")
    assert len(book.page_map.labels) == len(book.pdf.pages)


def test_a_folio_says_what_the_label_says() -> None:
    # The furniture is drawn last: a folio on the outer edge of a head stands before the head on the left, behind it on
    # the right; on a chapter's first page it stands alone.
    book = whole()
    silent = []
    for page_index, (text, label) in enumerate(zip(book.texts, book.page_map.labels, strict=True)):
        if text.endswith((f" {label}", f" {label} What’s Product Management")):
            continue
        silent.append(page_index)
    parts = [book.page_map.anchors[name] for name in ("first-part", "second-part")]
    assert silent == sorted([0, 1, *parts, *(number for number, text in enumerate(book.texts) if not text)])


def test_running_heads_name_the_book_on_the_left_and_the_chapter_on_the_right() -> None:
    book = whole()
    start, following = (book.page_map.anchors[name] for name in ("two", "three"))
    for page_index in range(start + 1, following):
        label = book.page_map.labels[page_index]
        head = f"{label} What’s Product Management" if page_index % 2 else f"Without authority {label}"
        assert book.texts[page_index].endswith(f" {head}") or not book.texts[page_index]
    assert not book.texts[start].endswith(f"Without authority {book.page_map.labels[start]}"), (
        "a first page has no head"
    )


def test_the_contents_print_the_label_of_the_page_each_title_is_on() -> None:
    book = whole()
    lines = book.texts[2].replace(" .", "")
    for anchor, title in (
        ("preface", "Preface"),
        ("one", "The post nobody can describe"),
        ("six", "The people you know"),
    ):
        assert f"{title} {book.page_map.folio(anchor)} " in f"{lines} ", anchor
        assert title in book.text_from(anchor)


def test_contents_that_grow_move_the_front_matter_and_are_still_right() -> None:
    chapters = [simple(f"c{number}", f"Chapter number {number}", "<p>x</p>") for number in range(80)]
    preface = simple("preface", "Preface", "<p>y</p>", kind="preface", matter="frontmatter")
    found = printed(book(*chapters, front=(preface,)))
    contents = " ".join(found.texts[2 : found.page_map.anchors["preface"]]).replace(" .", "")
    assert found.page_map.anchors["preface"] > 5
    for each in chapters:
        assert f"{each.title} {found.page_map.folio(each.slug)} " in contents + " "
    assert found.codes == []


def test_a_book_of_one_chapter() -> None:
    found = printed(small_book("<p>Short.</p>"))
    assert len(found.pdf.pages) == 5
    assert found.page_map.labels == ("i", "ii", "iii", "iv", "1")
    assert found.codes == []


def test_a_book_without_contents_has_no_contents_page() -> None:
    found = printed(replace(small_book("<p>Short.</p>"), contents=()))
    assert len(found.pdf.pages) == 3
    assert "/Outlines" not in found.pdf.Root


def test_outline_is_the_tree_of_titles_with_parts_open_and_chapters_closed() -> None:
    book = whole()
    with book.pdf.open_outline() as outline:
        tops = [str(item.title) for item in outline.root]
        part = outline.root[1]
        assert tops == ["Preface", "I  What it is", "II  How to become good at it", "A  A reading list"]
        assert [item.title for item in part.children][:2] == ["1  The post nobody can describe", "2  Without authority"]
        assert [item.title for item in part.children[0].children] == ["Why it is so", "How it came about"]
    root = book.pdf.Root.Outlines
    assert root.Count == 4 + 3 + 3
    assert root.First.Next.Count == 3
    assert root.First.Next.First.Count == -2
    assert book.pdf.Root.PageMode == "/UseOutlines"
    lines = [root.First, root.First.Next, root.First.Next.First, root.First.Next.First.First]
    reached = [book.destinations()[bytes(line.Dest).decode()] for line in lines]
    assert reached == [book.page_map.anchors[name] for name in ("preface", "first-part", "one", "one--why")]


def test_the_file_says_what_book_it_is() -> None:
    pdf = whole().pdf
    assert str(pdf.docinfo["/Title"]) == "What’s Product Management"
    assert str(pdf.docinfo["/Author"]) == "The pmpress authors"
    assert str(pdf.docinfo["/Subject"]) == "What the job is & what it is <not>."
    assert str(pdf.docinfo["/Keywords"]) == "Product management, Work"
    assert str(pdf.docinfo["/Producer"]) == "pmpress"
    assert "/CreationDate" not in pdf.docinfo
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
    with pdf.open_metadata() as xmp:
        assert xmp["pdfuaid:part"] == "1"
        assert xmp["dc:title"] == "What’s Product Management"
        assert xmp["dc:creator"] == ["The pmpress authors"]
        assert xmp["dc:language"] == {"en"}
        assert "xmp:CreateDate" not in xmp


def test_dates_are_the_books_own() -> None:
    pdf = printed(small_book("<p>x</p>", about=metadata(dated=True))).pdf
    assert str(pdf.docinfo["/ModDate"]) == "D:20240506070809Z"
    with pdf.open_metadata() as xmp:
        assert xmp["xmp:ModifyDate"] == "2024-05-06T07:08:09Z"


def test_a_book_from_right_to_left() -> None:
    found = printed(rtl_book())
    assert found.pdf.Root.ViewerPreferences.Direction == "/R2L"
    assert found.page_map.anchors["first"] % 2 == 0
    assert found.codes == []
    assert found.page_map.labels[found.page_map.anchors["second"]] == "3"


def test_page_boxes_are_the_trim_size() -> None:
    for page in whole().pdf.pages:
        assert [float(side) for side in page.mediabox] == [0, 0, 396, 612]
        assert [float(side) for side in page.trimbox] == [0, 0, 396, 612]


def test_a_layout_says_where_its_furniture_stands_and_what_it_names() -> None:
    css = """@page { @bottom-right { content: "p. " counter(page) " of " counter(pages); }
      @top-left { content: "[" string(part-title) "/" string(section-title) "] "; } }
    @page :first { @top-left { content: "[opening] "; } }
    .part { page: part }
    @page part { @top-left { content: "[PART] "; } }"""
    preface = simple("preface", "Preface", "<p>x</p>", kind="preface", matter="frontmatter")
    what = book(Part("part", "What it is", (chapter("one", "The post"),), "I"), front=(preface,))
    rendered = render(what, replace(layout(), print_css=css), Edition())
    texts, anchors = list(texts_of(rendered.data)), rendered.page_map.anchors
    total = len(texts)
    first, begun = anchors["one"], anchors["one--how-one"]
    assert texts[anchors["preface"]].endswith(f"[opening] p. v of {total}")
    assert texts[anchors["part"]].endswith(f"[PART] p. 1 of {total}")
    assert texts[first].endswith(f"[opening] p. 3 of {total}")
    assert f"[What it is/Why it is so] p. 4 of {total}" in texts[first + 1]
    assert f"[What it is/How it came about] p. {begun - first + 4} of {total}" in texts[begun + 1]


def test_a_layout_that_says_how_folios_are_written_has_them_so_everywhere() -> None:
    css = "@page { @bottom-right { content: counter(page, decimal) } @bottom-left { content: counter(page) } }"
    preface = simple("preface", "Preface", "<p>x</p>", kind="preface", matter="frontmatter")
    rendered = render(book(chapter("one", "A"), front=(preface,)), replace(layout(), print_css=css), Edition())
    texts, anchors = list(texts_of(rendered.data)), rendered.page_map.anchors
    assert sorted(texts[anchors["preface"]].split()[-2:]) == ["5", "v"]
    assert texts[anchors["one"]].split()[-2:] == ["1", "1"]


def test_a_title_too_long_for_the_running_head_is_cut_short() -> None:
    title = "A title " + "much longer than any running head may ever hope to be " * 2
    found = printed(book(simple("long", title.strip(), f"<p>{prose(60)}</p>")))
    page = found.texts[found.page_map.anchors["long"] + 2]
    assert page.endswith(" …3") or page.endswith("… 3")
    assert "A title much longer than any running head" in page


@pytest.mark.parametrize("rights", ["<all> & rights", prose(60)])
def test_awkward_metadata(rights: str) -> None:
    about = metadata(title='"Bread" & <Salt>', subtitle=prose(2), rights=rights, publisher="A & B")
    found = printed(small_book("<p>x</p>", about=about))
    assert '"Bread" & <Salt>' in found.texts[0]
    everything = " ".join(found.texts)
    assert rights.rsplit(" ", 3)[0].split(" ", 3)[-1] in everything or rights in everything
    assert str(found.pdf.docinfo["/Title"]) == '"Bread" & <Salt>'
