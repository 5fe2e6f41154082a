"""The marks of the whole book as one tree of entries, in the order of its language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from pmpress.diagnostics import Diagnostic, Nearest, Span, error, warning
from pmpress.features.collation import HAN, Key, collation, primary_language
from pmpress.features.index.marking import LEVELS, MARK
from pmpress.features.marks import ids_in
from pmpress.model import Heading, Mark, Marks, Registry

_BETWEEN = "!"


@dataclass(frozen=True, slots=True)
class Locator:
    """Where something is found: an anchor, and, of a stretch of text, the one it ends at. `places` are the anchors of
    what each stands in, the innermost first: sections, the chapter. `formats` are those that it is in."""

    anchor: str
    places: tuple[str, ...]
    formats: tuple[str, ...]
    until: str = ""
    until_places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry that another leads to: its levels, and its id in the index, or nothing if there is no such entry."""

    levels: tuple[str, ...]
    id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the index. `shown` is its text as an inner fragment, if it is not plain; `letter` what it stands under,
    `id` what other entries lead to, or nothing."""

    text: str
    letter: str
    shown: str = ""
    id: str = ""
    locators: tuple[Locator, ...] = ()
    see: tuple[Reference, ...] = ()
    see_also: tuple[Reference, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """All entries, and the slug of the chapter they are for."""

    chapter: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class _Node:
    """An entry as it grows."""

    children: dict[str, _Node] = field(default_factory=dict)
    shown: str = ""
    sort: str = ""
    id: str = ""
    span: Span | None = None
    locators: list[Locator] = field(default_factory=list)
    open: tuple[int, Span] | None = None  # the stretch that has begun: its place among the locators
    see: dict[tuple[str, ...], Span] = field(default_factory=dict)
    see_also: dict[tuple[str, ...], Span] = field(default_factory=dict)

    def at(self, levels: tuple[str, ...]) -> _Node | None:
        """The entry below this one, if there is one."""
        node: _Node | None = self
        for level in levels:
            node = node.children.get(level) if node else None
        return node

    def made_at(self, levels: tuple[str, ...]) -> Iterator[_Node]:
        """The entries of each level, made where there are none."""
        node = self
        for level in levels:
            node = node.children.setdefault(level, _Node())
            yield node

    def walk(self, levels: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], _Node]]:
        """Every entry below, with its levels."""
        for text, node in self.children.items():
            yield (*levels, text), node
            yield from node.walk((*levels, text))


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Make the index of all marks.

    A reference to an entry that is not there, or only leads on itself, is an error `index-see-unknown`; a stretch that
    never ends `index-range-open`, one that ends without having begun `index-range-unbegun`. Where an entry is filed in
    two ways it is a warning `index-sort-differs`.
    """
    chapter = next((each.chapter.slug for each in marks if each.chapter.kind == "index"), "")
    root, found = _Node(), list[Diagnostic]()
    for each in marks:
        ways = _ways(each.chapter.headings)
        for mark in each.marks:
            if mark.kind == MARK:
                slug = each.chapter.slug
                places = (*(f"{slug}--{way}" for way in ways.get(mark.about["section"], ())), slug)
                formats = tuple(mark.about["formats"].split())
                found += _add(root, mark, Locator(f"{slug}--{mark.id}", places, formats))
    if not root.children:
        return registry, ()
    found += _left_open(root)
    found += _check(root, ids_in(marks, chapter))
    found += _without_reading(root, registry.language)
    index = Index(chapter, _sorted(root, registry.language))
    ids = [node.id for _, node in root.walk() if node.id]
    return registry.with_part(MARK, index).with_anchors(chapter, ids), tuple(found)


def _ways(headings: tuple[Heading, ...]) -> Mapping[str, tuple[str, ...]]:
    """For each heading its id and those of the headings above it, from the inside out."""
    ways: dict[str, tuple[str, ...]] = {}
    above: list[Heading] = []
    for heading in headings:
        above = [*(each for each in above if each.level < heading.level), heading]
        ways[heading.id] = tuple(each.id for each in reversed(above))
    return ways


