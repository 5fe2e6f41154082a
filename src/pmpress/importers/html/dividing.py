"""A source's text → files: divided at its top headings, links between them followed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from pmpress.importers import escaping
from pmpress.importers.found import Text
from pmpress.importers.html.blocks import markdown
from pmpress.importers.html.inline import Setting, one_line, pieces_of
from pmpress.importers.html.notes import NOTE
from pmpress.importers.html.tree import HEADINGS, KEY, TO, elements, holds_blocks, keys_of, local, words_of
from pmpress.importers.writing import named
from pmpress.model import Matter


@dataclass(frozen=True, slots=True)
class Division:
    """What becomes a file: its blocks, its title (its heading, if `heading` is one of them or inside one), and where
    it stands."""

    title: str
    blocks: tuple[etree._Element, ...]
    heading: etree._Element | None = None
    part: str = ""
    matter: Matter = "bodymatter"
    kind: str = ""
    keys: tuple[str, ...] = ()


def divided(root: etree._Element, title: str) -> list[Division]:
    """The text under an element, divided at its top headings if there are several; else as one, with that title."""
    tops = elements(root, "h1")
    if len(tops) < 2:
        heading = tops[0] if tops else None
        return [Division(words_of(heading) if heading is not None else title, (root,), heading)]
    groups: list[list[etree._Element]] = [[]]
    for each in _stream(root):
        if local(each) == "h1":
            groups.append([])
        groups[-1].append(each)
    first, *others = groups
    opening = [Division(title, tuple(first))] if any(map(_says, first)) else []
    return opening + [Division(words_of(group[0]) or title, tuple(group), group[0]) for group in others]


def _says(element: etree._Element) -> bool:
    return bool(words_of(element)) or bool(elements(element, "img"))


def _stream(element: etree._Element) -> Iterator[etree._Element]:
    """The blocks under an element, those that hold a top heading taken apart, loose words in paragraphs."""
    if (element.text or "").strip():
        yield _paragraph(element.text or "")
    for child in list(element):
        tail, child.tail = child.tail, None
        if local(child) in ("div", "section", "article", "main", "header", "body", "hgroup") and elements(child, "h1"):
            yield from _stream(child)
        else:
            yield child
        if (tail or "").strip():
            yield _paragraph(tail or "")


def _paragraph(text: str) -> etree._Element:
    paragraph = etree.Element("p")
    paragraph.text = text
    return paragraph


def written(divisions: Sequence[Division], setting: Setting) -> list[Text]:
    """The divisions as files, with names, links between them, and the notes that each refers to."""
    texts = named(Text("", each.title, part=each.part, matter=each.matter, kind=each.kind) for each in divisions)
    places = _places(divisions, [text.path for text in texts], setting)
    found = []
    for text, division in zip(texts, divisions, strict=True):
        own = f"{text.path}#"
        setting.links = {
            key: where.removeprefix(text.path) if where.startswith(own) else where for key, where in places.items()
        }
        setting.referred = []
        title = _title(division, setting)
        _level(division)
        found.append(replace(text, markdown=markdown(division.blocks, setting, title)))
    return found


def _title(division: Division, setting: Setting) -> str:
    """The title as a heading; its element is taken out of the text."""
    heading = division.heading
    if heading is None:
        return "# " + re.sub(r"(#+)$", r"\\\1", escaping.line([division.title]))
    pieces = [
        piece
        for piece in pieces_of(heading, setting)
        if not (isinstance(piece, escaping.Raw) and piece.markdown.startswith(("![", "[]{")))
    ]
    text = one_line(pieces) or escaping.line([division.title])
    pictures = elements(heading, "img")
    heading.tag = "div"
    for child in list(heading):
        heading.remove(child)
    heading.text = None
    heading.extend(pictures)
    heading.attrib.pop(KEY, None)
    return "# " + re.sub(r"(#+)$", r"\\\1", text)


def _level(division: Division) -> None:
    """Give the headings of a file levels that skip none, below its title."""
    headings = [each for block in division.blocks for each in elements(block, *HEADINGS)]
    levels = sorted({local(each) for each in headings})
    above = 1
    for each in headings:
        above = min(6, 2 + levels.index(local(each)), above + 1)
        each.set("data-level", str(above))


def _places(divisions: Sequence[Division], paths: Sequence[str], setting: Setting) -> dict[str, str]:
    """Where in the manuscript each place is that a link leads to: a file, or an id in it."""
    wanted = {
        str(link.get(TO))
        for division in divisions
        for block in [*division.blocks, *setting.notes.values()]
        for link in elements(block, "a")
        if link.get(TO) and not link.get(NOTE)
    }
    places: dict[str, str] = {}
    for division, path in zip(divisions, paths, strict=True):
        places.update(dict.fromkeys(division.keys, path))
        taken: set[str] = set()
        for key, element in keys_of(division.blocks).items():
            if key not in wanted or key in places:
                continue
            landing = _landing(element)
            if landing is not None and landing is division.heading:
                places[key] = path
                continue
            if landing is not None:
                element.attrib.pop(KEY)
                key_there = landing.get(KEY) or key
                landing.set(KEY, str(key_there))
            else:
                key_there = key
            identifier = setting.ids.get(str(key_there)) or _identifier(str(key_there), taken)
            setting.ids[str(key_there)] = identifier
            places[key] = places[str(key_there)] = f"{path}#{identifier}"
    return places


def _landing(element: etree._Element) -> etree._Element | None:
    """The heading that a link to an element leads to: itself, the one around it, or the one it begins with."""
    for each in (element, *element.iterancestors()):
        if local(each) in HEADINGS:
            return each
    if not holds_blocks(element):
        return None
    for each in element.iter(etree.Element):
        if local(each) in HEADINGS:
            return each
        if (each.text or "").strip() or local(each) == "img":
            return None
    return None


def _identifier(key: str, taken: set[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9_-]+", "-", key.rpartition("#")[2]).strip("-") or "place"
    base = base if base[0].isalpha() else f"id-{base}"
    name, count = base, 1
    while name in taken:
        count += 1
        name = f"{base}-{count}"
    taken.add(name)
    return name
