"""A layout: the look of a book, shared by both outputs. `layouts/<name>/` → templates, style sheets, fonts.

A layout's files are looked for in the book's folder, then beside it, then among the built-in ones, each file by
itself: a user's `print.css` stands before the built-in one of the same layout and takes nothing else with it.
Templates run in Jinja's sandbox; style sheets may name files of the layout and nothing else.
"""

from __future__ import annotations

import mimetypes
import os
import posixpath
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from pmpress import css
from pmpress.diagnostics import Diagnostic, PressError, Span, UsageError, error
from pmpress.model import Asset

ASSETS = "layout"
"""The folder, inside a finished book, of the files that a layout's CSS refers to."""


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file: `weight` 100 to 900, `style` `normal` or `italic`."""

    path: Path
    weight: int
    style: str


@dataclass(frozen=True, slots=True)
class FontFamily:
    """The faces of one family and the name by which CSS calls it."""

    name: str
    kind: str
    licence: str
    folder: Path
    faces: tuple[FontFace, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The look. `print_css` and `epub_css` are finished style sheets; the files they refer to are `assets`, named
    `layout/…`. The first of `fonts` are the families the layout asks for, then those it falls back on."""

    name: str
    title: str
    print_css: str = field(repr=False)
    epub_css: str = field(repr=False)
    assets: tuple[Asset, ...]
    fonts: tuple[FontFamily, ...]
    embedded: tuple[str, ...]
    _environment: SandboxedEnvironment = field(repr=False, compare=False)

    def render(self, template: str, **values: Any) -> str:
        """The template `templates/<template>.html.jinja` filled in: an inner fragment of XHTML.

        Raises PressError with `layout-template` if the template is missing, does not parse, or fails.
        """
        name = f"{template}.html.jinja"
        try:
            return self._environment.get_template(name).render(**values)
        except jinja2.TemplateSyntaxError as fault:
            where = Span(f"layouts/{self.name}/templates/{fault.filename or name}", fault.lineno)
            raise PressError(error("layout-template", fault.message or "the template does not parse", where)) from fault
        except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as fault:
            where = Span(f"layouts/{self.name}/templates/{name}")
            raise PressError(
                error(
                    "layout-template",
                    f"the template fails: {fault}",
                    where,
                    "Mend it, or delete it to get the built-in one.",
                )
            ) from fault


def built_in() -> Path:
    """The folder of the layouts that come along: inside the installed package, or the checkout's own."""
    package = Path(__file__).resolve().parent
    installed = package / "layouts"
    return installed if installed.is_dir() else package.parents[1] / "layouts"


def load_layout(name: str, book_folder: Path) -> tuple[Layout, tuple[Diagnostic, ...]]:
    """Find and read a layout for a book in `book_folder`.

    Returns the layout and what its style sheets ask for and may not have. Raises UsageError (`layout-unknown`) if no
    folder holds it, and PressError (`layout-broken`) if its `layout.toml` or a font's cannot be read.
    """
    roots = [
        root
        for root in (book_folder / "layouts", Path(os.path.realpath(book_folder)).parent / "layouts", built_in())
        if os.path.isdir(root)
    ]
    folders = [root / name for root in roots if os.path.isdir(root / name)] if _is_plain(name) else []
    if not folders:
        known = sorted({entry.parent.name for root in roots for entry in root.glob("*/layout.toml")})
        raise UsageError(
            error("layout-unknown", f"no layout is called '{name}'", hint=f"Known: {', '.join(known) or 'none'}.")
        )
    files = _Files(name, tuple(folders))
    about = _toml(files.find("layout.toml"), f"layouts/{name}/layout.toml")
    sheets = {kind: _style_sheet(files, kind) for kind in ("print", "epub")}
    fonts = about.get("fonts", {})
    families = tuple(_family(roots, family) for family in (*fonts.get("families", ()), *fonts.get("fallbacks", ())))
    layout = Layout(
        name=name,
        title=str(about.get("title", name)),
        print_css=sheets["print"].text,
        epub_css=sheets["epub"].text,
        assets=tuple({asset.name: asset for sheet in sheets.values() for asset in sheet.assets}.values()),
        fonts=families,
        embedded=tuple(fonts.get("embedded", ())),
        _environment=_environment(files),
    )
    return layout, tuple(dict.fromkeys(found for sheet in sheets.values() for found in sheet.diagnostics))


