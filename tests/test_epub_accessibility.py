"""What an e-book says of who can read it is true, and its mark-up says what things are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from test_epub_sample import Opened, arabic, finished, found, japanese, of_text, opened, sample
from test_page_list import listed
from tiny import BOOKS, NAMES

from pmpress import terms, xhtml
from pmpress.diagnostics import Diagnostic, Span
from pmpress.model import Asset, Book, Certifier
from pmpress.press import Order, load, render

ALWAYS = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability", "ARIA"]
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"{}><mi>x</mi></math>'
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CERTIFIER = Certifier("The Readers' Club", "A stamp", "https://example.org/report", Span("book.toml", 7))


def _flame() -> Asset:
    """A GIF of two pictures, the first of which does not say how long it is shown."""
    out = BytesIO()
    first, second = (Image.new("P", (8, 8), colour) for colour in (0, 1))
    first.putpalette(b"\xff\0\0\xff\xff\0")
    second.putpalette(b"\xff\0\0\xff\xff\0")
    first.save(out, "GIF", save_all=True, append_images=[second])
    assert out.getvalue().count(b"\x21\xf9\x04") == 1
    return Asset("images/a.gif", "image/gif", out.getvalue(), 8, 8)


FLAME = _flame()


@cache
def ebook(name: str) -> Opened:
    """The e-book alone of a tiny book."""
    return Opened(render(load(Order(BOOKS / name)), "epub").data)


def features(book: Opened) -> list[str]:
    return book.meta("schema:accessibilityFeature")


def summary(book: Opened) -> str:
    (said,) = book.meta("schema:accessibilitySummary")
    return said


def said(text: str, **more: Any) -> tuple[list[str], str]:
    """The features claimed for a book of that text besides those of every book, and its summary without what is said of
    every book."""
    book = opened(of_text(text, assets=sample().assets, **more))
    assert features(book)[:1] == ALWAYS[:1]
    every = (terms.readable("en", "text"), terms.readable("en", "still"))
    others = [sentence for sentence in re.split(r"(?<=\.) ", summary(book)) if sentence not in every]
    return [feature for feature in features(book) if feature not in ALWAYS], " ".join(others)


# --- what is claimed --------------------------------------------------------------------------------------------------


def test_accessibility_is_what_the_book_holds() -> None:
    pictures = finished("sample")
    assert pictures.meta("schema:accessMode") == ["textual", "visual"]
    assert pictures.meta("schema:accessModeSufficient") == ["textual,visual"]  # one says only "Image"
    assert "alternativeText" not in features(pictures)
    assert pictures.meta("schema:accessibilityHazard") == ["none"]
    plain = finished("bare")
    assert plain.meta("schema:accessMode") == ["textual"]
    assert plain.meta("schema:accessModeSufficient") == ["textual"]
    assert features(plain) == ALWAYS
    described = opened(of_text('<p><img src="images/mill.svg" alt="A mill"/></p>', assets=sample().assets))
    assert described.meta("schema:accessModeSufficient") == ["textual,visual", "textual"]


@pytest.mark.parametrize(
    ("text", "claimed", "told"),
    [
        ("<p>a</p>", [], "It has no pictures besides the cover."),
        (
            '<p><img src="images/mill.svg" alt="" role="presentation"/></p>',
            [],
            "It has no pictures besides the cover.",
        ),
        (
            '<p><img src="images/mill.svg" alt="A mill"/></p>',
            ["alternativeText"],
            "Every picture is described in words.",
        ),
        (
            '<p><img src="images/mill.svg" alt="A mill"/><img src="images/mill.svg" alt="I" data-alt="missing"/></p>',
            [],
            "Some pictures are not described in words.",
        ),
        (
            '<figure><img src="images/mill.svg" alt="A mill"/><details><summary>x</summary><p>y</p></details></figure>',
            ["alternativeText", "longDescription"],
            "Every picture is described in words. Some have a long description besides.",
        ),
        (
            "<p>" + MATH.format(' alttext="x"') + "</p>",
            ["MathML", "describedMath"],
            "It has no pictures besides the cover. Formulas are written in MathML and can be read aloud.",
        ),
        (
            "<p>" + MATH.format("") + "</p>",
            ["MathML"],
            "It has no pictures besides the cover. Formulas are written in MathML and can be read aloud.",
        ),
        (
            '<p><img class="formula" src="images/mill.svg" alt="x^2"/></p>',
            ["alternativeText", "describedMath"],
            "Formulas are pictures; each says in TeX what it shows.",
        ),
        (
            "<pre><code><span>1</span></code></pre>",
            [],
            "It has no pictures besides the cover. In program code nothing is said by colour alone.",
        ),
        (
            "<p><ruby>字<rt>ji</rt></ruby></p>",
            ["rubyAnnotations"],
            "It has no pictures besides the cover. Beside some characters stands how they are read.",
        ),
        (
            "<table><tr><td>1</td></tr></table>",
            [],
            "It has no pictures besides the cover. Some tables have no header cells.",
        ),
    ],
)
def test_each_claim_is_there_if_it_is_true(text: str, claimed: list[str], told: str) -> None:
    assert said(text) == (claimed, told)


def test_drawn_formulas_are_seen() -> None:
    book = opened(of_text('<p><img class="formula" src="images/mill.svg" alt="x"/></p>', assets=sample().assets))
    assert book.meta("schema:accessMode") == ["textual", "visual", "mathOnVisual"]
    assert book.meta("schema:accessModeSufficient") == ["textual,visual", "textual"]


def test_levels_left_out_are_no_structure() -> None:
    assert "structuralNavigation" not in features(opened(of_text('<h3 id="a">A</h3>')))


def test_a_moving_picture_may_be_a_hazard() -> None:
    book = opened(of_text('<p><img src="images/a.gif" alt="A flame"/></p>', assets=(FLAME,)))
    assert book.meta("schema:accessibilityHazard") == ["unknown"]
    assert summary(book).endswith("Some pictures move; whether they flash is not known.")


def test_pages_and_an_index_are_told() -> None:
    assert {"index"} <= set(features(ebook("index")))
    assert "An index leads to the places in the text." in summary(ebook("index"))
    _, paged = listed("prose")
    assert features(paged)[-2:] == ["pageBreakMarkers", "pageNavigation"]
    assert "The pages of the printed book are marked and can be gone to." in summary(paged)


def test_the_summary_is_in_the_books_language() -> None:
    def language(book: Opened) -> str | None:
        (told,) = found(book.package, "//o:meta[@property='schema:accessibilitySummary']")
        return told.get(LANG)

    assert summary(opened(arabic())).startswith(terms.readable("ar", "text"))
    ja = opened(japanese())
    assert summary(ja) == terms.readable("ja", "text", "no pictures", "still")
    assert "horizontalWriting" in features(ja)
    assert (language(opened(arabic())), language(ja)) == (None, None)
    book = of_text("<p>Kirja.</p>")
    finnish = opened(replace(book, metadata=replace(book.metadata, language="fi")))
    assert summary(finnish) == terms.readable("en", "text", "no pictures", "still")
    assert language(finnish) == "en"
    nav = finnish.tree("nav.xhtml")
    assert found(nav, "//h:h1/@lang") == ["en"]
    assert found(nav, "//h:nav[@id='landmarks']/@lang") == ["en"]


# --- the claim of conformance -----------------------------------------------------------------------------------------


def certified(book: Book, certifier: Certifier = CERTIFIER, **more: Any) -> Opened:
    return opened(replace(book, metadata=replace(book.metadata, certifier=certifier)), **more)


def in_the_way(book: Opened) -> list[tuple[str, str]]:
    assert not book.meta("dcterms:conformsTo")
    assert not book.meta("a11y:certifiedBy")
    told: list[Diagnostic] = [each for each in book.diagnostics if each.code == "conformance-not-claimed"]
    return [(str(each.span), each.message.split(": ", 1)[1]) for each in told]


def test_nobody_certifies_nothing_is_claimed() -> None:
    assert in_the_way(opened(of_text("<p>a</p>"))) == []


def test_what_is_certified_is_claimed() -> None:
    book = certified(of_text('<p><img src="images/mill.svg" alt="A mill"/></p>', assets=sample().assets))
    assert not book.diagnostics
    (claim,) = found(book.package, "//o:meta[@property='dcterms:conformsTo']")
    assert claim.text == "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    (by,) = found(book.package, "//o:meta[@property='a11y:certifiedBy']")
    assert (by.text, by.get("refines")) == (CERTIFIER.name, f"#{claim.get('id')}")
    (credential,) = found(book.package, "//o:meta[@property='a11y:certifierCredential']")
    assert (credential.text, credential.get("refines")) == ("A stamp", f"#{by.get('id')}")
    (report,) = found(book.package, "//o:link[@rel='a11y:certifierReport']")
    assert (report.get("href"), report.get("refines")) == (CERTIFIER.report, f"#{by.get('id')}")
    linked = certified(of_text("<p>a</p>"), replace(CERTIFIER, credential="https://example.org/stamp", report=""))
    assert found(linked.package, "//o:link/@rel") == ["a11y:certifierCredential"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<p><img src="images/mill.svg" alt="I" data-alt="missing"/></p>', "a picture is not described in words"),
        ('<p><img class="formula" src="images/mill.svg" alt=""/></p>', "a formula is a picture that has no text"),
        ('<h3 id="a">A</h3>', "a heading of level 3 stands under one of level 1"),
        ('<h1 id="a">A</h1>', "a page has 2 titles"),
        ('<p><a href="https://example.org/"> </a></p>', "the link to https://example.org/ has no words"),
        ("<table><tr><td>1</td></tr></table>", "a table has no header cells"),
        ('<p lang="xx">a</p>', "nobody knows the language 'xx'"),
    ],
)
def test_what_is_in_the_way_is_told_with_its_place(text: str, told: str) -> None:
    written = re.sub(r"^<(\w+)", r'<\1 data-src="one.md:5-6"', text)
    place = "book.toml:7" if "titles" in told else "one.md:5"
    assert in_the_way(certified(of_text(written, assets=sample().assets))) == [(place, told)]


def test_what_is_in_the_way_of_the_whole_book() -> None:
    book = of_text("<p>a</p>")
    assert in_the_way(certified(book, draft=True)) == [("book.toml:7", "this is a draft")]
    assert in_the_way(certified(book, replace(CERTIFIER, name=""))) == [
        ("book.toml:7", "nobody is named who certifies it")
    ]
    shown = '<p data-src="one.md:5-5"><img src="images/a.gif" alt="A flame"/></p>'
    moving = certified(of_text(shown, assets=(FLAME,)))
    assert in_the_way(moving) == [("one.md:5", "'images/a.gif' moves, and whether it flashes is not known")]
    ((_, finnish),) = in_the_way(certified(replace(book, metadata=replace(book.metadata, language="fi"))))
    assert "in a book in 'fi'" in finnish
    ((_, unknown),) = in_the_way(certified(replace(book, metadata=replace(book.metadata, language="xx"))))
    assert unknown == "nobody knows the language 'xx'"


def test_the_certifier_is_named_in_book_toml(book_of: Callable[..., Path], run: Callable[..., Any]) -> None:
    toml = '[book]\ntitle = "T"\nlanguage = "en"\n[epub]\ncertified_by = "The Club"\n'
    folder = book_of({"book.toml": toml, "one.md": "# One\n\nText.\n"})
    assert Opened(render(load(Order(folder)), "epub").data).meta("a11y:certifiedBy") == ["The Club"]
    book_of({"one.md": "# One\n\n| a |\n|---|\n| b |\n\n|   |\n|---|\n| b |\n"})
    told = [each for each in run("epub", folder, "--format", "json").said if "conformance" in each]
    assert told == ["one.md:7 warning conformance-not-claimed"]
    book_of({"book.toml": toml + 'certifier_report = "no address"\n'})
    assert "book.toml:6 error config-type" in run("epub", folder, "--format", "json").said


# --- what things are --------------------------------------------------------------------------------------------------


def test_blocks_have_their_roles() -> None:
    text = """<aside class="admonition tip"><p>a</p></aside><aside class="admonition warning"><p>b</p></aside>
