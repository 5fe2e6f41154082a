"""Bad input gets a clear error with its place, all of them in one run, and nothing is lost."""

from __future__ import annotations

import io
import os
import stat
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Run
from PIL import Image
from test_images import SVG, huge_png, picture

Write = Callable[..., Path]
Command = Callable[..., Run]
TOML = '[book]\ntitle = "T"\nlanguage = "en"\n'
LISTED = TOML + '[contents]\nbody = ["a.md", "b.md"]\n'


def chapter(text: str) -> dict[str, str | bytes]:
    return {"book.toml": TOML, "a.md": f"# One\n\n{text}\n"}


CASES: Mapping[str, tuple[Mapping[str, str | bytes], list[str]]] = {
    # book.toml
    "missing key": ({"book.toml": "[book]\n", "a.md": "# A"}, ["book.toml:1 error config-missing-key"]),
    "empty key": (
        {"book.toml": '[book]\ntitle = ""\nlanguage = "en"', "a.md": "# A"},
        ["book.toml:2 error config-empty-key"],
    ),
    "unknown key": ({"book.toml": TOML + "tittle = 1", "a.md": "# A"}, ["book.toml:4 error config-unknown-key"]),
    "wrong type": ({"book.toml": TOML + "publisher = 1", "a.md": "# A"}, ["book.toml:4 error config-type"]),
    "bad date": ({"book.toml": TOML + 'date = "2026-02-30"', "a.md": "# A"}, ["book.toml:4 error config-bad-date"]),
    "bad language": (
        {"book.toml": '[book]\ntitle = "T"\nlanguage = "?"', "a.md": "# A"},
        ["book.toml:3 error config-bad-language"],
    ),
    "an unknown language": (
        {"book.toml": '[book]\ntitle = "T"\nlanguage = "xq"', "a.md": "# A"},
        ["book.toml:3 warning language-unknown"],
    ),
    "a title with control characters": (
        {"book.toml": '[book]\ntitle = "T\\u0007"\nlanguage = "en"', "a.md": "# A"},
        ["book.toml:2 error config-type"],
    ),
    "a title in two lines": (
        {"book.toml": '[book]\ntitle = "T\\nU"\nlanguage = "en"', "a.md": "# A"},
        ["book.toml:2 error config-type"],
    ),
    "an ISBN with a wrong check digit": (
        {"book.toml": TOML + 'isbn = { print = "9780306406158" }', "a.md": "# A"},
        ["book.toml:4 error config-bad-isbn"],
    ),
    "an ISBN of ten digits with a wrong check digit": (
        {"book.toml": TOML + 'isbn = "0-306-40615-3"', "a.md": "# A"},
        ["book.toml:4 error config-bad-isbn"],
    ),
    "a DOI that is none": ({"book.toml": TOML + 'doi = "1234"', "a.md": "# A"}, ["book.toml:4 error config-bad-doi"]),
    "a subject's code that is none": (
        {"book.toml": TOML + 'subjects = [{ bisac = "41" }]', "a.md": "# A"},
        ["book.toml:4 error config-bad-subject"],
    ),
    "a role that is none": (
        {"book.toml": TOML + 'contributors = [\n  { name = "A", role = "xyz" },\n]', "a.md": "# A"},
        ["book.toml:5 warning role-unknown"],
    ),
    # the cover
    "no cover": ({"book.toml": TOML + 'cover = "c.png"', "a.md": "# A"}, ["book.toml:4 error image-missing"]),
    "a cover of another type": (
        {"book.toml": TOML + 'cover = "c.gif"', "a.md": "# A", "c.gif": picture("GIF", (700, 1100))},
        ["book.toml:4 error cover-type"],
    ),
    "a small cover": (
        {"book.toml": TOML + 'cover = "c.png"', "a.md": "# A", "c.png": picture("PNG", (1000, 625))},
        ["book.toml:4 warning cover-size"],
    ),
    "a broken cover": (
        {"book.toml": TOML + 'cover = "c.png"', "a.md": "# A", "c.png": b"\x89PNG\r\n\x1a\nrubbish"},
        ["book.toml:4 error image-broken"],
    ),
    "no toml": ({"book.toml": "[book\n", "a.md": "# A"}, ["book.toml:1 error config-syntax"]),
    "empty toml": ({"book.toml": "", "a.md": "# A"}, ["book.toml error config-missing-key"]),
    # files
    "a listed chapter is missing": ({"book.toml": LISTED, "a.md": "# A"}, ["book.toml:5 error chapter-missing"]),
    "an empty folder": ({"book.toml": TOML}, ["book.toml error book-empty"]),
    "not UTF-8": ({"book.toml": TOML, "a.md": b"# A\n\ncaf\xe9\n"}, ["a.md:3 error encoding"]),
    "UTF-16": ({"book.toml": TOML, "a.md": "# A\n".encode("utf-16")}, ["a.md:1 error encoding"]),
    "NUL": ({"book.toml": TOML, "a.md": b"# A\n\nx\0y\n"}, ["a.md:3 error control-character"]),
    "control characters": (
        {"book.toml": TOML, "a.md": b"# A\n\nx\x08y\n\x1b[0m\n"},
        ["a.md:3 error control-character", "a.md:4 error control-character"],
    ),
    "book.toml not UTF-8": (
        {"book.toml": b'[book]\ntitle = "caf\xe9"\nlanguage = "en"', "a.md": "# A"},
        ["book.toml:2 error encoding"],
    ),
    # pictures
    "a missing picture": (chapter("![x](gone.png)"), ["a.md:3 error image-missing"]),
    "a corrupt picture": (
        {**chapter("\n![x](x.png)"), "x.png": b"\x89PNG\r\n\x1a\nrubbish"},
        ["a.md:4 error image-broken"],
    ),
    "a zero-byte picture": ({**chapter("![x](x.png)"), "x.png": b""}, ["a.md:3 error image-empty"]),
    "a picture of 200 megapixels": ({**chapter("![x](x.png)"), "x.png": huge_png()}, ["a.md:3 error image-too-large"]),
    "a ragged table": (
        chapter("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |"),
        ["a.md:5 warning table-ragged", "a.md:6 warning table-ragged"],
    ),
    "no alternative text": ({**chapter("![](x.png)"), "x.png": picture()}, ["a.md:3 warning figure-no-alt"]),
    # structure
    "broken raw HTML": (
        chapter("<div><b>bold\n\n</div></i>"),
        ["a.md:3 warning html-broken", "a.md:5 warning html-broken"],
    ),
    "a duplicate id": (chapter("## A {#x}\n\n## B {#x}"), ["a.md:5 error id-duplicate"]),
    "a link to nowhere": (chapter("[x](#gone)"), ["a.md:3 error link-unresolved"]),
    "a link to no file": (chapter("\n\n[x](gone.md#a)"), ["a.md:5 error link-unresolved"]),
    "a skipped level": (chapter("### Deep"), ["a.md:3 warning heading-skipped"]),
    "a note nobody wrote": (chapter("x[^1]"), ["a.md:3 warning note-undefined"]),
    "a note nobody reads": (chapter("x\n\n[^1]: y"), ["a.md:5 warning note-unused"]),
    # paths that leave the folder
    "picture ../": (chapter("![x](../x.png)"), ["a.md:3 error path-outside"]),
    "picture absolute": (chapter("![x](/etc/passwd)"), ["a.md:3 error path-outside"]),
    "picture file:": (chapter("![x](file:///etc/passwd)"), ["a.md:3 error path-outside"]),
    "picture percent": (chapter("![x](%2e%2e/x.png)"), ["a.md:3 error path-outside"]),
    "link ../": (chapter("[x](../secret.md)"), ["a.md:3 error path-outside"]),
    "link file:": (chapter("[x](file:///etc/passwd)"), ["a.md:3 error path-outside"]),
    "chapter ../": (
        {"book.toml": TOML + '[contents]\nbody = ["../a.md", "b.md"]', "b.md": "# B"},
        ["book.toml:5 error path-outside"],
    ),
    "cover ../": ({"book.toml": TOML + 'cover = "../x.png"', "a.md": "# A"}, ["book.toml:4 error path-outside"]),
    "SVG outside": (
        {**chapter("![x](x.svg)"), "x.svg": SVG.format('<image href="../x.png"/>')},
        ["a.md:3 error svg-outside"],
    ),
    "SVG remote": (
        {**chapter("![x](x.svg)"), "x.svg": SVG.format('<style>@import "http://e.org/x.css"</style>')},
        ["a.md:3 error svg-outside"],
    ),
    "SVG script": (
        {**chapter("![x](x.svg)"), "x.svg": SVG.format("<script>x()</script>")},
        ["a.md:3 warning svg-script"],
    ),
    "CSS outside": (
        {**chapter(""), "layouts/classic/print.css": "p { color: red }\np { background: url(../../a.md) }"},
        ["layouts/classic/print.css:2 error css-outside"],
    ),
    "CSS import": (
        {**chapter(""), "layouts/classic/epub.css": "@import url('/etc/passwd');"},
        ["layouts/classic/epub.css:1 error css-outside"],
    ),
    # what is on other machines, and what runs
    "a remote picture": (chapter("![x](https://example.org/x.png)"), ["a.md:3 error image-remote"]),
    "a remote style sheet": (
        {**chapter(""), "layouts/classic/shared.css": "@import url(https://example.org/x.css);"},
        ["layouts/classic/shared.css:1 error css-remote"],
    ),
    "a linked style sheet": (
        chapter('<link rel="stylesheet" href="https://example.org/x.css">'),
        ["a.md:3 warning html-removed"],
    ),
    "a script": (chapter("a <script>alert(1)</script> b"), ["a.md:3 warning html-removed"]),
    "a javascript: link": (chapter("[x](javascript:alert(1))"), ["a.md:3 warning link-unsafe"]),
    "a javascript: link in HTML": (chapter('<a href="java\tscript:alert(1)">x</a>'), ["a.md:3 warning link-unsafe"]),
    "an event handler": (chapter('<b onclick="x()">x</b>'), ["a.md:3 warning html-attribute-removed"]),
    "a language of words": (chapter("a [b]{lang=xx}, [c]{lang=fr}"), ["a.md:3 warning language-unknown"]),
    "an attachment": (chapter('<a rel="attachment" href="book.toml">x</a>'), ["a.md:3 warning html-removed"]),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_named_with_its_place(book_of: Write, run: Command, name: str) -> None:
    files, expected = CASES[name]
    left = run("epub", book_of(files), "--format", "json", "-o", "out")
    assert [said for said in left.said if " note " not in said] == expected
    assert left.code == (1 if any(" error " in said for said in expected) else 0)
    assert "Traceback" not in left.err
    assert (not (Path("out/t.epub").exists())) == (left.code == 1)


def test_two_chapters_of_one_name_in_plain_letters(book_of: Write, run: Command) -> None:
    names = ("caf\u00e9.md", "cafe.md", "one/end.md", "two/end.md", "\u7d42\u308f\u308a.md", "\u59cb\u3081.md")
    listed = ", ".join(f'"{name}"' for name in names)
    book = book_of({"book.toml": f"{TOML}[contents]\nbody = [{listed}]", **dict.fromkeys(names, "# One\n")})
    left = run("epub", book, "--format", "json", "-o", "out")
    assert [said for said in left.said if "file-renamed" in said] == ["cafe.md note file-renamed"]
    packed = zipfile.ZipFile("out/t.epub").namelist()
    assert {"EPUB/cafe.xhtml", "EPUB/cafe-2.xhtml", "EPUB/end.xhtml", "EPUB/end-2.xhtml"} <= set(packed)


def test_an_isbn_of_ten_digits_is_converted_and_told(book_of: Write, run: Command) -> None:
    left = run("epub", book_of({"book.toml": TOML + 'isbn = "0-306-40615-2"', "a.md": "# A"}), "--format", "json")
    assert left.said == ["book.toml:4 note isbn-converted"]


def test_a_cover_for_four_inks_is_converted_and_told(book_of: Write, run: Command) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (700, 1100), (0, 200, 200, 0)).save(out, "JPEG")
    book = book_of({"book.toml": TOML + 'cover = "c.jpg"', "a.md": "# A", "c.jpg": out.getvalue()})
    left = run("epub", book, "--format", "json", "-o", "out")
    assert left.said == ["book.toml:4 note cover-inks"]
    with Image.open(io.BytesIO(zipfile.ZipFile("out/t.epub").read("EPUB/cover.jpg"))) as cover:
        assert (cover.mode, cover.size) == ("RGB", (700, 1100))


