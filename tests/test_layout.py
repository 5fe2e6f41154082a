from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pmpress.diagnostics import PressError, Span, UsageError
from pmpress.layout import Wish, Wishes, built_in, css, load_layout

Write = Callable[..., Path]

FONT = 'family = "F"\nkind = "serif"\nlicence = "OFL-1.1"\n[[faces]]\nfile = "{}"\nweight = 400\nstyle = "normal"'


def said(folder: Path) -> list[str]:
    return [f"{found.span} {found.severity} {found.code}" for found in load_layout("classic", folder)[1]]


def test_the_built_in_layout_is_clean(book_of: Write) -> None:
    layout, diagnostics = load_layout("classic", book_of({}))
    assert diagnostics == ()
    for sheet in (layout.print_css, layout.epub_css):
        assert "var(" not in sheet
        assert "--" not in sheet.replace("--trim", "--")
    assert all(face.path.is_file() for family in layout.fonts for face in family.faces)
    assert all((family.folder / "LICENSE").is_file() for family in layout.fonts)


def test_a_file_of_the_books_own_stands_before_the_built_in_one(book_of: Write) -> None:
    book = book_of(
        {
            "layouts/classic/templates/part.html.jinja": "<p>{{ part }}!</p>",
            "layouts/classic/epub.css": "p { margin: 77.5em }",
        }
    )
    layout, _ = load_layout("classic", book)
    assert layout.render("part", part="<II>") == "<p>&lt;II&gt;!</p>"
    assert "77.5em" in layout.epub_css
    assert "77.5em" not in layout.print_css
    assert "@page" in layout.print_css


def test_a_layout_beside_the_book_is_found_and_the_books_own_wins(book_of: Write) -> None:
    book_of({"layouts/mine/layout.toml": 'title = "Beside"', "layouts/mine/shared.css": "p { color: red }"}, "shelf")
    book = book_of({"layouts/mine/shared.css": "p { color: blue }"}, "shelf/book")
    layout, _ = load_layout("mine", book)
    assert layout.title == "Beside"
    assert "blue" in layout.print_css


def test_an_unknown_layout_names_the_known(book_of: Write) -> None:
    for name in ("nowhere", "../classic", "", "."):
        with pytest.raises(UsageError) as fault:
            load_layout(name, book_of({}))
        assert fault.value.diagnostics[0].code == "layout-unknown"
        assert "classic" in fault.value.diagnostics[0].hint


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("@import url(http://example.org/x.css);", "css-remote"),
        ("@import '//example.org/x.css';", "css-remote"),
        ("p { background: url(https://example.org/x.png) }", "css-remote"),
        ("p { background: url('file:///etc/passwd') }", "css-remote"),
        ("@import '../../../secret.css';", "css-outside"),
        ("p { background: url(../../x.png) }", "css-outside"),
        ("p { background: url(/etc/passwd) }", "css-outside"),
        ("@page { @top-left { content: url(..%2Fx.png) } }", "css-outside"),
        ("p { background: url(gone.png) }", "css-file-missing"),
        ("p { background: url('http://[x') }", "css-file-missing"),
    ],
)
def test_a_style_sheet_asks_for_nothing_outside(book_of: Write, rule: str, code: str) -> None:
    book = book_of({"layouts/classic/print.css": f"p {{ margin: 0 }}\n{rule}\n", "x.png": b"x", "secret.css": "x"})
    assert said(book) == [f"layouts/classic/print.css:2 error {code}"]


