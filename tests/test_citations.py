"""Citations and bibliographies: read, said in a style, linked both ways, and read back from finished books."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Run
from lxml import etree
from tiny import BOOKS, links, tiny

from pmpress import xhtml
from pmpress.diagnostics import ManuscriptError
from pmpress.features.citations import bibliography, bibtex, latex, library, names, notation, richtext
from pmpress.model import Book
from pmpress.press import Order, load

Write = Callable[..., Path]
Command = Callable[..., Run]
DOCS = Path(__file__).parent.parent / "docs" / "citations.md"
TOML = '[book]\ntitle = "T"\nlanguage = "en"\n\n[citations]\nbibliography = "refs.bib"\n'
KNUTH = "@book{knuth84, author = {Donald E. Knuth}, title = {The TeXbook}, year = 1984}\n"


def book_in(folder: Path, **settings: str) -> Book:
    return load(Order(folder, tuple(settings.items()))).book


def texts(book: Book, *kinds: str) -> list[str]:
    """Every paragraph, entry and cell, as print has it, without page numbers."""
    found = []
    for chapter in book.chapters:
        body = xhtml.parse(chapter.xhtml)
        for extra in [each for each in body.iter(etree.Element) if each.get("class") == "cited"]:
            xhtml.remove(extra)
        found += [xhtml.text_of(each) for each in body.iter(*(xhtml.tag(kind) for kind in kinds))]
    return found


def said(text: str, bib: str, write: Write, **settings: str) -> str:
    """What comes of a paragraph, in a book with this bibliography."""
    return texts(book_in(write({"book.toml": TOML, "refs.bib": bib, "a.md": f"# A\n\n{text}\n"}), **settings), "p")[0]


def faults(folder: Path, **settings: str) -> list[str]:
    """All errors and warnings, as `place severity code`."""
    try:
        found = load(Order(folder, tuple(settings.items()))).diagnostics
    except ManuscriptError as fault:
        found = fault.diagnostics
    return [f"{each.span} {each.severity.value} {each.code}" for each in found if each.severity.value != "note"]


# --- BibTeX -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"G{\"o}del, M\"unchen, \^{\i}le, \'{e}, {\'E}t\'e", "Gödel, München, île, é, Été"),
        (r"\v{S}koda, \c{c}a, \H{o}, \r a, \=a, \.z, \u{g}, \k{a}, \~n", "Škoda, ça, ő, å, ā, ż, ğ, ą, ñ"),
        (r"{\ss} \O\ \ae{} \L{}\'od\'z \aa", "ß Ø æ Łódź å"),
        (r"Erd{\H{o}}s \and others", "Erdős others"),
        (r"R\&D 100\% \$5 \#1 a\_b \{x\} 5 < 6 & 7", "R&D 100% $5 #1 a_b {x} 5 < 6 & 7"),
        (r"pp.~3--5 --- `a' ``b'' it's", "pp.\xa03–5 — ‘a’ “b” it’s"),
        (r"$\alpha$-helix \ldots \LaTeX", "α-helix …LaTeX"),
        (r"\unknown{kept} \textsf{too}", "kept too"),
        ("unclosed {brace and }} another", "unclosed brace and  another"),
    ],
)
def test_latex_becomes_text(written: str, meant: str) -> None:
    assert richtext.plain(latex.decode(written)) == meant


def test_latex_keeps_mark_up_and_capitals() -> None:
    html = richtext.to_xhtml(latex.decode(r"\emph{On} {\it the} \textbf{x}$^2$ H$_2$O \textsc{ab}"))
    assert html == '<i>On</i> <i>the</i> <b>x</b><sup>2</sup> H<sub>2</sub>O <span class="smallcaps">ab</span>'
    kept = latex.decode("the {DNA} of {\\'E}mile")
    assert kept == f"the {richtext.NO_CASE}DNA{richtext.NO_CASE_END} of Émile"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Donald E. Knuth", [{"family": "Knuth", "given": "Donald E."}]),
        ("Knuth, Donald E. and Ludwig van Beethoven", [
            {"family": "Knuth", "given": "Donald E."},
            {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
        ]),
        ("de la Fontaine, Jean", [{"family": "Fontaine", "given": "Jean", "non-dropping-particle": "de la"}]),
        ("King, Jr., Martin Luther", [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}]),
        ("{World Health Organization} and {Barnes and Noble, Inc.}", [
            {"literal": "World Health Organization"}, {"literal": "Barnes and Noble, Inc."},
        ]),
        ("{\\'E}mile Zola and\n  Plato", [{"family": "Zola", "given": "Émile"}, {"family": "Plato"}]),
        ("Aho, A. and others", [{"family": "Aho", "given": "A."}, {"literal": richtext.OTHERS}]),
        ("", []),
    ],
)  # fmt: skip
def test_names(written: str, meant: list[dict[str, str]]) -> None:
    assert names.read(written) == meant


def test_bibtex_is_read_as_bibtex_reads_it() -> None:
    text = (
        "A comment, me@example.org too.\n"
        '@string{mit = "MIT" # { Press}}\n@comment{anything}\n@preamble{"\\x"}\n'
        '@Book(one,\n  Title = {A {Nested} "title"},\n  publisher = mit # ", " # mar,\n  year = 1984)\n'
        '@misc{two, note = "quotes {"} inside",}\n'
    )
    entries, diagnostics = bibtex.read(text, "x.bib")
    assert not diagnostics
    assert [(entry.kind, entry.key, entry.span.line) for entry in entries] == [("book", "one", 5), ("misc", "two", 9)]
    assert entries[0].fields == {"title": 'A {Nested} "title"', "publisher": "MIT Press, mar", "year": "1984"}
    assert entries[1].fields == {"note": 'quotes {"} inside'}


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("@book{x,\n title = {never closed,\n year = 1}\n", 1),
        ('@book{x,\n title = "never closed,\n year = 1}\n', 2),
        ("@book{x,\n title = {a} {b}}\n", 2),
        ("@book{x,\n title = }\n", 2),
        ("@book{x,\n title = {a},\n", 1),
        ("\n@book{ title = {a} }\n", 2),
        ("\n@string{a}\n", 2),
    ],
)
def test_a_broken_entry_is_said_with_its_line_and_the_others_are_read(broken: str, line: int) -> None:
    entries, diagnostics = bibtex.read(f"{broken}@book{{good, title = {{Good}}}}\n", "x.bib")
    assert [(each.code, each.span and each.span.line) for each in diagnostics] == [("bibliography-malformed", line)]
    assert "good" in [entry.key for entry in entries]


def test_dates_crossrefs_and_addresses() -> None:
    bib = r"""
        @online{a, title={A}, date={2017-04-17}, urldate={2018}, url={https://x.org/a\_b\%20}, doi={https://doi.org/10.1/x}}
        @book{b, title={B}, year=1999, month=3, volume=2}
        @book{c, title={C}, date={1980/1985}}
        @book{d, title={D}, year={forthcoming}}
        @book{e, title={E}, date={1920~}, edition={Third}}
        @inbook{f, title={F}, crossref={B}, pages={1-2}}
        @misc{g, title={G}, howpublished={\url{https://x.org/~g}}, date={2020-13-01}}
        @article{h, title={H}, eprint={1201.0001}, archiveprefix={arXiv}, month="12 " # jan, year=2001}
    """
    works, found = library.read(("x.bib",), {"x.bib": bib}, {})
    assert not found
    items = {key: work.item for key, work in works.items()}
    assert items["a"]["issued"] == {"date-parts": [[2017, 4, 17]]}
    assert (items["a"]["URL"], items["a"]["DOI"]) == ("https://x.org/a_b%20", "10.1/x")
    assert items["b"]["issued"] == {"date-parts": [[1999, 3]]}
    assert items["c"]["issued"] == {"date-parts": [[1980], [1985]]}
    assert items["d"]["issued"] == {"literal": "forthcoming"}
    assert items["e"]["issued"] == {"date-parts": [[1920]], "circa": True}
    assert items["e"]["edition"] == "3"
    assert (items["f"]["container-title"], items["f"]["title"], items["f"]["volume"]) == ("B", "F", "2")
    assert items["g"]["URL"] == "https://x.org/~g"
    assert items["g"]["issued"] == {"date-parts": [[2020]]}
    assert items["h"]["URL"] == "https://arxiv.org/abs/1201.0001"
    assert items["h"]["issued"] == {"date-parts": [[2001, 1, 12]]}


def test_csl_json_is_taken_as_it_is_meant_and_no_further() -> None:
    item = {
        "id": 7, "type": "book", "title": "<i>A</i> <b>b</i> <span class=\"nocase\">C</span> &amp; <x>", "volume": 3,
        "author": [{"family": "A", "given": 1}, "x", {"literal": "B"}], "issued": {"date-parts": [["1999", "13", 1]]},
        "editor": "nobody", "accessed": {"raw": "2001-02-03"}, "note": {"a": 1}, "ISBN": None, "made-up": "x",
    }  # fmt: skip
    works, found = library.read(("x.json",), {"x.json": json.dumps([item])}, {})
    assert not found
    read = works["7"].item
    assert richtext.to_xhtml(read["title"]) == "<i>A</i> &lt;b&gt;b&lt;/i&gt; C &amp;amp; &lt;x&gt;"
    assert read["author"] == [{"family": "A"}, {"literal": "B"}]
    assert (read["issued"], read["accessed"]) == ({"date-parts": [[1999]]}, {"date-parts": [[2001, 2, 3]]})
    assert not {"editor", "note", "ISBN"} & set(read)
    citation = bibliography.Citation("c--1", (notation.Cite("7"),), True)
    made = bibliography.made([citation], works, style("author-date"), "en", "", set())
    assert made.texts["c--1"].endswith(">A and B 1999</a>)")


# --- styles -----------------------------------------------------------------------------------------------------------


def style(name: str) -> str:
    return (Path(bibliography.__file__).parent / f"{name}.csl").read_text(encoding="utf-8")


AUTHOR_DATE = [
    "Aho, A., B. Bell, C. Cox, D. Dahl, et al. 2001. A Report. Technical Report TR-7. Bell Labs.",
    "“The Anonymous Page.” n.d. Accessed May 1, 2017. https://example.org/page.",
    "Beethoven, Ludwig van. 2017. “A Tale of <b & <script>alert(1)</script>.” The New York Times, March 8, 2017.",
    "Durán, Ángel. 1999. “On R&D at 100% cost: $5 <b>.” PhD diss., Université de Paris.",
    "Gaulle, Charles de, Vincent van Gogh, and Mies van der Rohe. 1990. “Is It ‘True’?” In A Handbook of x2 < y, "
    "edited by Jane Smith and Martin Luther King Jr., 12–34. 2nd ed. Cambridge, MA: MIT Press.",
    "Gödel, Kurt. 1931. “Über formal unentscheidbare Sätze.” Monatshefte für Mathematik 38 (1): 173–98. "
    "https://doi.org/10.1007/BF01700692.",
    "Homer. 2017. The Odyssey. Translated by Emily Wilson. New York: Norton.",
    "Knuth, Donald E. 1984a. Literate Programming & Other Essays. MIT Press.",
    "Knuth, Donald E. 1984b. The TeXbook. Reading, MA: Addison-Wesley.",
    "Smith, Adam. 1776. Wealth. Strahan.",
    "Smith, Jane, and Martin Luther King Jr., eds. 1990. A Handbook of x2 < y. 2nd ed. Cambridge, MA: MIT Press.",
    "Smith, Zadie. 2000. White Teeth. Penguin.",
    "World Health Organization. 2017. “Privacy Policy.” WHO.int. April 17, 2017. https://example.org/a_b?c=1&d=2.",
]
NUMERIC = [
    "[1] Donald E. Knuth, The TeXbook, Reading, MA: Addison-Wesley, 1984.",
    "[2] Kurt Gödel, “Über formal unentscheidbare Sätze,” Monatshefte für Mathematik 38, no. 1, 1931, pp. 173–198, "
    "https://doi.org/10.1007/BF01700692.",
    "[3] Homer, The Odyssey, translated by Emily Wilson, New York: Norton, 2017.",
    "[4] Charles de Gaulle, Vincent van Gogh, and Mies van der Rohe, “Is It ‘True’?,” in A Handbook of x2 < y, edited "
    "by Jane Smith and Martin Luther King Jr., 2nd ed., Cambridge, MA: MIT Press, 1990, pp. 12–34.",
    "[5] Donald E. Knuth, Literate Programming & Other Essays, MIT Press, 1984.",
]


def test_author_date_as_a_reader_of_the_chicago_manual_expects_it() -> None:
    assert texts(tiny("citations").book, "li") == AUTHOR_DATE


def test_numbers_follow_the_order_of_the_first_citations() -> None:
    entries = texts(book_in(BOOKS / "citations", **{"citations.style": "numeric"}), "li")
    assert entries[:5] == NUMERIC
    assert [entry.split()[0] for entry in entries] == [f"[{number}]" for number in range(1, 14)]


def test_a_style_of_ones_own(book_of: Write) -> None:
    own = style("author-date").replace('prefix="(" suffix=")" delimiter="; "', 'prefix="/" suffix="/" delimiter=" + "')
    files = {"book.toml": TOML, "refs.bib": KNUTH, "own.csl": own, "a.md": "# A\n\n[@knuth84; @knuth84, 3]\n"}
    assert texts(book_in(book_of(files), **{"citations.style": "own.csl"}), "p") == ["/Knuth 1984 + 1984, 3/"]


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ("no XML", 1),
        ("<style/>", 1),
        ('<style xmlns="http://purl.org/net/xbiblio/csl">\n<citation/></style>', 1),
        ('<!DOCTYPE style [<!ENTITY a "b">]>\n' + style("numeric").split("?>", 1)[1], 1),
        (style("numeric").replace('macro="who"', 'macro="whom"'), 0),
        (style("numeric").replace('<text term="in"/>', '<text macro="where"/>'), 1),
        (re.sub("<bibliography.*</bibliography>", "", style("numeric"), flags=re.DOTALL), 0),
    ],
)
def test_a_style_that_cannot_be_used(book_of: Write, own: str, line: int) -> None:
    book = book_of({"book.toml": TOML, "refs.bib": KNUTH, "own.csl": own, "a.md": "# A\n\n[@knuth84]\n"})
    (found,) = faults(book, **{"citations.style": "own.csl"})
    assert re.fullmatch(rf"own\.csl:{line or '[0-9]+'} error citation-style-unreadable", found)


def test_macros_that_double_are_refused(book_of: Write) -> None:
    doubling = "".join(
        f'<macro name="m{n}"><text macro="m{n + 1}"/><text macro="m{n + 1}"/></macro>' for n in range(40)
    )
    own = style("numeric").replace("<citation>", f'{doubling}<macro name="m40"/><citation>')
    book = book_of({"book.toml": TOML, "refs.bib": KNUTH, "own.csl": own, "a.md": "# A\n\n[@knuth84]\n"})
    assert faults(book, **{"citations.style": "own.csl"}) == ["own.csl:1 error citation-style-unreadable"]


@pytest.mark.parametrize("style", ["author-date", "numeric"])
def test_titles_in_another_language_say_which(book_of: Write, style: str) -> None:
    bib = """@article{a, author={G, K}, title={Über {Sätze}}, journaltitle={Hefte}, langid={ngerman}, date={1931}}
@book{b, author={Z, E}, title={L'argent}, language={fr-CA}, date={1891}}
@book{c, author={D, J}, title={A Book}, langid={british}, date={1991}}
@book{d, author={E, J}, title={Another}, langid={klingon<b>}, date={1992}}"""
    toml = f'{TOML}style = "{style}"\n'
    folder = book_of({"book.toml": toml, "refs.bib": bib, "a.md": "# A\n\n[@a; @b; @c; @d]\n"})
    (text,) = (each.xhtml for each in load(Order(folder)).book.chapters if each.kind == "bibliography")
    spoken = [(each.get("lang"), each.text) for each in xhtml.elements(xhtml.parse(text), "span") if each.get("lang")]
    assert spoken == [("de", "Über Sätze"), ("de", "Hefte"), ("fr-CA", "L’argent")]


@pytest.mark.parametrize(
    ("language", "entry", "cited"),
    [
        ("de", "Dahl, Ole, Edsger Dijkstra und Tony Hoare. 1972. „Notizen“. In Programme, herausgegeben von Jo Wirth.",
         "(Dahl u. a. 1972, Kap. 2)"),
        ("fr", "Dahl, Ole, Edsger Dijkstra et Tony Hoare. 1972. « Notizen ». In Programme, édité par Jo Wirth.",
         "(Dahl et al. 1972, chap. 2)"),
    ],
)  # fmt: skip
def test_the_words_are_those_of_the_book(book_of: Write, language: str, entry: str, cited: str) -> None:
    bib = (
        "@incollection{d, author={Dahl, Ole and Dijkstra, Edsger and Hoare, Tony}, title={Notizen}, year=1972, "
        "booktitle={Programme}, editor={Wirth, Jo}}"
    )
    files = {"book.toml": TOML.replace('"en"', f'"{language}"'), "refs.bib": bib, "a.md": "# A\n\n[@d, chap. 2]\n"}
    first, last = texts(book_in(book_of(files)), "p", "li")
    assert (first, last.replace("\xa0", " ").replace("\u202f", " ")) == (cited, entry)


def test_apostrophes_are_no_quotation_marks_and_a_year_is_said_once(book_of: Write) -> None:
    bib = (
        "@online{a, author={A, B}, title={What’s What}, year=2005, url={https://example.org/}}\n"
        '@online{c, author={C, D}, title={Players "So"}, date={2005-03-09}}'
    )
    files = {"book.toml": TOML.replace('"en"', '"en-GB"'), "refs.bib": bib, "a.md": "# A\n\n[@a; @c]\n"}
    assert texts(book_in(book_of(files)), "li") == [
        "A, B. 2005. ‘What’s What’. https://example.org/.",
        "C, D. 2005. ‘Players “So”’. 9 March 2005.",
    ]


@pytest.mark.parametrize(
    ("bib", "cited", "shown"),
    [
        # Told apart by letters, in the order of the titles; the letter also in the bibliography.
        ("@book{a, author={X, Y}, title={B}, year=1984} @book{b, author={X, Y}, title={A}, year=1984}",
         "[@a] [@b]", "(X 1984b) (X 1984a)"),
        ("@book{a, author={X, Y}, title={B}} @book{b, author={X, Y}, title={A}}", "[@a] [@b]", "(X n.d.-b) (X n.d.-a)"),
        # Another person of the same name; one person, written in two ways.
        ("@book{a, author={Li, Bo}, title={B}, year=1984} @book{b, author={Li, An}, title={A}, year=1984}",
         "[@a] [@b]", "(B. Li 1984) (A. Li 1984)"),
        ("@book{a, author={Li, Bo}, title={B}, year=1984} @book{b, author={Li, Ba}, title={A}, year=1985}",
         "[@a] [@b]", "(Bo Li 1984) (Ba Li 1985)"),
        ("@book{a, author={Li, Bo C.}, title={B}, year=1984} @book{b, author={Li, B.}, title={A}, year=1985}",
         "[@a; @b]", "(Li 1984, 1985)"),
        ("@book{a, author={van Li, Bo}, title={B}, year=1984} @book{b, author={van Li, An}, title={A}, year=1984}",
         "[@a] [@b]", "(B. van Li 1984) (A. van Li 1984)"),
        # One after the other.
        ("@book{a, author={X, Y}, title={A}, year=1984} @book{b, author={X, Y}, title={B}, year=1985}",
         "[@a; @b] [@a, 3; @b, 4]", "(X 1984, 1985) (X 1984, 3; 1985, 4)"),
        ("@book{a, author={X, Y and others}, title={A}, year=1984}", "[@a]", "(X et al. 1984)"),
        ("@book{a, title={The A}, year=1984} @article{b, title={B c}, year=1984}", "[@a] [@b]",
         "(The A 1984) (“B c” 1984)"),
    ],
)  # fmt: skip
def test_works_are_told_apart(book_of: Write, bib: str, cited: str, shown: str) -> None:
    assert said(cited, bib, book_of) == shown


def test_what_the_page_about_citations_says_is_so(book_of: Write) -> None:
    page = DOCS.read_text(encoding="utf-8")
    bib = re.search(r"```bibtex\n(.*?)```", page, re.DOTALL)
    rows = re.findall(r"^\| `([^`]*@[^`]*)` \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert bib
    assert len(rows) >= 7
    for place, name in enumerate(("author-date", "numeric"), start=1):
        for row in rows:
            # Number 1 is the work that is cited first.
            text = f"{row[0]}\n\n[@godel31]" if place == 1 else f"[@knuth84; @godel31]\n\n{row[0]}"
            files = {"book.toml": TOML, "refs.bib": bib[1], "a.md": f"# A\n\n{text}\n"}
            shown = texts(book_in(book_of(files), **{"citations.style": name}), "p")
            assert shown[place - 1] == row[place]


# --- notation ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("@knuth84, and @knuth84's book.", "Knuth (1984), and Knuth (1984)’s book."),
        ("*[@knuth84]* **@knuth84**", "(Knuth 1984) Knuth (1984)"),
        ("[see *The* **art**, @knuth84, fig. 2]", "(see The art, Knuth 1984, fig. 2)"),
        ("[@knuth84, who says \"so\"]", "(Knuth 1984, who says “so”)"),
        ("[@knuth84 and nobody else]", "(Knuth 1984 and nobody else)"),
        ("[@knuth84, §§ 3--5 passim]", "(Knuth 1984, secs. 3–5 passim)"),
        ("[@knuth84, iv-vi, 12]", "(Knuth 1984, iv–vi, 12)"),
        ("[see [2] @knuth84]", "(see [2] Knuth 1984)"),
        ("@{knuth84} [@{knuth84}, 3]", "Knuth (1984) (Knuth 1984, 3)"),
        ("[@knuth84;@knuth84, 3]", "(Knuth 1984; 1984, 3)"),
        # Text stays text.
        ("@someone, me@example.org, @@, @", "@someone, me@example.org, @@, @"),
        ("`[@knuth84]` \\@knuth84 [\\@knuth84]", "[@knuth84] @knuth84 [@knuth84]"),
        ("[@knuth84](https://example.org/@knuth84)", "@knuth84"),
        ("<https://example.org/@knuth84> https://example.org/@knuth84",
         "https://example.org/@knuth84 https://example.org/@knuth84"),
        ("[x; @knuth84]", "[x; Knuth (1984)]"),
        ("[[@knuth84]", "[(Knuth 1984)"),
        ("[@knuth84 `x`]", "[Knuth (1984) x]"),
    ],
)  # fmt: skip
def test_notation(book_of: Write, written: str, shown: str) -> None:
    assert said(f"{written} [@knuth84]", KNUTH, book_of) == f"{shown} (Knuth 1984)"


def test_without_bibliography_every_key_is_text(book_of: Write) -> None:
    text = '# A @b\n\nAsk @someone [@x, p. 3; -@y], *@z* "@q" <b>@w</b>[^1].\n\n[^1]: See [@n].\n'
    book = book_in(book_of({"a.md": text}))
    found = book.chapters[0]
    assert found.title == "A @b"
    assert "Ask @someone [@x, p. 3; -@y], <em>@z</em> “@q” <b>@w</b><a" in found.xhtml
    assert "See [@n]." in found.xhtml
    assert "data-cite" not in found.xhtml + found.title_xhtml
    assert [chapter.kind for chapter in book.chapters] == ["chapter"]


def test_many_keys_and_brackets_are_read_in_linear_time() -> None:
    key = '<span data-cite="a">@a</span>'
    for unit, closer in (
        (key, ""),
        (f"[{key}", "]"),
        (f"[;{key}", "]"),
        (f"{key} [x ", "]"),
        ("[", "]"),
        (f"[{key};", ""),
    ):
        taken = []
        for count in (2_000, 16_000):
            body = xhtml.parse(f"<p>{unit * count}{key}{closer * count}</p>")
            begin = time.perf_counter()
            list(notation.wrap(body))
            notation.dissolve(notation.marked(body))
            taken.append(time.perf_counter() - begin)
        assert taken[1] < 30 * taken[0] + 0.5


@pytest.mark.parametrize(
    "unit", ["@a{k, t={", "@a{k, t={\n", "@a{k, t={x}}", "{", '"x"#', "@string{a=a # a}", "@a  ", "\\'"]
)
def test_hostile_bibliographies_are_read_in_linear_time(unit: str) -> None:
    begin = time.perf_counter()
    bibtex.read(f"@string{{a={{xx}}}}@a{{k, t={unit * (100_000 // len(unit))}", "x.bib")
    latex.decode(unit * (100_000 // len(unit)))
    names.read(unit * (100_000 // len(unit)))
    assert time.perf_counter() - begin < 5


# --- faults -----------------------------------------------------------------------------------------------------------


FAULTS: Mapping[str, tuple[Mapping[str, str], list[str]]] = {
    "unknown keys": (
        {"a.md": "# A\n\nText\nand [@knuth48;\n@nobody].[^1]\n\n[^1]: [@none] @none\n"},
        ["a.md:4 error citation-unknown", "a.md:4 error citation-unknown", "a.md:7 error citation-unknown"],
    ),
    "a broken file": ({"refs.bib": KNUTH + "\n@book{x, title = {y}\n"}, ["refs.bib:3 error bibliography-malformed"]),
    "an empty file": ({"refs.bib": "nothing"}, ["refs.bib:1 error bibliography-empty"]),
    "a duplicate": ({"refs.bib": KNUTH + KNUTH}, ["refs.bib:2 warning bibliography-duplicate"]),
    "no such string": (
        {"refs.bib": KNUTH.replace("1984}", "1984,\nnote = x}")},
        ["refs.bib:2 warning bibliography-string"],
    ),
    "no JSON": (
        {"book.toml": TOML.replace("refs.bib", "x.json"), "x.json": '[\n{"id": }]'},
        ["x.json:2 error bibliography-malformed"],
    ),
    "other JSON": (
        {"book.toml": TOML.replace("refs.bib", "x.json"), "x.json": '{"a": 1}'},
        ["x.json:1 error bibliography-malformed"],
    ),
    "deep JSON": (
        {"book.toml": TOML.replace("refs.bib", "x.json"), "x.json": "[" * 100_000},
        ["x.json:1 error bibliography-malformed"],
    ),
    "no file of works": ({"book.toml": TOML.replace("refs.bib", "refs.txt")}, ["book.toml:6 error config-type"]),
    "no such style": ({"book.toml": TOML + 'style = "apa"\n'}, ["book.toml:7 error config-type"]),
    "no such file": (
        {"book.toml": TOML.replace("refs.bib", "gone.bib")},
        ["book.toml:6 error file-missing"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_faults_have_their_place(book_of: Write, name: str) -> None:
    files, expected = FAULTS[name]
    whole = {"book.toml": TOML, "refs.bib": KNUTH, "a.md": "# A\n\n[@knuth84]\n", **files}
    assert faults(book_of(whole)) == expected


def test_a_near_key_is_named_and_a_draft_shows_the_place(book_of: Write, run: Command) -> None:
    book = book_of({"book.toml": TOML, "refs.bib": KNUTH, "a.md": "# A\n\nSee [@knuth48].\n"})
    left = run("epub", book)
    assert "Did you mean '@knuth84'?" in left.err
    assert left.code != 0
    draft = load(Order(book, draft=True)).book
    assert "See [@knuth48] Broken here: [@knuth48]." in texts(draft, "p")[0]


# --- whole books ------------------------------------------------------------------------------------------------------


def test_citations_stand_wherever_text_does() -> None:
    book = tiny("citations").book
    paragraphs = " ".join(texts(book, "p", "td", "figcaption"))
    assert "(see also Knuth 1984b, 3–5; also Gödel 1931, chap. 2, on truth)" in paragraphs
    assert "A note cites (A. Smith 1776) and (Z. Smith 2000)." in paragraphs
    assert "(Homer 2017, 12)" in paragraphs
    assert "Both (Knuth 1984b, 1984a)." in paragraphs
    first = book.chapters[0]
    assert (first.title, first.headings[0].title) == ("On (Knuth 1984b)", "Section of Homer (2017)")
    titles = [entry.title for entry in book.contents]
    assert titles == ["On (Knuth 1984b)", "Two", "Bibliography"]


def test_every_citation_leads_to_its_entry_and_every_entry_back() -> None:
    documents = tiny("citations").ebook.pages
    ids = {(name, each.get("id")) for name, root in documents.items() for each in root.iter(etree.Element)}
    for root in documents.values():
        for link in root.iter(xhtml.tag("a")):
            target, _, fragment = str(link.get("href")).partition("#")
            if fragment:
                assert any(name.endswith(target) and fragment == found for name, found in ids)
    chapter = next(
        root
        for root in documents.values()
        if "On (Knuth" in "".join(root.itertext()) and root.find(".//{*}nav") is None
    )
    link = next(each for each in chapter.iter(xhtml.tag("a")) if each.text == "Knuth 1984b, 3")
    assert (link.get(xhtml.EPUB_TYPE), link.get("role")) == ("biblioref", "doc-biblioref")
    listed = next(root for root in documents.values() if root.find(".//{*}li[@id='ref-knuth84']") is not None)
    entry = listed.find(".//{*}li[@id='ref-knuth84']")
    assert entry is not None
    back = [each for each in entry.iter(xhtml.tag("a")) if each.get("role") == "doc-backlink"]
    assert [each.text for each in back] == ["↩\ufe0e\xa0Chapter\xa01", "2", "3", "4", "↩\ufe0e\xa0Chapter\xa02"]
    assert len({each.get("aria-label") for each in back}) == 5
    assert "cited:" not in xhtml.text_of(entry)
    assert [each.text for each in listed.iter(xhtml.tag("i"))][:1] == ["A Report"]
    assert b"<script" not in etree.tostring(listed)


def test_in_print_entries_say_the_pages_they_are_cited_on() -> None:
    printed = tiny("citations").printed
    whole = " ".join(" ".join(printed.texts).split())
    assert "Addison-Wesley. (cited: 1, 3)" in whole
    assert "Strahan. (cited: 1)" in whole
    assert "↩" not in whole
    asked = {anchor for _, anchor in links(printed)}
    known = set(printed.destinations())
    assert {"bibliography--ref-knuth84", "bibliography--ref-Item-1", "ch1-one--cite-1"} <= asked <= known


def test_the_entries_stand_where_the_author_wants_them(book_of: Write) -> None:
    home = "# Sources\n\nBefore.\n\n::: {#refs}\n:::\n\nAfter [@knuth84].[^1]\n\n[^1]: Note.\n"
    files = {"book.toml": TOML, "refs.bib": KNUTH, "a.md": "# A\n\n[@knuth84]\n", "bibliography.md": home}
    book = book_in(book_of(files))
    assert [chapter.title for chapter in book.chapters] == ["A", "Sources"]
    order = [each.split()[0] for each in texts(book, "p", "li")]
    assert order == ["(Knuth", "Before.", "Knuth,", "After", "Note."]
    files["bibliography.md"] = home.replace("::: {#refs}\n:::\n\n", "")
    order = [each.split()[0] for each in texts(book_in(book_of(files)), "p", "li")]
    assert order == ["(Knuth", "Before.", "After", "Knuth,", "Note."]


def test_without_a_citation_there_is_no_bibliography(book_of: Write) -> None:
    book = book_in(book_of({"book.toml": TOML, "refs.bib": KNUTH, "a.md": "# A\n\nText.\n"}))
    assert [chapter.kind for chapter in book.chapters] == ["chapter"]


def test_citeproc_is_imported_only_for_a_citation(book_of: Write) -> None:
    book = book_of({"book.toml": TOML, "refs.bib": KNUTH, "a.md": "# A\n\nText.\n"})
    asked = f"import sys, pathlib; from pmpress.press import load, Order; load(Order(pathlib.Path({str(book)!r})))"
    done = subprocess.run(
        [sys.executable, "-c", f"{asked}; print('citeproc' in sys.modules)"], capture_output=True, check=True
    )
    assert done.stdout.strip() == b"False"


def test_a_caption_with_a_citation_is_listed_as_it_reads(book_of: Write) -> None:
    toml = TOML + "\n[lists]\ntables = true\n"
    files = {"book.toml": toml, "refs.bib": KNUTH, "a.md": "# A\n\n| a |\n| - |\n| b |\n\n: After [@knuth84, 3]\n"}
    assert any("After (Knuth 1984, 3)" in each for each in texts(book_in(book_of(files)), "li"))
