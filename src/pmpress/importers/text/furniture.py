"""What is on a page besides its text: links that lead about the site, all that a publisher of free texts puts around
them. It is left out, and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pmpress.importers.text.lines import Block, Line, only_lines, starts_low

# Words of links, as pages have them at their edges. `Main` and `Home` inside a text are words like any other: they are
# furniture only where several run together, or stand at an edge.
_WORDS = (
    r"Table of Contents|Read more|Log in|Login|Sign in|Sign up|Log out|Subscribe|Newsletter|Share|Tweet|Print|"
    r"Previous|Prev|Next|Older|Newer|Back|Main|Home|Homepage|Menu|Search|About|Contact|Archives?|RSS|Blog|Essays|"
    r"Articles|Projects|Sitemap|Privacy Policy|Privacy|Terms of (?:Service|Use)|Terms|Imprint|Top|Up|FAQ|Help|Facebook|"
    r"Twitter|LinkedIn|Instagram|GitHub|Cookies|Posts?|Tags|Categories|Accueil|Retour|Startseite|Zurück|Impressum|"
    r"Datenschutz|Inicio"
)
# These are furniture wherever they stand alone.
_EVERYWHERE = (
    r"Back to (?:[Tt]op|[Hh]ome)|Skip to (?:(?:main )?content|navigation)|(?:Share|Tweet|Email|Print) this(?: \w+)?|"
    r"(?:Share|Follow (?:me|us)) (?:on|via) \w+|(?:Previous|Next|Older|Newer) [Pp]osts?|Leave a [Cc]omment"
)
_LINK = rf"(?:{_EVERYWHERE}|{_WORDS})"
_BETWEEN = r"[\s|·•/»«←→<>‹›↑*:-]"
_TOGETHER = re.compile(rf"(?:{_WORDS}){{2,}}")
_ALONE = re.compile(rf"{_BETWEEN}*(?:(?:{_EVERYWHERE}){_BETWEEN}*)+")
_APART = re.compile(rf"{_BETWEEN}*(?:{_LINK}{_BETWEEN}*)+")
_COOKIES = re.compile(r"(?:we|(?:this|our) (?:web)?site) uses? cookies\b.*", re.I)
_SIGNS = re.compile(r"[|·•/»«←→<>‹›↑]")
_AT_EDGES = 4
_PAGED = re.compile(r"\W*\d{1,4}\W*|\d{1,4}\s{3,}\S.*|\S.*\S\s{3,}\d{1,4}")
_BEGIN = re.compile(r"\*{3}\s*START OF (?:THE|THIS) PROJECT GUTENBERG", re.I)
_END = re.compile(r"\*{3}\s*END OF (?:THE|THIS) PROJECT GUTENBERG|^End of (?:the )?Project Gutenberg", re.I)


def without_wrapping(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines of a text, and those before and behind it that its publisher put there (Project Gutenberg does)."""
    begin = next((place for place, line in enumerate(lines) if _BEGIN.match(line.text)), -1)
    end = next((place for place, line in enumerate(lines) if place > begin and _END.match(line.text)), len(lines))
    if begin < 0:
        return list(lines), [], []
    return list(lines[begin + 1 : end]), list(lines[: begin + 1]), list(lines[end:])


def without_running_heads(pages: Sequence[Sequence[Line]]) -> tuple[list[Line], list[Line]]:
    """The lines of pages, and the running heads and page numbers at their edges: what several pages have there, but for
    the number, or what has a number at its edge. A paragraph that goes on over the page is not parted."""
    edges = [(page[0], page[-1]) for page in pages if page]
    seen = Counter(_bare(line) for lines in edges for line in dict.fromkeys(lines))
    kept, left_out = list[Line](), list[Line]()
    for page in pages:
        running = {line for line in (*page[:1], *page[-1:]) if _is_running(line, seen)}
        here = [line for line in page if line not in running]
        left_out += [line for line in page if line in running]
        if kept and here:
            goes_on = bool(re.search(r"[\w,-]$", kept[-1].text)) and starts_low(here[0].text[:1])
            here[0] = replace(here[0], gap=0 if goes_on else max(1, here[0].gap))
        kept += here
    return (kept, left_out) if len(edges) > 1 else ([line for page in pages for line in page], [])


def _is_running(line: Line, seen: Counter[str]) -> bool:
    return seen[_bare(line)] > 1 or bool(_PAGED.fullmatch(line.text))


def _bare(line: Line) -> str:
    return re.sub(r"[\W\d_]+", "", line.text)


def without_furniture(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of a text, and those that are furniture."""
    kept, left_out = list[Block](), list[Block]()
    for block in blocks:
        is_plain = block.kind in ("prose", "lines")
        lost = [place for place, line in enumerate(block.lines) if is_plain and _is_anywhere(line)]
        if lost and all(_APART.fullmatch(line) for line in block.lines):
            lost = list(range(len(block.lines)))
        if lost:
            left_out.append(only_lines(block, lost))
        if len(lost) < len(block.lines) or not lost:
            kept.append(only_lines(block, [place for place in range(len(block.lines)) if place not in lost]))
    for edge in (0, -1):
        for _ in range(_AT_EDGES):
            if len(kept) > 1 and _is_at_edge(kept[edge], is_end=edge < 0):
                left_out.append(kept.pop(edge))
    return kept, sorted(left_out, key=lambda block: block.number)


def _is_anywhere(line: str) -> bool:
    """Whether a line is furniture wherever it stands: a link that says so, or several run together."""
    return bool(_ALONE.fullmatch(line)) or (bool(_TOGETHER.fullmatch(line)) and _parts(line) > 1)


def _parts(text: str) -> int:
    return len(re.findall(_LINK, text))


def _is_at_edge(block: Block, *, is_end: bool) -> bool:
    """Whether a block at an edge of the text is furniture: many words of links, or few with signs between or alone. At
    the beginning two of them may be a title."""
    if block.kind == "break":
        return True
    if block.kind == "items":
        return all(len(item) == 1 and bool(_APART.fullmatch(item[0].text)) for item in block.inside)
    words = " ".join(block.lines)
    if block.is_line and _COOKIES.fullmatch(words):
        return True
    if block.kind not in ("prose", "lines") or not _APART.fullmatch(words):
        return False
    is_listed = len(block.lines) == _parts(words) > 1 - is_end
    return _parts(words) > 2 - is_end or bool(_SIGNS.search(words)) or is_listed
