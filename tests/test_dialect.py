"""The dialect: what an author writes, what stands in the book, and what is said about it.

Each file in `tests/dialect` is a case to read: a title, the Markdown, the XHTML it becomes, the diagnostics. After a
change that is meant, `PMPRESS_ACCEPT=1 pytest tests/test_dialect.py` writes the new results into the files.
"""

from __future__ import annotations

import os
import pickle
import re
import time
from pathlib import Path

import pytest
from lxml import etree

from pmpress import xhtml
from pmpress.dialect import parse
from pmpress.xhtml import SPAN, local

CASES = sorted((Path(__file__).parent / "dialect").glob("*.md"))
CASE = re.compile(
    r"\A(?P<title># [^\n]+\n(?:.*?\n)??)\n`{5}markdown(?: (?P<language>[\w-]+))?\n(?P<text>.*?)\n?`{5}\n"
    r"(?P<results>.*)\Z",
    re.DOTALL,
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    case = CASE.match(written)
    assert case, f"{path.name} is not a case"
    parsed = parse(case["text"], "text.md", language=case["language"] or "en")
    said = "\n".join(map(str, parsed.diagnostics))
    results = f"\n`````xhtml\n{parsed.xhtml.strip()}\n`````\n\n`````diagnostics\n{said}\n`````\n"
    if os.environ.get("PMPRESS_ACCEPT") == "1":
        path.write_text(written[: case.start("results")] + results, encoding="utf-8")
    else:
        assert case["results"] == results
    assert_sound(parsed.xhtml)


# --- What holds for every result -------------------------------------------------------------------------------------

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = HEADINGS | {"p", "li", "ul", "ol", "blockquote", "pre", "table", "tr", "hr", "aside"}
FLOW = BLOCKS | {"div", "section", "article", "figure", "figcaption", "details", "dl", "dt", "dd", "td", "th"}
PHRASING_ONLY = HEADINGS | {"p", "pre", "em", "strong", "b", "i", "span", "code", "sub", "sup", "mark", "u", "s", "q"}
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "colgroup": {"col"},
}
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "rt": {"ruby"},
    "rp": {"ruby"},
    "td": {"tr"},
    "th": {"tr"},
    "tr": {"thead", "tbody", "tfoot"},
    "caption": {"table"},
}
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "form", "input", "video", "audio", "link", "meta", "base"}
FORBIDDEN |= {"svg", "math", "center", "font", "tt", "big", "strike"}


def assert_sound(fragment: str) -> None:
    """Well-formed, nothing that runs, nothing in a place where XHTML does not have it, every block with its lines."""
    body = xhtml.parse(fragment)
    ids = [element.get("id") for element in body.iter(etree.Element) if element.get("id") is not None]
    assert len(ids) == len(set(ids)), f"an id twice: {ids}"
    for one in ids:
        etree.fromstring(f"<{one}/>")  # a name to XML
        assert not {":", "/", " "} & set(one)
        assert "--" not in one
    for element in body.iter(etree.Element):
        if element is body:
            continue
        name, parent = local(element), element.getparent()
        assert parent is not None
        assert name not in FORBIDDEN, name
        assert not [key for key in element.attrib if str(key).startswith("on") or key in {"style", "align", "name"}]
        for key in ("href", "src"):
            address = re.sub(r"[\s\x00-\x20]", "", element.get(key, "")).lower()
            assert not address.startswith(("javascript:", "vbscript:", "data:text")), address
        if name in PARENTS:
            assert local(parent) in PARENTS[name], f"<{name}> in <{local(parent)}>"
        if name in CHILDREN:
            assert {local(child) for child in element} <= CHILDREN[name], f"in <{name}>: {list(map(local, element))}"
            assert not (element.text or "").strip()
            assert not any((child.tail or "").strip() for child in element)
        if name in PHRASING_ONLY:
            assert not [local(child) for child in element if local(child) in FLOW], etree.tostring(element)
        if name == "a":
            assert not any(True for _ in element.iterancestors(xhtml.tag("a"))), "a link in a link"
        if name == "img":
            assert element.get("src")
            assert element.get("alt") is not None
        if name in BLOCKS | {"a", "img", "figure"} and element.get("href") is None:
            assert re.fullmatch(r".+:\d+-\d+", element.get(SPAN, "")), f"<{name}> without lines"


