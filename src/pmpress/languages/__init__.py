"""Languages by their tags: which subtags are registered (RFC 5646), and what libraries call a language (ISO 639-2/B).

`subtags.txt` is the registry without its explanations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pmpress.diagnostics import Nearest

# What anybody may use for what is registered nowhere (RFC 5646, 2.2).
_PRIVATE = {
    "language": re.compile("q[a-t][a-z]"),
    "script": re.compile("qaa[a-z]|qab[a-x]"),
    "region": re.compile("aa|q[m-z]|x[a-z]|zz"),
}
_CHECKED = ("language", "extlang", "script", "region", "variant")

# Languages that have two letters, with the three that libraries know them by (ISO 639-2/B). Those that are not here
# have three letters of their own.
_LIBRARIES = """
aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bh:bih bi:bis
bm:bam bn:ben bo:tib br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:cze cu:chu cv:chv cy:wel da:dan de:ger dv:div
dz:dzo ee:ewe el:gre en:eng eo:epo es:spa et:est eu:baq fa:per ff:ful fi:fin fj:fij fo:fao fr:fre fy:fry ga:gle gd:gla
gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:arm hz:her ia:ina id:ind ie:ile ig:ibo
ii:iii ik:ipk io:ido is:ice it:ita iu:iku ja:jpn jv:jav ka:geo kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor
kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah
mi:mao mk:mac ml:mal mn:mon mr:mar ms:may mt:mlt my:bur na:nau nb:nob nd:nde ne:nep ng:ndo nl:dut nn:nno no:nor nr:nbl
nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:rum ru:rus
rw:kin sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slo sl:slv sm:smo sn:sna so:som sq:alb sr:srp ss:ssw st:sot su:sun
sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig
uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:chi zu:zul
iw:heb in:ind ji:yid jw:jav mo:rum sh:hbs
"""
# What the same languages are called by their own names (ISO 639-2/T), where that is something else.
_OWN_NAMES = {
    "sqi": "sq", "hye": "hy", "eus": "eu", "mya": "my", "zho": "zh", "ces": "cs", "nld": "nl", "fra": "fr",
    "kat": "ka", "deu": "de", "ell": "el", "isl": "is", "mkd": "mk", "mri": "mi", "msa": "ms", "fas": "fa",
    "ron": "ro", "slk": "sk", "bod": "bo", "cym": "cy",
}  # fmt: skip


def unregistered(tag: str) -> tuple[str, str, str] | None:
    """The first subtag of a well-formed tag that is in no registry, with what kind of subtag it is and the one that
    may be meant; None if all are there."""
    known, expected = _registry(), 0
    for place, part in enumerate(tag.lower().split("-")):
        if len(part) == 1:  # an extension, or what is private: anything may follow
            return None
        kinds = _CHECKED[:1] if place == 0 else _CHECKED[max(expected, 1) :]
        fitting = [kind for kind in kinds if _fits(kind, part)]
        found = next((kind for kind in fitting if part in known[kind] or _is_private(kind, part)), "")
        if not found:
            kind = fitting[-1] if fitting else "variant"
            return part, kind, _meant(kind, part)
        expected = _CHECKED.index(found)
    return None


def what_is_unknown(tag: str) -> tuple[str, str] | None:
    """What is said, and what may help, of a well-formed tag of which something is in no registry."""
    found = unregistered(tag)
    if not found:
        return None
    part, kind, meant = found
    said = {"language": "no registered language", "region": "no country or region"}.get(kind, f"no {kind}")
    hint = f"Did you mean '{meant.upper() if kind == 'region' else meant}'? " if meant else ""
    hint += "Registered subtags are those of RFC 5646; a language of your own begins with qaa."
    return f"'{part}' in the language tag '{tag}' is {said}", hint


def for_libraries(tag: str) -> str:
    """The three letters by which libraries and the book trade know the language of a tag (ISO 639-2/B)."""
    primary = tag.split("-", maxsplit=1)[0].lower()
    return _by_two_letters().get(_OWN_NAMES.get(primary, primary), primary)


def region_of(tag: str) -> str:
    """The country of a tag, two capital letters, or nothing."""
    parts = tag.partition("-x-")[0].split("-")[1:]
    return next((part.upper() for part in parts if len(part) == 2 and part.lower() in _registry()["region"]), "")


def _fits(kind: str, part: str) -> bool:
    """Whether a subtag has the form of its kind (RFC 5646, 2.1)."""
    if kind in ("language", "extlang"):
        return part.isalpha() and len(part) <= 3 and (kind == "language" or len(part) == 3)
    if kind == "script":
        return len(part) == 4 and part.isalpha()
    if kind == "region":
        return len(part) == 2 or (len(part) == 3 and part.isdigit())
    return len(part) >= 5 or (len(part) == 4 and part[0].isdigit())


def _is_private(kind: str, part: str) -> bool:
    return kind in _PRIVATE and bool(_PRIVATE[kind].fullmatch(part))


def _meant(kind: str, part: str) -> str:
    if kind == "language":
        three = {long: short for short, long in _by_two_letters().items() if short in _registry()["language"]}
        return _OWN_NAMES.get(part) or three.get(part, "")
    return "gb" if (kind, part) == ("region", "uk") else Nearest(sorted(_registry()[kind])).to(part)


@cache
def _by_two_letters() -> Mapping[str, str]:
    return dict(pair.split(":") for pair in _LIBRARIES.split())


@cache
def _registry() -> Mapping[str, frozenset[str]]:
    """The registered subtags by their kind, in lower case."""
    text = (Path(__file__).parent / "subtags.txt").read_text(encoding="ascii").lower()
    sections = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)[1:]
    return {kind: frozenset(listed.split()) for kind, listed in zip(sections[::2], sections[1::2], strict=True)}
