"""Pages, word processors' files, e-books and folders become manuscripts that can be built; what cannot be read is said,
and nothing is written half."""

from __future__ import annotations

import io
import os
import re
import shlex
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Run
from PIL import Image
from tiny import BOOKS

from pmpress import xhtml
from pmpress.model import Book
from pmpress.press import Order, load, render

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="O/c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(out, "PNG")
    return out.getvalue()


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx() -> bytes:
    """A document with a title, an author, two chapters, a list, a table and a note."""

    def paragraph(words: str, style: str = "") -> str:
        styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{styled}{words}</w:p>"

    def run(words: str, kind: str = "") -> str:
        return f'<w:r><w:rPr>{kind}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'

    item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    body = [
        paragraph(run("The *Lamp*"), "Title"),
        paragraph(run("Ada Lampwright"), "Author"),
        paragraph(run("Oil"), "Heading1"),
        paragraph(
            run("Some ")
            + run("bold", "<w:b/>")
            + run(" words")
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
            + run(" behind")
        ),
        f"<w:p>{item}{run('first item')}</w:p><w:p>{item}{run('second item')}</w:p>",
        paragraph(run("Rope"), "Heading1"),
        f"<w:tbl><w:tr><w:tc>{paragraph(run('hemp'))}</w:tc><w:tc>{paragraph(run('wire'))}</w:tc></w:tr></w:tbl>",
    ]
    styles = {"Title": "Title", "Author": "Author", "Heading1": "heading 1"}
    listed = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in styles.items()
    )
    note = f'<w:footnote w:id="2">{paragraph(run("In a barrel."))}</w:footnote>'
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    numbers = (
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    links = "".join(
        f'<Relationship Id="r{place}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
        for place, name in enumerate(("styles", "footnotes", "numbering"))
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
            f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{"".join(body)}</w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{listed}</w:styles>',
            "word/footnotes.xml": f'<w:footnotes xmlns:w="{WORD}">{note}</w:footnotes>',
            "word/numbering.xml": f'<w:numbering xmlns:w="{WORD}">{numbers}</w:numbering>',
        }
    )


def words_of(book: Book) -> list[str]:
    chapters = [f"{each.title} {xhtml.text_of(xhtml.parse(each.xhtml))}" for each in book.chapters]
    return re.findall(r"\w+", " ".join(chapters))


PAGE = """<!DOCTYPE html><html lang="en"><head><title>The Lamp | A Site</title><meta name="author" content="Jo Writer">
<script>alert("no")</script></head><body><nav><a href="/">Home</a></nav><article><h1>The Lamp</h1><p>By Jo Writer</p>
<p>It was <b>dark</b> and<i> very </i>wet<sup><a href="#n1" id="r1">1</a></sup>, said *they*; see
<a href="#oil">below</a>.</p>
<nav>Inner menu</nav><h3 id="oil">Oil &amp; rope</h3><ul><li>one<ul><li>inner</ul><li>two</ul>
<table><tr><th>A<th>B<tr><td>1<td>2|3</table>
<table><caption>Rope</caption>
<tr><td colspan="2">wide <em>cell</em></td></tr><tr><td>left</td><td>right</td></tr></table>
<pre><code class="language-python">x = "{{#include y}}"</code></pre>
<p><img src="lamp.png" alt="A lamp"><img src="https://far.example/x.png" alt="far away"></p>
<ol class="footnotes"><li id="n1">The note. <a href="#r1">back</a></li></ol></article>
<footer>Imprint</footer></body></html>"""


