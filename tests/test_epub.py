"""The finished e-book, read back: what a reading system finds when it opens the file."""

from __future__ import annotations

import os
import posixpath
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from lxml import etree
from test_epub_sample import BOOKS, TITLE, Opened, finished, found, of_text, opened, plain, sample

from pmpress import xhtml
from pmpress.diagnostics import PressError
from pmpress.epub import render
from pmpress.epub.pages.semantics import ROLES
from pmpress.layout import Layout
from pmpress.model import Asset, Edition, Part


@pytest.fixture(params=BOOKS)
def each(request: pytest.FixtureRequest) -> Opened:
    return finished(request.param)


def test_container(each: Opened) -> None:
    first, *entries = zipfile.ZipFile(BytesIO(each.data)).infolist()
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert each.files["mimetype"] == b"application/epub+zip"
    assert {entry.date_time for entry in (first, *entries)} == {(1980, 1, 1, 0, 0, 0)}
    assert "META-INF/container.xml" in each.files


def test_manifest_lists_every_file_once(each: Opened) -> None:
    inside = {name.removeprefix("EPUB/") for name in each.files if name.startswith("EPUB/")} - {"content.opf"}
    assert set(each.manifest) == inside
    assert all(name.isascii() and " " not in name for name in inside)
    assert len({name.casefold() for name in inside}) == len(inside)


def test_package_ids_are_unique(each: Opened) -> None:
    ids = found(each.package, "//@id")
    assert len(ids) == len(set(ids))


def test_spine_is_the_reading_order() -> None:
    package = finished("sample").package
    files = {item.get("id"): name for name, item in finished("sample").manifest.items()}
    assert [files[reference] for reference in found(package, "o:spine/o:itemref/@idref")] == [
        *("cover.xhtml", "titlepage.xhtml", "copyright-page.xhtml", "nav.xhtml", "preface.xhtml"),
        *("part-1.xhtml", "flour.xhtml", "dough.xhtml", "part-2.xhtml", "crust.xhtml"),
    ]
    assert found(package, "o:spine/o:itemref/@linear") == []


def test_direction_and_language() -> None:
    for name, direction, language in (("sample", "ltr", "en-GB"), ("arabic", "rtl", "ar"), ("japanese", "ltr", "ja")):
        package = finished(name).package
        assert found(package, "o:spine/@page-progression-direction") == found(package, "@dir") == [direction]
        assert found(package, "@xml:lang") == [language]
        for page in finished(name).pages.values():
            spoken = page.get("{http://www.w3.org/XML/1998/namespace}lang")
            assert (page.get("dir"), page.get("lang"), spoken) == (direction, language, language)
    code = found(finished("arabic").tree("flour.xhtml"), "//h:pre")
    assert [block.get("dir") for block in code] == ["ltr"]
    words = found(finished("sample").tree("crust.xhtml"), "//h:i")
    assert words[0].get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"


def test_every_link_inside_the_book_resolves(each: Opened) -> None:
    pages = each.pages
    ids = {name: set(found(page, "//@id")) for name, page in pages.items()}
    for name, page in pages.items():
        for target in found(page, "//h:a/@href | //h:link/@href | //h:img/@src"):
            if urlsplit(target).scheme:
                continue
            file, fragment = urldefrag(target)
            file = posixpath.normpath(file) if file else name
            assert file in each.manifest, (name, target)
            assert not fragment or fragment in ids[file], (name, target)
    for source in found(each.tree("toc.ncx"), "//n:content/@src"):
        file, fragment = urldefrag(source)
        assert not fragment or fragment in ids[file]


def test_ids_are_unique_in_each_page(each: Opened) -> None:
    for name, page in each.pages.items():
        twice = [word for word, count in Counter(found(page, "//@id")).items() if count > 1]
        assert not twice, name


def test_notes_and_references_are_pairs() -> None:
    page = finished("sample").tree("flour.xhtml")
    back = {
        note.get("id"): [urldefrag(link.get("href"))[1] for link in found(note, ".//h:a[@role='doc-backlink']")]
        for note in found(page, "//h:aside[@role='doc-footnote']")
    }
    there: dict[str, list[str]] = {}
    for link in found(page, "//h:a[@role='doc-noteref']"):
        there.setdefault(urldefrag(link.get("href"))[1], []).append(link.get("id"))
    assert back == there
    assert [len(links) for links in back.values()] == [2, 1]
    assert [span.text for span in found(page, "//h:span[@class='footnote-number']")] == ["1", "2"]
    labels = found(page, "//h:a[@role='doc-backlink']/@aria-label")
    assert labels == ["Back to the text (1)", "Back to the text (2)", "Back to the text"]
    assert found(page, "//h:section[@role='doc-endnotes']/@aria-label") == ["Notes"]


