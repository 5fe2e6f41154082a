"""A layout: the look of a book, shared by both outputs. `layouts/<name>/` → templates, style sheets, fonts.

What all layouts have in common (`layouts/common/`) comes first, the layout's own sheets build upon it, and the book's
own wishes have the last word. Each folder's files are looked for in the book's folder, then beside it, then among the
built-in ones, each file by itself: a user's `print.css` stands before the built-in one of the same layout and takes
nothing else with it. Templates run in Jinja's sandbox; style sheets may name files of the layout and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pmpress.cache import Cache, digest, made_by, remembered
from pmpress.diagnostics import Diagnostic, Nearest, Span, UsageError, error
from pmpress.layout.files import COMMON, FONTS, Files, StyleSheet, broken, is_plain, read_toml
from pmpress.layout.fonts import FontFace, FontFamily, called, find_families
from pmpress.model import Asset

__all__ = ["FontFace", "FontFamily", "Layout", "Wish", "Wishes", "built_in", "load_layout"]

Chapters: TypeAlias = Literal["recto", "page"]

_LISTS = ("families", "fallbacks", "embedded")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a book wants a custom property of its layout to be, and where it says so."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a book asks of its layout: `style` has custom properties by name, without dashes; `language` is a BCP 47
    tag; `is_rtl`: it is read from right to left; `for_screen`: its PDF is for the screen."""

    style: Mapping[str, Wish] = field(default_factory=dict)
    language: str = "en"
    is_rtl: bool = False
    for_screen: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The look. `chapters` says where each begins, on the next recto or the next page; `print_css` and `epub_css` are
    finished style sheets; the files they refer to are `assets`, named `layout/…`. The first of `fonts` are the families
    the layout asks for, then those it falls back on; `embedded` are the folder names of those that an e-book carries
    along; `digest` is one of all that it is made of; `style` says what the custom properties come to in print, by their
    names without dashes."""

    name: str
    title: str
    chapters: Chapters
    print_css: str = field(repr=False)
    epub_css: str = field(repr=False)
    assets: tuple[Asset, ...]
    fonts: tuple[FontFamily, ...]
    embedded: tuple[str, ...]
    digest: str
    style: Mapping[str, str] = field(repr=False)
    _folders: tuple[Files, ...] = field(repr=False, compare=False)

    def render(self, template: str, **values: Any) -> str:
        """The template `templates/<template>.html.jinja` filled in: an inner fragment of XHTML. Besides the values it
        is given `style`: the custom properties.

        Raises PressError with `layout-template` if the template is missing, does not parse, or fails.
        """
        # What fills templates in takes a while to import, and is not needed for a book that has not changed.
        from pmpress.layout.templates import fill

        return fill(self._folders, self.digest, template, {"style": self.style, **values})


def built_in() -> Path:
    """The folder of the layouts that come along: inside the installed package, or the checkout's own."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "layouts"
    return installed if installed.is_dir() else package.parents[1] / "layouts"


def load_layout(
    name: str, book_folder: Path, wishes: Wishes | None = None, cache: Cache | None = None
) -> tuple[Layout, tuple[Diagnostic, ...]]:
    """Find and read a layout for a book in `book_folder`, and dress it as the book wishes.

    Returns the layout, what its style sheets ask for and may not have, and wishes that it has no use for
    (`style-unknown`, `style-value`, `font-unknown`). Raises UsageError (`layout-unknown`) if no folder holds it, and
    PressError (`layout-broken`) if its `layout.toml` or a font's cannot be read.
    """
    store, wishes = cache or Cache(), wishes or Wishes()
    beside = Path(os.path.realpath(book_folder)).parent
    roots = [root for root in (book_folder / "layouts", beside / "layouts", built_in()) if os.path.isdir(root)]
    own, common = _files(roots, name), _files(roots, COMMON)
    if not own.folders or name in (COMMON, FONTS):
        known = sorted({entry.parent.name for root in roots for entry in root.glob("*/layout.toml")} - {COMMON})
        hint = f"Known: {', '.join(known) or 'none'}."
        raise UsageError(error("layout-unknown", f"no layout is called '{name}'", hint=hint))
    about = read_toml(own.find("layout.toml"), own.shown("layout.toml"))
    wanted = _fonts(about, own, common)
    style = {property_: wish.value for property_, wish in wishes.style.items()}
    everything = (common.all(), own.all(), style, wishes.language, wishes.is_rtl, wishes.for_screen)
    by = digest(made_by("tinycss2"), name, everything)
    outputs = (("shared", "print", *(["screen"] if wishes.for_screen else [])), ("shared", "epub"))
    make = partial(_style_sheet, (common, own), style, wishes.language, wishes.is_rtl)
    sheets = [remembered(store, StyleSheet, digest(by, names), partial(make, names)) for names in outputs]
    chosen, unknown = _chosen(roots, wishes, {**sheets[1].written, **sheets[0].written})
    families = dict.fromkeys((*wanted["families"], *chosen, *wanted["fallbacks"]))
    fonts = find_families(roots, families, store)
    layout = Layout(
        name=name,
        title=str(about.get("title", name)),
        chapters=_chapters(about, own),
        print_css=sheets[0].text,
        epub_css=sheets[1].text,
        assets=tuple({asset.name: asset for sheet in sheets for asset in sheet.assets}.values()),
        fonts=fonts,
        embedded=tuple(dict.fromkeys((*wanted["embedded"], *chosen))),
        digest=digest(
            name,
            everything,
            [(family.name, family.kind, family.licence, family.folder.name) for family in fonts],
            [(face.digest, face.path.name, face.weight, face.style) for family in fonts for face in family.faces],
            wanted,
        ),
        style=sheets[0].properties,
        _folders=(own, common),
    )
    found = (diagnostic for sheet in sheets for diagnostic in sheet.diagnostics)
    properties = {property_ for sheet in sheets for property_ in sheet.properties}
    return layout, tuple(
        dict.fromkeys((*found, *unknown, *_useless(wishes, properties, name), *_unfit(wishes, sheets)))
    )


