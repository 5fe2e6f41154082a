"""The page about what a book has keeps its word: it names all that `book.toml` may hold, and each book in it says in
print and in the e-book what stands there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from lxml import etree

import pmpress
from pmpress import xhtml
from pmpress.cache import Cache
from pmpress.config import BOOK, CONTENTS, LAYOUT, read_config
from pmpress.diagnostics import Severity
from pmpress.features import TABLES
from pmpress.press import Order, load, render
from pmpress.tasks import Means

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "book.md").read_text(encoding="utf-8")
PAGES = (
    "README.md",
    "docs/book.md",
    "docs/markdown.md",
    "docs/citations.md",
    "docs/metadata.md",
    "docs/architecture.md",
    "docs/tutorial.md",
    "docs/how-to.md",
    "docs/import.md",
    "docs/reference.md",
    "docs/api.md",
    "docs/layouts.md",
    "docs/print.md",
    "docs/ebook.md",
)
SOURCE = Path(pmpress.__file__).parent
FENCE = re.compile(
    r'^(?P<fence>`{3,})(?P<language>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^(?P=fence)$',
    re.MULTILINE | re.DOTALL,
)
COMES_OUT = re.compile(r"^In (print|the e-book|both):\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BESIDES = '[book]\ntitle = "The Lighthouse"\nlanguage = "en"\n'


def sections() -> Iterator[tuple[str, str]]:
    """The sections of the page by their titles."""
    bare = FENCE.sub(lambda m: " " * len(m[0]), PAGE)  # a heading in an example is the example's
    starts = [m.start() for m in re.finditer("^## ", bare, re.MULTILINE)]
    for start, end in pairwise([*starts, len(PAGE)]):
        yield PAGE[start:end].partition("\n")[0].removeprefix("## "), PAGE[start:end]


SECTIONS = dict(sections())
EXAMPLES = [title for title, section in SECTIONS.items() if COMES_OUT.search(section)]


def write(section: str, folder: Path) -> None:
    """The book that a section of the page shows: its chapter, its settings, its other files."""
    settings = BESIDES
    for fence in FENCE.finditer(section):
        if fence["file"]:
            (folder / fence["file"]).write_text(fence["text"], encoding="utf-8")
        elif fence["language"] == "markdown":
            (folder / "chapter.md").write_text(fence["text"], encoding="utf-8")
        elif fence["language"] == "toml":
            settings += fence["text"]
    (folder / "book.toml").write_text(settings, encoding="utf-8")


def printed(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return plain("\n".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def shown(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as package:
        names = [name for name in package.namelist() if name.endswith(".xhtml")]
        bodies = [etree.fromstring(package.read(name)).find(xhtml.tag("body")) for name in names]
    return plain("\n".join(spaced(body) for body in bodies))


def spaced(body: etree._Element) -> str:
    """The words of a page, each block apart from the next."""
    blocks = {xhtml.tag(name) for name in ("p", "li", "dt", "dd", "td", "th", "figcaption", "caption")}
    for element in body.iter(*blocks):
        element.tail = f" {element.tail or ''}"
    return "".join(body.itertext())


def plain(text: str) -> str:
    """A text without what only sets it: its lines, and the words broken at their ends."""
    return " ".join(unicodedata.normalize("NFKC", re.sub("[\u00ad\ufffe]|\u2010\r?\n", "", text)).split())


@pytest.fixture(scope="module")
def means(tmp_path_factory: pytest.TempPathFactory) -> Means:
    """One memory for all, in which the pages that they share are made once."""
    return Means(cache=Cache(tmp_path_factory.mktemp("cache")))


@pytest.mark.parametrize("title", EXAMPLES)
def test_what_comes_out(title: str, tmp_path: Path, means: Means) -> None:
    write(SECTIONS[title], tmp_path)
    loaded = load(Order(tmp_path), means)
    pdf, epub = render(loaded, "pdf", means), render(loaded, "epub", means)
    found = (*loaded.diagnostics, *pdf.diagnostics, *epub.diagnostics)
    assert [str(each) for each in found if each.severity is not Severity.NOTE] == []
    texts = {"print": printed(pdf.data), "the e-book": shown(epub.data)}
    for where, lines in COMES_OUT.findall(SECTIONS[title]):
        for line in map(plain, lines.splitlines()):
            for output in texts if where == "both" else [where]:
                assert line in texts[output], output


def test_all_that_comes_out_is_looked_at() -> None:
    assert len(EXAMPLES) >= 10
    assert len(COMES_OUT.findall(PAGE)) == len(re.findall("^```text$", PAGE, re.MULTILINE))


def names() -> Iterator[tuple[str, str]]:
    """Each table of `book.toml` with the name of each of its keys."""
    for table in (BOOK, CONTENTS, LAYOUT, *TABLES):
        yield from ((table.name, key.name) for key in table.keys)
        if not table.keys:
            yield table.name, ""


@pytest.mark.parametrize(("table", "key"), list(names()))
def test_every_key_of_book_toml_is_named(table: str, key: str) -> None:
    sections = [section for section in SECTIONS.values() if f"[{table}]" in section]
    assert sections, f"[{table}] is nowhere"
    said = (re.search(rf"^{re.escape(key)} = |`{re.escape(key)}[`\s]", section, re.MULTILINE) for section in sections)
    assert not key or any(said)


def test_every_table_shown_is_right() -> None:
    shown = [fence["text"] for fence in FENCE.finditer(PAGE) if fence["language"] == "toml"]
    assert len(shown) >= 8
    for text in shown:
        assert read_config(text if "[book]" in text else BESIDES + text, (), TABLES)[1] == ()


def test_numbering_is_shown_as_it_is_by_itself() -> None:
    (text,) = (fence["text"] for fence in FENCE.finditer(SECTIONS["Numbers"]))
    assert read_config(BESIDES + text, (), TABLES)[0].tables == read_config(BESIDES, (), TABLES)[0].tables


def test_every_code_is_one_of_the_press() -> None:
    rows = re.findall(r"^\| code \|.*\n\| --- .*\n((?:\|.*\n)+)", PAGE + "\n", re.MULTILINE)
    first = [row.split("|")[1] for table in rows for row in table.splitlines()]
    codes = {code for cell in first for code in re.findall("`([^`]+)`", cell)}
    source = "".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    assert len(codes) > 30
    assert [code for code in sorted(codes) if f'"{code}"' not in source] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"""(?:\]\(|src=")(?!\w+:)([^)\s"]+)[")]""", without_examples(path)):
        file, _, anchor = target.partition("#")
        assert (path.parent / file).exists(), target
        if anchor and file.endswith(".md"):
            assert anchor in anchors(path.parent / file), target


def without_examples(path: Path) -> str:
    """A page without its blocks of code and what stands in backquotes."""
    return re.sub("`[^`\n]+`", "", re.sub(r"^(`{3,}).*?^\1$", "", path.read_text("utf-8"), flags=re.M | re.S))


def anchors(path: Path) -> set[str]:
    """The headings of a page, as GitHub names them."""
    titles = re.findall("^#+ (.*)", without_examples(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
