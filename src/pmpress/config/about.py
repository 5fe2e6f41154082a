"""What a value of `[book]` must be that says something about the book: its languages, dates, numbers, people.

Readers take the TOML value and return the checked one, or raise ValueError saying what is wanted; what is named
`…_doubts` says what is odd about a value that was taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pmpress.config.keys import Doubt, Shape, shaped
from pmpress.config.values import LINE, line, text
from pmpress.diagnostics import Nearest
from pmpress.languages import what_is_unknown
from pmpress.model import Contributor, Direction, Series, Subject
from pmpress.relators import RELATORS, USUAL

_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?", re.I
)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}/[^\s\"<>]+)", re.I)
_CODES = {
    "bisac": ("BISAC", re.compile("[A-Z]{3}[0-9]{6}"), "three letters and six digits, as in BUS041000"),
    "thema": (
        "Thema",
        re.compile("[A-Y][A-Z0-9]{0,9}|[1-6][A-Z0-9]{1,9}(-[A-Z0-9]{1,9})*"),
        "letters and digits, as in KJM",
    ),
}
_URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$", "title": "a URI"}


def _table_of(required: str = "", **keys: Shape) -> Shape:
    """The shape of a table with these keys."""
    needed = {"required": [required]} if required else {}
    return {"type": "object", "properties": keys, **needed, "additionalProperties": False}


_PERSON = _table_of(
    "name", name=LINE, role={"type": "string", "pattern": "^[a-z]{3}$"}, sort=LINE, organisation={"type": "boolean"}
)
_CODED = _table_of(name=LINE, bisac={"type": "string"}, thema={"type": "string"})
# The scripts that run from right to left, and the languages whose usual script is one of them: Arabic and what is
# spoken of it (`ary` is Moroccan), Kurdish in Iraq (`ckb`), and so on.
_RIGHT_TO_LEFT_SCRIPTS = """
adlm arab aran armi avst chrs cprt elym gara hatr hebr hung khar lydi mand mani mend merc mero narb nbat nkoo orkh ougr
palm phli phlp phnx prti rohg samr sarb sidt sogd sogo syrc thaa todr yezi
"""
_RIGHT_TO_LEFT = """
ar arb abh abv acm acq acw acx acy adf aeb aec afb ajp apc apd arc ars ary arz auz avl ayh ayl ayn ayp azb bal bqi brh
ckb dv fa glk he iw ji khw ks lrc mzn nqo pbt pbu pes pga pnb prs ps pst rhg sd sdh shu skr ssh syr ug ur ydd yi
"""


@dataclass(frozen=True, slots=True)
class Isbns:
    """The ISBN of each format, thirteen digits or empty."""

    print: str = ""
    ebook: str = ""


def direction_of(language: str) -> Direction:
    """The direction of a language's script, by its BCP 47 tag: the script that the tag says, else the usual one."""
    primary, *others = language.lower().partition("-x-")[0].split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    is_rtl = script in _RIGHT_TO_LEFT_SCRIPTS.split() if script else primary in _RIGHT_TO_LEFT.split()
    return "rtl" if is_rtl else "ltr"


@shaped({"type": "string", "pattern": r"^\s*[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\s*$", "title": "a language tag"})
def language(value: Any) -> str:
    """A well-formed BCP 47 tag (RFC 5646), in its customary case."""
    tag = text(value)
    if tag and not _LANGUAGE.fullmatch(tag):
        raise ValueError('a language tag such as "en", "de-CH" or "zh-Hant"')
    primary, *others = tag.split("-")
    cased = [
        part.title() if len(part) == 4 and part.isalpha() else part.upper() if len(part) == 2 else part.lower()
        for part in others
    ]
    return "-".join([primary.lower(), *cased])


def language_doubts(value: Any) -> Iterator[Doubt]:
    """What of a tag is in no registry."""
    if found := what_is_unknown(language(value)) if value else None:
        yield Doubt("language-unknown", *found)


