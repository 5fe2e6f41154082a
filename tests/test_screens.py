"""The e-book in a browser, on a telephone: nothing runs off the screen, and all of it can be read and touched, on
white, on sepia and on black."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import tinycss2
from browser import chromium
from playwright.sync_api import Browser, Page
from screens import SCREENS, THEMES, Ebook, browser, dress, opened, turn_to
from tiny import BOOKS, NAMES

from pmpress.epub.styles import permitted
from pmpress.press import Order, load, render

LAYOUTS = ("classic", "manual", "essay")
MANUSCRIPT = Path(__file__).parents[1] / "manuscript"
IN_ALL = ("arabic", "matters", "manuscript")
"""The books that have something to show in every layout; each of the others is looked at in one."""
SHOWN = [
    (name, layout)
    for number, name in enumerate((*NAMES, "manuscript"))
    for layout in (LAYOUTS if name in IN_ALL else (LAYOUTS[number % len(LAYOUTS)],))
]
PHONE = SCREENS[0]
SCALING = {"em", "rem", "vw", "vh"}


@cache
def ebook(name: str, layout: str) -> Ebook:
    folder = MANUSCRIPT if name == "manuscript" else BOOKS / name
    # What marks the pages of the printed book has no size and no colour.
    settings = (("layout.name", layout), ("epub.page_list", False))
    return Ebook(render(load(Order(folder, settings)), "epub").data)


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with browser(str(chromium())) as running:
        yield running


# What sticks out of the screen and cannot be moved in a frame of its own.
_RUNS_OFF = """() => {
    const width = innerWidth, found = [];
    if (document.scrollingElement.scrollWidth > width) found.push(`${document.scrollingElement.scrollWidth} px wide`);
    const moves = element => /auto|scroll|hidden/.test(getComputedStyle(element).overflowX);
    const inFrame = element =>
        element && element !== document.body && (moves(element) || inFrame(element.parentElement));
    for (const element of document.body.querySelectorAll("*")) {
        const box = element.getBoundingClientRect();
        const out = box.width && (box.right > width + 1 || box.left < -1);
        // Spaces at the end of a line of code hang over its box, where nobody sees them.
        const code = element.closest("pre");
        const wide = code === element ? code.scrollWidth > code.clientWidth : out && !code;
        if (wide && !inFrame(element.parentElement))
            found.push(`${element.outerHTML.slice(0, 80)} from ${box.left} to ${box.right} px`);
    }
    return found;
}"""

# Texts without contrast (WCAG 2.2, 1.4.3), links that look like text, drawings that are dark on dark.
_CANNOT_BE_READ = """() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true}), known = new Map();
    const channels = colour => {
        if (!known.has(colour)) {
            context.clearRect(0, 0, 1, 1);
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
            known.set(colour, [...context.getImageData(0, 0, 1, 1).data]);
        }
        return known.get(colour);
    };
    const linear = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    const ground = element => {
        const own = channels(getComputedStyle(element).backgroundColor);
        return own[3] === 255 || !element.parentElement ? own : ground(element.parentElement);
    };
    const contrast = (ink, paper) => {
        const [dark, bright] = [light(ink), light(paper)].sort((one, other) => one - other);
        return (bright + 0.05) / (dark + 0.05);
    };
    const unseen = element =>
        element && (getComputedStyle(element).clipPath !== "none" || unseen(element.parentElement));
    const found = [];
    const look = (element, style, text) => {
        const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        const measured = contrast(channels(style.color), ground(element));
        if (measured < (large ? 3 : 4.5)) found.push(`${measured.toFixed(2)} for ${style.color}: ${text.slice(0, 40)}`);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement, text = texts.currentNode.data.trim();
        if (text && element.getClientRects().length && !unseen(element)) look(element, getComputedStyle(element), text);
    }
    for (const rule of document.querySelectorAll("hr")) look(rule, getComputedStyle(rule, "::before"), "a scene break");
    const told = "nav a, .list-of a, .noteref, .backlink, .note-number";
    for (const link of document.querySelectorAll("a[href]")) {
        const marked = getComputedStyle(link).textDecorationLine.includes("underline") || link.querySelector("img");
        if (!link.matches(told) && !marked) found.push(`no link to be seen: ${link.outerHTML.slice(0, 80)}`);
    }
    for (const picture of document.querySelectorAll("img:not(.cover img)"))
        if (light(ground(picture)) < 0.5) found.push(`dark behind ${picture.outerHTML.slice(0, 80)}`);
    return found;
}"""

# What a finger would miss, in CSS px (WCAG 2.2, 2.5.8, asks for 24 but not of links in a line of text).
_TOO_SMALL = """() => [...document.querySelectorAll(".noteref, .locators a, nav li > a")].filter(link => {
    const box = link.getBoundingClientRect();
    return box.width && (box.width < 16 || box.height < 24);
}).map(link => {
    const box = link.getBoundingClientRect();
    return `${link.textContent.trim()}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`;
})"""


def _faults(page: Page) -> Iterator[str]:
    yield from page.evaluate(_RUNS_OFF)
    yield from page.evaluate(_TOO_SMALL)
    for theme in THEMES:
        dress(page, theme)
        yield from (f"{theme.name}: {fault}" for fault in page.evaluate(_CANNOT_BE_READ))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "layout"), SHOWN)
def test_on_a_telephone(name: str, layout: str, started: Browser) -> None:
    book = ebook(name, layout)
    found = []
    with opened(started, book, PHONE) as page:
        for file in book.pages:
            turn_to(page, file)
            found += [f"{file}: {fault}" for fault in _faults(page)]
    assert not found, "\n".join(found)


NOTE = '<p><a class="noteref" href="#x">1</a></p>'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "html", "said"),
    [
        ("pre { white-space: pre }", f"<pre>{'x' * 99}</pre>", "px wide"),
        (".wide { width: 30em; overflow: hidden }", '<div class="wide">x</div>', "from 0 to 480 px"),
        ("p { color: #999 }", "<p>grey</p>", "light: 2.85 for rgb(153, 153, 153): grey"),
        ("p { color: #2d2d2d }", "<p>grey</p>", "dark: 1.52 for rgb(45, 45, 45): grey"),
        ("p { color: #757575 }", "<p>grey</p>", "sepia: 3.99 for"),
        ("a { text-decoration: none }", '<p><a href="#x">x</a></p>', "no link to be seen"),
        ("", '<p><img alt="x" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="/></p>', "dark behind"),
        ("a { display: inline-block; width: 8px; height: 18px }", NOTE, "1: 8.0 × 18.0"),
    ],
)
def test_what_is_wrong_is_found(style: str, html: str, said: str, started: Browser) -> None:
    page = started.new_page(viewport={"width": PHONE.width, "height": PHONE.height})
    page.set_content(f"<!DOCTYPE html><style>body {{ margin: 0 }} {style}</style>{html}")
    assert any(said in fault for fault in _faults(page)), list(_faults(page))
    page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_style_sheet_is_one_that_every_reader_knows(layout: str) -> None:
    sheet = ebook("notes", layout).files["EPUB/book.css"].decode()
    tokens = list(_tokens(tinycss2.parse_component_value_list(sheet)))
    assert not [token for token in tokens if token.type == "dimension" and token.lower_unit not in SCALING]
    assert not [token for token in tokens if token.type == "ident" and token.value.startswith("--")]
    assert not [token for token in tokens if token.type == "function" and token.lower_name == "var"]


def _tokens(nodes: list[tinycss2.ast.Node]) -> Iterator[tinycss2.ast.Node]:
    for node in nodes:
        yield node
        for inside in ("content", "arguments"):
            yield from _tokens(getattr(node, inside, None) or [])


@pytest.mark.parametrize(
    ("written", "carried"),
    [
        ("color: #123", "color: #123; color: color-mix(in srgb, currentcolor 40%, #123);"),
        ("color: navy !important", "color-mix(in srgb, currentcolor 40%, navy) !important;"),
        ("color: #123; background: none", "color-mix(in srgb, currentcolor 40%, #123)"),
        ("color: #123; background: #fff", None),
        ("color: inherit", None),
        ("color: currentColor", None),
        ("border-color: #123", None),
    ],
)
@pytest.mark.parametrize("around", ["p {{ {}; }}", "@media (max-width: 9em) {{ p {{ {}; }} }}"])
def test_colours_of_text_are_mixed_with_the_readers(written: str, carried: str | None, around: str) -> None:
    sheet = permitted(around.format(written))
    assert carried in sheet if carried else "color-mix" not in sheet
