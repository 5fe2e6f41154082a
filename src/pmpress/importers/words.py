"""What the words of a text tell: its language, whether a line is somebody's name, a day."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("fa", re.compile("[\u067e\u0686\u0698\u06af\u06cc\u06a9]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("uk", re.compile("[\u0456\u0457\u0454\u0491]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
# How much of a text must be of a script: the letters that tell Persian and Ukrainian are few.
_SHARE = {"fa": 0.05, "uk": 0.03}
_USUAL_SHARE = 0.2
# The words that each language says most often and the others here do not, or not as often.
_COMMON = {
    "en": "the and of to is that was it for with his you not are this from have which they",
    "de": "der die das und ist nicht ein ich sie mit dem den zu auf eine auch von sich es war",
    "fr": "le les des est et une dans qui que pour pas vous sur il elle au du avec ce sont",
    "es": "el los las que y una por con para del es se no su como pero más lo está al",
    "it": "il che di è non una per con del della sono gli le si ma anche nel alla come più",
    "pt": "o os que não uma com para por do da em se mas como mais é ao dos na você",
    "nl": "de het een en van ik is dat niet zijn op te voor met die aan hij ook er maar",
    "sv": "och att det som en är på för av inte jag med den till har var ett om han så",
    "da": "og at det som en er på for af ikke jeg med den til har var et om han så",
    "pl": "i w nie na się że z do to jest jak ale po co tak za od przez było tylko",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SAMPLE = 50_000
_LEAST = 8

_PARTICLES = r"de|da|di|del|della|der|den|van|von|zu|zur|la|le|du|dos|bin|ibn|al|el|y|e|ten|ter|st\."
_NAME = re.compile(rf"(?:[^\W\d_a-zß-ÿ][\w’'.-]*|{_PARTICLES})(?:\s+(?:[^\W\d_a-zß-ÿ][\w’'.-]*|{_PARTICLES})){{0,4}}")

# How the names of months begin in the languages whose bylines are known.
_MONTHS = ("jan ene gen", "feb fév", "mar mär", "apr avr abr", "may mai mag", "jun jui giu", "jul lug", "aug aoû ago",
           "sep set", "oct okt ott out", "nov", "dec dez déc dic")  # fmt: skip
_DAY = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,10})\.?,?\s+(?:de\s+)?|"
    r"(?P<name>[^\W\d_]{3,10})\.?\s+(?P<number>\d{1,2})(?:st|nd|rd|th)?,?\s+)(?P<year>\d{4})"
)


def language_of(text: str) -> str:
    """The language a text is in, by its script, else by its most frequent words; empty if that says nothing."""
    sample = text[:_SAMPLE]
    letters = sum(1 for each in sample if each.isalpha()) or 1
    for tag, script in _SCRIPTS:
        if len(script.findall(sample)) > letters * _SHARE.get(tag, _USUAL_SHARE):
            return tag
    said = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    found = {tag: sum(said[word] for word in words) for tag, words in _WORDS.items()}
    best, next_best = sorted(found, key=lambda tag: -found[tag])[:2]
    return best if found[best] >= _LEAST and found[best] > found[next_best] else ""


def names_in(text: str) -> tuple[str, ...]:
    """The people that a byline names; none if it does not look like names."""
    pieces = [each.strip() for each in re.split(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b)\s*", text) if each.strip()]
    if 0 < len(pieces) <= 6 and all(
        (_NAME.fullmatch(each) and not each.isupper()) or _is_capitals(each) for each in pieces
    ):
        return tuple(pieces)
    # Scripts without capitals: a few words, and no sign between them.
    if re.fullmatch(r"[^\W\d_a-zA-Z]+(?:[ \u3000・·][^\W\d_a-zA-Z]+){0,4}", text) and len(text) <= 30:
        return (text,)
    return ()


def _is_capitals(text: str) -> bool:
    return text.isupper() and 2 <= len(text.split()) <= 4 and not re.search(r"[\d:!?]", text)


def day_in_words(text: str) -> str:
    """A day as ISO 8601 has it, if the text is nothing but one, in figures or with the name of a month."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return day_in(text) if re.fullmatch(r"\d{4}(?:[-/.]\d\d){0,2}", text.strip()) else ""
    name = (found["month"] or found["name"])[:3].lower()
    month = next((number for number, names in enumerate(_MONTHS, start=1) if name in names.split()), 0)
    day = int(found["day"] or found["number"])
    return f"{found['year']}-{month:02}-{day:02}" if month and day <= 31 else ""


def day_in(text: str) -> str:
    """A day as ISO 8601 has it, if the text is one in figures, or a year alone."""
    found = re.match(r"\s*(\d{4})(?:[-/.](\d\d)(?:[-/.](\d\d))?)?", text)
    return "-".join(each for each in found.groups() if each) if found else ""
