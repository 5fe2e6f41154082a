"""PDF/UA-1 and PDF/A-3a, as veraPDF reads the standards."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import verapdf
from test_pdf_archive import dressed, printed_in, see_through
from test_pdf_sample import png, printed, prose, rtl_book, small_book, whole

from pmpress.model import Asset, Book

STRAYS = "a\u2028b\u2029c\u0085d\u0080e\u009ff\ufff9g\ufffbh\ufeffi"
ODD = f"""<h2 id="a">A <em>heading</em><a epub:type="noteref" href="#c1--n">1</a></h2>
<p>A <a href="https://example.org/"><strong>strong</strong> <code>link</code> <img src="p.png" alt="Picture"/></a>, and
𒀀, {STRAYS} {"word" * 400} <code>{"code" * 400}</code>.</p>
<pre><code>a{STRAYS}</code></pre>
<ul><li><p>{prose(1)}</p><p>{prose(1)}</p></li><li>x<ul><li>y</li></ul></li></ul>
<table><caption>A table</caption><tr><th>a</th><th>b</th></tr><tr><th>c</th><td><ul><li>d</li></ul></td></tr></table>
<p><img src="missing.png" alt="Missing"/></p>
<section epub:type="footnotes"><aside epub:type="footnote" id="n" data-number="1"><p>Said.</p></aside></section>"""


@pytest.mark.slow
@pytest.mark.skipif(bool(verapdf.missing()), reason=f"not installed: {', '.join(verapdf.missing())}")
def test_every_pdf_conforms_to_pdf_ua_1_and_pdf_a_3a(tmp_path: Path) -> None:
    odd: Book = replace(small_book(ODD, ""), assets=(Asset("p.png", "image/png", png(40, 30)),))
    books = {"whole": whole(), "rtl": printed(rtl_book()), "odd": printed(odd), "one": printed(small_book("<p>x</p>"))}
    books["see-through"] = see_through()
    inks = "p { color: device-cmyk(0 1 1 0); background: linear-gradient(device-cmyk(1 0 0 0), rgb(0 0 0 / 0.2)) }"
    books["inks"] = printed_in(odd, dressed(f"{inks} @page {{ @bottom-left {{ content: 'x'; opacity: 0.5 }} }}"))
    for name, book in books.items():
        (tmp_path / f"{name}.pdf").write_bytes(book.rendered.data)
    paths = [str(tmp_path / f"{name}.pdf") for name in books]
    command = [sys.executable, str(Path(verapdf.__file__)), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {path: [] for path in paths}
