"""The preview without a browser: single sheets, where they lead, editors, and who is let in."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from conftest import Run
from PIL import Image
from test_pdf_sample import texts_of

from pmpress.cache import Cache
from pmpress.diagnostics import MachineError, UsageError, error
from pmpress.pdf.proofs import Awaited, Proofs
from pmpress.pdf.pulls import ProofPage, areas_of, begin_furniture, block_at, draw, pages_of, pull
from pmpress.press import Order, load, render
from pmpress.press.proofs import ebook, printed
from pmpress.preview.changes import change_in, span_of_block
from pmpress.preview.desk import Desk, Shown
from pmpress.preview.editors import address_of
from pmpress.tasks import InProcess, Means

LINES = "\n\n".join(f"Paragraph {number} says what it has to say." for number in range(1, 40))
BOOK = {
    "book.toml": '[book]\ntitle = "Two Tales"\nlanguage = "en"\n[layout]\nname = "classic"\n',
    "first.md": f"# First\n\nSee [page](second.md){{.page}}.\n\n{LINES}\n",
    "second.md": "# Second\n\nIt was short.\n\n- one\n- two\n\nThe end.\n",
}


def settled(book: Path, earlier: Proofs | None = None) -> Proofs:
    return list(printed(load(Order(book)), earlier, Means()))[-1]


def shown(proofs: Proofs, page: ProofPage) -> str:
    assert page.place is not None
    assert page.number is not None
    furniture = begin_furniture(proofs, page.place, Means())()
    return list(texts_of(pull(proofs, page.place, furniture)))[page.number]


def page_saying(proofs: Proofs, words: str) -> ProofPage:
    return next(page for page in pages_of(proofs) if page.key and words in shown(proofs, page))


def test_settled_proofs_are_the_pages_of_the_book(book_of: Callable[..., Path]) -> None:
    book = book_of(BOOK)
    proofs = settled(book)
    whole = render(load(Order(book)), "pdf")
    pages = list(pages_of(proofs))
    assert [page.label for page in pages] == list(whole.page_map.labels)
    assert [shown(proofs, page) if page.key else "" for page in pages] == list(texts_of(whole.data))


def test_only_a_changed_sheet_is_laid_out_again(book_of: Callable[..., Path]) -> None:
    book = book_of(BOOK)
    before = settled(book)
    (book / "second.md").write_text(BOOK["second.md"].replace("short", "lighthouse"), "utf-8")
    first, *_, last = printed(load(Order(book)), before, Means())
    assert first.fresh is not None
    assert first.sheets[first.fresh].anchor == "second"
    assert not first.is_settled
    change = change_in(first, pages_of(first), before)
    assert change is not None
    assert (change.slug, change.block) == ("second", 1)
    page = next(page for page in pages_of(first) if page.page_index == change.page_index)
    assert "lighthouse" in shown(first, page)
    assert page.label in shown(first, page)  # its furniture is there already
    assert last.is_settled
    untouched = {page.key for page in pages_of(before) if page.place != first.fresh}
    assert untouched == {page.key for page in pages_of(last) if page.place != first.fresh}


def test_what_was_saved_is_laid_out_before_what_follows_from_it(book_of: Callable[..., Path]) -> None:
    book = book_of(
        {
            **BOOK,
            "first.md": f"# First\n\nSee [](second.md).\n\n{LINES}\n",
            "second.md": "# Second {.unnumbered}\n\nIt was short.\n",
        }
    )
    before = settled(book)
    (book / "second.md").write_text("# Another {.unnumbered}\n\nIt was short.\n", "utf-8")
    awaited = Awaited(files=frozenset({"second.md"}))
    fresh = [each.fresh for each in printed(load(Order(book)), before, Means(), awaited)]
    laid_out = [before.sheets[place].anchor for place in fresh if place is not None]
    assert laid_out == ["second", "first"]  # though the other is longer


def test_nothing_is_laid_out_where_nothing_changed(book_of: Callable[..., Path]) -> None:
    book = book_of(BOOK)
    before = settled(book)
    (only,) = printed(load(Order(book)), before, Means())
    assert only.is_settled
    assert list(pages_of(only)) == list(pages_of(before))


def test_lines_that_moved_lead_to_where_they_are_now(book_of: Callable[..., Path]) -> None:
    book = book_of({"all.md": "# One\n\nFirst.\n\n# Two\n\nSecond.\n"})
    before = settled(book)
    (book / "all.md").write_text("# One\n\nFirst.\n\nNew.\n\n# Two\n\nSecond.\n", "utf-8")
    fresh = [each.sheets[each.fresh].anchor for each in printed(load(Order(book)), before, Means()) if each.fresh]
    assert fresh == ["all", "all_2"]  # the one whose words changed comes first
    now = settled(book, before)
    place = next(place for place, sheet in enumerate(now.sheets) if sheet.anchor == "all_2")
    assert str(span_of_block(now.sheets[place], 1)) == "all.md:9"


def test_a_point_of_a_page_leads_to_its_lines(book_of: Callable[..., Path]) -> None:
    proofs = settled(book_of(BOOK))
    page = page_saying(proofs, "Paragraph 30 ")
    assert page.place is not None
    sheet = proofs.sheets[page.place]
    wanted = next(block for block in range(1, 60) if str(span_of_block(sheet, block)) == "first.md:63")
    ((on, area),) = areas_of(proofs, list(pages_of(proofs)), page.place, wanted)
    assert on == page
    assert block_at(proofs, page, (area.left + area.right) / 2, (area.top + area.bottom) / 2) == wanted
    assert block_at(proofs, page, 0.001, (area.top + area.bottom) / 2) == wanted  # in the margin beside it
    opening = page_saying(proofs, "Paragraph 1 ")
    assert block_at(proofs, opening, 0.5, 0.0) == 0
    assert str(span_of_block(sheet, 0)) == "first.md:1"


def test_a_page_is_drawn_as_wide_as_asked(book_of: Callable[..., Path]) -> None:
    proofs = settled(book_of(BOOK))
    page = page_saying(proofs, "It was short")
    assert page.place is not None
    assert page.number is not None
    sheet = pull(proofs, page.place, begin_furniture(proofs, page.place, Means())())
    drawn = Image.open(BytesIO(draw(sheet, page.number, 400)))
    assert drawn.width == 400
    assert abs(drawn.height - 400 * page.height / page.width) <= 1
    darkest, lightest = drawn.convert("L").getextrema()
    assert (darkest < 60, lightest) == (True, 255)


def test_a_sheet_is_whole_by_itself(book_of: Callable[..., Path]) -> None:
    proofs = settled(book_of(BOOK))
    place = next(place for place, sheet in enumerate(proofs.sheets) if sheet.anchor == "first")
    document = pypdfium2.PdfDocument(pull(proofs, place, begin_furniture(proofs, place, Means())()))
    assert len(document) == len(proofs.pages.placed[place].laid_out.facts.pages)
    document.close()


def test_what_cannot_be_drawn_is_told_once_and_lost_workers_are_replaced(book_of: Callable[..., Path]) -> None:
    desk, told = Desk(Order(book_of(BOOK)), InProcess(), Cache(), 0, ExitStack()), threading.Semaphore(0)
    desk.tell = told.release

    def until(holds: Callable[[Shown], bool]) -> Shown:
        while not holds(shown := desk.shown):
            assert told.acquire(timeout=60)
        return shown

    def is_settled(shown: Shown) -> bool:
        return shown.proofs is not None and shown.proofs.is_settled and not shown.is_broken

    desk.begin()
    desk.start()
    until(is_settled)
    desk.report(ValueError("blot"), desk.pictures)
    broken = until(lambda shown: shown.is_broken)
    assert ["blot" in each.message for each in broken.diagnostics] == [True]
    for fault in ("blot", "smudge"):
        desk.report(ValueError(fault), desk.pictures)
        while desk._failed is not None:
            time.sleep(0.01)
    assert until(lambda shown: "smudge" in shown.diagnostics[0].message).serial == broken.serial + 1
    before = desk.pictures
    desk.report(MachineError(error("worker-lost", "gone")), before)
    until(is_settled)
    assert desk.pictures is not before
    desk.end()


def test_pages_of_the_ebook_keep_their_lines(book_of: Callable[..., Path]) -> None:
    files = ebook(load(Order(book_of(BOOK))), None)
    page, media_type = files.file("second.xhtml") or (b"", "")
    assert media_type == "application/xhtml+xml"
    assert b'data-src="second.md:3' in page
    assert b'data-block="1"' in page
    style, _ = files.file("book.css") or (b"", "")
    font = next(name for name in files.files if name.startswith("fonts/"))
    assert font in style.decode()
    assert files.file(font)
    assert files.file("../book.toml") is None


@pytest.mark.parametrize(
    ("editor", "environment", "address"),
    [
        ("vscode", {}, "vscode://file{path}:{line}"),
        ("", {"EDITOR": "/usr/bin/code --wait"}, "vscode://file{path}:{line}"),
        ("", {"VISUAL": "subl -w", "EDITOR": "vi"}, "subl://open?url=file://{path}&line={line}"),
        ("", {"EDITOR": "vi"}, ""),
        ("", {"EDITOR": "'broken"}, ""),
        ("mine://open/{path}#{line}", {}, "mine://open/{path}#{line}"),
    ],
)
def test_editors_have_addresses(editor: str, environment: dict[str, str], address: str) -> None:
    assert address_of(editor, environment) == address


@pytest.mark.parametrize("editor", ["ed", "javascript:alert('{path}')", "http://example.org/{path}", "mine://open"])
def test_what_is_no_editor_is_refused(editor: str) -> None:
    with pytest.raises(UsageError, match="editor-unknown"):
        address_of(editor, {})


def test_a_port_that_is_taken_is_said(run: Callable[..., Run], book_of: Callable[..., Path]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("preview", book_of(BOOK), "--port", port)
    assert done.code == 3
    assert f"error[port-taken]: port {port} cannot be used: another program has it" in done.err
    assert "Traceback" not in done.err


def test_a_book_that_is_not_there_is_said(run: Callable[..., Run], tmp_path: Path) -> None:
    done = run("preview", tmp_path / "nowhere")
    assert done.code == 2
    assert "book-missing" in done.err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., Run], book_of: Callable[..., Path]
) -> None:
    monkeypatch.delitem(sys.modules, "pmpress.preview.server", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = run("preview", book_of(BOOK))
    assert done.code == 3
    assert "error[preview-missing]" in done.err
    assert "pip install 'pmpress[preview]'" in done.err
