"""A small book with everything in it that an e-book must carry over, made by hand; and that it is what it says."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic
from pmpress.epub import render
from pmpress.layout import Layout, load_layout
from pmpress.model import Asset, Book, Chapter, Contributor, Edition, Entry, Heading, Leaf, Metadata, Part, Subject
from pmpress.terms import terms_for

LEAVES = (Leaf("titlepage"), Leaf("copyright-page"), Leaf("contents"))
TITLE = 'Bread & Salt: <the> "Whole" Story'

_TREE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" width="300" height="120">
<title>Three boxes</title>
<rect x="5" y="40" width="80" height="40" fill="none" stroke="black"/><rect x="110" y="40" width="80" height="40"
fill="none" stroke="black"/><rect x="215" y="40" width="80" height="40" fill="none" stroke="black"/>
<path d="M85 60h25M190 60h25" stroke="black"/></svg>"""


def _png(width: int, height: int) -> bytes:
    """A picture in one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x7a\x2e\x1f" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


_PREFACE = """<p data-src="preface.md:3-4">This book is short, and it owes <a href="#flour--the-mill">the mill</a> a
lot. It begins with <a href="#flour">flour</a> and ends with <a href="#crust">a crust</a>.</p>
<p data-src="preface.md:6-6">Write to <a href="https://example.org/?a=1&amp;b=2">the baker</a>.</p>"""

_FLOUR = """<p data-src="flour.md:3-6">Wheat is ground between stones.<a epub:type="noteref" class="noteref"
href="#flour--fn-stones">1</a> It has been so for ages, and <em>nobody</em> knows who began, or <strong>where</strong>,
or with <em><strong>what</strong></em> in mind. In 1784 Oliver Evans built a mill that ground without a hand touching
the grain.<a epub:type="noteref" class="noteref" href="#flour--fn-evans">2</a> The stones came first,
though.<a epub:type="noteref" class="noteref" href="#flour--fn-stones">1</a></p>
<p data-src="flour.md:8-8">A second paragraph follows the first with an indent, long enough to run over the line and to
show how the words are set, hyphenated and justified on a narrow screen held in one hand.</p>
<h2 id="the-mill" data-src="flour.md:10-10">The mill</h2>
<p data-src="flour.md:12-12">See <a href="#crust--the-oven">the oven</a>, or <a href="#flour--inside">inside</a>.</p>
<h3 id="inside" data-src="flour.md:14-14">Inside</h3>
<figure id="fig-mill" data-src="flour.md:16-16"><img src="images/mill.svg" alt="Three boxes in a row: bin, stones, sack"
width="300" height="120"/><figcaption>Grain goes through the mill.</figcaption></figure>
<blockquote data-src="flour.md:18-19"><p>Give us this day our daily bread, and let it be of flour that a stone has
ground and not a roller.</p></blockquote>
<table id="tab-kinds" data-src="flour.md:21-25"><thead><tr><th scope="col">Kind</th><th scope="col">Ash, %</th>
<th scope="col">What it is for and why the baker keeps it</th></tr></thead><tbody>
<tr><th scope="row">Type 550</th><td class="align-right">0.55</td><td>White bread</td></tr>
<tr><th scope="row">Type 1050</th><td class="align-right">1.05</td><td>Mixed bread, dark and moist</td></tr>
</tbody></table>
<section epub:type="footnotes" class="footnotes">
<aside epub:type="footnote" class="footnote" id="fn-stones" data-number="1"><p>French burr, mostly.</p></aside>
<aside epub:type="footnote" class="footnote" id="fn-evans" data-number="2"><p>Near Philadelphia.</p><ul><li>Five
floors</li><li>One man</li></ul></aside></section>"""

_DOUGH = """<p data-src="dough.md:3-3">Four things make dough:</p>
<ul data-src="dough.md:5-9"><li>flour,</li><li>water,<ul><li>cold in summer,</li><li>warm in winter,</li></ul></li>
<li>salt, and time.</li></ul>
<ol data-src="dough.md:11-12"><li><p>Weigh.</p></li><li><p>Knead, with <code>knead --slowly</code>.</p></li></ol>
<pre data-src="dough.md:14-18"><code><span class="k">def</span> <span class="nf">bake</span>(dough):
    <span class="c1"># 240 degrees, then less, and never open the door before the crust has browned evenly</span>
    <span class="k">return</span> oven(<span class="s2">"hot"</span>, minutes=<span class="mi">45</span>)
