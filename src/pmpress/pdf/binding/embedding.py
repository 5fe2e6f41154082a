"""The fonts of the book: one copy of each, cut down to the glyphs that all its sheets show.

(ISO 32000-1, 9.7 to 9.10: composite fonts, font descriptors, embedded font programs, ToUnicode)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import uharfbuzz
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from pmpress.layout import FontFamily
from pmpress.pdf.facts import FontUse, Glyph

Missing: TypeAlias = tuple[tuple[int, int], ...]

_DROPPED = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG ")
_FIXED_PITCH = 1
_STEM = 80
_BATCH = 100  # the most lines that a CMap may hold between `begin` and `end` (Adobe Technical Note 5014)
_NOTHING = "\u2060"
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def
/CMapName /{name} def
/CMapType {kind} def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class Typefaces:
    """Takes in what each sheet shows of which font, and gives the sheets fonts that hold all of it."""

    def __init__(self, pdf: Pdf, families: Iterable[FontFamily]) -> None:
        self._pdf = pdf
        self._files = {face.digest: face.path for family in families for face in family.faces}
        self._uses: dict[str, list[FontUse]] = {}
        self._asked: list[tuple[Object, str, Missing]] = []

    def take_over(self, resources: Object, uses: Iterable[FontUse]) -> None:
        """Note that the pages with these resources show these fonts. To be called in reading order, sheet by sheet:
        of two widths or two meanings of a glyph the first counts, as it does where a book is laid out in one go."""
        for use in uses:
            self._uses.setdefault(use.key, []).append(use)
            self._asked.append((resources, use.key, use.missing))

    def write(self) -> None:
        """Embed the fonts and give them to all resources that asked for them."""
        glyphs = {key: _united(uses) for key, uses in self._uses.items()}
        programs = self._programs(glyphs)
        made: dict[tuple[str, Missing], Object] = {}
        for resources, key, missing in self._asked:
            if (key, missing) not in made:
                first = self._uses[key][0]
                made[key, missing] = self._font(first, glyphs[key], missing, programs[first.file])
            if "/Font" not in resources:
                resources.Font = Dictionary()
            resources.Font[f"/{key}"] = made[key, missing]

    def _programs(self, glyphs: Mapping[str, Mapping[int, Glyph]]) -> dict[str, Object]:
        """The font files, by digest: one may serve several fonts, as it does for capitals and small capitals."""
        wanted: dict[str, set[int]] = {}
        for key, uses in self._uses.items():
            # Not only those that have a meaning: one that shares it with its neighbour is printed all the same.
            absent = {number for use in uses for _, number in use.missing}
            wanted.setdefault(uses[0].file, set()).update(glyphs[key].keys() - absent)
        return {file: self._program(cut(self._files[file].read_bytes(), wanted[file])) for file in wanted}

    def _program(self, data: bytes) -> Object:
        program = self._pdf.make_stream(data)
        if data.startswith(b"OTTO"):
            program.Subtype = Name.OpenType
        else:
            program.Length1 = len(data)
        return program

    def _font(self, use: FontUse, glyphs: Mapping[int, Glyph], missing: Missing, program: Object) -> Object:
        is_cff = "/Subtype" in program
        name = Name(f"/{use.name}")
        described = self._pdf.make_indirect(_descriptor(use, glyphs, name))
        described["/FontFile3" if is_cff else "/FontFile2"] = program
        descendant = self._pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.CIDFontType0 if is_cff else Name.CIDFontType2,
                BaseFont=name,
                CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
                CIDToGIDMap=Name.Identity,
                W=Array(_widths(glyphs)),
                FontDescriptor=described,
            )
        )
        return self._pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=self._encoding(glyphs, missing) if missing else Name("/Identity-H"),
                DescendantFonts=Array([descendant]),
                ToUnicode=self._pdf.make_stream(_to_unicode(glyphs, missing).encode()),
            )
        )

    def _encoding(self, glyphs: Mapping[int, Glyph], missing: Missing) -> Object:
        """A map from codes to glyphs that leaves out those the font does not have, so that they show as `.notdef`."""
        absent = {number for _, number in missing}
        lines = [f"<{number:04x}> {number}" for number in glyphs if number not in absent]
        name = "Pmpress-Present"
        cmap = self._pdf.make_stream(
            _CMAP.format(name=name, ordering="Identity", kind=1, body=_batched(lines, "cidchar")).encode()
        )
        cmap.Type, cmap.CMapName = Name.CMap, Name(f"/{name}")
        cmap.CIDSystemInfo = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
        return cmap


def cut(font: bytes, numbers: Iterable[int]) -> bytes:
    """A font file with the outlines of these glyphs only, each under the number it had."""
    wanted = set(numbers)
    flags = uharfbuzz.SubsetFlags
    keep = flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE | flags.NO_HINTING
    emptied = _subset(uharfbuzz.Face(uharfbuzz.Blob(font)), wanted, keep | flags.RETAIN_GIDS)
    # Emptied glyphs still have an entry each: those behind the last one wanted go.
    data: bytes = _subset(emptied, range(max(wanted, default=0) + 1), keep).blob.data
    return data


def _subset(face: uharfbuzz.Face, numbers: Iterable[int], flags: uharfbuzz.SubsetFlags) -> uharfbuzz.Face:
    wish = uharfbuzz.SubsetInput()
    wish.flags = flags
    wish.glyph_set.update(numbers)
    wish.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
    return uharfbuzz.subset(face, wish)


def _united(uses: Iterable[FontUse]) -> dict[int, Glyph]:
    glyphs: dict[int, Glyph] = {}
    for use in uses:
        for glyph in use.glyphs:
            if glyph.number not in glyphs or not glyphs[glyph.number].text:
                glyphs[glyph.number] = glyph
    return dict(sorted(glyphs.items()))


def _descriptor(use: FontUse, glyphs: Mapping[int, Glyph], name: Name) -> Dictionary:
    widths = [glyph.width for glyph in glyphs.values()]
    is_fixed = len(widths) > 1 and len(set(widths)) == 1
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        FontFamily=String(use.family),
        Flags=use.flags | (_FIXED_PITCH if is_fixed else 0),
        FontBBox=Array([0, use.descent, max(widths, default=0), use.ascent]),
        ItalicAngle=0,
        Ascent=use.ascent,
        Descent=use.descent,
        CapHeight=use.ascent,
        StemV=_STEM,
        StemH=_STEM,
    )


def _widths(glyphs: Mapping[int, Glyph]) -> Iterator[int | Array]:
    """The array `W`: each run of neighbouring glyphs as the first one's number and all their widths."""
    run: list[float] = []
    for number, glyph in glyphs.items():
        if number - 1 not in glyphs:
            if run:
                yield Array(run)
            yield number
            run = []
        run.append(round(glyph.width, 3))
    if run:
        yield Array(run)


def _to_unicode(glyphs: Mapping[int, Glyph], missing: Missing) -> str:
    texts = {number: glyph.text for number, glyph in glyphs.items()} | {
        number: chr(code_point) for code_point, number in missing
    }
    # What has no meaning of its own has its neighbour's: PDF/UA wants one of every glyph.
    meanings = {number: text or _NOTHING for number, text in texts.items() if number}
    lines = [f"<{number:04x}> <{text.encode('utf-16-be').hex()}>" for number, text in meanings.items()]
    return _CMAP.format(name="Adobe-Identity-UCS", ordering="UCS", kind=2, body=_batched(lines, "bfchar"))


def _batched(lines: list[str], kind: str) -> str:
    batches = (lines[start : start + _BATCH] for start in range(0, len(lines), _BATCH))
    return "\n".join(f"{len(batch)} begin{kind}\n" + "\n".join(batch) + f"\nend{kind}" for batch in batches)
