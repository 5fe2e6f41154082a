"""Formulas: what can be read is drawn and spoken, and what cannot is said; nobody finds LaTeX in the book."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from conftest import Run
from lxml import etree
from test_epub_sample import found
from tiny import tiny

from pmpress import xhtml
from pmpress.features.mathematics import tex
from pmpress.features.mathematics.words import in_a_line
from pmpress.formulas.drawing import draw
from pmpress.press import Order, load

Write = Callable[..., Path]
Command = Callable[..., Run]

MATHML = f"{{{tex.MATHML}}}"
ELEMENTS = {
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt",
    "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
ATTRIBUTES = {
    "accent", "accentunder", "alttext", "columnalign", "columnlines", "columnspacing", "depth", "display",
    "displaystyle", "fence", "form", "height", "linethickness", "lspace", "mathcolor", "mathvariant", "maxsize",
    "minsize", "movablelimits", "notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "stretchy", "width",
}  # fmt: skip
FIXED = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}

# A formula, and what is in it for whoever reads plain text.
READ = {
    r"a + b = -c": "a + b = −c",
    r"\frac{a}{b+1} \dfrac12 \tfrac{1}{2}": "a/(b + 1)1/21/2",
    r"\sqrt{x} + \sqrt[3]{x+1}": "√x + ³√(x + 1)",
    r"\sum_{i=1}^{n} i^2": "∑ᵢ₌₁ⁿi²",
    r"\int_0^\infty e^{-x^2}\,dx": "∫₀^∞e^(−x²) dx",
    r"\lim_{x \to 0} \frac{\sin x}{x}": "lim_(x→0) (sin x)/x",
    r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}": "(1 0; 0 1)",
    r"\begin{cases} x & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases}": "{x if x ≥ 0; −x otherwise",
    r"\begin{aligned} a &= b \\ &\quad + c \end{aligned}": "a = b; + c",
    r"\left[\begin{array}{c|c} 1 & 2 \\ \hline 3 & 4 \end{array}\right]": "[1 2; 3 4]",
    r"\hat{x} \vec{v} \overline{AB} \underbrace{a+b}_{n}": "x̂v⃗ABa + bₙ",
    r"\mathbb{R} \mathcal{L} \mathfrak{g} \mathbf{x} \boldsymbol{\alpha} \mathrm{d}": "ℝℒ𝔤𝐱𝜶d",
    r"\operatorname{rank} A \operatorname*{arg\,max}_x": "rank A arg maxₓ",
    r"\left( \frac{a}{b} \right)^2 \left. f \right|_0": "(a/b)²f|₀",
    r"\binom{n}{k} {n \choose k}": "(n k)(n k)",
    r"f'(x) f''_n": "f′(x)fₙ″",
    r"x_i^2 x^2_i {}_a X": "xᵢ²xᵢ²ₐX",
    r"\alpha \le \beta \in \Gamma \not= \emptyset": "α ≤ β ∈ Γ ≠ ∅",
    r"x ∈ ℝ, α ≤ 1": "x ∈ ℝ, α ≤ 1",
    r"\xrightarrow[g]{f}": "→_gᶠ",
    r"a\,b\quad c \text{ and } d": "a b c and d",
    r"3{,}14 + 1.5 \% \$ \{ \}": "3,14 + 1.5%${}",
    r"\textcolor{red}{x} \color{#00ff00} y": "xy",
    r"\sum_{\substack{i<n \\ j<m}} a_{ij}": "∑_(i<n; j<m)aᵢⱼ",
    r"a \bmod b \pmod{n}": "amodb (mod n)",
    r"\cancel{x} \boxed{y} \phantom{z}": "xy",
    r"a \\ b": "a; b",
}

# A formula, and what is said of it.
UNREADABLE = {
    r"\frac{a}": r"\frac lacks",
    r"\frac": r"\frac lacks",
    "{a": "a { is not closed",
    "a}": "a } closes nothing",
    r"\foo x": r"\foo is unknown",
    r"\alphaa": r"\alphaa is unknown",
    "x^": "^ lacks",
    "x^2^3": "two superscripts",
    "x_1_2": "two subscripts",
    r"\left( x": r"\left stands without \right",
    r"x \right)": r"\right stands without \left",
    r"\left x \right)": "x is no delimiter",
    r"\middle|": r"\middle stands outside",
    r"\begin{matrix} a": r"\begin{matrix} stands without \end{matrix}",
    r"\end{matrix}": r"\end stands without \begin",
    r"\begin{foo} a \end{foo}": r"\begin{foo} is unknown",
    r"\begin{matrix} a \end{pmatrix}": r"closed by \end{pmatrix}",
    r"\begin{array}{xy} a \end{array}": "no columns of an array",
    r"\begin{array}{c} a & b \end{array}": "a row has 2 cells",
    "a & b": "a & stands outside of a table",
    r"\sqrt[3": r"the [ behind \sqrt is not closed",
    r"\text{abc": "a { is not closed",
    r"\text{\foo}": r"\foo is unknown in a text",
    r"\text{$x": "a $ inside a text is not closed",
    r"\operatorname{\foo}": "which is no name",
    r"\textcolor{url(x)}{y}": "“url(x)” is no colour",
    r"\hspace{1000em}": "“1000em” is no length",
    r"\input{/etc/passwd}": r"\input is unknown",
    r"\def\a{\a}\a": r"\def is unknown",
    r"\newcommand{\x}{y}": r"\newcommand is unknown",
    r"\href{javascript:alert(1)}{x}": r"\href is unknown",
    r"\class{a}{b}": r"\class is unknown",
    r"\unicode{x41}": r"\unicode is unknown",
    r"\tag{1} x": r"\tag is unknown",
    "50%": r"\%",
    "#1": r"\#",
    "\\": "ends with a single",
    "": "it is empty",
    r"\over": r"\over lacks what stands above",
    r"x \limits_a": r"\limits stands behind what has no limits",
    "x\u200b": "U+200B",
    "\x07": "U+0007",
}


@pytest.mark.parametrize(("formula", "words"), READ.items())
def test_a_formula_is_read_drawn_and_said_in_a_line(formula: str, words: str) -> None:
    for display in (True, False) if r"\\" not in formula or "begin" in formula or "stack" in formula else (True,):
        mathml = tex.read(formula, display)
        root = etree.fromstring(mathml)
        assert_sound(root)
        assert root.get("alttext") == " ".join(formula.split())
        assert root.get("display") == ("block" if display else "inline")
        drawn = draw(mathml, 1.0)
        assert not drawn.lost
        assert_drawn(etree.fromstring(drawn.svg))
    assert in_a_line(tex.read(formula, True)) == words


def assert_sound(root: etree._Element) -> None:
    """Nothing but what MathML has, as many parts as an element needs, and no LaTeX left."""
    for element in root.iter():
        name = etree.QName(element).localname
        assert element.tag == f"{MATHML}{name}"
        assert name in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        assert len(element) == FIXED.get(name, len(element))
        assert not re.search(r"\\[A-Za-z]", element.text or "")
        assert (element.text is not None) == (name in {"mi", "mn", "mo", "mtext"})
        assert not element.tail


def assert_drawn(svg: etree._Element) -> None:
    """Shapes alone, with a size and a baseline in the text's own measure."""
    names = [etree.QName(element).localname for element in svg.iter()]
    assert set(names) <= {"svg", "path", "rect"}
    assert "path" in names
    assert svg.get("role") == "img"
    assert re.fullmatch(r"width: [\d.]+em; height: [\d.]+em; vertical-align: -?[\d.]+em", svg.get("style", ""))
    assert not [element for element in svg.iter() if element.get("id") or "url(" in str(element.attrib)]


