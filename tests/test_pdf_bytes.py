"""The same book is the same file: in another process, under another hash seed, in another folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from test_pdf_sample import printed, rtl_book, whole, whole_book

PRINT = """
import hashlib, sys
from test_pdf_sample import layout, rtl_book, small_book, whole_book
from pmpress.model import Edition
from pmpress.pdf import draw_cover, render
book = {book}
sys.stdout.write(hashlib.sha256(render(book, layout(), Edition()).data).hexdigest())
sys.stdout.write(" " + hashlib.sha256(draw_cover(book, layout())().data).hexdigest())
"""


def in_another_process(book: str, seed: str, folder: Path) -> str:
    paths = [str(Path(__file__).parent), *(entry for entry in sys.path if entry)]
    surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(folder)}
    surroundings.pop("FONTCONFIG_FILE", None)
    command = [sys.executable, "-c", PRINT.format(book=book)]
    done = subprocess.run(command, capture_output=True, text=True, env=surroundings, cwd=folder, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("book", ["whole_book()", "rtl_book()"])
def test_same_bytes_in_every_process(book: str, tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    first, second = (in_another_process(book, seed, folder) for seed, folder in zip(("1", "999"), folders, strict=True))
    assert first == second


def test_same_bytes_as_before_in_one_process() -> None:
    again = printed(whole_book())
    assert hashlib.sha256(again.rendered.data).digest() == hashlib.sha256(whole().rendered.data).digest()


def test_qpdf_finds_nothing_wrong() -> None:
    for book in (whole(), printed(rtl_book())):
        with pikepdf.open(BytesIO(book.rendered.data)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert pdf.pdf_version == "1.7"


def test_no_path_of_the_machine_is_in_the_file() -> None:
    data = whole().rendered.data
    with pikepdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    for path in (str(Path.home()), str(Path.cwd()), "/tmp/", "file://"):
        assert path.encode() not in out.getvalue()