# --- Lines -----------------------------------------------------------------------------------------------------------

# The text of each link, and the alternative text of each image, is the line it stands in.
LINES = """\
[1](u) and
[2](u) ![2](u) <b
title="x">[3](u)</b> `code
over lines` [4](u) *emphasis
[5](u)* <!-- a
comment --> [6](u) **x *y
[7](u)***  \t
[8](u)\\
[9](u) [9 and
on](u) [10](<u>
"title
over lines") [12](u) [12][long
label] [13](u) ![13
][ref] <https://e.org/14> [14](u)


- [17](u)
  [18](u)

  [20](u)
  > [21](u)
[22](u)
- [ ] [23](u)
  1. [24](u)

| [26](u) | b |
|---------|---|
| `|`     | [28](u) |

Text[^n].

[^n]: [32](u)
    [33](u)

    - [35](u)

<div>
<p><a href="u">38</a>
<a href="u">39</a> <img src="u" alt="39"></p>

[41](u)

</div>

# [45](u) {#x}

[47](u)
=====

[ref]: u
[long label]: u
"""


@pytest.mark.parametrize("first_line", [1, 100])
def test_links_and_images_know_their_lines(first_line: int) -> None:
    parsed = parse(LINES, "f.md", first_line=first_line)
    body = xhtml.parse(parsed.xhtml)
    found = []
    for element in xhtml.elements(body, "a", "img"):
        said = re.search(r"\d+", element.get("alt") or xhtml.text_of(element))
        if said and element.get("class") != "noteref":
            expected = int(said[0]) + first_line - 1
            found.append(expected)
            assert element.get(SPAN) == f"f.md:{expected}-{expected}", etree.tostring(element)
    assert len(found) == 36
    assert not parsed.diagnostics


def test_blocks_know_their_lines() -> None:
    text = "\n\nPara\nmore\n\n\n- a\n\n  b\n\n\n> q\nlazy\n\n```\ncode\n```\n\n***\n"
    text += "\n# H\n\nS\n=\n\n|a|\n|-|\n|b|\n\n<p>x\ny</p>\n"
    body = xhtml.parse(parse(text, "f.md", first_line=11).xhtml)
    lines = [(local(element), element.get(SPAN, "").removeprefix("f.md:")) for element in body.iter(etree.Element)]
    assert [pair for pair in lines if pair[1]] == [
        ("p", "13-14"),
        ("ul", "17-19"),
        ("li", "17-19"),
        ("p", "17-17"),
        ("p", "19-19"),
        ("blockquote", "22-23"),
        ("p", "22-23"),
        ("pre", "25-27"),
        ("hr", "29-29"),
        ("h1", "31-31"),
        ("h1", "33-34"),
        ("table", "36-38"),
        ("tr", "36-36"),
        ("tr", "38-38"),
        ("p", "40-41"),
    ]


@pytest.mark.parametrize(
    ("said", "language", "codes"),
    [("fr", "fr", []), ("en", None, []), ("xx", "xx", ["language-unknown"]), ("a b", None, ["language-unknown"])],
)
def test_a_text_is_in_the_language_it_says(said: str, language: str | None, codes: list[str]) -> None:
    text = f"---\nlang: {said}\n---\n\n# A[^1]\n\nB *c*{{lang=de}}\n\n[^1]: D\n"
    parsed = parse(text, "f.md", language="en")
    marked = [(xhtml.local(each), each.get("lang")) for each in xhtml.parse(parsed.xhtml).iter() if each.get("lang")]
    blocks = [("h1", language), ("p", language), ("em", "de"), ("aside", language)]
    assert marked == [each for each in blocks if each[1]]
    assert [found.code for found in parsed.diagnostics] == codes