@pytest.mark.parametrize(("formula", "said"), UNREADABLE.items())
def test_an_unreadable_formula_is_said_to_be_that(formula: str, said: str) -> None:
    with pytest.raises(tex.Unreadable, match=re.escape(said)):
        tex.read(formula, True)


def test_lines_need_a_display() -> None:
    with pytest.raises(tex.Unreadable, match="only a formula between"):
        tex.read(r"a \\ b", False)


DEEP = {
    "groups": "{" * 900 + "}" * 900,
    "fractions": r"\frac{" * 300 + "a" + "}{b}" * 300,
    "fences": r"\left(" * 300 + r"\right)" * 200,
    "roots without braces": r"\sqrt" * 500 + "x",
    "environments": r"\begin{matrix}" * 200,
    "styles": r"\displaystyle " * 200,
    "colours": r"\color{red}" * 200,
    "texts": r"\text{$" * 300,
    "length": "x" * 100_000,
}


@pytest.mark.parametrize("formula", DEEP.values(), ids=DEEP)
def test_what_is_too_deep_or_too_long_is_unreadable(formula: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(tex.Unreadable, match=r"more than|is the most"):
        tex.read(formula, True)
    assert time.perf_counter() - begin < 0.5


HEAVY = {
    "fractions": r"\frac{" * 18 + "a" + "}{b}" * 18,
    "fences": r"\left(" * 18 + "a" + r"\right)" * 18,
    "roots": r"\sqrt{" * 18 + "x" + "}" * 18,
    "matrices": r"\begin{pmatrix}" * 18 + "a" + r"\end{pmatrix}" * 18,
    "arrows": r"\xrightarrow{" * 18 + "x" + "}" * 18,
    "braces": r"\overbrace{" * 18 + "x" + "}" * 18,
    "scripts": "x^{" * 18 + "y" + "}" * 18,
    "row": "a+" * 1000 + "b",
    "cells": r"\begin{matrix}" + "&" * 2500 + r"\end{matrix}",
}


@pytest.mark.parametrize("formula", HEAVY.values(), ids=HEAVY)
def test_the_heaviest_formulas_are_drawn_in_time(formula: str) -> None:
    begin = time.perf_counter()
    draw(tex.read(formula, True), 1.0)
    assert time.perf_counter() - begin < 15  # were a level to double the work, it would be hours


def test_a_drawing_depends_on_its_formula_alone() -> None:
    script = (
        "import sys\n"
        "from pmpress.features.mathematics import tex\n"
        "from pmpress.formulas.drawing import draw\n"
        "for formula in sys.argv[1:]:\n"
        "    mathml = tex.read(formula, True)\n"
        "    print(formula, mathml, draw(mathml, 1.0))\n"
    )
    formulas = list(READ)
    printed = []
    for seed, order in (("1", formulas), ("2", formulas[::-1])):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script, *order], env=environment, capture_output=True, text=True, check=True
        )
        printed.append(sorted(done.stdout.splitlines()))
    assert printed[0] == printed[1]
    assert len(printed[0]) == len(formulas)


