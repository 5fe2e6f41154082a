"""Extensions of Python-Markdown that a book adds: those allowed work, and no other is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmpress.config import read_config
from pmpress.dialect import OPTIONS, parse
from pmpress.features import TABLES, additions

SHOWN = {
    "pymdownx.caret": ("^^new *x*^^ x^2^", "<ins>new <em>x</em></ins> x<sup>2</sup>"),
    "pymdownx.keys": (
        "++ctrl+c++ C++ `++a++`",
        '<span class="keys"><kbd class="key-control">Ctrl</kbd><span>+</span><kbd class="key-c">C</kbd></span>'
        " C++ <code>++a++</code>",
    ),
    "pymdownx.smartsymbols": (
        "(c) --> 1/2 `(c)` $(c)$",
        '© → ½ <code>(c)</code> <span class="math inline" data-src="f.md:1-1">(c)</span>',
    ),
}


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("raw", ["", "\n\n<!-- raw -->"])
def test_an_allowed_extension_works(name: str, raw: str) -> None:
    text, wanted = SHOWN[name]
    parsed = parse(text + raw, "f.md", extensions=[(name, ())])
    assert parsed.xhtml.strip() == f'<p data-src="f.md:1-1">{wanted}</p>'
    assert not parsed.diagnostics


@pytest.mark.parametrize("name", OPTIONS)
def test_an_extension_leaves_everything_else_as_it_is(name: str) -> None:
    page = (Path(__file__).parent.parent / "docs" / "markdown.md").read_text(encoding="utf-8")
    text = page.replace("++", "").replace("^^", "").replace("(c)", "").replace("(tm)", "")
    text = text.replace("-->", "").replace("1/2", "")
    assert parse(text, "f.md", extensions=[(name, ())]) == parse(text, "f.md")


def test_a_book_names_extensions_and_sets_their_options() -> None:
    toml = '[markdown]\nextensions = ["pymdownx.keys"]\n[markdown."pymdownx.keys"]\nseparator = ""\ncamel_case = true\n'
    config, said = read_config(f'[book]\ntitle = "T"\n{toml}', (), TABLES)
    assert not said
    added = additions(config.tables["markdown"])
    assert added == (("pymdownx.keys", (("camel_case", True), ("separator", ""))),)
    assert '<kbd class="key-page-up">Page Up</kbd></span>' in parse("++PageUp++", "f.md", extensions=added).xhtml


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ('extensions = ["pymdownx.snippets"]', 4),
        ('\nextensions = ["os.system"]', 5),
        ('[markdown."pymdownx.keys"]\nkey_map = { a = "b" }', 4),
        ('[markdown."pymdownx.keys"]\nseparator = 1', 4),
    ],
)
def test_anything_else_is_refused(toml: str, line: int) -> None:
    _, said = read_config(f'[book]\ntitle = "T"\n[markdown]\n{toml}', (), TABLES)
    assert [(one.code, one.span.line if one.span else 0) for one in said] == [("markdown-extension-refused", line)]