def test_a_symbolic_link_out_of_the_layout_is_no_file_of_it(book_of: Write, tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text("p { color: red }")
    book = book_of({"layouts/classic/print.css": "@import 'inside.css';"})
    (book / "layouts/classic/inside.css").symlink_to(tmp_path / "secret.css")
    assert said(book) == ["layouts/classic/print.css:1 error css-file-missing"]


def test_what_a_style_sheet_may_have_comes_along(book_of: Write) -> None:
    book = book_of({
        "layouts/classic/epub.css": "@import 'more.css';",
        "layouts/classic/more.css": "p { background: url(img/dot.png) }",
        "layouts/classic/img/dot.png": b"dot",
    })  # fmt: skip
    layout, diagnostics = load_layout("classic", book)
    assert diagnostics == ()
    assert [(asset.name, asset.data) for asset in layout.assets] == [("layout/img/dot.png", b"dot")]
    assert 'url("layout/img/dot.png")' in layout.epub_css


@pytest.mark.parametrize(
    "template",
    [
        "{{ nowhere }}",
        "{% for %}",
        "{{ 1 // 0 }}",
        "{% include 'gone' %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% include 'part.html.jinja' %}",
        "{{ 'x' * 10 ** 14 }}",
    ],
)
def test_a_template_that_fails_is_a_diagnostic(book_of: Write, template: str) -> None:
    layout, _ = load_layout("classic", book_of({"layouts/classic/templates/part.html.jinja": template}))
    with pytest.raises(PressError) as fault:
        layout.render("part", part=None)
    assert fault.value.diagnostics[0].code == "layout-template"


def test_a_broken_layout_file_is_a_diagnostic(book_of: Write) -> None:
    for name, content in (
        ("layout.toml", b"x = "),
        ("shared.css", b"\xff"),
        ("layout.toml", b'[fonts]\nfamilies = ["none"]'),
        ("layout.toml", b"fonts = 5"),
        ("layout.toml", b"[fonts]\nfamilies = [5]"),
        ("layout.toml", b"x = " + b"[" * 2000),
        ("shared.css", b"p { margin: " + b"(" * 5000),
    ):
        book = book_of({f"layouts/classic/{name}": content})
        with pytest.raises(PressError) as fault:
            load_layout("classic", book)
        assert fault.value.diagnostics[0].code == "layout-broken"
        (book / "layouts/classic" / name).unlink()


def resolved_text(sheet: str) -> str:
    return css.resolve(css.expand(sheet, lambda url, line: url, lambda url, line: None), {})[0].strip()


@pytest.mark.parametrize(
    ("sheet", "resolved"),
    [
        (":root { --a: 1pt } p { margin: var(--a) }", "p { margin: 1pt }"),
        (":root { --a: 1pt; --b: calc(var(--a) * 2); color: red } p { margin: var(--b) }",
         ":root {color: red ;}\np { margin: calc(1pt * 2) }"),
        (":root { --a: 1pt } :root { --a: 2pt } @page { size: var(--a) }", "@page { size: 2pt }"),
        ("p { margin: var(--a, 3pt) }", "p { margin: 3pt }"),
        ("p { margin: var(--a) }", "p { margin: no-value }"),
        ("p { margin: var() }", "p { margin: no-value }"),
        (":root { --a: var(--b); --b: var(--a) } p { margin: 0 }", "p { margin: 0 }"),
    ],
)  # fmt: skip
def test_custom_properties(sheet: str, resolved: str) -> None:
    assert resolved_text(sheet) == resolved


@pytest.mark.parametrize(
    "root",
    [
        "--a: var(--b); --b: var(--a)",
        "--a: var(--b) var(--b); --b: var(--a) var(--a)",
        "".join(f"--a{n}: var(--a{n + 1}) var(--a{n + 1});" for n in range(40)) + "--a40: 1pt 1pt; --a: var(--a0)",
    ],
)
def test_custom_properties_that_never_end_have_no_value(root: str) -> None:
    assert "no-value" in resolved_text(f":root {{ {root} }} p {{ margin: var(--a) }}")


@pytest.mark.parametrize(
    ("about", "font"),
    [
        ('family = "F"', b""),
        ('family = "F"\nkind = "serif"\nlicence = "OFL-1.1"\nfaces = []', b""),
        ('family = "F"\nkind = "serif"\nlicence = "OFL-1.1"\nfaces = 3', b""),
        (FONT.format("gone.otf"), b"x"),
        (FONT.format("/etc/passwd"), b"x"),
        (FONT.format("../../../x.otf"), b"x"),
        (FONT.format("x.otf"), b"no font"),
        (FONT.format("x.otf"), b"OTTO" + b"x" * 100),
    ],
)
def test_a_font_that_is_none_is_a_diagnostic(book_of: Write, about: str, font: bytes) -> None:
    book = book_of({
        "layouts/mine/layout.toml": '[fonts]\nfamilies = ["f"]',
        "layouts/fonts/f/font.toml": about,
        "layouts/fonts/f/x.otf": font,
    })  # fmt: skip
    with pytest.raises(PressError) as fault:
        load_layout("mine", book)
    assert fault.value.diagnostics[0].code == "layout-broken"
    assert str(fault.value.diagnostics[0].span) == "layouts/fonts/f/font.toml"


@pytest.mark.parametrize("toml", ["", 'title = "Mine"', "[fonts]", "[fonts]\nfamilies = []"])
def test_a_layout_that_names_no_fonts_has_the_built_in_ones(book_of: Write, toml: str) -> None:
    layout, _ = load_layout("mine", book_of({"layouts/mine/layout.toml": toml}))
    assert layout.fonts == load_layout("classic", book_of({}))[0].fonts


def test_a_style_sheet_is_imported_once(book_of: Write) -> None:
    again = "@import 'shared.css'; @import 'more.css'; @import 'more.css';"
    book = book_of({"layouts/classic/shared.css": again, "layouts/classic/more.css": again + " p { color: red }"})
    layout, diagnostics = load_layout("classic", book)
    assert diagnostics == ()
    assert layout.epub_css.count("color: red") == 1


def wishes(**style: str) -> Wishes:
    """Wishes for custom properties, as if written in line 7 of `book.toml`."""
    return Wishes({name.replace("_", "-"): Wish(value, Span("book.toml", 7)) for name, value in style.items()})


def test_the_books_own_style_has_the_last_word(book_of: Write) -> None:
    book = book_of(
        {"layouts/mine/layout.toml": "", "layouts/mine/shared.css": ":root { --ink: red } p { color: var(--ink) }"}
    )
    layout, diagnostics = load_layout("mine", book, wishes(ink="#123456", trim_width="300pt"))
    assert diagnostics == ()
    for sheet in (layout.print_css, layout.epub_css):
        assert "color: #123456" in sheet
    assert "size: 300pt" in layout.print_css
    assert layout.digest != load_layout("mine", book)[0].digest


def test_a_wish_that_the_layout_does_not_know_is_said_with_its_place(book_of: Write) -> None:
    _, (said,) = load_layout("classic", book_of({}), wishes(acent="red"))
    assert (said.code, str(said.span)) == ("style-unknown", "book.toml:7")
    assert "'accent'" in said.hint


def test_a_family_named_in_the_style_comes_along(book_of: Write) -> None:
    family = {file.name: file.read_bytes() for file in (built_in() / "fonts" / "noto-sans-math").iterdir()}
    family["font.toml"] = family["font.toml"].replace(b'"Noto Sans Math"', b'"Mine"')
    book = book_of({f"layouts/fonts/mine/{name}": data for name, data in family.items()})
    layout, diagnostics = load_layout("classic", book, wishes(serif="'Mine', \"Noto Sans\""))
    assert diagnostics == ()
    names = [found.name for found in layout.fonts]
    assert "Mine" in names
    assert names.count("Noto Sans") == 1
    assert "mine" in layout.embedded
    _, (said,) = load_layout("classic", book, wishes(serif="'Yours'"))
    assert (said.code, str(said.span)) == ("font-unknown", "book.toml:7")


def test_a_layout_builds_upon_the_common_one(book_of: Write) -> None:
    book = book_of({"layouts/mine/layout.toml": "", "layouts/mine/shared.css": "h1 { color: red }",
                    "layouts/mine/screen.css": "a { color: blue }"})  # fmt: skip
    plain, _ = load_layout("mine", book)
    assert plain.print_css.index("@page") < plain.print_css.index("h1 { color: red }")
    assert "color: blue" not in plain.print_css
    on_screen, _ = load_layout("mine", book, Wishes(for_screen=True))
    assert on_screen.print_css.index("h1 { color: red }") < on_screen.print_css.index("a { color: blue }")
    assert on_screen.epub_css == plain.epub_css
    with pytest.raises(UsageError):
        load_layout("common", book)


def test_pages_read_from_right_to_left_are_the_mirror_image(book_of: Write) -> None:
    sheet = (
        "@page :left { margin-left: 71pt; margin-right: 2pt; @top-left-corner { text-align: left }"
        " @right-top { content: 'r' } }"
        "p { margin-left: 3pt; content: 'left' }"
    )
    book = book_of({"layouts/mine/layout.toml": "", "layouts/mine/print.css": sheet})
    css_of = load_layout("mine", book, Wishes(is_rtl=True))[0].print_css
    (rule,) = (line for line in css_of.splitlines() if "71pt" in line)
    assert rule.startswith(
        "@page :right { margin-right: 71pt; margin-left: 2pt; @top-right-corner { text-align: right }"
    )
    assert "@left-top { content: " in rule
    assert "margin-left: 3pt" in css_of
    assert "'left'" in css_of.replace('"', "'")


STYLE = {"ink": "red", "size": "11pt", "lead": "calc(var(--size) * 1.2)", "face": "'EB Garamond', serif"}


@pytest.fixture
def styled(book_of: Write) -> Path:
    """A book with a layout of its own that has custom properties of each kind."""
    css = "".join(f"--{name}: {value};" for name, value in STYLE.items())
    rules = "p { color: var(--ink); font: var(--size) / var(--lead) var(--face) }"
    return book_of({"layouts/mine/layout.toml": "", "layouts/mine/shared.css": f":root {{ {css} }} {rules}"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ink", "12"), ("ink", "#12"), ("ink", "expression(alert(1))"), ("ink", "red blue"), ("ink", "11pt"),
        ("size", "11"), ("size", "12furlong"), ("size", "banana"), ("size", "nan"), ("size", "1e9pt"),
        ("size", "1e999pt"), ("size", "navy"), ("lead", "14"), ("ink", "var(--nobodys)"), ("size", "var()"),
    ],
)  # fmt: skip
def test_a_wish_that_comes_to_nothing_is_said_with_its_place(styled: Path, name: str, value: str) -> None:
    _, (said,) = load_layout("mine", styled, wishes(**{name: value}))
    assert (said.code, str(said.span)) == ("style-value", "book.toml:7")
    assert said.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ink", "navy"), ("ink", "rgb(1 2 3 / 50%)"), ("ink", "transparent"), ("ink", "linear-gradient(red, blue)"),
        ("ink", "device-cmyk(0 1 1 0)"), ("size", "0"), ("size", "3.5mm"), ("size", "min(11pt, 4mm)"),
        ("lead", "var(--size)"), ("face", "serif"), ("face", "Fira Sans, sans-serif"),
    ],
)  # fmt: skip
def test_a_wish_of_the_right_kind_is_taken(styled: Path, name: str, value: str) -> None:
    assert load_layout("mine", styled, wishes(**{name: value}))[1] == ()