def test_diagnostics_know_their_lines() -> None:
    text = "Text\n*a <script\nasync>x</script> [a](javascript:x)*\n\n> - b <i\n>   onclick=x>[^no]</i>\n"
    text += "\n<div>\n\n<font\ncolor=red>x</font>\n\n<p\nclass=x\n>\n<s id=9>y</s></p>\n"
    found = parse(text, "f.md", first_line=3).diagnostics
    said = [(one.code, one.span.line if one.span else 0) for one in found]
    assert said == [
        ("html-removed", 4),
        ("link-unsafe", 5),
        ("html-attribute-removed", 7),
        ("note-undefined", 8),
        ("html-broken", 10),
        ("html-attribute-removed", 12),
        ("id-changed", 18),
    ]


# --- Hostile input ---------------------------------------------------------------------------------------------------

UNITS = [
    "[", "![", "[a](", "![[", "[[]()", "[](", "[^1]", "[^1]\n\n", "[^1]: ", "[^a]: b\n", "[a]: b\n", "[a]: ",
    '![a](b "c', "[a](b (", "[a](((", "*a ", "_a ", "*a **b ", "~~~a", "~~~a\n", "`", "``a", "```\\", "\\",
    "<![CDATA[", "<!--", "<?", "<a ", '<a "', '<a x="', "<div>\n\n", "<b>", "</b>", "<p>", "<table>", "<td>",
    "<ul><li>", "<a href=x>", "<script>", "<svg>", "\u3042<td>", ">", "> ", "- ", "* ", "1. ", "+ a\n", "- [ ] a\n",
    "|a", "|a|\n|-|\n", "|`", "# a {#b}\n", "a  \n", "&", "&amp;", '"', "'\"", "--", "...", "a\u0301",
    "http://a.b/(", "http://a.b/<a>", "http://a.b/.", "www.a.",
]  # fmt: skip
SHAPES = {
    "growing code spans": "".join("`" * length + " " for length in range(200)),
    "deep list": "".join("  " * depth + "- a\n" for depth in range(140)),
    "deep ordered list": "".join("   " * depth + "1. a\n" for depth in range(110)),
    "deep emphasis": "*a **b " * 1500 + " b** a*" * 1500,
    "deep links": "[" * 5000 + "a" + "](b)" * 3700,
    "deep images": "![" * 3600 + "a" + "](b)" * 3200,
    "deep elements": "<b>" * 3300 + "x" + "</b>" * 2500,
    "lazy quote": "> " * 200 + "a\n" + "b\n" * 9000,
    "wide table": "|a" * 2500 + "\n" + "|-" * 2500 + "\n" + "a\n" * 5000,
    "chain of notes": "[^0]\n\n" + "".join(f"[^{one}]: [^{one + 1}] x\n\n" for one in range(900)),
}
HOSTILE = {unit: (unit * 20_000)[:20_000] for unit in UNITS} | SHAPES


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_hostile_input_is_read_in_time(name: str) -> None:
    begun = time.process_time()
    parsed = parse(HOSTILE[name], "f.md")
    assert time.process_time() - begun < 2
    xhtml.parse(parsed.xhtml)


@pytest.mark.parametrize(
    "name", ["deep list", "deep ordered list", "deep emphasis", "deep elements", "lazy quote", "> "]
)
def test_what_is_nested_too_deeply_keeps_its_text(name: str) -> None:
    text = HOSTILE[name]
    letters = "".join(xhtml.parse(parse(text, "f.md").xhtml).itertext())
    visible = re.sub(r"<[^>]*>", "", text)
    assert [letters.count(one) for one in "abx"] == [visible.count(one) for one in "abx"]


# --- Raw HTML --------------------------------------------------------------------------------------------------------

