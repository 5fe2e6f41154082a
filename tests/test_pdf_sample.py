"""Books made by hand, as the press would hand them over, and the PDFs made of them, read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image

from pmpress.diagnostics import Span
from pmpress.layout import Layout, load_layout
from pmpress.model import (
    Asset,
    Book,
    Chapter,
    Contributor,
    Edition,
    Entry,
    Heading,
    Leaf,
    Metadata,
    PageMap,
    Part,
    Rendered,
    Subject,
)
from pmpress.pdf import render
from pmpress.terms import terms_for

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" role="img"><title>Three boxes in a row</title>
<g fill="none" stroke="#7a2e1f" stroke-width="2"><rect x="10" y="30" width="70" height="50"/>
<rect x="115" y="30" width="70" height="50"/><rect x="220" y="30" width="70" height="50"/></g>
<g font-family="sans-serif" font-size="13" text-anchor="middle"><text x="45" y="60">Listen</text>
<text x="150" y="60">Decide</text><text x="255" y="60">Tell</text></g></svg>"""

SENTENCES = (
    "A product manager answers for the whole of a thing that other people make, and has no power over any of them.",
    "What is left is the work of writing down what everybody has already half agreed on, in words that stay put.",
    "Every company that has the post means something different by it, and most of them are right about themselves.",
    "The first week goes by in listening; the second week in finding out that what was said was not what was meant.",
    "Nobody reads a roadmap twice, but everybody remembers the one line of it that was about their own Tuesday.",
    "An engineer who asks why is worth three who ask when, and both questions deserve an answer on the same day.",
    "Talk to the people who left, for they will tell you what the people who stayed have learned to live with.",
    "It is a craft of small decisions, and the large ones are mostly small ones that somebody forgot to make.",
)
NOTES = (
    "<p>Elad Gil, <i>High Growth Handbook</i> (2018), in the chapter on hiring.</p>",
    "<p>A longer note with a list in it, as authors do write them now and then:</p>"
    "<ul><li>one thing that matters;</li><li>another that matters less.</li></ul><p>And a closing line.</p>",
    "<p>See <code>make pdf</code>, and the words around it:</p><pre><code>make pdf\nmake epub</code></pre>",
)  # fmt: skip


def png(width: int = 300, height: int = 180) -> bytes:
    """A picture of a gradient."""
    out = BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.save(out, "PNG")
    return out.getvalue()


def prose(count: int, start: int = 0) -> str:
    """Some sentences, always the same for the same numbers."""
    return " ".join(SENTENCES[(start + place * 3) % len(SENTENCES)] for place in range(count))


def noteref(slug: str, number: int) -> str:
    """A reference to a note of the chapter."""
    return f'<a epub:type="noteref" href="#{slug}--fn-{number}">{number}</a>'


def footnotes(count: int) -> str:
    """The list of notes at a chapter's end."""
    notes = "".join(
        f'<aside epub:type="footnote" id="fn-{number}" data-number="{number}">{NOTES[number % len(NOTES) - 1]}</aside>'
        for number in range(1, count + 1)
    )
    return f'<section epub:type="footnotes">{notes}</section>'


TABLE = """<table data-src="t.md:40-44"><caption>Kinds of product managers</caption>
<thead><tr><th>Kind</th><th>Knows</th><th class="align-right">Years</th></tr></thead>
<tbody><tr><td>Technical</td><td>what can be built</td><td class="align-right">12</td></tr>
<tr><td>Business</td><td>what can be sold</td><td class="align-right">8</td></tr>
<tr><td>Process</td><td>what was agreed</td><td class="align-right">105</td></tr></tbody></table>"""