def _files(roots: Iterable[Path], name: str) -> Files:
    folders = (root / name for root in roots if is_plain(name))
    return Files(name, tuple(folder for folder in folders if os.path.isdir(folder)))


def _style_sheet(
    folders: tuple[Files, ...], style: Mapping[str, str], language: str, is_rtl: bool, names: tuple[str, ...]
) -> StyleSheet:
    # What reads CSS, as above.
    from pmpress.layout.styles import style_sheet

    return style_sheet(folders, names, style, language, rtl=is_rtl)


def _useless(wishes: Wishes, properties: Iterable[str], layout: str) -> Iterator[Diagnostic]:
    known = sorted(properties)
    for name, wish in wishes.style.items():
        if name not in known:
            near = Nearest(known).to(name)
            hint = f"Did you mean '{near}'?" if near else f"It has: {', '.join(known)}."
            yield error("style-unknown", f"the layout '{layout}' has no property '{name}'", wish.span, hint)


def _unfit(wishes: Wishes, sheets: Iterable[StyleSheet]) -> Iterator[Diagnostic]:
    if not wishes.style:
        return
    # What reads CSS, as above.
    from pmpress.layout.wished import comes_to_nothing, wanted_instead

    for name, wish in wishes.style.items():
        wanted = next(filter(None, (wanted_instead(sheet.written.get(name, ""), wish.value) for sheet in sheets)), "")
        if wanted:
            yield error("style-value", f"{name} is '{wish.value}'", wish.span, f"It wants {wanted}.")
        elif any(name in sheet.properties and comes_to_nothing(sheet.properties[name]) for sheet in sheets):
            hint = "It asks for a property that the layout does not have, or for itself."
            yield error("style-value", f"{name} is '{wish.value}', which comes to nothing", wish.span, hint)


def _chosen(
    roots: Iterable[Path], wishes: Wishes, written: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """The folder names of the families that the book's own style names, and those nobody has. `written` are the
    layout's own values."""
    if not wishes.style:
        return (), ()
    # What reads CSS, as above.
    from pmpress.layout.wished import families

    wanted = {
        name: wish for property_, wish in wishes.style.items()
        for name in families(written.get(property_, ""), wish.value)
    }  # fmt: skip
    known, faults = called(roots)
    if faults and not known.keys() >= wanted.keys():
        raise faults[0]  # it may be the one that is missed
    unknown = tuple(
        error("font-unknown", f"no family in layouts/fonts is called '{name}'", wish.span,
              f"Known: {', '.join(sorted(known))}.")
        for name, wish in wanted.items() if name not in known
    )  # fmt: skip
    return tuple(known[name] for name in wanted if name in known), unknown


def _chapters(about: Mapping[str, Any], own: Files) -> Chapters:
    said = about.get("chapters", "recto")
    if said not in ("recto", "page"):
        raise broken(own.shown("layout.toml"), 'chapters wants "recto" or "page"')
    return "recto" if said == "recto" else "page"


def _fonts(about: Mapping[str, Any], own: Files, common: Files) -> Mapping[str, tuple[str, ...]]:
    """The table `[fonts]` of a layout; what it does not say is as in the common one."""
    fonts = about.get("fonts", {})
    usual = read_toml(common.find("layout.toml"), common.shown("layout.toml")).get("fonts", {})
    if not isinstance(fonts, dict) or not all(_is_list_of_texts(fonts.get(name, [])) for name in _LISTS):
        raise broken(own.shown("layout.toml"), f"[fonts] wants lists of folder names: {', '.join(_LISTS)}")
    if fonts.get("families"):
        usual = usual | {"embedded": fonts["families"]}
    return {name: tuple(fonts.get(name) or usual.get(name, ())) for name in _LISTS}


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
