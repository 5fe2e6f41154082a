"""`python -m tests.screens BOOK.epub -o FOLDER`: an e-book as screens show it, to be looked at.

The pages are opened in Chromium, which asks for what they need and gets it from the e-book alone.
"""

from __future__ import annotations

import argparse
import posixpath
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path

from lxml import etree
from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

_ROOT = "https://book.invalid/"
_PACKAGE = "EPUB/content.opf"
_OPF = {"o": "http://www.idpf.org/2007/opf"}
_GROUND = (128, 128, 128)
_GAP = 8  # px between the pictures of a contact sheet
_MOST = 5  # screens of one page that are shown


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen, in CSS px, and how many of its own dots make one of them."""

    name: str
    width: int
    height: int
    dots: int = 1


SCREENS = (Screen("phone", 320, 568, 2), Screen("reader", 600, 800, 2), Screen("desk", 1100, 800))


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours that a reading system gives the page, by a style sheet of its own, and no element in it."""

    name: str
    ground: str
    ink: str

    @property
    def css(self) -> str:
        """The reading system's style sheet."""
        return f"html, body {{ background: {self.ground} !important; color: {self.ink} !important }}"


THEMES = (Theme("light", "#fff", "#000"), Theme("sepia", "#f6eedd", "#4f3a26"), Theme("dark", "#000", "#c8c8c8"))


@dataclass(frozen=True)
class Ebook:
    """An EPUB of the press."""

    data: bytes = field(repr=False)

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What is in the container, by its name there."""
        with zipfile.ZipFile(BytesIO(self.data)) as container:
            return {name: container.read(name) for name in container.namelist()}

    @property
    def media_types(self) -> dict[str, str]:
        """What each file is, by its name in the container."""
        package = etree.fromstring(self.files[_PACKAGE])
        items = package.iterfind("o:manifest/o:item", _OPF)
        return {posixpath.join("EPUB", item.get("href", "")): item.get("media-type", "") for item in items}

    @property
    def pages(self) -> list[str]:
        """The names of the pages, as the spine has them."""
        package = etree.fromstring(self.files[_PACKAGE])
        names = {item.get("id"): item.get("href", "") for item in package.iterfind("o:manifest/o:item", _OPF)}
        return [
            posixpath.join("EPUB", names[each.get("idref")]) for each in package.iterfind("o:spine/o:itemref", _OPF)
        ]


@contextmanager
def browser(executable: str) -> Iterator[Browser]:
    """Chromium, without a window, with no way to any network: only to this machine."""
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=[nowhere])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(started: Browser, book: Ebook, screen: Screen) -> Iterator[Page]:
    """A window of the screen's size that knows the files of the e-book, and nothing else."""
    types = book.media_types

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(_ROOT)
        if name in types:
            route.fulfill(body=book.files[name], content_type=types[name])
        else:
            route.abort()

    size = {"width": screen.width, "height": screen.height}
    context = started.new_context(viewport=size, device_scale_factor=screen.dots)
    try:
        page = context.new_page()
        page.route("**/*", answer)
        yield page
    finally:
        context.close()


def turn_to(page: Page, name: str) -> None:
    """Show a page of the e-book, with its fonts and pictures."""
    page.goto(_ROOT + name, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")


def dress(page: Page, theme: Theme) -> None:
    """Give the page that is shown the colours of a theme."""
    page.emulate_media(color_scheme="dark" if theme.name == "dark" else "light")
    page.evaluate(
        """css => {
            const sheet = document.getElementById("reading-system") || document.createElement("style");
            sheet.id = "reading-system";
            sheet.textContent = css;
            document.head.append(sheet);
        }""",
        theme.css,
    )


def pictures(page: Page, screen: Screen) -> list[Image.Image]:
    """What is seen of the page while one turns its leaves: as many screens as it fills, but no more than a few."""
    height = min(page.evaluate("document.documentElement.scrollHeight"), _MOST * screen.height)
    clip = {"x": 0, "y": 0, "width": screen.width, "height": height}
    whole = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip))).convert("RGB")
    step = screen.height * screen.dots
    return [whole.crop((0, top, whole.width, top + step)) for top in range(0, whole.height, step)]


def contact_sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """The pictures in rows, one a page of the e-book, half as large as they are on a screen of today."""
    width, height = rows[0][0].size
    sheet = Image.new("RGB", (_GAP + (width + _GAP) * max(map(len, rows)), _GAP + (height + _GAP) * len(rows)), _GROUND)
    for number, row in enumerate(rows):
        for place, picture in enumerate(row):
            sheet.paste(picture, (_GAP + place * (width + _GAP), _GAP + number * (height + _GAP)))
    return sheet.reduce(2)


def main() -> None:
    """Write a contact sheet of an e-book for every screen and theme."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description="Draw an e-book as screens show it.")
    parser.add_argument("book", type=Path, help="an EPUB file")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/screens"), help="a folder (build/screens)")
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        parser.exit(3, "Chromium is missing: on Debian, apt-get install chromium\n")
    given.output.mkdir(parents=True, exist_ok=True)
    book = Ebook(given.book.read_bytes())
    with browser(chromium) as started:
        for screen in SCREENS:
            rows: dict[Theme, list[list[Image.Image]]] = {theme: [] for theme in THEMES}
            with opened(started, book, screen) as page:
                for name in book.pages:
                    turn_to(page, name)
                    for theme in THEMES:
                        dress(page, theme)
                        rows[theme].append(pictures(page, screen))
            for theme in THEMES:
                path = given.output / f"{given.book.stem}-{screen.name}-{theme.name}.png"
                contact_sheet(rows[theme]).save(path)
                print(path)


if __name__ == "__main__":
    main()
