"""The measurement of `make conformance` itself, on a tiny specification and book; and the real one, if at hand."""

from __future__ import annotations

import re
import time
from pathlib import Path

import conformance
import normal_form
import pytest

SPEC = """\
Prose.

```````````````````````````````` example
*a* "b" -- http://e.org
.
<p><em>a</em> &quot;b&quot; -- http://e.org</p>
````````````````````````````````

```````````````````````````````` example
-→a
.
<ul>
<li>another word</li>
</ul>
````````````````````````````````
"""
CHAPTER = """\
# A *chapter*

1. One
   - "two" -- [three](<a b>)

| a | b |
|---|---|
| c | ~~d~~ |

- [x] e[^1]

![f](g.png "h")

```python
def i(): ...
```

[^1]: j
"""


def test_the_report_ends_in_three_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "HOSTILE", {"[": "[" * 200})
    (tmp_path / "spec.txt").write_text(SPEC, encoding="utf-8")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "one.md").write_text(CHAPTER, encoding="utf-8")
    (tmp_path / "book" / "two.md").write_text("::\n\n`a", encoding="utf-8")
    (tmp_path / "book" / "picture.png").write_bytes(b"\x89PNG")
    cases = conformance.examples(tmp_path / "spec.txt")
    assert cases[1] == ("-\ta\n", "<ul>\n<li>another word</li>\n</ul>\n")
    lines = "\n".join(conformance.report(cases, conformance.chapters([tmp_path / "book"]))).splitlines()
    assert lines[-3:-1] == ["commonmark 1/2", "books 2/2"]
    assert re.fullmatch(r"hostile worst \d\.\d\d s", lines[-1])
    assert "dialect: CommonMark examples read otherwise: 2" in lines
    assert "dialect: visible text in = visible text out: 2 of 2 chapters" in lines
    assert "| | plain | tuned | dialect | markdown-it |" in lines


def test_a_reader_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "HOSTILE", {"hangs": "[" * 60_000, "reads": "a"})
    monkeypatch.setattr(conformance, "PATIENCE", 0.2)
    result = conformance.Result()
    conformance._measure_hostile("plain", result)
    assert result.hanging == ["hangs"]
    assert result.failing == []
    assert conformance._worst(conformance.Result(failing=["x"])) == "0+"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a\n b</p>\n<p>c</p>", "<p>a b</p><p>c</p>"),
        ('<p id="a" class="b">c</p>', "<p>c</p>"),
        ('<p><a href="%C3%A4%20b">c</a></p>', '<p><a href="ä b">c</a></p>'),
        ("<p>&quot;a&quot; &auml; &#x27;</p>", '<p>"a" ä \'</p>'),
        ("<p>“a” – ‘b’—…</p>", "<p>\"a\" -- 'b'---...</p>"),
        ("<p><s>a</s></p>", "<p><del>a</del></p>"),
        ("<p>a<br />\nb</p>", "<p>a<br>b</p>"),
        ("<pre><code>a\n</code></pre>", '<pre><code class="language-x"><span class="k">a</span></code></pre>'),
        ('<ul><li><input type="checkbox" checked="" disabled=""> a</li></ul>', "<ul><li>☑ a</li></ul>"),
        ('<figure><img src="a" alt=""><figcaption>b</figcaption></figure>', '<p><img src="a" alt="" title="b"></p>'),
        ("<p>a</p><!-- b --><script>c</script>", "<p>a</p>"),
        ('<ol start="1"><li>a</li></ol>', "<ol><li>a</li></ol>"),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    assert normal_form.difference(normal_form.of_html(one), normal_form.of_html(other)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a b</p>", "<p>a</p>"),
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p>a</p>", "<p>a</p><p>b</p>"),
        ("<p>a</p><p>b</p>", "<p>a b</p>"),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<p><em><strong>a</strong></em></p>", "<p><strong><em>a</em></strong></p>"),
        ("<pre><code>a  b</code></pre>", "<pre><code>a b</code></pre>"),
        ('<p><a href="a">b</a></p>', '<p><a href="c">b</a></p>'),
        ('<p><a href="a">b</a></p>', "<p>b</p>"),
        ('<p><a href="http://a.b">http://a.b</a></p>', "<p>http://a.b</p>"),
        ('<p><img src="a" alt="b"></p>', '<p><img src="a" alt="c"></p>'),
        ('<ol start="2"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ("<p>a<br>b</p>", "<p>a b</p>"),
        ("<h1>a</h1>", "<h2>a</h2>"),
    ],
)
def test_what_counts(one: str, other: str) -> None:
    assert normal_form.difference(normal_form.of_html(one), normal_form.of_html(other))


def test_links_made_of_bare_addresses_may_be_missing_in_the_reference_only() -> None:
    bare, linked = "<p>(http://a.b) c</p>", '<p>(<a href="http://a.b">http://a.b</a>) c</p>'
    assert normal_form.difference(normal_form.of_html(bare), normal_form.of_html(linked)) is None
    assert normal_form.difference(normal_form.of_html(linked), normal_form.of_html(bare))
    other = bare.replace("c", "d")
    assert normal_form.difference(normal_form.of_html(other), normal_form.of_html(linked))


def test_notes_are_equal_however_they_are_written() -> None:
    text = "a[^x] b[^y] c[^x]\n\n[^y]: d\n\n    - e\n\n[^x]: f *g*\n"
    forms = {name: reader.normal(text) for name, reader in conformance.READERS.items() if name != "plain"}
    assert forms["dialect"] == forms["markdown-it"]
    assert "<note>\n<p>\nf <em>g</em>\n</p>\n</note>" in forms["dialect"]


def test_what_a_reader_sees_is_compared_without_the_dialect() -> None:
    html = conformance.READERS["markdown-it"].convert(CHAPTER)
    seen = normal_form.visible_in_html(html)
    assert seen == 'AchapterOne"two"--threeabcdedefi():...j'
    assert seen == normal_form.visible_in_fragment(conformance.READERS["dialect"].convert(CHAPTER))


def test_hostile_input_is_made_of_many_kinds() -> None:
    assert len(conformance.HOSTILE) >= 135
    assert all(10_000 <= len(text) <= 25_000 for text in conformance.HOSTILE.values())


@pytest.mark.slow
def test_no_hostile_input_takes_a_second() -> None:
    times = {}
    for kind, text in conformance.HOSTILE.items():
        begun = time.process_time()
        conformance.READERS["dialect"].convert(text)
        times[kind] = time.process_time() - begun
    assert {kind: spent for kind, spent in times.items() if spent > 1} == {}


def test_commonmark() -> None:
    spec = Path(__file__).parents[2] / "shared" / "spec" / "commonmark-0.31.2.txt"
    if not spec.exists():
        pytest.skip("the CommonMark specification is not beside the checkout: its examples were not tried")
    cases = conformance.examples(spec)
    assert len(cases) == 652
    assert len(conformance.wrong_examples(conformance.READERS["dialect"], cases)) <= 12