@shaped(
    {
        "anyOf": [
            {"type": "integer", "minimum": 1000, "maximum": 9999},
            {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"},
        ],
        "title": '`2026`, `"2026-11"` or `2026-11-23`',
    }
)
def day(value: Any) -> str:
    """A date: TOML's own, or `YYYY`, `YYYY-MM`, `YYYY-MM-DD` as text (the forms of dc:date)."""
    wanted = "a date: 2026, 2026-03 or 2026-03-31"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        value = value.isoformat()
    written = str(value) if type(value) is int and 0 < value < 10_000 else text(value)
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", written)
    if not match and written:
        raise ValueError(wanted)
    if match:
        if match[1] < "1000":  # what writes dates further on has four digits for a year, and no zero before them
            raise ValueError(wanted)
        try:
            date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            raise ValueError(wanted) from None
    return written


@shaped({"type": "string", "title": "an ISBN"})
def isbn(value: Any) -> str:
    """An ISBN of 13 digits with its check digit right (ISO 2108); hyphens and spaces are taken out. One of 10 digits,
    if it is right, becomes the one of 13 that replaced it."""
    written = text(value)
    digits = re.sub(r"[\s\u2010-\u2013-]", "", written).upper().removeprefix("ISBN").removeprefix(":")
    if not digits:
        return ""
    if re.fullmatch("[0-9]{9}[0-9X]", digits) and _old_check_digit(digits) == digits[-1]:
        digits = f"978{digits[:9]}"
        return digits + _check_digit(digits)
    if not re.fullmatch("97[89][0-9]{10}", digits):
        raise ValueError("an ISBN of 13 digits that begin with 978 or 979, the last of which is a check digit")
    if (fits := _check_digit(digits)) != digits[-1]:
        raise ValueError(f"an ISBN whose check digit fits: to {digits[:12]} belongs {fits}, not {digits[-1]}")
    return digits


@shaped({"anyOf": [LINE, _table_of(print=LINE, ebook=LINE)], "title": "an ISBN, or `{ print, ebook }`"})
def isbns(value: Any) -> Isbns:
    """One ISBN for all formats, or a table with one for `print` and one for `ebook`."""
    if not isinstance(value, dict):
        return Isbns(isbn(value), isbn(value))
    if not set(value) <= {"print", "ebook"}:
        raise ValueError('an ISBN, or { print = "…", ebook = "…" }')
    return Isbns(**{name: isbn(each) for name, each in value.items()})


def isbns_doubts(value: Any) -> Iterator[Doubt]:
    """Which of them are of the old kind, with ten digits."""
    written = list(value.values()) if isinstance(value, dict) else [value]
    for each in written:
        if (taken := isbn(each)) and len(re.findall("[0-9X]", each.upper().removeprefix("ISBN"))) == 10:
            message = f"the ISBN {each} has 10 digits and is taken as {taken}"
            yield Doubt("isbn-converted", message, "Shops ask for that of 13 digits.", each, is_note=True)


def _check_digit(digits: str) -> str:
    """The thirteenth digit that belongs to the twelve before it."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12])) % 10)


def _old_check_digit(digits: str) -> str:
    """The tenth digit that belongs to the nine before it."""
    left = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return "X" if left == 10 else str(left)


@shaped({"type": "string", "pattern": r"10\.[0-9]{4,9}/", "title": "a DOI"})
def doi(value: Any) -> str:
    """A DOI, as such or as a link; what is returned begins with `10.`."""
    written = text(value)
    match = _DOI.fullmatch(written)
    if written and not match:
        raise ValueError('a DOI such as "10.1234/abc", or its link "https://doi.org/10.1234/abc"')
    return match[1] if match else ""


@shaped({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "title": "a file name without its ending"})
def slug(value: Any) -> str:
    """A file name's stem: letters, digits, `-`, `_` and `.`."""
    name = text(value)
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError("letters, digits, '-', '_' and '.', beginning with a letter or digit")
    return name


@shaped(_URI)
def urn(value: Any) -> str:
    """A URI that names the book, such as `urn:uuid:…`, or a DOI as a URI."""
    written = text(value)
    if written and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", written):
        raise ValueError('a URI such as "urn:uuid:…" or "https://doi.org/…"')
    return written


@shaped({"type": "string", "pattern": r"^https?://\S+$", "title": "a web address"})
def address(value: Any) -> str:
    """The address of a page on the web."""
    written = text(value)
    if written and not re.fullmatch(r"https?://[^\s/]+\S*", written):
        raise ValueError('a web address such as "https://example.org/report"')
    return written


@shaped({"type": "array", "items": _URI, "title": "a list of URIs"})
def urns(value: Any) -> tuple[str, ...]:
    """URIs that name the book."""
    if not isinstance(value, list) or not all(value):
        raise ValueError('a list of URIs, as in ["urn:uuid:…"]')
    return tuple(map(urn, value))


@shaped(
    {
        "anyOf": [LINE, _table_of("name", name=LINE, position={"type": ["string", "integer"]})],
        "title": "a name, or `{ name, position }`",
    }
)
def series(value: Any) -> Series | None:
    """The name of a series, or a table `{ name, position }`."""
    said = {"name": value} if isinstance(value, str) else value
    wanted = 'the name of a series, or { name = "…", position = "2" }'
    if not isinstance(said, dict) or not {"name"} <= set(said) <= {"name", "position"}:
        raise ValueError(wanted)
    place = said.get("position", "")
    position = str(place) if type(place) is int else line(place)
    if position and not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})*", position):
        raise ValueError(f'{wanted}, whose position is a number such as "2" or "2.1"')
    return Series(line(said["name"]), position) if line(said["name"]) else None


