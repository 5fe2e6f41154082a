"""A layout: the look of a book, shared by both outputs. `layouts/<name>/` → templates, style sheets, fonts.

A layout's files are looked for in the book's folder, then beside it, then among the built-in ones, each file by
itself: a user's `print.css` stands before the built-in one of the same layout and takes nothing else with it.
Templates run in Jinja's sandbox; style sheets may name files of the layout and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pmpress.cache import Cache, digest, made_by, remembered
from pmpress.diagnostics import Diagnostic, UsageError, error
from pmpress.layout.files import Files, StyleSheet, broken, is_plain, read_toml
from pmpress.layout.fonts import FontFace, FontFamily, find_families
from pmpress.model import Asset

__all__ = ["FontFace", "FontFamily", "Layout", "built_in", "load_layout"]

_DEFAULT = "classic"


@dataclass(frozen=True, slots=True)
class Layout:
    """The look. `print_css` and `epub_css` are finished style sheets; the files they refer to are `assets`, named
    `layout/…`. The first of `fonts` are the families the layout asks for, then those it falls back on; `embedded` are
    the folder names of those that an e-book carries along; `digest` is one of all its files."""

    name: str
    title: str
    print_css: str = field(repr=False)
    epub_css: str = field(repr=False)
    assets: tuple[Asset, ...]
    fonts: tuple[FontFamily, ...]
    embedded: tuple[str, ...]
    digest: str
    _files: Files = field(repr=False, compare=False)

    def render(self, template: str, **values: Any) -> str:
        """The template `templates/<template>.html.jinja` filled in: an inner fragment of XHTML.

        Raises PressError with `layout-template` if the template is missing, does not parse, or fails.
        """
        # What fills templates in takes a while to import, and is not needed for a book that has not changed.
        from pmpress.layout.templates import fill

        return fill(self._files, self.digest, template, values)


def built_in() -> Path:
    """The folder of the layouts that come along: inside the installed package, or the checkout's own."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "layouts"
    return installed if installed.is_dir() else package.parents[1] / "layouts"


def load_layout(name: str, book_folder: Path, cache: Cache | None = None) -> tuple[Layout, tuple[Diagnostic, ...]]:
    """Find and read a layout for a book in `book_folder`.

    Returns the layout and what its style sheets ask for and may not have. Raises UsageError (`layout-unknown`) if no
    folder holds it, and PressError (`layout-broken`) if its `layout.toml` or a font's cannot be read.
    """
    store = cache or Cache()
    beside = Path(os.path.realpath(book_folder)).parent
    roots = [root for root in (book_folder / "layouts", beside / "layouts", built_in()) if os.path.isdir(root)]
    folders = [root / name for root in roots if os.path.isdir(root / name)] if is_plain(name) else []
    if not folders:
        known = sorted({entry.parent.name for root in roots for entry in root.glob("*/layout.toml")})
        hint = f"Known: {', '.join(known) or 'none'}."
        raise UsageError(error("layout-unknown", f"no layout is called '{name}'", hint=hint))
    files = Files(name, tuple(folders))
    about = read_toml(files.find("layout.toml"), files.shown("layout.toml"))
    wanted = _fonts(about, files.shown("layout.toml"))
    everything = files.all()
    by = digest(made_by("tinycss2"), name, everything)
    kinds = ("print", "epub")
    sheets = [remembered(store, StyleSheet, digest(by, kind), partial(_style_sheet, files, kind)) for kind in kinds]
    fonts = find_families(roots, (*wanted["families"], *wanted["fallbacks"]), store)
    layout = Layout(
        name=name,
        title=str(about.get("title", name)),
        print_css=sheets[0].text,
        epub_css=sheets[1].text,
        assets=tuple({asset.name: asset for sheet in sheets for asset in sheet.assets}.values()),
        fonts=fonts,
        embedded=wanted["embedded"],
        digest=digest(
            name,
            everything,
            [(family.name, family.kind, family.licence, family.folder.name) for family in fonts],
            [(face.digest, face.path.name, face.weight, face.style) for family in fonts for face in family.faces],
            wanted,
        ),
        _files=files,
    )
    return layout, tuple(dict.fromkeys(found for sheet in sheets for found in sheet.diagnostics))


def _style_sheet(files: Files, kind: str) -> StyleSheet:
    # What reads CSS, as above.
    from pmpress.layout.styles import style_sheet

    return style_sheet(files, kind)


def _fonts(about: Mapping[str, Any], shown: str) -> Mapping[str, tuple[str, ...]]:
    """The table `[fonts]` of a layout; of one that names no families, the default layout's."""
    fonts = about.get("fonts", {})
    if isinstance(fonts, dict) and not fonts.get("families"):
        default = built_in() / _DEFAULT / "layout.toml"
        fonts = read_toml(default, f"layouts/{_DEFAULT}/layout.toml")["fonts"] | {
            key: value for key, value in fonts.items() if key != "families"
        }
    names = ("families", "fallbacks", "embedded")
    if not isinstance(fonts, dict) or not all(_is_list_of_texts(fonts.get(name, [])) for name in names):
        raise broken(shown, f"[fonts] wants lists of folder names: {', '.join(names)}")
    return {name: tuple(fonts.get(name, ())) for name in names}


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
