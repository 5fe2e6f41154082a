"""Books in other scripts, read back: where things stand on an Arabic and on a Japanese page, and in which order."""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pikepdf
import pypdfium2
import pytest
from tiny import BOOKS, Tiny, finished, labels, tiny

from pmpress import xhtml
from pmpress.dialect import parse
from pmpress.layout import css
from pmpress.model import Direction
from pmpress.press import Order, load
from pmpress.textplaces import counted

_CLOSING = frozenset("、。，．）」』】〕〉》！？：；ーゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ・…)]}¹²³")
_OPENING = frozenset("（「『【〔〈《([{")
_ARABIC = re.compile("[\u0621-\u06ff]")
_SQUARE = re.compile("[\u3041-\u9fff]")


class Line(NamedTuple):
    """A line of a page: where it begins and ends, in pt, its baseline, and its characters from left to right."""

    left: float
    right: float
    baseline: float
    text: str
    edges: tuple[tuple[float, float], ...]


def document(book: Tiny) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(book.printed.rendered.data)


def lines(page: pypdfium2.PdfPage) -> list[Line]:
    """The lines of a page from the top."""
    words = page.get_textpage()
    rows: dict[int, list[tuple[float, float, str]]] = {}
    for index in range(words.count_chars()):
        character = words.get_text_range(index, 1)
        left, _, right, _ = words.get_charbox(index, loose=True)
        if character.strip() and right > left:
            x, y = ctypes.c_double(), ctypes.c_double()
            pypdfium2.raw.FPDFText_GetCharOrigin(words.raw, index, x, y)
            rows.setdefault(round(y.value), []).append((left, right, character))
    found = []
    for y, row in rows.items():
        edges = tuple((left, right) for left, right, _ in sorted(row))
        ends = min(left for left, _ in edges), max(right for _, right in edges)
        found.append(Line(*ends, y, "".join(character for *_, character in sorted(row)), edges))
    return sorted(found, key=lambda line: -line.baseline)


CONTENTS_INSET = 0.04 * 288
"""How much shorter at each end the lines of the contents are, in pt."""


class Spot(NamedTuple):
    """Where words stand on a page."""

    left: float
    right: float
    baseline: float


def spots(page: pypdfium2.PdfPage, words: str) -> Iterator[Spot]:
    """Every place where words stand on a page, each time in one line."""
    wanted = "".join(words.split())
    wanted = wanted[::-1] if _ARABIC.search(wanted) else wanted
    for line in lines(page):
        for found in re.finditer(re.escape(wanted), line.text):
            edges = line.edges[found.start() : found.end()]
            yield Spot(min(left for left, _ in edges), max(right for _, right in edges), line.baseline)


def place(page: pypdfium2.PdfPage, words: str) -> Spot:
    return next(spots(page, words))


def page_with(book: Tiny, words: str) -> pypdfium2.PdfPage:
    return next(page for page in document(book) if any(True for _ in spots(page, words)))


def by_label(book: Tiny, label: str) -> pypdfium2.PdfPage:
    return document(book)[labels(book.printed).index(label)]


@cache
def in_arabic_digits() -> Tiny:
    settings = (("numbering.digits", "arabic-indic"), ("numbering.sections", "1"))
    return finished(load(Order(BOOKS / "arabic", settings=settings)))


# --- from right to left ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_arabic_book_turns_its_pages_the_other_way() -> None:
    book = tiny("arabic")
    assert book.printed.pdf.Root.ViewerPreferences.Direction == pikepdf.Name.R2L
    assert book.ebook.package.xpath("string(//*[local-name()='spine']/@page-progression-direction)") == "rtl"