def _is_plain(name: str) -> bool:
    return bool(name) and Path(name).name == name and name not in (".", "..")


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one layout over all the folders that may hold them, the author's first."""

    name: str
    folders: tuple[Path, ...]

    def find(self, path: str) -> Path | None:
        """The file of that path inside the layout, or None: also if it leads out of the layout's folder."""
        for folder in self.folders:
            candidate = folder / path
            if os.path.isfile(candidate) and Path(os.path.realpath(candidate)).is_relative_to(os.path.realpath(folder)):
                return candidate
        return None

    def text(self, path: str) -> str | None:
        """The file's text; None if there is none. Raises PressError (`layout-broken`) if it is not UTF-8."""
        found = self.find(path)
        try:
            return found.read_text("utf-8") if found else None
        except (UnicodeDecodeError, OSError) as fault:
            where = Span(f"layouts/{self.name}/{path}")
            raise PressError(error("layout-broken", f"the file cannot be read: {fault}", where)) from fault


def _toml(path: Path | None, shown: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8")) if path else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise PressError(error("layout-broken", f"the file cannot be read: {fault}", Span(shown))) from fault


def _family(roots: list[Path], slug: str) -> FontFamily:
    for root in roots:
        folder = root / "fonts" / slug
        if _is_plain(slug) and os.path.isfile(folder / "font.toml"):
            about = _toml(folder / "font.toml", f"layouts/fonts/{slug}/font.toml")
            faces = tuple(FontFace(folder / face["file"], face["weight"], face["style"]) for face in about["faces"])
            return FontFamily(about["family"], about["kind"], about["licence"], folder, faces)
    raise PressError(error("layout-broken", f"no folder layouts/fonts/{slug} holds a font.toml"))


def _environment(files: _Files) -> SandboxedEnvironment:
    def load(name: str) -> tuple[str, str, None] | None:
        text = files.text(f"templates/{name}")
        return None if text is None else (text, name, None)

    return SandboxedEnvironment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(slots=True)
class _StyleSheet:
    text: str = ""
    assets: list[Asset] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def _style_sheet(files: _Files, kind: str) -> _StyleSheet:
    """`shared.css` and then the sheet of one output, as one text."""
    sheet = _StyleSheet()
    text = ""
    for path in ("shared.css", f"{kind}.css"):
        where = f"layouts/{files.name}/{path}"
        inside = partial(_inside, files, sheet, where)
        # Resolved sheet by sheet only as far as imports go: a custom property of one is used by the other.
        text += css.expand(
            files.text(path) or "", partial(_refer, files, sheet, inside), partial(_include, files, inside)
        )
    sheet.text = css.resolve(text)
    return sheet


def _inside(files: _Files, sheet: _StyleSheet, where: str, url: str, line: int) -> str | None:
    """The path inside the layout that a URL in its CSS means, or None with a diagnostic."""
    parts = urlsplit(url)
    path = posixpath.normpath(unquote(parts.path))
    span = Span(where, line)
    if parts.scheme or parts.netloc:
        sheet.diagnostics.append(
            error(
                "css-remote",
                f"the style sheet asks for {url}",
                span,
                "Nothing is fetched: put the file into the layout's folder.",
            )
        )
    elif path.startswith(("..", "/")) or "\\" in path:
        sheet.diagnostics.append(
            error("css-outside", f"'{url}' leaves the layout's folder", span, "Name a file of the layout.")
        )
    elif files.find(path) is None:
        sheet.diagnostics.append(error("css-file-missing", f"'{url}' is no file of the layout '{files.name}'", span))
    else:
        return path
    return None


def _refer(
    files: _Files, sheet: _StyleSheet, inside: Callable[[str, int], str | None], url: str, line: int
) -> str | None:
    if url.startswith("#"):
        return url
    path = inside(url, line)
    found = files.find(path) if path else None
    if path is None or found is None:
        return None
    name = f"{ASSETS}/{path}"
    if all(asset.name != name for asset in sheet.assets):
        media_type = mimetypes.guess_type(path, strict=False)[0] or "application/octet-stream"
        sheet.assets.append(Asset(name, media_type, found.read_bytes()))
    return name


def _include(files: _Files, inside: Callable[[str, int], str | None], url: str, line: int) -> str | None:
    path = inside(url, line)
    return files.text(path) if path else None
