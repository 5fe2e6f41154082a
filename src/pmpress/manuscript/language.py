"""What language a text is in, as far as its script tells."""

from __future__ import annotations

import re

from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.manuscript.order import Sections

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 200_000
_SHARE = 0.2


def guess_language(sections: Sections, diagnostics: list[Diagnostic]) -> str:
    """A language tag by the script of the text: the first script that has a fifth of all letters, else English.

    Latin letters tell nothing about the language, so the note that says the guess also says how to set it.
    """
    sources = [source for section in sections.all() for source in section.sources]
    sample = "".join(source.text for source in sources)[:_SAMPLE]
    letters = len(_LETTER.findall(sample)) or 1
    guessed = next((tag for tag, script in _SCRIPTS if len(script.findall(sample)) > letters * _SHARE), "en")
    if sources:
        hint = f'Say so with language = "{guessed}" under [book] in book.toml, or --set language={guessed}.'
        diagnostics.append(
            note("language-guessed", f"the language is taken to be '{guessed}'", Span(sources[0].path), hint)
        )
    return guessed