def test_all_faults_of_a_book_are_shown_in_one_run(book_of: Write, run: Command) -> None:
    book = book_of({
        "book.toml": LISTED.replace("b.md", "gone.md") + 'foo = 1\n[layout]\nname = "none"',
        "a.md": "# One\n\n![x](gone.png)\n\n[y](#gone)\n",
    })  # fmt: skip
    said = run("build", book, "--format", "json").said
    assert [line for line in said if "error " in line] == [
        "book.toml:6 error config-unknown-key",
        "book.toml:5 error chapter-missing",
        "a.md:3 error image-missing",
        "a.md:5 error link-unresolved",
        "error layout-unknown",
    ]


def test_text_for_people_has_place_code_and_hint(book_of: Write, run: Command) -> None:
    left = run("epub", book_of(chapter("[x](#one-two)\n\n## One too")))
    assert (
        "a.md:3: error[link-unresolved]: the link '#one-two' leads nowhere\n    hint: Did you mean '#one-too'?"
        in left.err
    )


@pytest.mark.slow
def test_a_draft_is_built_with_a_mark_at_each_broken_place(book_of: Write, run: Command) -> None:
    import pypdfium2

    book = book_of(chapter("Before [words](#gone) after.\n\n![pic](gone.png)"))
    left = run("build", book, "--draft", "--format", "json", "-o", "out")
    assert left.code == 0
    assert left.said == ["a.md:5 warning image-missing", "a.md:3 warning link-unresolved"]
    page = zipfile.ZipFile("out/t.epub").read("EPUB/a.xhtml").decode()
    assert page.count('class="broken"') == 2
    assert "Before words" in page.replace("<", "<").replace('<span class="broken">', "")
    document = pypdfium2.PdfDocument("out/t.pdf")
    text = " ".join(document[index].get_textpage().get_text_bounded() for index in range(len(document)))
    document.close()
    assert "Broken here: #gone" in text
    assert "Broken here: gone.png" in text


