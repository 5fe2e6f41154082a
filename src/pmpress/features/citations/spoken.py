"""The language of a work: what a library of works calls it, as a BCP 47 tag."""

from __future__ import annotations

import re

from pmpress.languages import unregistered

# What BibLaTeX calls languages (`langid`), after LaTeX's packages.
_NAMES = {
    "american": "en-US", "arabic": "ar", "austrian": "de-AT", "brazil": "pt-BR", "brazilian": "pt-BR",
    "british": "en-GB", "bulgarian": "bg", "canadian": "en-CA", "canadien": "fr-CA", "catalan": "ca", "chinese": "zh",
    "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr",
    "francais": "fr", "german": "de", "greek": "el", "hebrew": "he", "hungarian": "hu", "italian": "it",
    "japanese": "ja", "korean": "ko", "latin": "la", "naustrian": "de-AT", "ngerman": "de", "norsk": "nb",
    "nswissgerman": "de-CH", "nynorsk": "nn", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro",
    "russian": "ru", "serbian": "sr", "slovak": "sk", "slovene": "sl", "spanish": "es", "swedish": "sv",
    "swissgerman": "de-CH", "turkish": "tr", "ukenglish": "en-GB", "ukrainian": "uk", "usenglish": "en-US",
}  # fmt: skip
_TAG = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def another_language(said: str, language: str) -> str:
    """The tag of the language a work is said to be in, if that is known and not that of the book: of `fr-CA` and `fr`
    none is another."""
    tag = _NAMES.get(said.lower(), said)
    if not _TAG.fullmatch(tag) or unregistered(tag):
        return ""
    return tag if tag.lower().split("-")[0] != language.lower().split("-")[0] else ""
