"""What is on a page besides its text: links that lead about the site, all that a publisher of free texts puts around
them. It is left out, and named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pmpress.importers.text.lines import Block, Line

# Words of links, as pages have them at their edges. `Main` and `Home` inside a text are words like any other: they are
# furniture only where several run together, or stand at an edge.
_WORDS = (
    r"Back to top|Back to Top|Back to home|Skip to (?:main )?content|Skip to navigation|Table of Contents|Read more|"
    r"Log in|Login|Sign in|Sign up|Log out|Subscribe|Newsletter|Share this|Share|Tweet|Print|Email this|"
    r"Previous post|Next post|Previous|Prev|Next|Older posts|Newer posts|Older|Newer|Back|Main|Home|Homepage|"
    r"Menu|Search|About|Contact|Archives?|RSS|Blog|Sitemap|Privacy Policy|Privacy|Terms|Imprint|Top|Up|FAQ|"
    r"Help|Facebook|Twitter|LinkedIn|Instagram|GitHub|Cookies|Posts?|Tags|Categories|Accueil|Retour|Startseite|Zurück|Impressum|Datenschutz|Inicio"
)
_TOGETHER = re.compile(rf"(?:{_WORDS}){{2,}}")
_APART = re.compile(rf"[\s|·•/»«←→<>‹›*:-]*(?:{_WORDS})(?:[\s|·•/»«←→<>‹›*:-]+(?:{_WORDS}))*[\s|·•/»«←→<>‹›*:-]*")
_SIGNS = re.compile(r"[|·•/»«←→<>‹›]")
_AT_EDGES = 4
_BEGIN = re.compile(r"\*{3}\s*START OF (?:THE|THIS) PROJECT GUTENBERG", re.I)
_END = re.compile(r"\*{3}\s*END OF (?:THE|THIS) PROJECT GUTENBERG|^End of (?:the )?Project Gutenberg", re.I)


def without_wrapping(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines of a text, and those before and behind it that its publisher put there (Project Gutenberg does)."""
    begin = next((place for place, line in enumerate(lines) if _BEGIN.match(line.text)), -1)
    end = next((place for place, line in enumerate(lines) if place > begin and _END.match(line.text)), len(lines))
    if begin < 0:
        return list(lines), [], []
    return list(lines[begin + 1 : end]), list(lines[: begin + 1]), list(lines[end:])


def without_furniture(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of a text, and those that are furniture."""
    kept, left_out = list(blocks), []
    for block in blocks:
        if block.is_line and _TOGETHER.fullmatch(block.text) and _parts(block.text) > 1:
            kept.remove(block)
            left_out.append(block)
    for edge in (0, -1):
        for _ in range(_AT_EDGES):
            if len(kept) > 1 and _is_at_edge(kept[edge]):
                left_out.append(kept.pop(edge))
    return kept, sorted(left_out, key=lambda block: block.number)


def _parts(text: str) -> int:
    return len(re.findall(_WORDS, text))


def _is_at_edge(block: Block) -> bool:
    """Whether a block at an edge of the text is furniture: many words of links, or few with signs between or alone."""
    if block.kind == "break":
        return True
    if block.kind == "items":
        return all(len(item) == 1 and bool(_APART.fullmatch(item[0].text)) for item in block.inside)
    words = " ".join(block.lines)
    if block.kind not in ("prose", "lines") or not _APART.fullmatch(words):
        return False
    return _parts(words) > 2 or bool(_SIGNS.search(words)) or (len(block.lines) == _parts(words))