def chapter(
    slug: str, title: str, number: str = "", *, kind: str = "chapter", matter: str = "bodymatter", links: str = ""
) -> Chapter:
    """A chapter with everything in it that a chapter may have."""
    seed = sum(map(ord, slug)) % 7
    body = f"""
<p data-src="{slug}.md:3-5">{prose(3, seed)}{noteref(slug, 1)} {prose(3, seed + 1)}</p>
<p data-src="{slug}.md:7-9">{prose(2, seed + 2)} See <a href="#two">the second chapter</a>,
<a href="#one--why"><em>why</em> it is so</a>, or <a href="https://example.org/a?b=c">a page elsewhere</a>.{links}
{prose(3, seed + 3)}</p>
<blockquote data-src="{slug}.md:11"><p>{prose(2, seed + 4)}</p></blockquote>
<p data-src="{slug}.md:13">{prose(4, seed + 5)}{noteref(slug, 2)} {prose(2, seed)}</p>
<h2 id="why" data-src="{slug}.md:15">Why it is so</h2>
<p data-src="{slug}.md:17">{prose(4, seed + 6)}</p>
<ul><li>One thing that matters to everybody in the room, whoever they are and wherever they sit.</li>
<li>Another, with things below it:
<ol><li>first, the <code>make pdf</code> of it;</li><li>second, the rest.</li></ol></li></ul>
<p>{prose(5, seed + 1)} Again the first note,{noteref(slug, 1)} and then a third.{noteref(slug, 3)}</p>
<h3 id="detail">A detail</h3>
<p>{prose(5, seed + 2)}</p>
<figure><img src="images/three boxes.svg" alt="Three boxes: listen, decide, tell"/>
<figcaption>Figure 1. The whole of the job, as it is seen from outside.</figcaption></figure>
<p>{prose(5, seed + 3)}</p>
{TABLE}
<p>{prose(4, seed + 4)}</p>
<pre><code class="language-python"><span class="k">def</span> <span class="nf">decide</span>(facts):
    <span class="c1"># nobody knows</span>
    <span class="k">return</span> facts[<span class="mi">0</span>]
</code></pre>
<h2 id="how-{slug}">How it came about</h2>
<p>{prose(6, seed + 5)}</p>
<p>{prose(7, seed + 6)}</p>
<figure><img src="images/grey.png" alt="A grey gradient"/>
<figcaption>Figure 2. From dark to light.</figcaption></figure>
<p>{prose(6, seed)}</p>
<hr/>
<p>{prose(5, seed + 1)}</p>
<dl><dt>Scope</dt><dd>{prose(1, seed)}</dd><dt>Roadmap</dt><dd>{prose(1, seed + 1)}</dd></dl>
<p>{prose(6, seed + 2)}</p>
{footnotes(3)}"""
    headings = (
        Heading(2, "why", "Why it is so"),
        Heading(3, "detail", "A detail"),
        Heading(2, f"how-{slug}", "How it came about"),
    )
    return Chapter(slug, kind, matter, title, title, body, headings, number=number, span=Span(f"{slug}.md", 1))  # type: ignore[arg-type]


def simple(
    slug: str, title: str, body: str, *, kind: str = "chapter", matter: str = "bodymatter", number: str = ""
) -> Chapter:
    """A chapter of a few lines."""
    return Chapter(slug, kind, matter, title, title, body, number=number, span=Span(f"{slug}.md", 1))  # type: ignore[arg-type]


def metadata(**changes: object) -> Metadata:
    """What is said about the sample book."""
    about = Metadata(
        title="What’s Product Management",
        language="en",
        identifier="urn:uuid:0d4e2a4e-7d0c-5c06-b3a2-1f8a60d9a001",
        modified="2024-05-06T07:08:09Z",
        subtitle="A short book for those who have to do it",
        contributors=(Contributor("The pmpress authors"), Contributor("Hashim Alsharif", "ant")),
        publisher="Pressworks",
        date="2024",
        rights="© 2024 The pmpress authors",
        description="What the job is & what it is <not>.",
        subjects=(Subject("Product management"), Subject("Work")),
    )
    return replace(about, **changes)  # type: ignore[arg-type]


def entry(item: Chapter | Part) -> Entry:
    """The contents line of a chapter or a part."""
    if isinstance(item, Part):
        return Entry(item.slug, item.title, "part", item.number, tuple(map(entry, item.chapters)))
    sections = tuple(
        Entry(f"{item.slug}--{head.id}", head.title, "section") for head in item.headings if head.level == 2
    )
    return Entry(item.slug, item.title, item.kind, item.number, sections)


def book(
    *items: Chapter | Part,
    front: tuple[Chapter, ...] = (),
    back: tuple[Chapter, ...] = (),
    about: Metadata | None = None,
) -> Book:
    """A book of these chapters and parts."""
    about = about or metadata()
    assets = (
        Asset("images/three boxes.svg", "image/svg+xml", SVG, 300, 120),
        Asset("images/grey.png", "image/png", png(), 300, 180),
    )
    return Book(
        metadata=about,
        frontmatter=(Leaf("titlepage"), Leaf("copyright-page"), Leaf("contents"), *front),
        bodymatter=items,
        backmatter=back,
        contents=tuple(map(entry, (*front, *items, *back))),
        terms=terms_for(about.language),
        assets=assets,
    )