def test_a_page(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    book_of({"page.html": PAGE, "lamp.png": picture()}, "from")
    done = run("import", "from/page.html", "-o", "ms")
    assert done.code == 0
    loaded = load(Order(tmp_path / "ms"))
    (chapter,) = loaded.book.chapters
    model = re.sub(r' data-\w+="[^"]*"', "", chapter.xhtml)
    assert (loaded.book.metadata.title, loaded.book.metadata.contributors[0].name) == ("The Lamp", "Jo Writer")
    for wanted in (
        "<strong>dark</strong> and <em>very</em> wet<a",
        "*they*",
        "Oil &amp; rope</h2>",
        '<td colspan="2">',
        "2|3",
        "The note.",
        "far away",
    ):
        assert wanted in model
    assert [xhtml.text_of(each) for each in xhtml.elements(xhtml.parse(chapter.xhtml), "caption")] == ["Table 1 Rope"]
    assert "{{#include y}}" in xhtml.text_of(xhtml.parse(chapter.xhtml))
    assert [each.name for each in loaded.book.assets] == ["images/lamp.png"]
    assert not re.search("alert|Home|Inner|Imprint|Jo Writer", model)
    for said in (
        "page.html:2: note[furniture-left-out]",
        "'Home'",
        "'Imprint'",
        "page.html:10: warning[picture-left-out]",
    ):
        assert said in done.err


@pytest.mark.parametrize(
    "written",
    ['<pre class="sourceCode python"><code>', '<pre><code class="language-python">', '<pre class="brush: python">'],
)
def test_the_language_of_code_is_read_off_its_class(
    written: str, book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    book_of({"page.html": f"<html><h1>Lamp</h1><p>Light it:</p>{written}lamp = 1</code></pre></html>"}, "from")
    run("import", "from/page.html", "-o", "ms")
    assert "```python\nlamp = 1\n```" in (tmp_path / "ms" / "01-lamp.md").read_text()


OFFICE_PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>x</title></head><body>
<p class=MsoTitle>The Lamp<o:p></o:p></p><p class=MsoNormal>Words<o:p>&nbsp;</o:p></p>
<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp; </span>oil</p>
<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.&nbsp; </span>colza</p>
<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp; </span>rope</p>
<h3>Deep <a href="#here" id="here">#</a></h3><h2>High</h2><p>* * *</p>
<table><tr><td>Menu</td><td><h2>Side</h2></td></tr></table>
<ul class="lst-kix_a-0"><li>one</li></ul><ul class="lst-kix_a-1"><li>inner</li></ul>
<ul class="lst-kix_a-0"><li>two <a href="https://www.google.com/url?q=https://example.org/p&amp;sa=D">link</a></li></ul>
</body></html><p>Behind the end.</p>"""


def test_a_page_that_a_word_processor_wrote(
    book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    book_of({"page.html": OFFICE_PAGE}, "from")
    assert run("import", "from/page.html", "-o", "ms").code == 0
    loaded = load(Order(tmp_path / "ms"))
    assert [str(each) for each in loaded.diagnostics if each.severity != "note"] == []
    assert loaded.book.metadata.title == "The Lamp"
    markdown = (tmp_path / "ms" / "01-the-lamp.md").read_text()
    assert "- oil\n  1. colza\n- rope\n\n## Deep\n\n## High\n\n* * *\n\nMenu\n\n## Side\n\n" in markdown
    assert "- one\n  - inner\n- two [link](https://example.org/p)\n\nBehind the end." in markdown


def test_a_word_processors_file(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    book_of({"a.docx": docx()}, "from")
    done = run("import", "from/a.docx", "-o", "ms")
    # A note within a paragraph takes nothing from it.
    assert (done.code, "text-left-out" in done.err) == (0, False)
    commands = [shlex.split(line, comments=True) for line in done.out.splitlines()[-3:]]
    assert commands == [["cd", "ms"], ["pmpress", "preview"], ["pmpress", "build"]]
    book = load(Order(tmp_path / "ms")).book
    assert (book.metadata.title, book.metadata.contributors[0].name) == ("The *Lamp*", "Ada Lampwright")
    assert [each.title for each in book.chapters] == ["Oil", "Rope"]
    oil = book.chapters[0].xhtml
    for wanted in ("<strong>bold</strong>", "second item</li>", 'epub:type="noteref"', "In a barrel."):
        assert wanted in oil
    assert "hemp" in book.chapters[1].xhtml


@pytest.mark.parametrize("name", ["notes", "prose", "references"])
def test_an_e_book_made_here_comes_back(
    name: str, book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    made = load(Order(BOOKS / name))
    book_of({"a.epub": render(made, "epub").data}, "from")
    assert run("import", "from/a.epub", "-o", "ms").code == 0
    back = load(Order(tmp_path / "ms"))
    assert back.book.metadata.title == made.book.metadata.title
    assert [each.title for each in back.book.chapters] == [each.title for each in made.book.chapters]
    assert [str(each) for each in back.diagnostics if each.severity != "note"] == []
    # Notes may stand in another place, and the numbers that the press gives are given anew.
    assert sorted(w for w in words_of(back.book) if w.isalpha()) == sorted(
        w for w in words_of(made.book) if w.isalpha()
    )


def test_parts_and_links_of_an_e_book(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    def page(body: str) -> str:
        spaces = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        return f"<html {spaces}><body>{body}</body></html>"

    nav = (
        '<nav epub:type="toc"><ol><li><a href="p.xhtml">Outbound</a><ol><li><a href="a.xhtml">Harbour</a></li>'
        '<li><a href="b.xhtml">Sea</a></li></ol></li></ol></nav>'
    )
    files = {
        "p.xhtml": page("<h1>Outbound</h1>"),
        "a.xhtml": page(
            '<h1>Harbour</h1><p>To <a href="b.xhtml#deep">the deep</a>.</p><p><img src="i.png" alt="A sea"/></p>'
        ),
        "b.xhtml": page('<h1>Sea</h1><h2 id="deep">Deep</h2><p>Water<a href="n.xhtml#n1"><sup>1</sup></a>.</p>'),
        "n.xhtml": page('<p id="n1">1. Salted.</p>'),
        "nav.xhtml": page(nav),
    }
    items = "".join(
        f'<item id="{n[0]}{len(n)}" href="{n}" media-type="application/xhtml+xml"/>' for n in files
    ).replace('href="nav.xhtml"', 'href="nav.xhtml" properties="nav"')
    spine = "".join(f'<itemref idref="{name[0]}7"/>' for name in ("p.xhtml", "a.xhtml", "b.xhtml", "n.xhtml"))
    dc = "http://purl.org/dc/elements/1.1/"
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="{dc}"><dc:title>The Voyage'
        '</dc:title><dc:creator id="c">A. Sailor</dc:creator><meta refines="#c" property="role">trl</meta>'
        "<dc:identifier>urn:isbn:9783161484100</dc:identifier><dc:language>de</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    every = {"META-INF/container.xml": CONTAINER, "O/c.opf": package, "O/i.png": picture()}
    book_of({"a.epub": zipped({**every, **{f"O/{key}": value for key, value in files.items()}})}, "from")
    assert run("import", "from/a.epub", "-o", "ms").code == 0
    toml = (tmp_path / "ms" / "book.toml").read_text()
    for wanted in (
        'title = "The Voyage"',
        'role = "trl"',
        'isbn = "9783161484100"',
        'language = "de"',
        'part = "Outbound"',
    ):
        assert wanted in toml
    assert "[the deep](02-sea.md#deep)" in (tmp_path / "ms" / "01-harbour.md").read_text()
    assert "[^1]: Salted." in (tmp_path / "ms" / "02-sea.md").read_text()
    load(Order(tmp_path / "ms"))


def test_folders_of_mdbook_and_gitbook(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    book_of(
        {
            "book.toml": '[book]\ntitle = "Lamps"\nauthors = ["Ada"]\nsrc = "src"\n[output.html]\n',
            "src/SUMMARY.md": '# Summary\n\n- [One](one.md "First")\n- [Two](sub/two.md)\n- [Gone](gone.md)\n',
            "src/one.md": "# One\n\n{{#rustdoc_include ../code/a.rs:main}}\n\n![gone](gone.png) and [off](nope.md).\n",
            "src/sub/two.md": '# Two\n\n{% hint style="warning" %}\nMind the *step*.\n\nAnd it.\n{% endhint %}\n\n'
            "![Lamp](lamp.png)\n",
            "src/sub/lamp.png": picture(),
            "code/a.rs": "// ANCHOR: main\nlet lamp = 1;\n// ANCHOR_END: main\n",
        },
        "from",
    )
    done = run("import", "from", "-o", "ms")
    assert done.code == 0
    loaded = load(Order(tmp_path / "ms"))
    assert (loaded.book.metadata.title, [each.title for each in loaded.book.chapters]) == ("Lamps", ["One", "Two"])
    one, two = (each.xhtml for each in loaded.book.chapters)
    assert "let lamp = 1;" in one
    assert xhtml.text_of(xhtml.parse(one)).endswith("gone and off.")
    (aside,) = xhtml.elements(xhtml.parse(two), "aside")
    assert xhtml.text_of(aside).split() == ["Warning", "Mind", "the", "step.", "And", "it."]
    assert [each.name for each in loaded.book.assets] == ["images/sub-lamp.png"]
    assert done.err.count("[image-missing]") == 1
    for said in ("note[mdbook-include]", "one.md:5: warning[image-missing]", "one.md:5: warning[link-unresolved]"):
        assert said in done.err


BAD: Mapping[str, tuple[str | bytes, str]] = {
    "broken.docx": (b"PK\x03\x04 no zip", "archive-broken"),
    "none.docx": (zipped({"word/document.xml": "<a"}), "archive-broken"),
    "entities.docx": (zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "archive-unsafe"),
    "outside.epub": (zipped({"META-INF/container.xml": CONTAINER, "../../evil": "x"}), "archive-unsafe"),
    "nothing.epub": (zipped({"META-INF/container.xml": CONTAINER}), "epub-broken"),
    "other.zip": (zipped({"a.txt": "x"}), "source-unknown"),
    "locked.epub": (
        zipped(
            {
                "META-INF/container.xml": CONTAINER,
                "O/c.opf": "<package/>",
                "META-INF/encryption.xml": "<encryption><EncryptedData>"
                "<EncryptionMethod Algorithm='x'/></EncryptedData></encryption>",
            }
        ),
        "source-encrypted",
    ),
    "empty.txt": (" \n\n", "source-empty"),
    "empty.html": ("<html><body><script>x</script></body></html>", "source-empty"),
    "long.html": (b"<p>" + b"word " * 5_000_000, "source-too-large"),
    "binary.txt": (bytes(range(256)) * 9, "source-binary"),
    "a.pdf": ("%PDF-1.7", "source-unknown"),
    "missing.txt": ("", "source-missing"),
    "folder/a.png": (b"x", "source-empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said(
    name: str, book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    content, code = BAD[name]
    book_of({} if code == "source-missing" else {name: content}, "from")
    done = run("import", f"from/{name.partition('/')[0]}", "-o", "to/ms")
    assert done.code in (1, 2)
    assert f"error[{code}]" in done.err
    assert "internal" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["from"]


def test_a_bomb_is_not_unpacked(book_of: Callable[..., Path], run: Callable[..., Run]) -> None:
    zeros = b"\0" * 105_000_000
    book_of({"bomb.epub": zipped({"META-INF/container.xml": zeros})}, "from")
    assert "error[archive-too-large]" in run("import", "from/bomb.epub", "-o", "ms").err


def test_a_plain_text_may_be_markdown(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    book_of({"README.txt": "# Lamp\n\nA **lamp**, see [there](gone.md).\n\n```sh\nlamp\n```\n"}, "from")
    assert "note[text-is-markdown]" in run("import", "from/README.txt", "-o", "ms").err
    book = load(Order(tmp_path / "ms")).book
    assert "<strong>lamp</strong>, see there." in book.chapters[0].xhtml


def test_nothing_is_overwritten(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    book_of({"a.txt": "Title\n\nText of it."}, "from")
    (tmp_path / "empty").mkdir()
    assert run("import", "from/a.txt", "-o", "empty").code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "empty").iterdir()}
    done = run("import", "from/a.txt", "-o", "empty")
    assert (done.code, "error[folder-taken]" in done.err) == (2, True)
    assert {path: path.read_bytes() for path in (tmp_path / "empty").iterdir()} == before
    (tmp_path / "file").write_text("x")
    assert "error[folder-taken]" in run("import", "from/a.txt", "-o", "file").err
    assert "error[output-unwritable]" in run("import", "from/a.txt", "-o", "file/ms").err
    assert "error[output-unwritable]" in run("import", "from/a.txt", "-o", f"new/{'x' * 300}").err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "from"]


def test_a_link_out_of_the_folder_is_not_followed(
    book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("# Secret")
    folder = book_of({"a.md": "# A\n\n{{#include ../secret.md}}\n"}, "from")
    assert "warning[include-left-out]" in run("import", "from", "-o", "ms").err
    os.symlink(tmp_path / "secret.md", folder / "b.md")
    assert "error[path-outside]" in run("import", "from", "-o", "other").err
    assert not (tmp_path / "other").exists()


def test_what_comes_out_of_an_import_can_be_built(
    book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    book_of({"a.html": PAGE, "lamp.png": picture()}, "from")
    run("import", "from/a.html", "-o", "ms")
    done = run("epub", "ms", "-o", "out", "--format", "json")
    assert (done.code, [each for each in done.said if " note " not in each]) == (0, [])