def test_a_note_without_a_paragraph_keeps_its_text() -> None:
    text = """<p id="fnref-a">See<a epub:type="noteref" href="#one--a">1</a>.</p><section epub:type="footnotes">
<aside epub:type="footnote" id="a" data-number="1">Bare <b>text</b></aside></section>"""
    page = opened(of_text(text)).tree("one.xhtml")
    assert xhtml.text_of(found(page, "//h:aside")[0]).startswith("1 Bare text")
    assert found(page, "//h:aside//h:a/@href") == ["#fnref-a-"]


def test_every_type_has_its_role(each: Opened) -> None:
    for name, page in each.pages.items():
        for element in page.iter(etree.Element):
            kind = element.get(xhtml.EPUB_TYPE)
            # A landmark's type speaks of the place it leads to; a page's body has none that is a role.
            if kind in ROLES and not found(element, "ancestor::h:nav[@id='landmarks']"):
                assert element.get("role") == ROLES[kind], (name, kind)


def test_nothing_of_the_press_is_left(each: Opened) -> None:
    for page in each.pages.values():
        assert not found(page, "//@*[starts-with(name(), 'data-')]")
        assert "page 12" not in xhtml.text_of(page)


def test_titles_and_text_are_escaped() -> None:
    book = finished("sample")
    assert found(book.tree("titlepage.xhtml"), "//h:title")[0].text == TITLE
    assert found(book.tree("titlepage.xhtml"), "//h:h1")[0].text == TITLE
    assert found(book.package, "//dc:title")[0].text == TITLE
    assert found(book.tree("cover.xhtml"), "//h:img/@alt") == [TITLE]
    assert "1 < 2." in xhtml.text_of(book.tree("dough.xhtml"))


def test_a_table_scrolls_in_a_frame_that_the_keyboard_reaches() -> None:
    cell = "<table><tr><td>inner</td></tr></table>"
    page = opened(of_text(f"<table><tr><td>{cell}</td></tr></table>tail<p>after</p>")).tree("one.xhtml")
    assert [[child.tag for child in frame] for frame in found(page, "//h:div[@tabindex='0']")] == [[xhtml.tag("table")]]
    assert found(page, "//h:div[@tabindex='0']")[0].tail.strip() == "tail"


def test_code_keeps_its_lines() -> None:
    lines = "".join(found(finished("sample").tree("dough.xhtml"), "//h:pre")[0].itertext()).split("\n")
    assert lines[1].startswith("    # 240")


def test_file_names_are_plain_ascii() -> None:
    names = ("images/Ärger im Büro.png", "../../etc/図.png", "images/arger-im-buro.PNG", "book.css")
    assets = tuple(Asset(name, "image/png", b"x") for name in names)
    book = opened(of_text(f'<p><img src="{names[0]}" alt="a"/></p>', assets=assets))
    plain = ["images/Arger-im-Buro.png", "etc/file.png", "images/arger-im-buro-2.PNG", "book-2.css"]
    assert list(book.manifest)[-4:] == plain
    assert found(book.tree("one.xhtml"), "//h:img/@src") == [plain[0]]


def test_a_link_to_nowhere_is_taken_out_and_named() -> None:
    book = opened(of_text('<p data-src="a.md:7-9">See <a href="#gone--x">there</a>.</p>'))
    assert not found(book.tree("one.xhtml"), "//h:a/@href")
    assert [str(found).split(": link")[0] for found in book.diagnostics] == [
        "a.md:7: warning[link-unresolved]: the link to #gone--x leads to no page of the e-book and was taken out"
    ]


def test_a_template_that_is_not_xml_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Layout, "render", lambda *_, **__: "<p>one<br>two</p>")
    with pytest.raises(PressError, match=r"classic/templates/titlepage\.html\.jinja: error\[layout-template\]"):
        render(sample(), plain(), Edition())


def test_progress_counts_the_pages() -> None:
    told: list[tuple[str, int, int]] = []
    render(sample(), plain(), Edition(), progress=lambda *at: told.append(at))
    assert told == [("packing the e-book", number, 10) for number in range(1, 11)]


def test_a_very_long_title() -> None:
    title = "Bread " * 2000
    book = of_text("<p>Salt.</p>")
    chapter = replace(book.chapters[0], title=title, title_xhtml=title)
    book = replace(book, bodymatter=(Part("p", title, (chapter,)),))
    assert title in (opened(book).tree("p.xhtml")[0][1].text or "")


_BUILD = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from test_epub_sample import BOOKS, classic
from pmpress.epub import render
from pmpress.model import Edition
for make in BOOKS.values():
    print(hashlib.sha256(render(make(), classic(), Edition()).data).hexdigest())
"""


@pytest.mark.slow
def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    def build(seed: str, folder: Path) -> str:
        folder.mkdir()
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": "Asia/Tokyo",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        command = [sys.executable, "-c", _BUILD, str(Path(__file__).parent)]
        return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout

    builds = [build("1", tmp_path / "a"), build("2", tmp_path / "b")]
    assert builds[0]
    assert all(one == other for one, other in pairwise(builds))