@pytest.mark.slow
def test_recto_is_on_the_left_with_its_gutter_and_its_furniture() -> None:
    book = tiny("arabic")
    verso, recto = by_label(book, "2"), by_label(book, "3")
    width = recto.get_width()
    # The gutter of a page on the left is on the right. Here it is the wider margin.
    left, right = min(line.left for line in lines(recto)), width - max(line.right for line in lines(recto))
    assert right > left + 4
    left, right = min(line.left for line in lines(verso)), width - max(line.right for line in lines(verso))
    assert left > right + 4
    heads = {page: lines(page)[0] for page in (verso, recto)}
    assert heads[verso].text.endswith("2"), "the folio is outside"
    assert heads[recto].text.startswith("3"), "the folio is outside"
    assert place(verso, "جدول").baseline == heads[verso].baseline
    assert place(recto, "النهر").baseline == heads[recto].baseline


@pytest.mark.slow
def test_first_lines_are_indented_on_the_right() -> None:
    text = lines(by_label(tiny("arabic"), "3"))[1:]
    edge = max(line.right for line in text)
    indents = {round(edge - line.right) for line in text}
    assert {0, 17, 18} >= {indent for indent in indents if indent != 1}
    assert max(indents) > 16
    level = [line for line in text if line.left < min(line.left for line in text) + 2]
    assert len(level) > len(text) / 2


@pytest.mark.slow
def test_markers_stand_on_the_right() -> None:
    rows = lines(page_with(tiny("arabic"), "كذا"))
    edge = max(row.right for row in rows)
    numbered = [edge - row.right for row in rows if row.text.endswith((".1", ".2"))]
    assert len(numbered) == 4
    assert max(numbered) > min(numbered) + 10, "a list in a list stands further in"
    assert len([row for row in rows if row.text.endswith("•")]) == 2
    assert next(row for row in rows if "BookofFares" in row.text).text.endswith("1")


@pytest.mark.slow
def test_columns_of_a_table_follow_each_other_to_the_left() -> None:
    page = page_with(tiny("arabic"), "ferry")
    name, latin, fare = (place(page, words) for words in ("الاسم", "Name", "الأجرة"))
    assert name.left > latin.right > latin.left > fare.right
    assert any(spot.right < latin.left for spot in spots(page, "12") if spot.baseline == place(page, "ferry").baseline)


@pytest.mark.slow
def test_contents_have_their_pages_on_the_left() -> None:
    _, *rows, _ = lines(page_with(tiny("arabic"), "المحتويات"))
    assert [re.match("[0-9ivx]+", row.text)[0] for row in rows] == ["v", "1", "2", "7", "8", "11", "15"]  # type: ignore[index]
    assert max(row.left for row in rows) - min(row.left for row in rows) < 2
    assert [row.text[-1] for row in rows if row.text[-1].isdigit()] == ["1", "2", "3"]
    assert abs(rows[0].left - CONTENTS_INSET - min(row.left for row in lines(by_label(tiny("arabic"), "3")))) < 2


@pytest.mark.slow
def test_page_numbers_of_contents_end_where_all_lines_end() -> None:
    book = tiny("prose")
    _, *rows, _ = lines(page_with(book, "Contents"))
    edge = max(line.right for line in rows)
    text = max(line.right for line in lines(by_label(book, "vii")))
    assert len(rows) >= 6
    assert all(abs(row.right - edge) < 1 for row in rows)
    assert abs(edge + CONTENTS_INSET - text) < 1


@pytest.mark.slow
def test_every_link_is_on_its_words() -> None:
    for book in (tiny("arabic"), tiny("japanese")):
        pages = document(book)
        found = 0
        for number, annotation in book.printed.annotations():
            left, bottom, right, top = map(float, annotation.Rect)
            page = pages[number]
            assert 0 <= left < right <= page.get_width()
            assert 0 <= bottom < top <= page.get_height()
            assert page.get_textpage().get_text_bounded(left, bottom, right, top).strip()
            found += 1
        assert found > 8


@pytest.mark.slow
def test_latin_words_keep_their_order_over_tags() -> None:
    book = tiny("arabic")
    assert page_with(book, "John Smith, A Book of Boats (1923) 1")
    assert page_with(book, "--help")