# Words of the form “w1” are text, which must come out; “lost” must not.
NASTY = [
    "<script>lost</script>w1",
    "w1 <script>lost</script> w2",
    "<style>lost{}</style>w1",
    "<iframe src=lost>w1</iframe>",
    "w1 <img src=x onerror=lost()> w2",
    "<p>w1<p>w2",
    "<p>w1<div>w2</div>w3</p>",
    "w1 <div>w2</div> w3",
    "<ul>w1<li>w2<li>w3</ul>",
    "<li>w1",
    "- w1 <li>w2",
    "<ol><p>w1</p><ul><ul><li>w2</ul></ul></ol>",
    "<dl><dd>w1</dd><dt>w2</dt></dl>",
    "<dl><div><dt>w1</dt><dd>w2</dd></div></dl>",
    "<dt>w1<dd>w2",
    "<table>w1<tr><td>w2<td>w3<tr><td>w4</table>",
    "<table><tr><td>w1</td></tr><caption>w2</caption><caption>w3</caption><tfoot><tr><td>w4</tfoot><thead><tr><td>w5</table>",
    "<table><caption><table><tr><td>w1</table></caption><tr><td>w2</table>",
    "<table></table>w1",
    "<td>w1</td> <tr><td>w2",
    "<a href=a>w1<a href=b>w2</a></a>",
    "[w1 <a href=b>w2</a> w3](c)",
    '<a href="java&#10;script:lost">w1</a> <a href=" &#1;JAVAscript&colon;lost">w2</a> [w3](java&#10;script:lost)',
    "[w1](<vbscript:lost>) ![w2](javascript:lost) <data:text/html,w3>",
    "<h1><div>w1</div></h1> <h2><table><tr><td>w2</table></h2>",
    "<span><div>w1</div></span> <b><p>w2</p></b> <code><ul><li>w3</ul></code> <pre><p>w4</p></pre>",
    "w1 <em>w2 <strong>w3</em> w4</strong> w5",
    "<center>w1</center> <font color=red>w2</font> <tt>w3</tt> <big>w4</big> <strike>w5</strike>",
    "<table align=center bgcolor=red width='100%'><tr><td align=right valign=top nowrap>w1</table>",
    "<form><input value=lost><select><option>w1</select><textarea>w2</textarea><button>w3</button></form>",
    "<video controls>w1</video> <object data=lost>w2</object> <embed src=lost>",
    "<details>w1</details> <details>w2<summary>w3</summary><summary>w4</summary></details> <summary>w5</summary>",
    "<a href=x><details><summary>w1</summary>w2</details></a>",
    "<ruby>w1<rt>w2</rt></ruby> <ruby>w3</ruby> <ruby><rt>w4</ruby> <rt>w5</rt>",
    "<figure><figcaption>w1</figcaption><img src=x><figcaption>w2</figcaption></figure> <figcaption>w3</figcaption>",
    "<div id='a b'>w1</div><div id='a b'>w2</div> <a name=a--b>w3</a> <p id=9>w4</p>",
    "<custom-element>w1</custom-element> <o:p>w2</o:p>",
    "<div>w1\n\nw2",
    "</div></p></span>w1</table>",
    "w1 <!-- lost --> w2\n\n<!-- w3",
    "<![CDATA[ w1 & <w2> ]]> <?php lost ?> <!DOCTYPE lost>",
    "<plaintext>w1\n\n<textarea>w2\n\n<title>w3\n\n<xmp><b>w4</b></xmp>",
    "<noscript><p title='</noscript><img src=x onerror=y()>'>w1",
    "<bdo>w1</bdo> <time>w2</time> <data value=lost>w3</data> <meter>w4</meter>",
    "<body onload=lost><html><head>w1</head></html>",
    "<a rel=attachment href=/lost>w1</a> <link rel=attachment href=lost> <base href=lost>",
    "<div style='lost' onclick=lost data-src=lost data-note=lost>w1</div>",
    "<table><caption><table><tr><td colspan=2>w1</table></caption></table> <ul><li value=2>w2</ul>",
    "<p lang='' dir=lost>w1</p> <ol start=lost type=lost><li value=lost>w2</ol> <td colspan=-1>w3",
    "<p>&#1;&#0;w1&#xFFFF; &lost; w2</p>",
    "<dfn>w1 <dfn>w2</dfn></dfn> <address><h1>w3</h1></address> <header><header>w4</header></header>",
    "<img> <img src=''> <img src=x width=50% height=20px usemap=#lost>w1",
    "<b\nw1 <i w2=\n\n<u w3='>\n\nw4",
    "> <div>w1\n\nw2</div>\n\n- <p>w3\n- w4</p>",
    "| <td>w1 | w2</td> |\n|----|----|\n| <table>w3 | </tr>w4 |",
]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_html_comes_out_sound(text: str) -> None:
    parsed = parse(f"{text}\n\nAfter.\n", "f.md")
    assert_sound(parsed.xhtml)
    body = xhtml.parse(parsed.xhtml)
    shown = "".join(body.itertext()) + " ".join(element.get("alt", "") for element in xhtml.elements(body, "img"))
    assert set(re.findall(r"w\d", text)) <= set(re.findall(r"w\d", shown)), parsed.xhtml
    assert "After." in shown
    assert "lost" not in re.sub(r"&amp;lost;", "", parsed.xhtml)