</code></pre>
<p data-src="dough.md:20-20">See <span data-for="print">page 12</span><span data-for="ebook">above</span>; 1 &lt; 2.</p>
<hr data-src="dough.md:22-22"/>
<p data-src="dough.md:24-24"><a href="https://example.org/"><img src="images/loaf.png" alt="Image" data-alt="missing"
width="400" height="200"/></a></p>"""

_CRUST = """<p data-src="crust.md:3-3">The oven <i lang="fr">à sole</i> is best.</p>
<h2 id="the-oven" data-src="crust.md:5-5">The oven</h2><p data-src="crust.md:7-7">Hot. <a href="#flour--fig-mill">Not
the mill</a>.</p>
<h2 id="crust" data-src="crust.md:9-9">Crust</h2><p data-src="crust.md:11-11">As the chapter, so the heading.</p>"""


def _chapter(slug: str, title: str, text: str, kind: str = "chapter", number: str = "", **more: object) -> Chapter:
    matter = "frontmatter" if kind == "preface" else "bodymatter"
    return Chapter(slug, kind, matter, title, xhtml.text_of(xhtml.parse(title)), text, number=number, **more)  # type: ignore[arg-type]


def sample() -> Book:
    """Preface, two parts, three chapters, and all that chapters hold."""
    preface = _chapter("preface", "Preface", _PREFACE, "preface")
    flour = _chapter(
        "flour",
        "Flour",
        _FLOUR,
        number="1",
        headings=(Heading(2, "the-mill", "The mill"), Heading(3, "inside", "Inside")),
    )
    dough = _chapter("dough", "Dough", _DOUGH, number="2")
    crust = _chapter(
        "crust",
        "Crust",
        _CRUST,
        number="3",
        headings=(Heading(2, "the-oven", "The oven"), Heading(2, "crust", "Crust")),
    )
    mill = Entry("flour--the-mill", "The mill", "section", entries=(Entry("flour--inside", "Inside", "section"),))
    oven = (Entry("crust--the-oven", "The oven", "section"), Entry("crust--crust", "Crust", "section"))
    contents = (
        Entry("preface", "Preface", "preface"),
        Entry(
            "part-1",
            "Before the Fire",
            "part",
            "I",
            (Entry("flour", "Flour", "chapter", "1", (mill,)), Entry("dough", "Dough", "chapter", "2")),
        ),
        Entry("part-2", "Fire", "part", "II", (Entry("crust", "Crust", "chapter", "3", oven),)),
    )
    people = (
        Contributor("Anna Müller", "aut", "Müller, Anna"),
        Contributor("Bo Li"),
        Contributor("Carl Ek", "ant", "Ek, Carl"),
    )
    metadata = Metadata(
        title=TITLE,
        subtitle="A baker’s tale",
        language="en-GB",
        identifier="urn:uuid:6f3f6f0c-5c0a-5b3e-9f2f-0b7a5d6c1e2f",
        modified="2024-05-06T07:08:09Z",
        dated=True,
        contributors=people,
        isbn="9783161484100",
        publisher="Crumb & Sons",
        date="2024-05",
        rights="© 2024 Anna Müller. Some rights reserved.",
        description="How bread is made < and why.",
        subjects=(Subject("Bread"), Subject("Cooking / Methods")),
    )
    return Book(
        metadata=metadata,
        frontmatter=(*LEAVES, preface),
        bodymatter=(Part("part-1", "Before the Fire", (flour, dough), "I"), Part("part-2", "Fire", (crust,), "II")),
        backmatter=(),
        contents=contents,
        terms=terms_for("en-GB"),
        assets=(
            Asset("images/loaf.png", "image/png", _png(400, 200), 400, 200),
            Asset("images/mill.svg", "image/svg+xml", _TREE, 300, 120),
        ),
        cover=Asset("cover.png", "image/png", _png(600, 960), 600, 960),
    )


def arabic() -> Book:
    """The same in a book that runs from right to left."""
    book = sample()
    text = """<p data-src="a.md:1-1">هذا كتاب قصير عن الخبز والملح، كتبه خبّاز.<a epub:type="noteref" class="noteref"