@pytest.mark.slow
def test_the_head_of_a_page_runs_as_its_title_does() -> None:
    page = by_label(tiny("arabic"), "13")
    assert place(page, "السوق").left > place(page, "Market").right


@pytest.mark.parametrize(
    ("direction", "text", "wanted"),
    [
        ("rtl", "كتب A <em>B</em> (1)، ثم", 'كتب <span dir="ltr">A <em>B</em> (1)</span>، ثم'),
        ("rtl", "<b>A <i>B</i></b> C<a>D</a>.", '<span dir="ltr"><b>A <i>B</i></b> C<a>D</a></span>.'),
        ("rtl", "A <i>B</i><br/>C <i>D</i>", '<span dir="ltr">A <i>B</i></span><br/><span dir="ltr">C <i>D</i></span>'),
        ("rtl", "A <code>B</code> ثم", "A <code>B</code> ثم"),
        ("rtl", "<em>ثم A</em> B", "<em>ثم A</em> B"),
        ("rtl", "<em>A</em> ثم B", "<em>A</em> ثم B"),
        ("ltr", "A <em>كتب</em> ثم, B", 'A <span dir="rtl"><em>كتب</em> ثم</span>, B'),
        ("ltr", "A <em>B</em> C", "A <em>B</em> C"),
    ],
)
def test_what_runs_the_other_way_is_held_together(direction: Direction, text: str, wanted: str) -> None:
    from pmpress.pdf.preparing.directions import gather

    body = xhtml.parse(f"<p>{text}</p>")
    gather(body, direction)
    assert xhtml.serialise(body) == f"<p>{wanted}</p>"


def test_a_paragraph_of_many_directions_is_read_in_linear_time() -> None:
    from pmpress.pdf.preparing.directions import gather

    body = xhtml.parse(f"<p>{'<em>a</em> <b>b</b> كتب<br/>' * 20_000}</p>")
    begun = time.perf_counter()
    gather(body, "rtl")
    assert time.perf_counter() - begun < 10


def test_quotes_in_arabic_form() -> None:
    text = xhtml.text_of(xhtml.parse(parse("قال: \"لا 'تعبر' النهر\".\n", "a.md", language="ar").xhtml))
    assert text == "قال: «لا ‹تعبر› النهر»."


# --- digits ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_all_numbers_of_the_press_are_in_the_digits_asked_for() -> None:
    book = in_arabic_digits()
    assert labels(book.printed)[:5] == ["أ", "ب", "ج", "د", "ه\u200d"]
    assert labels(book.printed)[6:9] == ["١", "٢", "٣"]
    assert [each.number for each in book.book.chapters if each.kind == "chapter"] == ["١", "٢", "٣"]
    assert lines(by_label(book, "٣"))[0].text.startswith("٣")
    market = book.chapter("ch3-market")
    assert "الشكل ٣.١" in market
    assert "الجدول ٣.١" in market
    rows = [row.text for row in lines(by_label(book, "١١"))]
    assert [row[-1] for row in rows if row.endswith((".١", ".٢"))] == ["١", "٢", "١", "٢"]
    assert any("(٢" in row for row in rows), "the page that a reference names"
    contents = [row.text for row in lines(page_with(book, "المحتويات"))[1:-1]]
    assert [re.match("ه|[٠-٩]+", row)[0] for row in contents] == ["ه", "١", "٢", "٧", "٨", "١١", "١٥"]  # type: ignore[index]
    assert not re.search("[0-9]", "".join(contents))
    assert place(page_with(book, "الفهرس"), "١١")


@pytest.mark.slow
def test_an_e_book_has_the_same_digits() -> None:
    book = in_arabic_digits()
    nav = xhtml.text_of(book.ebook.tree("nav.xhtml"))
    assert "١" in nav
    assert not re.search("[0-9]", nav)
    market = book.ebook.tree("ch3-market.xhtml")
    assert {each.get("class") for each in market.iter(xhtml.tag("ol"))} == {"arabic-indic"}


# --- Japanese -------------------------------------------------------------------------------------------------------