def without_raw_html() -> list[str]:
    texts = [case["text"] for path in CASES if (case := CASE.match(path.read_text(encoding="utf-8")))]
    return [text for text in texts if "<" not in re.sub(r"`[^`]*`|<(?:https?|mailto):[^>]*>", "", text)]


@pytest.mark.parametrize("text", without_raw_html())
def test_what_has_no_raw_html_is_the_same_by_the_way_of_the_sanitiser(text: str) -> None:
    plain, sanitised = parse(text, "f.md"), parse(f"{text}\n\n<!-- nothing -->\n", "f.md")
    assert canonical(sanitised.xhtml) == canonical(plain.xhtml)
    assert sanitised.diagnostics == plain.diagnostics


def canonical(fragment: str) -> bytes:
    """The fragment without what does not matter: the order of attributes, and white space between blocks."""
    return re.sub(rb">\s+<", b"><", etree.tostring(xhtml.parse(fragment), method="c14n"))


# --- The rest of the contract ----------------------------------------------------------------------------------------


def test_the_result_is_a_plain_value() -> None:
    text = CASES[0].read_text(encoding="utf-8")
    parsed = parse(text, "f.md")
    assert parse(text, "f.md") == parsed
    assert pickle.loads(pickle.dumps(parsed)) == parsed


@pytest.mark.parametrize("text", ["", "\n", " \t\n", "[a]: b", "<!-- c -->", "[^1]: x"])
def test_nothing_to_read_is_nothing_to_print(text: str) -> None:
    assert "".join(xhtml.parse(parse(text, "f.md").xhtml).itertext()).strip() == ""


def test_long_code_is_not_highlighted() -> None:
    line = "x = 1  # a comment\n"
    short, long = (parse(f"```python\n{line * times}```\n", "f.md").xhtml for times in (10, 10_000))
    assert 'class="c"' in short
    assert 'class="c"' not in long
    assert long.count("x = 1  # a comment") == 10_000


IMPOSSIBLE = ["&#12;", "&#xC;", "&#0;", "&#xd800;", "&#x110000;", "&#99999999999;", "&#xFFFE;"]


@pytest.mark.parametrize("reference", IMPOSSIBLE)
def test_a_reference_to_no_character_is_marked(reference: str) -> None:
    for text in (f"a {reference} b", f"a [b](c{reference}) d", f"a <b>{reference}</b> c"):
        assert xhtml.text_of(xhtml.parse(parse(text, "text.md").xhtml))