<aside class="admonition note"><p>c</p></aside><div class="example"><p>d</p></div><div class="pullquote"><p>e</p></div>
<div class="abstract"><p>f</p></div><div class="tree"><p>g</p></div><figure class="abstract"><p>h</p></figure>"""
    body = opened(of_text(text)).tree("one.xhtml")
    roles = {xhtml.text_of(block): (xhtml.local(block), block.get("role")) for block in found(body, "//h:p/..")}
    assert roles == {
        "a": ("aside", "doc-tip"),
        "b": ("div", "doc-notice"),
        "c": ("aside", "note"),
        "d": ("div", "doc-example"),
        "e": ("div", "doc-pullquote"),
        "f": ("div", "doc-abstract"),
        "g": ("div", None),
        "h": ("figure", None),
    }


def test_what_unfolds_describes_the_picture() -> None:
    text = """<p id="description">x</p><figure><img src="images/mill.svg" alt="A mill"/><details><summary>More</summary>
<p>Long.</p></details></figure>"""
    page = opened(of_text(text, assets=sample().assets)).tree("one.xhtml")
    (name,) = found(page, "//h:img/@aria-details")
    assert [xhtml.local(each) for each in found(page, f"//*[@id='{name}']")] == ["details"]


@pytest.mark.parametrize("name", NAMES)
def test_every_section_has_one_heading_and_no_level_is_left_out(name: str) -> None:
    for file, page in ebook(name).pages.items():
        levels = [int(xhtml.local(each)[1]) for each in page.iter(*map(xhtml.tag, xhtml.HEADINGS))]
        assert not levels or levels.count(1) == 1, file
        assert all(level <= above + 1 for above, level in zip([0, *levels], levels, strict=False)), file
        for section in page.iter(xhtml.tag("section")):
            own = [child for child in section if xhtml.local(child) in xhtml.HEADINGS]
            assert len(own) == 1 or section.get(xhtml.EPUB_TYPE) == "footnotes", file


def test_sections_are_nested_and_notes_stay_at_the_end() -> None:
    text = """<p>a</p><h2 id="b">B</h2><p>b</p><h3 id="c">C</h3><p>c</p><h2 id="d">D</h2><p>d</p>