def whole_book(**changes: object) -> Book:
    """A preface, two parts of three chapters, an appendix."""
    preface = simple(
        "preface", "Preface", f"<p>{prose(9)}</p><p>{prose(8, 3)}</p>", kind="preface", matter="frontmatter"
    )
    way_on = ' And <a href="#three--why">a way on</a>.'
    first = Part(
        "first-part",
        "What it is",
        (
            chapter("one", "The post nobody can describe", "1"),
            chapter("two", "Without authority", "2", links=way_on),
            chapter("three", "The case against fundamentals", "3"),
        ),
        "I",
    )
    second = Part(
        "second-part",
        "How to become good at it",
        (
            chapter("four", "Knowing the trade", "4"),
            chapter("five", "Building things", "5"),
            chapter("six", "The people you know", "6"),
        ),
        "II",
    )
    appendix = chapter("appendix", "A reading list", "A", kind="appendix", matter="backmatter")
    return book(first, second, front=(preface,), back=(appendix,), about=metadata(**changes))


def rtl_book() -> Book:
    """An Arabic book of two chapters, with Latin words and code in it."""
    text = "<p>خسرت ملفات المشروع لسبب ما، يمكنك استرجاعها الى حالها بسهولة مع Git.</p>" * 20
    about = metadata(title="برو جيت", subtitle="", language="ar", direction="rtl")
    notes = noteref("first", 1) + footnotes(1)
    chapters = (simple("first", "البداية", text + f"<p>هنا{notes}</p>"), simple("second", "الأساسيات", text))
    return book(*chapters, about=about)


def small_book(*bodies: str, about: Metadata | None = None) -> Book:
    """A book of short chapters called `c1`, `c2`…"""
    chapters = (simple(f"c{number}", f"Chapter {number}", body) for number, body in enumerate(bodies, start=1))
    return book(*chapters, about=about)


@cache
def layout() -> Layout:
    """The built-in layout."""
    found, diagnostics = load_layout("classic", Path("/nowhere"))
    assert diagnostics == ()
    return found


@dataclass(frozen=True)
class Printed:
    """A PDF read back: `texts` is what a reader sees on each page, the furniture included."""

    rendered: Rendered
    pdf: pikepdf.Pdf
    texts: tuple[str, ...]

    @property
    def page_map(self) -> PageMap:
        return self.rendered.page_map

    @property
    def codes(self) -> list[str]:
        """The codes of what was found while printing."""
        return [found.code for found in self.rendered.diagnostics]

    def text_from(self, anchor: str) -> str:
        """The text of the page that an anchor is on."""
        return self.texts[self.page_map.anchors[anchor]]

    def annotations(self) -> Iterator[tuple[int, pikepdf.Object]]:
        """Every annotation with its page_index."""
        for page_index, page in enumerate(self.pdf.pages):
            for annotation in page.obj.get("/Annots", ()):
                yield page_index, annotation

    def destinations(self) -> dict[str, int]:
        """The page_index of every named destination."""
        pages = {page.obj.objgen: page_index for page_index, page in enumerate(self.pdf.pages)}
        names = self.pdf.Root.Names.Dests.Names
        pairs = zip(names[::2], names[1::2], strict=True)
        return {bytes(name).decode(): pages[place[0].objgen] for name, place in pairs}

    def elements(self) -> Iterator[pikepdf.Object]:
        """Every structure element, in reading order."""
        waiting = [self.pdf.Root.StructTreeRoot.K[0]]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed([kid for kid in kids(element) if is_element(kid)]))


def kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    """What stands in a structure element."""
    inside = element.get("/K", pikepdf.Array())
    return list(inside) if isinstance(inside, pikepdf.Array) else [inside]


def is_element(kid: object) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def printed(what: Book, edition: Edition | None = None) -> Printed:
    """Print a book in the built-in layout and read it back."""
    rendered = render(what, layout(), edition or Edition())
    return Printed(rendered, pikepdf.open(BytesIO(rendered.data)), tuple(texts_of(rendered.data)))


@cache
def whole() -> Printed:
    """The sample book, printed once for all tests."""
    return printed(whole_book())


def texts_of(data: bytes) -> Iterator[str]:
    """The text of every page, lines joined, and the words that they part."""
    document = pypdfium2.PdfDocument(data)
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        # U+FFFE is PDFium's for a hyphen at a line's end, but not for each: a line set with wide spaces keeps its own.
        said = re.sub("[\u2010\ufffe]\r\n|\ufffe", "", text.get_text_range())
        yield " ".join(said.split())
        text.close()
        page.close()
    document.close()