@shaped(
    {
        "type": "array",
        "items": {"anyOf": [LINE, _CODED]},
        "title": "a list of words, of `{ name, bisac }`, or of `{ name, thema }`",
    }
)
def subjects(value: Any) -> tuple[Subject, ...]:
    """What the book is about: words, or tables `{ name, bisac }` and `{ name, thema }` with the code of a scheme."""
    if not isinstance(value, list):
        raise ValueError('a list of subjects, as in ["Lighthouses", { bisac = "TEC025000" }]')
    return tuple(_subject({"name": item} if isinstance(item, str) else item) for item in value)


def _subject(said: Any) -> Subject:
    schemes = [name for name in _CODES if isinstance(said, dict) and name in said]
    if not isinstance(said, dict) or not said or set(said) - {"name", *schemes} or len(schemes) > 1:
        raise ValueError('words, or one code as in { name = "Management", bisac = "BUS041000" } or { thema = "KJM" }')
    name = line(said.get("name", ""))
    if not schemes:
        if not name:
            raise ValueError("words for each subject")
        return Subject(name)
    scheme, form, wanted = _CODES[schemes[0]]
    code = line(said[schemes[0]])
    if not form.fullmatch(code):
        raise ValueError(f"a code of {scheme} for '{code}': {wanted}")
    return Subject(name, scheme, code)


@shaped(
    {
        "type": "array",
        "items": {"anyOf": [LINE, _PERSON]},
        "title": "a list of names, or of `{ name, role, sort, organisation }`",
    }
)
def contributors(value: Any) -> tuple[Contributor, ...]:
    """Names, or tables `{ name, role, sort, organisation }`; `role` is a MARC relator code of three letters."""
    wanted = 'a list of names, or of { name = "…", role = "aut", sort = "…" }'
    if not isinstance(value, list):
        raise ValueError(wanted)
    return tuple(_contributor(item, wanted) for item in value)


def _contributor(item: Any, wanted: str) -> Contributor:
    if isinstance(item, str):
        item = {"name": item}
    if not isinstance(item, dict) or set(item) - {"name", "role", "sort", "organisation"}:
        raise ValueError(wanted)
    name, role, organisation = (
        line(item.get("name", "")),
        line(item.get("role", "aut")),
        item.get("organisation", False),
    )
    if not name:
        raise ValueError(wanted)
    if not re.fullmatch(r"[a-z]{3}", role):
        raise ValueError(f"a MARC relator code of three letters as the role of {name}: aut, edt, ill, trl…")
    if not isinstance(organisation, bool):
        raise ValueError(f"true or false for whether {name} is an organisation")
    return Contributor(name, role, line(item.get("sort", "")), organisation)


def contributors_doubts(value: Any) -> Iterator[Doubt]:
    """Roles that are none of MARC's."""
    usual, any_at_all = Nearest(USUAL), Nearest(sorted(RELATORS))
    for person, item in zip(contributors(value), value, strict=True):
        if person.role not in RELATORS:
            meant = usual.to(person.role) or any_at_all.to(person.role)
            hint = (
                f"Did you mean '{meant}'?"
                if meant
                else "As in aut, edt, ill, trl: see the MARC Code List for Relators."
            )
            yield Doubt(
                "role-unknown",
                f"'{person.role}', the role of {person.name}, is no MARC relator code",
                hint,
                item["name"],
            )