href="#flour--n">1</a> وفيه كلمات <span lang="en" dir="ltr">Latin words</span> أيضا.</p>
<pre><code>make bread</code></pre>
<section epub:type="footnotes" class="footnotes"><aside epub:type="footnote" class="footnote" id="n"
data-number="1"><p>حاشية.</p></aside></section>"""
    chapter = _chapter("flour", "الدقيق", text, number="1")
    metadata = replace(book.metadata, title="الخبز والملح", subtitle="", language="ar", direction="rtl")
    return replace(
        _of_one(book, chapter),
        metadata=metadata,
        terms=terms_for("ar"),
        contents=(Entry("flour", "الدقيق", "chapter", "1"),),
    )


def japanese() -> Book:
    """The same in a language without spaces."""
    book = sample()
    text = """<p data-src="j.md:1-1">パンは小麦粉と水と塩で作る。<strong>時間</strong>も要る。<code>make パン</code></p>
<p data-src="j.md:3-3">吾輩は猫である。名前はまだ無い。</p>"""
    metadata = replace(book.metadata, title="パンと塩", subtitle="", language="ja")
    return replace(
        _of_one(book, _chapter("flour", "小麦粉", text)),
        metadata=metadata,
        terms=terms_for("ja"),
        contents=(Entry("flour", "小麦粉", "chapter"),),
    )


def bare() -> Book:
    """One chapter, no cover, no picture, nobody named, and no contents."""
    book = sample()
    metadata = Metadata(TITLE, "en", book.metadata.identifier, "1980-01-01T00:00:00Z")
    chapter = _chapter("nav", "Nav", '<p data-src="nav.md:1-1">A chapter that is called as the contents page is.</p>')
    return replace(_of_one(book, chapter), metadata=metadata, contents=())


def _of_one(book: Book, chapter: Chapter) -> Book:
    return replace(book, frontmatter=LEAVES, bodymatter=(chapter,), assets=(), cover=None)


BOOKS = {"sample": sample, "arabic": arabic, "japanese": japanese, "bare": bare}


def classic() -> Layout:
    """The built-in layout."""
    layout, diagnostics = load_layout("classic", Path(__file__).parent)
    assert not diagnostics
    return layout


def plain() -> Layout:
    """The same without fonts, which take most of the time."""
    return replace(classic(), embedded=())


def of_text(text: str, **more: Any) -> Book:
    """A book of one chapter, `one`, that holds the text."""
    return replace(_of_one(sample(), _chapter("one", "One", text)), **{"contents": (), **more})


NAMESPACES = {
    "h": xhtml.XHTML,
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}


@dataclass
class Opened:
    """An e-book taken apart."""

    data: bytes
    diagnostics: tuple[Diagnostic, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(BytesIO(self.data)) as container:
            self.files = {name: container.read(name) for name in container.namelist()}

    def tree(self, name: str) -> etree._Element:
        return etree.fromstring(self.files[f"EPUB/{name}"])

    @property
    def package(self) -> etree._Element:
        return self.tree("content.opf")

    @property
    def manifest(self) -> dict[str, etree._Element]:
        return {item.get("href", ""): item for item in found(self.package, "o:manifest/o:item")}

    @property
    def pages(self) -> dict[str, etree._Element]:
        return {name: self.tree(name) for name, item in self.manifest.items() if name.endswith(".xhtml")}

    def meta(self, name: str) -> list[str]:
        return [said.text or "" for said in found(self.package, f"o:metadata/o:meta[@property='{name}']")]


def found(root: etree._Element, path: str) -> list[Any]:
    """What an XPath finds."""
    result = root.xpath(path, namespaces=NAMESPACES)
    assert isinstance(result, list)
    return result


def opened(book: Book, layout: Layout | None = None, *, draft: bool = False) -> Opened:
    """The e-book made of a book, taken apart; without fonts unless a layout is given."""
    made = render(book, layout or plain(), Edition(draft=draft))
    return Opened(made.data, made.diagnostics)


@cache
def finished(name: str) -> Opened:
    """One of `BOOKS` with the built-in layout and its fonts, made once for all tests."""
    return opened(BOOKS[name](), classic())


def test_sample_is_well_formed() -> None:
    for book in (make() for make in BOOKS.values()):
        for chapter in book.chapters:
            assert xhtml.text_of(xhtml.parse(chapter.xhtml))
