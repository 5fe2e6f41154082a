"""The fonts that come along: each face cut down to the characters the book shows in it, as WOFF2.

Only fonts whose licence allows it are put in, and of those only the faces that show something. The same book gives the
same bytes. (EPUB 3.3, *Font core media types*; OpenType, *OS/2: fsType*; WOFF File Format 2.0)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import uharfbuzz

from pmpress.cache import Cache
from pmpress.diagnostics import Diagnostic, Span, warning
from pmpress.epub import version
from pmpress.epub.fonts.faces import Wish
from pmpress.epub.fonts.subset import cut
from pmpress.epub.names import plain_name
from pmpress.epub.styles import without_faces
from pmpress.layout import FontFace, FontFamily, Layout
from pmpress.model import Asset
from pmpress.tasks import InProcess, done

_OPEN_LICENCES = ("OFL-", "Apache-2.0", "MIT", "CC0-1.0", "Bitstream-Vera", "Ubuntu-font")
_RESTRICTED = 0x0002 | 0x0100 | 0x0200  # fsType: no embedding, no subsetting, bitmaps only
_JOINERS = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")  # no font is asked for these


@dataclass(frozen=True, slots=True)
class Fonts:
    """The files, the `@font-face` rules that name them, and what could not come along."""

    files: tuple[Asset, ...] = ()
    css: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


def embed(layout: Layout, shown: Mapping[Wish, frozenset[str]], cache: Cache) -> Fonts:
    """Cut the layout's fonts down to what is shown; nothing comes along if the layout's `embedded` is empty.

    A family outside `embedded` comes along for the characters that those before it in the style sheet do not have.
    """
    if not layout.embedded:
        return Fonts()
    families = {family.name: family for family in layout.fonts if may_come(family)}
    asked = (family for family in layout.fonts if family.folder.name in layout.embedded)
    cuts = _shared_out(families, shown)
    tasks = [(str(face.path), face.digest, "".join(sorted(characters))) for (_, face), characters in cuts.items()]
    # Here, where the files are: to send them away would take longer than to cut them.
    data = dict(done(cut, bytes, tasks, InProcess(), cache, version()))
    files, rules = [], []
    for number, (family, face) in enumerate(cuts):
        slant = "-italic" if face.style == "italic" else ""
        name = plain_name(f"fonts/{family.folder.name}-{face.weight}{slant}.woff2")
        files.append(Asset(name, "font/woff2", data[number]))
        rules.append(rule(family, face, f'url("{name}") format("woff2")'))
    return Fonts(
        tuple(files), "".join(rules), tuple(_refusal(family) for family in asked if family.name not in families)
    )


def without_fonts(layout: Layout) -> Layout:
    """The layout for an e-book that carries no fonts along: neither those it embeds nor files of its own."""
    assets = tuple(asset for asset in layout.assets if not asset.media_type.startswith("font/"))
    return replace(layout, embedded=(), assets=assets, epub_css=without_faces(layout.epub_css))


def rule(family: FontFamily, face: FontFace, source: str) -> str:
    """The `@font-face` rule of a face, `source` being its `src`."""
    return (
        f'@font-face {{ font-family: "{family.name}"; font-style: {face.style}; font-weight: {face.weight}; '
        f"src: {source}; }}\n"
    )


def may_come(family: FontFamily) -> bool:
    """Whether a family's licence and its files allow it to be put into an e-book."""
    if not family.licence.startswith(_OPEN_LICENCES):
        return False
    return not any(_embedding(face) & _RESTRICTED for face in family.faces)


@lru_cache(maxsize=128)
def _embedding(face: FontFace) -> int:
    """What the file says of its embedding: fsType, the fifth number of the table `OS/2`; 0 without that table."""
    return int.from_bytes(_opened(face).reference_table("OS/2").data[8:10])


def _refusal(family: FontFamily) -> Diagnostic:
    where = Span(f"layouts/fonts/{family.folder.name}/font.toml")
    message = f"'{family.name}' does not come along: its licence ({family.licence}) or its files forbid it"
    return warning("font-not-embeddable", message, where, "Readers will show a font of their own; name another family.")


def _opened(face: FontFace) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(face.path))


def _shared_out(
    families: Mapping[str, FontFamily], shown: Mapping[Wish, frozenset[str]]
) -> Mapping[tuple[FontFamily, FontFace], set[str]]:
    """Which face shows which characters: for each, the first family asked for that has it, in the order of files."""
    repertoires: dict[FontFace, uharfbuzz.Set] = {}
    cuts: defaultdict[tuple[FontFamily, FontFace], set[str]] = defaultdict(set)
    for wish, characters in shown.items():
        rest = {each for each in characters - _JOINERS if each.isprintable() and not each.isspace()}
        for family in (families[name] for name in wish.families if name in families):
            face = min(family.faces, key=lambda face: _distance(face, wish))
            if face not in repertoires:
                repertoires[face] = _opened(face).unicodes
            has = {each for each in rest if ord(each) in repertoires[face]}
            if has:
                cuts[family, face].update(has)
            rest -= has
    return dict(sorted(cuts.items(), key=lambda cut: (cut[0][0].folder.name, cut[0][1].style, cut[0][1].weight)))


def _distance(face: FontFace, wish: Wish) -> tuple[bool, int]:
    """How far a face is from the one wished for: slant before weight (CSS Fonts 4, *Font style matching*)."""
    return (face.style == "italic") != wish.italic, abs(face.weight - (700 if wish.bold else 400))