def _add(root: _Node, mark: Mark, locator: Locator) -> Iterator[Diagnostic]:
    """Put a mark into the tree."""
    about = mark.about
    levels = _levels(about["entry"])
    nodes = list(root.made_at(levels))
    node = nodes[-1]
    node.shown = node.shown or about["shown"]
    for each in nodes:
        each.span = each.span or mark.span
    sorts = _levels(about["sort"])
    for each, text, sort in zip(reversed(nodes), reversed(levels), reversed(sorts), strict=False):
        if each.sort and each.sort != sort:
            message = f"'{text}' is filed as '{each.sort}' elsewhere, and here as '{sort}': the first counts"
            yield warning("index-sort-differs", message, mark.span)
        each.sort = each.sort or sort
    if about["see"]:
        node.see.setdefault(_levels(about["see"]), mark.span)
    elif about["range"] == "end":
        if node.open:
            place = node.open[0]
            node.locators[place] = replace(node.locators[place], until=locator.anchor, until_places=locator.places)
            node.open = None
        else:
            message = f"a stretch of text on '{_named(levels)}' ends here, and none has begun"
            hint = f'Begin it with []{{.index entry="{_named(levels)}" range="begin"}}.'
            yield error("index-range-unbegun", message, mark.span, hint)
    else:
        if about["range"] == "begin":
            if node.open:
                yield _still_open(levels, node.open[1])
            node.open = len(node.locators), mark.span
        node.locators.append(locator)
    if about["see-also"]:
        node.see_also.setdefault(_levels(about["see-also"]), mark.span)


def _left_open(root: _Node) -> list[Diagnostic]:
    return [_still_open(levels, node.open[1]) for levels, node in root.walk() if node.open]


def _still_open(levels: tuple[str, ...], span: Span) -> Diagnostic:
    message = f"a stretch of text on '{_named(levels)}' begins here and does not end"
    hint = f'End it with []{{.index entry="{_named(levels)}" range="end"}}.'
    return error("index-range-open", message, span, hint)


def _check(root: _Node, taken: set[str]) -> Iterator[Diagnostic]:
    """Give the entries that others lead to their ids, and say which are not there."""
    known = Nearest([_named(levels) for levels, _ in root.walk()])
    ids = (name for number in count(1) if (name := f"entry-{number}") not in taken)
    for levels, node in root.walk():
        for target, span in [*node.see.items(), *node.see_also.items()]:
            entry = root.at(target)
            if entry is not None and entry is not node and _holds(entry):
                entry.id = entry.id or next(ids)
                continue
            if entry is None:
                message = f"'{_named(levels)}' leads to '{_named(target)}', which is not in the index"
                near = known.to(_named(target))
                hint = f"Did you mean '{near}'?" if near else "Mark a word for it, or mend the name."
            else:
                message = f"'{_named(levels)}' leads to '{_named(target)}', which leads nowhere but on"
                hint = "Lead to the entry where the places are."
            yield error("index-see-unknown", message, span, hint)


def _without_reading(root: _Node, language: str) -> Iterator[Diagnostic]:
    """Say which entries of a Japanese index cannot be filed, as nobody has said how they are read."""
    if primary_language(language) == "ja":
        for levels, node in root.walk():
            if not node.sort and collation(language).letter(levels[-1]) == HAN:
                message = f"how '{levels[-1]}' is read is not said: it stands behind all that is in kana"
                hint = 'Write its reading: sort="よみ".'
                yield warning("index-reading-missing", message, node.span, hint)


def _holds(node: _Node) -> bool:
    """Whether a reader who is led to the entry finds more than that he is led on."""
    return bool(node.locators or node.children or node.see_also)


def _sorted(root: _Node, language: str) -> tuple[Entry, ...]:
    by = collation(language)

    def key(item: tuple[str, _Node]) -> tuple[Key, str]:
        return by.key(item[1].sort or item[0]), item[0]

    def made(node: _Node, levels: tuple[str, ...]) -> Iterator[Entry]:
        for text, child in sorted(node.children.items(), key=key):
            yield Entry(
                text,
                by.letter(child.sort or text),
                child.shown,
                child.id,
                tuple(child.locators),
                tuple(_reference(root, target) for target in child.see),
                tuple(_reference(root, target) for target in child.see_also),
                tuple(made(child, (*levels, text))),
            )

    return tuple(made(root, ()))


def _reference(root: _Node, target: tuple[str, ...]) -> Reference:
    node = root.at(target)
    return Reference(target, node.id if node else "")


def _levels(text: str) -> tuple[str, ...]:
    return tuple(text.split(LEVELS)) if text else ()


def _named(levels: tuple[str, ...]) -> str:
    """An entry as an author writes it."""
    return _BETWEEN.join(level.replace("!", r"\!") for level in levels)