def test_spaces_are_those_of_tex() -> None:
    """A sign joins nothing, an operator has more space than a letter, and none in an index."""

    def width(formula: str) -> float:
        drawn = etree.fromstring(draw(tex.read(formula, False), 1.0).svg)
        return float(re.match(r"width: ([\d.]+)em", drawn.get("style", ""))[1])

    assert width("a-b") - width("a{-}b") == pytest.approx(8 / 18, abs=0.01)
    assert width("a=b") - width("a{=}b") == pytest.approx(10 / 18, abs=0.01)
    assert width(r"a\subset b") - width(r"a{\subset} b") == pytest.approx(10 / 18, abs=0.01)
    assert width("-b") == pytest.approx(width("{-}b"), abs=0.01)
    assert width("x_{a=b}") == pytest.approx(width("x_{a{=}b}"), abs=0.01)
    assert width(r"a\quad b") - width("ab") == pytest.approx(1.0, abs=0.01)


# --- In books ---------------------------------------------------------------------------------------------------------


def test_the_ebook_has_mathml_with_the_source_as_its_words() -> None:
    both = tiny("mathematics")
    page = both.ebook.tree("ch01-in-the-line.xhtml")
    formulas = page.findall(f".//{MATHML}math")
    assert [formula.get("alttext") for formula in formulas][:2] == [r"\pi", r"\pi^n"]
    assert r"f\colon \mathbb{R}^n \to \mathbb{R}" in {formula.get("alttext") for formula in formulas}
    assert not found(page, "//*[local-name()='svg']")
    assert both.ebook.manifest["ch01-in-the-line.xhtml"].get("properties") == "mathml"
    assert "MathML" in both.ebook.meta("schema:accessibilityFeature")
    for formula in formulas:
        for name in ("altimg", "altimg-width", "altimg-height", "altimg-valign"):
            del formula.attrib[name]
        assert_sound(formula_without_tail(formula))


def formula_without_tail(formula: etree._Element) -> etree._Element:
    formula.tail = None
    return formula