<section epub:type="footnotes"><aside epub:type="footnote" id="n" data-number="1"><p>e</p></aside></section>"""
    (chapter,) = found(opened(of_text(text)).tree("one.xhtml"), "//h:body/h:section")

    def shape(section: Any) -> list[Any]:
        return [shape(each) if xhtml.local(each) == "section" else xhtml.local(each) for each in section]

    assert shape(chapter) == ["h1", "p", ["h2", "p", ["h3", "p"]], ["h2", "p"], ["aside"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_change_of_language_is_said_twice(name: str) -> None:
    for page in ebook(name).pages.values():
        assert all(each.get("lang") == each.get(LANG) for each in page.iter() if each.get("lang") or each.get(LANG))


def test_words_that_run_the_other_way_say_so() -> None:
    text = """<p><span lang="ar">مرحبا!</span><span lang="fr">a</span><span lang="he" dir="auto">b</span></p>
<blockquote lang="fa"><p lang="ur">c</p><p lang="en">d</p></blockquote>"""
    page = opened(of_text(text)).tree("one.xhtml")
    runs = {each.get("lang"): each.get("dir") for each in found(page, "//h:body//*[@lang]")}
    assert runs == {"ar": "rtl", "fr": None, "he": "auto", "fa": "rtl", "ur": None, "en": "ltr"}
    assert found(opened(arabic()).package, "o:spine/@page-progression-direction") == ["rtl"]


@pytest.mark.parametrize("name", NAMES)
def test_notes_pop_up_and_lead_back(name: str) -> None:
    pages = ebook(name).pages
    ids = {f"{file}#{each}": page for file, page in pages.items() for each in found(page, "//@id")}
    for file, page in pages.items():
        for link in page.iter(xhtml.tag("a")):
            if link.get(xhtml.EPUB_TYPE) != "noteref":
                continue
            target = _whole(file, link.get("href") or "")
            home, _, name = target.partition("#")
            (note,) = found(ids[target], f"//*[@id='{name}']")
            assert (xhtml.local(note), note.get("hidden")) == ("aside", None)
            assert note.get(xhtml.EPUB_TYPE) in ("footnote", "endnote")
            back = found(note, ".//h:a[@role='doc-backlink']/@href")
            assert f"{file}#{link.get('id')}" in {_whole(home, each) for each in back}


def _whole(file: str, href: str) -> str:
    return f"{file}{href}" if href.startswith("#") else href