def test_a_failed_build_leaves_the_last_good_book(book_of: Write, run: Command) -> None:
    run("epub", book_of(chapter("Good.")), "-o", "out")
    good = Path("out/t.epub").read_bytes()
    assert run("epub", book_of(chapter("![x](gone.png)")), "-o", "out").code == 1
    assert Path("out/t.epub").read_bytes() == good
    assert [path.name for path in Path("out").iterdir() if path.name != ".pmpress"] == ["t.epub"]


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_read_only_output_folder(
    book_of: Write, run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.geteuid() == 0:
        # Nothing is read-only to root: the refusal is made by hand.
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.mkstemp", refuse)
    left = run("epub", book_of(chapter("x")), "-o", folder)
    assert left.code == 3
    assert "output-unwritable" in left.err
    assert "Permission denied" in left.err
    assert [path.name for path in folder.iterdir() if path.name != ".pmpress"] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk(book_of: Write, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    run("epub", book_of(chapter("Good.")), "-o", "out")
    good = Path("out/t.epub").read_bytes()
    real = os.fdopen

    def full(handle: int, mode: str = "r", **others: object) -> object:
        os.close(handle)
        return open("/dev/full", mode)

    monkeypatch.setattr("pmpress.press.writing.os.fdopen", full)
    left = run("epub", book_of(chapter("New.")), "-o", "out")
    monkeypatch.setattr("pmpress.press.writing.os.fdopen", real)
    assert left.code == 3
    assert "No space left" in left.err
    assert Path("out/t.epub").read_bytes() == good
    assert [path.name for path in Path("out").iterdir() if path.name != ".pmpress"] == ["t.epub"]


def test_a_chapter_that_is_a_link_out_of_the_folder(book_of: Write, run: Command, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret")
    book = book_of({"book.toml": TOML, "a.md": "# A"})
    (book / "b.md").symlink_to(tmp_path / "secret.md")
    assert "b.md error path-outside" in run("epub", book, "--format", "json").said


def test_an_empty_folder_and_an_empty_file(book_of: Write, run: Command) -> None:
    left = run("build", book_of({}))
    assert (left.code, "book-empty" in left.err) == (1, True)
    left = run("epub", book_of({"a.md": ""}))
    assert left.code == 0


def test_names_that_no_file_can_have(book_of: Write, run: Command) -> None:
    book = book_of(chapter("![x](a%00b.png)\n\n![y](" + "y" * 5000 + ".png)\n\n[z](a%00b.md)"))
    said = run("epub", book, "--format", "json").said
    assert said == [
        "a.md:3 error path-malformed",
        "a.md:5 error image-missing",
        "a.md:7 error link-unresolved",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_where_settings_should_be(book_of: Write, run: Command) -> None:
    book = book_of({"a.md": "# A"})
    os.mkfifo(book / "book.toml")
    assert "book.toml error file-unreadable" in run("epub", book, "--format", "json").said


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("name", ["b\\c.md", "d: e.md", "~f.md"])
def test_a_name_that_other_systems_do_not_have(book_of: Write, run: Command, name: str) -> None:
    assert (
        run("epub", book_of({"a.md": "# A", name: "# B"}), "--format", "json").said[0] == f"{name} error path-malformed"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_not_utf_8(book_of: Write, run: Command) -> None:
    book = book_of(chapter("x"))
    os.mkfifo(book / "pipe.png")
    (book / "loop.md").symlink_to("loop.md")
    with open(os.fsencode(book) + b"/caf\xe9.md", "w") as file:
        file.write("# Named in Latin-1")
    left = run("epub", book, "--format", "json")
    assert "error path-malformed" in left.said[0]
    assert "a.md:3 error image-missing" in run("epub", book_of(chapter("![x](pipe.png)")), "--format", "json").said


def test_nowhere_to_put_temporary_files(book_of: Write, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pmpress.press.load", lambda *_: 1 // 0)
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    left = run("build", book_of(chapter("x")))
    assert left.code == 4
    assert "internal-error" in left.err
    assert "Traceback" not in left.err