def test_a_wish_may_build_upon_what_the_layout_has(styled: Path) -> None:
    layout, diagnostics = load_layout("mine", styled, wishes(size="calc(var(--size) * 2)"))
    assert diagnostics == ()
    assert layout.style["size"] == "calc(11pt * 2)"


def test_a_family_without_quotation_marks_comes_along_too(styled: Path) -> None:
    layout, _ = load_layout("mine", styled, wishes(face="Fira Sans, sans-serif"))
    assert "Fira Sans" in [family.name for family in layout.fonts]
    _, (said,) = load_layout("mine", styled, wishes(face="No Such"))
    assert (said.code, str(said.span)) == ("font-unknown", "book.toml:7")


def test_a_family_that_is_missed_may_be_one_that_cannot_be_read(book_of: Write) -> None:
    book = book_of({"layouts/fonts/mine/font.toml": "family = "})
    assert load_layout("classic", book, wishes(serif="'EB Garamond'"))[1] == ()
    with pytest.raises(PressError, match=r"layouts/fonts/mine/font\.toml"):
        load_layout("classic", book, wishes(serif="'Mine'"))


def test_the_folder_of_the_fonts_is_no_layout(book_of: Write) -> None:
    with pytest.raises(UsageError, match="layout-unknown"):
        load_layout("fonts", book_of({}))
