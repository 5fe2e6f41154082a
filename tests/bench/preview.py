"""How long a saved word takes to be seen: from the save to its page's picture in a browser.

`python -m tests.bench.preview --book BOOK [--copies 2] [--set KEY=VALUE] [--times 10]`

The book's files are cut at their second headings into chapters of some ten pages, and bound so many times over.
"""

from __future__ import annotations

import argparse
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tests.browser import FLAGS, find_chromium

_CHAPTER = 16_000  # characters of Markdown
_REST = 3.0  # seconds between two saves, for what follows from the first
_SEES = """() => {
  window.seen = [];
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]);
    if (added.some((each) => each.tagName === "IMG")) window.seen.push(Date.now());
  }).observe(document.getElementById("pages"), { childList: true, subtree: true });
}"""


def main() -> None:
    """Change a word again and again, and say how long it took to be seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=2)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chapters = _cut(options.book, Path(folder), options.copies)
        command = [sys.executable, "-m", "pmpress", "preview", "--draft", str(Path(folder, "book"))]
        command += [part for each in options.settings for part in ("--set", each)]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                _measure(process.stdout.readline().split()[0], chapters[len(chapters) // 2], options.times)
            finally:
                process.send_signal(signal.SIGINT)


def _cut(book: Path, folder: Path, copies: int) -> list[Path]:
    (folder / "book").mkdir()
    texts = [path.read_text("utf-8") for path in sorted(book.rglob("*.m*")) if path.suffix in (".md", ".markdown")]
    files: list[Path] = []
    for text in texts * copies:
        chapter = ""
        for piece in (*re.split(r"^(?=## )", text, flags=re.MULTILINE), None):
            chapter += piece or ""
            if chapter.strip() and (piece is None or len(chapter) > _CHAPTER):
                files.append(folder / "book" / f"{len(files):03}.md")
                files[-1].write_text(f"# Chapter {len(files)}\n\n{re.sub('^# .*', '', chapter, count=1)}", "utf-8")
                chapter = ""
    return files


def _measure(address: str, chapter: Path, times: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1500, "height": 950})
        begun = time.monotonic()
        page.goto(address)
        page.locator("body[data-settled=true]").wait_for(timeout=600_000)
        print(f"{page.locator('#state').inner_text()}, all there after {time.monotonic() - begun:.1f} s")
        page.evaluate(_SEES)
        taken = sorted(_change(page, chapter, number) for number in range(times))
        median, least, most = statistics.median(taken), taken[0], taken[-1]
        print(f"a changed word of {chapter.name} is seen after {median:.0f} ms ({least:.0f} to {most:.0f})")
        browser.close()


def _change(page: Page, chapter: Path, number: int) -> float:
    """Change a word in the middle of a chapter: how many ms it takes until a picture is new."""
    time.sleep(_REST)
    text = chapter.read_text("utf-8")
    words = list(re.finditer(r"\bthe\w*\b", text))
    word = words[len(words) // 2]
    page.evaluate("() => { window.seen = []; }")
    begun = time.time() * 1000
    chapter.write_text(f"{text[: word.start()]}the{number}{text[word.end() :]}", "utf-8")
    while not (seen := page.evaluate("() => window.seen")):
        time.sleep(0.02)
    return float(seen[0] - begun)


if __name__ == "__main__":
    main()