def text_lines(book: Tiny) -> Iterator[tuple[pypdfium2.PdfPage, Line]]:
    for page in document(book):
        for line in lines(page):
            if len(_SQUARE.findall(line.text)) > 8:
                yield page, line


@pytest.mark.slow
def test_no_line_begins_or_ends_as_japanese_forbids() -> None:
    seen = [line.text for _, line in text_lines(tiny("japanese"))]
    assert len(seen) > 25
    assert [text for text in seen if text[0] in _CLOSING or text[-1] in _OPENING] == []
    assert any(text[-1] in "、。」" for text in seen)


@pytest.mark.slow
def test_japanese_lines_end_level_without_holes() -> None:
    rows = [line for line in lines(page_with(tiny("japanese"), "ひっきりなし")) if len(line.text) > 24]
    edge = max(row.right for row in rows)
    # The reader that is asked here forgets a gap where the font changes.
    short = [row.text for row in rows if edge - row.right > 2 and not row.text.endswith("。")]
    assert len(rows) >= 12
    assert short == []
    gaps = [after[0] - before[1] for row in rows if row.baseline > 110 for before, after in pairwise(row.edges)]
    assert max(gaps) < 6, "no wider than a space"


@pytest.mark.slow
def test_every_japanese_paragraph_is_indented_by_a_square() -> None:
    page = page_with(tiny("japanese"), "鐘は柱に")
    openings = [place(page, words) for words in ("鐘は柱に", "舟は、乗りたい", "英語では")]
    edge = place(page, "柱に寄りかかる").left
    square = place(page, "柱").right - place(page, "柱").left
    assert [round(each.left - edge, 1) for each in openings] == [round(square, 1)] * 3


@pytest.mark.slow
def test_readings_stand_over_their_words_and_are_ruby_in_an_e_book() -> None:
    book = tiny("japanese")
    page = page_with(book, "わた")
    base, reading = place(page, "ルビは渡"), place(page, "わた")
    assert reading.baseline > base.baseline + 5
    assert abs((reading.left + reading.right) / 2 - base.right) < 8
    river = book.ebook.tree("ch1-river.xhtml")
    assert [xhtml.text_of(each) for each in river.iter(xhtml.tag("rt"))] == ["わた", "ぶね", "とう", "きょう"]


def test_lines_of_the_source_leave_no_spaces_between_squares() -> None:
    def words(text: str, language: str) -> str:
        return xhtml.text_of(xhtml.parse(parse(text, "a.md", language=language).xhtml))

    assert words("川の\n鐘が\n*鳴る*\n。Git\nの\n", "ja") == "川の鐘が鳴る。Git の"
    assert words("川の\n鐘\n", "en") == "川の 鐘"


def test_a_word_joiner_counts_for_nothing() -> None:
    assert counted("鐘\u2060 1") == "鐘1"


# --- Latin words among others ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "found"), [("ar", ["latin", None]), ("ja", ["latin", None]), ("de", [None, None])]
)
def test_stressed_latin_words_are_told_apart(language: str, found: list[str | None]) -> None:
    body = xhtml.parse(parse("*River Thames* و *النهر* 鐘\n", "a.md", language=language).xhtml)
    assert [each.get("class") for each in body.iter(xhtml.tag("em"))] == found


# --- style sheets ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("en", "1pt 2pt"), ("ar", "calc(1pt * 3) 2pt"), ("ar-EG", "calc(1pt * 3) 2pt"), ("ja", "1pt 9pt")],
)
def test_custom_properties_by_language(language: str, wanted: str) -> None:
    text = """
        :root { --a: 1pt; --b: 2pt } :root:lang(ar) { --a: calc(var(--a) * 3) } p { margin: var(--a) var(--b) }
        :root:lang(ja) { --b: 9pt }
    """
    rules = css.speak(css.expand(text, lambda url, line: url, lambda url, line: None), language)
    assert css.resolve(rules, {})[0].strip() == f"p {{ margin: {wanted} }}"
