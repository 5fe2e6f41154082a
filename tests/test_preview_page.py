"""The preview as an author sees it: in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import chromium
from playwright.sync_api import Browser, FrameLocator, Page, expect
from screens import browser as started

LINES = "\n\n".join(f"Paragraph {number} says what it has to say." for number in range(1, 60))
BOOK = {
    "book.toml": '[book]\ntitle = "Two Tales"\nlanguage = "en"\n',
    "first.md": f"# First\n\nIt began by the sea.\n\n{LINES}\n",
    "second.md": "# Second\n\nIt was short.\n\n- one\n- two\n\nThe end.\n",
    "third.md": "# Third\n\nA third text.\n",
}
WAIT = 30_000
"""How many ms a page is given: this machine may be busy."""


@dataclass
class Preview:
    """A preview at work: its address, the book it shows, and its process."""

    address: str
    book: Path
    process: subprocess.Popen[str]

    def write(self, name: str, text: str) -> None:
        (self.book / name).write_text(text, "utf-8")

    def restore(self) -> None:
        for name, text in BOOK.items():
            if not (self.book / name).exists() or (self.book / name).read_text("utf-8") != text:
                self.write(name, text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started(str(chromium())) as opened:
        yield opened


def begin(folder: Path, *options: str) -> Preview:
    book = folder / "book"
    book.mkdir()
    for name, text in BOOK.items():
        (book / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "pmpress", "preview", str(book), *options]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=said, text=True)
    assert process.stdout is not None
    return Preview(process.stdout.readline().split()[0], book, process)


def end(preview: Preview) -> int:
    preview.process.send_signal(signal.SIGINT)
    code = preview.process.wait(20)
    assert preview.process.stdout is not None
    preview.process.stdout.close()
    return code


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    begun = begin(tmp_path_factory.mktemp("preview"), "--editor", "vscode")
    yield begun
    end(begun)


@pytest.fixture
def page(browser: Browser, preview: Preview) -> Iterator[Page]:
    preview.restore()
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    opened.goto(preview.address)
    is_settled(opened)
    yield opened
    opened.close()
    assert faults == []


def is_settled(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-settled", "true", timeout=WAIT)


def ebook(page: Page) -> FrameLocator:
    return page.frame_locator("#frame")


def figure_of(page: Page, label: str) -> str:
    return f"figure:has(figcaption:text-is('{label}'))"


def test_it_shows_the_pages_and_the_ebook(page: Page) -> None:
    expect(page.get_by_role("heading", name="Two Tales")).to_be_visible()
    picture = page.locator(f"{figure_of(page, '1')} img")
    page.locator(figure_of(page, "1")).scroll_into_view_if_needed()
    expect(picture).to_be_visible(timeout=WAIT)
    assert picture.evaluate("each => each.naturalWidth") >= 400
    expect(ebook(page).get_by_text("It began by the sea.")).to_be_visible(timeout=WAIT)
    assert page.locator("figure").count() == int(re.findall("[0-9]+", page.locator("#state").inner_text())[0])


def test_a_saved_word_shows_where_it_is_written(page: Page, preview: Preview) -> None:
    second = page.locator("figure[data-key]", has=page.get_by_role("button", name="Page 5", exact=True))
    key = second.get_attribute("data-key")
    preview.write("second.md", BOOK["second.md"].replace("short", "luminous"))
    expect(second.locator(f"img:not([data-key='{key}'])")).to_be_visible(timeout=WAIT)
    expect(second).to_be_in_viewport()
    expect(second.locator(".area.changed")).to_have_count(1)
    expect(ebook(page).get_by_text("It was luminous.")).to_be_in_viewport(timeout=WAIT)
    is_settled(page)


def test_errors_show_and_go(page: Page, preview: Preview) -> None:
    number = page.locator("figure").count()
    preview.write("third.md", "# Third\n\nSee [nothing](nowhere.md).\n")
    preview.write("book.toml", BOOK["book.toml"] + "colour = 1\n")
    expect(page.locator("#state")).to_contain_text("last good state", timeout=WAIT)
    listed = page.locator("#list li.error, #list li", has_text="book.toml:4")
    expect(listed.first).to_be_visible()
    expect(listed.first.locator(".code")).to_have_text("config-unknown-key")
    link = listed.first.locator("a.where")
    assert link.get_attribute("href") == f"vscode://file{preview.book.resolve()}/book.toml:4"
    assert page.locator("figure").count() == number  # the last good pages stay
    preview.restore()
    is_settled(page)
    expect(page.locator("#list", has_text="book.toml:4")).to_have_count(0)


def test_a_click_on_a_page_leads_to_its_line(page: Page, preview: Preview) -> None:
    second = page.locator(figure_of(page, "5"))
    second.scroll_into_view_if_needed()
    expect(second.locator("img")).to_be_visible(timeout=WAIT)
    box = second.locator(".sheet").bounding_box()
    assert box is not None
    answer = page.evaluate("fetch('at-block/second/1').then((each) => each.json())")
    area = answer["areas"][0]
    across, down = (area["left"] + area["right"]) / 2, (area["top"] + area["bottom"]) / 2
    second.locator(".sheet").click(position={"x": across * box["width"], "y": down * box["height"]})
    expect(page.locator("#place")).to_have_text("second.md:3")
    opens = page.get_by_role("link", name="Open in the editor")
    assert opens.get_attribute("href") == f"vscode://file{preview.book.resolve()}/second.md:3"
    expect(ebook(page).get_by_text("It was short.")).to_be_in_viewport(timeout=WAIT)


def test_a_click_on_a_paragraph_leads_to_its_line(page: Page) -> None:
    page.get_by_label("Text", exact=True).select_option("First")
    ebook(page).get_by_text("Paragraph 30 says").click(timeout=WAIT)
    expect(page.locator("#place")).to_have_text("first.md:63")
    expect(page.locator(".area")).to_be_in_viewport()
    ebook(page).get_by_role("heading", name="First").click()
    expect(page.locator("#place")).to_have_text("first.md:1")


def test_the_ebook_is_shown_on_any_device_by_day_and_night(page: Page) -> None:
    expect(ebook(page).get_by_text("It began by the sea.")).to_be_visible(timeout=WAIT)
    frame = page.locator("#frame")
    for name, width in (("Phone", 390), ("E-reader", 560), ("Desktop", 1000)):
        page.get_by_label(name, exact=True).check(force=True)
        assert frame.evaluate("each => each.contentWindow.innerWidth") == width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    body = ebook(page).locator("body")
    light = body.evaluate("each => getComputedStyle(each).color")
    page.get_by_label("Dark", exact=True).check(force=True)
    expect(body).to_have_css("color", "rgb(216, 212, 204)")
    page.get_by_label("Light", exact=True).check(force=True)
    expect(body).to_have_css("color", light)


def test_the_contact_sheet_shows_every_page(page: Page) -> None:
    page.get_by_label("Contact sheet").check(force=True)
    printed = page.locator("figure:not(.blank)")
    for each in printed.all():
        each.scroll_into_view_if_needed()
    expect(page.locator("figure:not(.blank) img")).to_have_count(printed.count(), timeout=WAIT)
    page.get_by_role("button", name="Page 5", exact=True).press("Enter")
    expect(page.get_by_label("Spreads")).to_be_checked()
    expect(page.locator(figure_of(page, "5"))).to_be_in_viewport()


def test_the_keyboard_does_it_all(page: Page) -> None:
    page.get_by_label("Spreads").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Pages", exact=True)).to_be_checked()
    page.get_by_role("button", name="Page 5", exact=True).press("Enter")
    expect(page.locator("#place")).to_have_text("second.md:1")


def test_a_hundred_saves_end_in_the_last(page: Page, preview: Preview) -> None:
    before = int(page.locator("body").get_attribute("data-serial") or 0)
    for number in range(100):
        preview.write("third.md", f"# Third\n\nSave number {number}.\n")
        time.sleep(0.01)
    page.get_by_label("Text", exact=True).select_option("Third")
    expect(ebook(page).get_by_text("Save number 99.")).to_be_visible(timeout=WAIT)
    is_settled(page)
    assert int(page.locator("body").get_attribute("data-serial") or 0) - before < 60


def test_a_deleted_file_and_a_folder_that_moves(page: Page, preview: Preview) -> None:
    (preview.book / "third.md").unlink()
    expect(page.locator("#chapter option", has_text="Third")).to_have_count(0, timeout=WAIT)
    elsewhere = preview.book.with_name("moved")
    shutil.move(preview.book, elsewhere)
    expect(page.locator("#state")).to_contain_text("last good state", timeout=WAIT)
    shutil.move(elsewhere, preview.book)
    is_settled(page)
    preview.restore()
    expect(page.locator("#chapter option", has_text="Third")).to_have_count(1, timeout=WAIT)


def test_a_layout_that_is_changed_shows(page: Page, preview: Preview) -> None:
    page.locator(figure_of(page, "1")).scroll_into_view_if_needed()
    key = page.locator(figure_of(page, "1")).get_attribute("data-key")
    own = preview.book / "layouts" / "classic"
    own.mkdir(parents=True)
    (own / "print.css").write_text("p { color: #600 }", "utf-8")
    expect(page.locator(f"{figure_of(page, '1')} img:not([data-key='{key}'])")).to_be_visible(timeout=WAIT)
    shutil.rmtree(preview.book / "layouts")
    expect(page.locator(f"{figure_of(page, '1')} img[data-key='{key}']")).to_be_visible(timeout=WAIT)


def test_two_browsers_see_the_same_and_one_may_go(page: Page, browser: Browser, preview: Preview) -> None:
    other = browser.new_page()
    other.goto(preview.address)
    is_settled(other)
    other.close()
    preview.write("third.md", "# Renamed\n\nA third text.\n")
    expect(page.locator("#chapter option", has_text="Renamed")).to_have_count(1, timeout=WAIT)


def status(address: str, method: str = "GET", **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers, method=method)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        with fault:
            return fault.code


@pytest.mark.usefixtures("page")  # the book is there
def test_nobody_else_is_let_in(preview: Preview) -> None:
    there = urlsplit(preview.address)
    assert there.hostname == "127.0.0.1"
    assert len(there.path.strip("/")) >= 20
    assert status(preview.address) == 200
    assert status(preview.address, Host="example.org") == 421
    assert status(f"http://{there.netloc}/") == 404
    assert status(f"http://{there.netloc}/{'x' * 22}/events") == 404
    assert status(preview.address, "POST") == 405
    assert status(f"{preview.address}book/../../book.toml") == 404
    assert status(f"{preview.address}book/%2e%2e/book.toml") == 404
    with urllib.request.urlopen(preview.address) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    with urllib.request.urlopen(f"{preview.address}book/first.xhtml") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_it_ends_and_leaves_nothing(tmp_path: Path, browser: Browser) -> None:
    begun = begin(tmp_path)
    page = browser.new_page()
    page.goto(begun.address)
    is_settled(page)
    children = Path(f"/proc/{begun.process.pid}/task/{begun.process.pid}/children").read_text().split()
    assert children
    assert status(f"{begun.address}at-block/second/{'9' * 5000}") == 500
    assert end(begun) == 0
    assert (tmp_path / "said").read_text() == ""  # no traceback either
    expect(page.locator("#state")).to_contain_text("has ended")
    page.close()
    assert [each for each in children if Path(f"/proc/{each}").exists()] == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_workers_that_are_killed_are_replaced(page: Page, preview: Preview) -> None:
    task = Path(f"/proc/{preview.process.pid}/task/{preview.process.pid}/children")
    for each in task.read_text().split():
        os.kill(int(each), signal.SIGKILL)
    preview.write("second.md", BOOK["second.md"].replace("short", "renewed"))
    page.get_by_label("Text", exact=True).select_option("Second")
    expect(ebook(page).get_by_text("It was renewed.")).to_be_visible(timeout=WAIT)
    is_settled(page)


@pytest.mark.usefixtures("page")  # the book is there
def test_the_state_is_plain(preview: Preview) -> None:
    with urllib.request.urlopen(f"{preview.address}events") as stream:
        lines = (line.decode() for line in stream)
        told = json.loads(next(line for line in lines if line.startswith("data: ")).removeprefix("data: "))
    assert told["title"] == "Two Tales"
    assert {page["label"] for page in told["pages"]} >= {"1", "5"}