def test_equations_are_numbered_and_referred_to() -> None:
    both = tiny("mathematics")
    page = both.ebook.tree("ch02-on-its-own.xhtml")
    assert found(page, "//h:div[@class='equation']/@id") == ["eq-gauss", "eq-square", "eq-wide"]
    assert found(page, "//h:div[@id]/h:span[@class='equation-number']/text()") == ["(2.1)", "(2.2)", "(2.3)"]
    assert len(found(page, "//h:div[@class='equation']")) == 5
    assert [text.replace("\xa0", " ") for text in found(page, "//h:a[@href='#eq-gauss']/text()")] == ["Equation 2.1"]
    printed = both.printed.text_from("ch02-on-its-own").replace("\xa0", " ")
    assert "By Equation 2.1 and some more work" in printed
    assert all(f"(2.{number})" in printed for number in (1, 2, 3))


def test_a_paragraph_goes_on_behind_a_formula() -> None:
    page = tiny("mathematics").ebook.tree("ch02-on-its-own.xhtml")
    behind = found(page, "//h:div[@id='eq-square']/following-sibling::*")
    assert xhtml.text_of(behind[0]) == "follows what is stated without a number,"
    assert behind[1].get("class") == "equation"
    assert xhtml.text_of(behind[2]) == "and a matrix with a line in it:"


def test_titles_say_their_formulas_in_plain_words() -> None:
    both = tiny("mathematics")
    assert both.book.contents[0].title == "The number π and its powers πⁿ"
    assert both.book.contents[0].entries[0].title == "The set {x ∣ x² < 2} has no greatest element"


def test_formulas_are_tagged_with_their_words() -> None:
    both = tiny("mathematics")
    elements = [item for item in both.printed.pdf.objects if isinstance(item, pikepdf.Dictionary)]
    tagged = {str(item.Alt) for item in elements if item.get("/S") == "/Formula"}
    assert {r"\pi", r"\zeta(s) = \sum_{n=1}^{\infty} n^{-s}", r"|x|", "x^2 + y^2 = r^2"} <= tagged
    assert not [item for item in elements if item.get("/S") == "/Figure"]


def test_formulas_stand_on_the_line() -> None:
    """What has no depth ends where its line does: the drawing of an x is where the text's x is."""
    drawn = etree.fromstring(draw(tex.read("x", False), 1.0).svg)
    style = dict(item.split(": ") for item in drawn.get("style", "").split("; "))
    assert -0.05 < float(style["vertical-align"].removesuffix("em")) < 0
    drawn = etree.fromstring(draw(tex.read("y", False), 1.0).svg)
    style = dict(item.split(": ") for item in drawn.get("style", "").split("; "))
    assert float(style["vertical-align"].removesuffix("em")) < -0.15


def test_a_broken_formula_is_an_error_with_its_line_and_a_mark_in_a_draft(book_of: Write, run: Command) -> None:
    text = "# One\n\nA line,\nand $x^2 + \\unknown{y}$ in the next.\n\n$$\n\\frac{a}\n$$ {#eq-a}\n\nSee [](#eq-a).\n"
    book = book_of({"book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n[contents]\nbody = ["a.md"]\n', "a.md": text})
    done = run("epub", book, "--format", "json")
    assert done.code == 1
    said = [each for each in json.loads(done.out)["diagnostics"] if each["code"] == "math-invalid"]
    assert [(each["file"], each["line"], each["severity"]) for each in said] == [
        ("a.md", 4, "error"),
        ("a.md", 6, "error"),
    ]
    assert "\\unknown is unknown" in said[0]["message"]
    assert "\\frac lacks" in said[1]["message"]
    loaded = load(Order(book, draft=True))
    text = xhtml.text_of(xhtml.parse(loaded.book.chapters[0].xhtml))
    assert "Broken here: \\unknown is unknown in the next." in text
    assert "x^2" not in text
    assert not [each for each in loaded.diagnostics if each.code == "link-unresolved"]


def test_characters_that_the_font_lacks_are_said(book_of: Write, run: Command) -> None:
    done = run("pdf", book_of({"a.md": "# One\n\n$\\text{漢}$\n"}), "--format", "json")
    (said,) = [each for each in json.loads(done.out)["diagnostics"] if each["code"] == "glyph-missing"]
    assert (said["line"], said["severity"]) == (3, "warning")
    assert "漢 (U+6F22)" in said["message"]
