"""The tuned engine makes the same bytes, and an engine of another shape is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HTML = """
<html lang="LANG" dir="DIR"><head><title>T</title></head><body>
<h1 id="top">One <em>title</em> &amp; a half: fi ffi Te AV</h1>
<p>A paragraph with a <a href="#end">link</a>, <code>code_with_a_very_long_name_that_has_to_break_somewhere()</code>,
a note<span class="note">The note, with <b>bold</b> and <u>underlined</u> words.</span>, x<sup>2</sup>,
so\u00adft hyphens in incomprehensibilities, \u200bnothing,
\u05e9\u05dc\u05d5\u05dd \u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627
\u65e5\u672c\u8a9e\u306e\u6587\u7ae0, a glyph that no font has \U0001f9ff \ue000 and much more of the same text.</p>
<p class="box">Float<br/>box</p><p>TEXT TEXT</p>
<ul><li>one</li><li>two <ol><li>deeper</li><li>still<p>a paragraph</p></li></ol></li></ul>
<dl><dt>term</dt><dd>what it means</dd></dl>
<table><caption>Caption</caption><thead><tr><th>a</th><th scope="col">b</th></tr></thead>
<tbody><tr><td>1</td><td rowspan="2">2</td></tr><tr><td>3</td></tr><tr><td colspan="2">4</td></tr></tbody></table>
<pre>def f():\n\treturn "a line that is kept"\n\n</pre>
<div class="flex"><p>left</p><p>right</p></div><p class="clip">One line that is far too long for the room it has got</p>
<p class="caps">Small Caps 1234</p><p class="fixed">placed</p>
<p>To AV <span class="unkerned">To AV</span> <span class="smcp">To AV</span></p><div class="logical">TEXT TEXT</div>
<p lang="tr" class="lig">fi i\u0307</p>
<section class="wide"><h2>Wide</h2><p>TEXT TEXT TEXT</p></section><h2 id="end">End</h2><p class="calc">TEXT</p>
</body></html>
"""
CSS = """
@page { size: 90mm 120mm; margin: 10mm; @bottom-center { content: counter(page) } @footnote { margin-top: 1em } }
@page :first { margin-top: 20mm } @page :nth(3) { background: #eee } @page wide { size: 140mm 90mm }
:root { --gap: 2px; font: 9pt/1.4 serif; hyphens: auto }
p { text-align: justify; margin: 0 0 var(--gap) } h1 { string-set: t content(); letter-spacing: .3px }
.note { float: footnote } .box { float: right; width: 30%; min-height: 10%; border: 1px solid; border-radius: 3px }
table { border-collapse: collapse; width: calc(50% + 10mm) } td, th { border: .5pt solid #333; padding: 0 2% }
pre { white-space: pre-wrap; tab-size: 4; font-family: monospace; background: #f8f8f8; padding: 1em }
code { overflow-wrap: anywhere } .flex { display: flex; gap: 1em } .flex p { box-sizing: border-box; padding: 1% }
.clip { overflow: hidden; white-space: nowrap; text-overflow: ellipsis } u { text-underline-offset: 2px }
.caps { font-variant: small-caps oldstyle-nums; word-spacing: 2px } .fixed { position: absolute; top: 5%; right: 0 }
.lig { font-variant-ligatures: none; font-kerning: none; font-feature-settings: "smcp" 1 } .wide { page: wide }
.unkerned { font-kerning: none } .smcp { font-feature-settings: "smcp" 1 }
.logical { padding-inline-start: 1em; border-inline-start: 2px solid; inline-size: 70%; max-height: 50% }
.calc { line-height: calc(1em + 3px); margin-inline-start: 1em } sup { font-variant-position: super }
h2::before { content: counter(h) ". " } h2 { counter-increment: h; break-after: avoid }
"""
LAY_OUT = """
import hashlib, sys
from pathlib import Path
from pmpress.layout import load_layout
from pmpress.pdf.typesetter import fonts
fonts.use_only(load_layout("classic", Path({folder!r}))[0].fonts)
from pmpress.pdf.typesetter import tuning
if {tuned}:
    tuning.import_engine()
    print(tuning.tune(), len(tuning._TUNINGS), tuning.tune(), file=sys.stderr)
import logging, weasyprint
logging.getLogger("weasyprint").handlers = [logging.NullHandler()]
for html in {documents!r}:
    for variant in (None, "pdf/ua-1"):
        styles = [weasyprint.CSS(string={css!r})]
        document = weasyprint.HTML(string=html).render(stylesheets=styles, pdf_variant=variant)
        print(hashlib.sha256(document.write_pdf(pdf_variant=variant)).hexdigest(), len(document.pages))
"""
OTHER_SHAPE = """
import pydyf, weasyprint
from weasyprint.css import ComputedStyle
from weasyprint.layout import percent
from pmpress.pdf.typesetter import tuning
{change}
before = dict(vars(pydyf.PDF)), dict(vars(ComputedStyle)), dict(vars(percent))
print(tuning.tune() - len(tuning._TUNINGS))
after = vars(pydyf.PDF), vars(ComputedStyle), vars(percent)
print([[key for key in old if new.get(key) is not old[key]] for old, new in zip(before, after)])
"""


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(entry for entry in sys.path if entry)
    surroundings = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
    surroundings.pop("FONTCONFIG_FILE", None)
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings, cwd=folder, check=True)


def documents() -> list[str]:
    text = HTML.replace("TEXT", "The quick brown fox jumps over the lazy dog, efficiently. " * 12)
    return [text.replace("LANG", lang).replace("DIR", side) for lang, side in (("en", "ltr"), ("ar", "rtl"))]


def test_the_same_bytes(tmp_path: Path) -> None:
    values = {"folder": str(tmp_path), "documents": documents(), "css": CSS}
    plain, tuned = (run(LAY_OUT.format(tuned=tuned, **values), tmp_path) for tuned in (False, True))
    assert plain.stderr == ""
    replaced, known, again = map(int, tuned.stderr.split())
    assert (replaced, again) == (known, 0)  # in the pinned release every one has its place
    assert tuned.stdout == plain.stdout
    assert len(set(plain.stdout.splitlines())) == 4


@pytest.mark.parametrize(
    ("change", "difference", "changed"),
    [
        ("", 0, "[['page_references'], ['__missing__'], ['resolve_percentages']]"),
        ("percent.resolve_percentages = lambda box: None", -1, "[['page_references'], ['__missing__'], []]"),
        ("del percent.resolve_percentages", -1, "[['page_references'], ['__missing__'], []]"),
        ("del pydyf.PDF.page_references", -1, "[[], ['__missing__'], ['resolve_percentages']]"),
        ("ComputedStyle.__missing__ = lambda self, *keys: 0", -1, "[['page_references'], [], ['resolve_percentages']]"),
        ("weasyprint.__version__ = '70.1'", None, "[[], [], []]"),
        ("pydyf.__version__ = '1.0'", None, "[[], [], []]"),
    ],
)
def test_another_engine_is_left_alone(change: str, difference: int | None, changed: str, tmp_path: Path) -> None:
    said = run(OTHER_SHAPE.format(change=change), tmp_path).stdout.splitlines()
    assert said[1] == changed
    if difference is not None:
        assert int(said[0]) == difference
    else:
        assert int(said[0]) < 0


def test_libraries_are_found_as_ever_where_the_loader_does_not_know_them(tmp_path: Path) -> None:
    program = """
import ctypes.util
from pmpress.pdf.typesetter import tuning
before = ctypes.util.find_library
import cffi
load, failed = cffi.FFI.dlopen, []
def dlopen(self, name, flags=0):
    if ctypes.util.find_library is not before:
        failed.append(name)
        raise OSError(name)
    return load(self, name, flags)
cffi.FFI.dlopen = dlopen
tuning.import_engine()
assert ctypes.util.find_library is before and failed
import weasyprint
print(weasyprint.__version__)
"""
    done = run(program, tmp_path)
    assert done.stdout.startswith("70.")
