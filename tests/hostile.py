"""Hostile input: 20 kB each of what makes readers of Markdown slow, deep or forgetful, made rather than collected."""

from __future__ import annotations

from itertools import product

SIZE = 20_000

# What opens something that is never closed, or closes what was never opened.
_OPENERS = (
    "[", "![", "](", "[]", "[](", "[]()", "[a]", "[a](", "![a](", "[a](<", "[a](b", '[a](b "', "[a](((", "![[", "[[]()",
    "[a]: ", "[a]: b\n", "[a]:\n", '[a]: b "', "[^1]", "[^1]\n\n", "[^1]: ", "[^1]: a\n", "^[", "[^", "![a](b \"c",
    "<", "<a", "<a ", '<a "', '<a x="', "<a href=x>", "</", "</b>", "<b>", "<p>", "<div>", "<div>\n\n", "<table>",
    "<td>", "<ul><li>", "<script>", "<svg>", "<!", "<!-", "<!--", "<!-->", "<![CDATA[", "<?", "<?a ", "<a:", "<a@",
    "<http://a", "`", "``a", "` `` ", "```\\", "```\n", "~~~\n", "~~~a", "~~~a\n", "~", "~~", "~~a", "~~a ",
    "*", "**", "_", "__", "*a", "*a ", "**a", "**a ", "_a ", "__a ", "*a_ ", "*a **b ", "a**b", "*_", "***a ",
    ">", "> ", ">a\n", "> > a\n", "-", "- ", "* ", "+ ", "+ a\n", "- a\n\n", "- [ ] a\n", "1. ", "1) ", "1. a\n",
    "1.\n",
    "|", "|a", "|a|\n", "|a|\n|-|\n", "|-", "|`", "|\\|", "#", "# ", "# a\n", "# a {#b}\n", "=\n", "a\n=\n", "---\n",
    "&", "&amp;", "&#", "&#0;", "&a", "\\", "\\\\", "\\\n", "{", "{#", "{#a}", "{.a}", "{{", "{% ", "$", "$$", "$a$ ",
    "$1", "$$ a\n",
    ":", "::: a\n", ":::\n", ": a\n", "a\n: b\n", "!!! a\n", "!", "^", "^a", "==", "==a ", "*[a]: b\n",
    '"', "'", "'\"", '"a ', "--", "...", "(", "((", "@", "@a ", "[@a; ", "a@", "a@b.",
    "http://", "http://a.b/(", "http://a.b/<a>",
    "http://a.b/.", "www.a.", "\n", " \n", "\t", "\t\n", "    a\n\n", "a  \n", "a\n", "a", "a ", "a.", "\u3042",
    "a\u0301",
    "\u3042<td>", "\U0001f600", "\u00a0", "\ue000", "\ufdd0",
)  # fmt: skip

# Half of one thing, then half of another: an opener often, and then a closer as often.
_PAIRS = (
    ("[", "]"), ("[", "](b)"), ("![", "](b)"), ("[", "][b]"), ("*", "a*"), ("**a ", " a**"), ("*a **b ", " b** a*"),
    ("_a ", " a_"), ("~~a ", " a~~"), ("<b>", "</b>"), ("<div>", "</div>"), ("(", ")"), ("[a](", ")"), ("`a", "``"),
    ("<!--", "-->"), ("{", "}"), ('"a ', ' a"'),
)  # fmt: skip
_MARKERS = ("- ", "* ", "1. ", "> ", "- > ", "> 1. ", "1. - ")


def _filled(unit: str) -> str:
    return (unit * (SIZE // len(unit) + 1))[:SIZE]


def _halves(opener: str, closer: str) -> str:
    count = SIZE // (len(opener) + len(closer))
    return opener * count + "x" + closer * count


def _stairs(marker: str) -> str:
    """Each line one level deeper than the one before."""
    lines, total = [], 0
    while total < SIZE:
        indent = " " * len(marker) if ">" not in marker else marker
        lines.append(f"{indent * len(lines)}{marker}a\n")
        total += len(lines[-1])
    return "".join(lines)


def _lazy(marker: str) -> str:
    """Very deep on one line, then lines that belong to the innermost paragraph though they do not say so."""
    head = marker * 200 + "a\n"
    return head + "b\n" * ((SIZE - len(head)) // 2)


def _shapes() -> dict[str, str]:
    wide = SIZE // 8
    return {
        "growing runs of backticks": "".join("`" * length + " " for length in range(200)),
        "growing runs of asterisks": "".join("*" * length + "a " for length in range(200)),
        "one long run of backticks": "`" * SIZE,
        "one long word": "a" * SIZE,
        "one line of words": "word " * (SIZE // 5),
        "wide table with short rows": "|a" * wide + "\n" + "|-" * wide + "\n" + "a\n" * (wide * 2),
        "wide table": "|a" * wide + "|\n" + "|-" * wide + "|\n" + "|b" * wide + "|\n",
        "chain of notes": "[^0]\n\n" + "".join(f"[^{one}]: [^{one + 1}] x\n\n" for one in range(900)),
        "many notes": "".join(f"[^{one}]" for one in range(1200)) + "\n\n" + "[^1]: x\n" * 800,
        "many references": "".join(f"[a{one}]: b\n" for one in range(900)) + "".join(f"[a{one}]" for one in range(900)),
        "list with lazy lines": "- a\nb\n" * (SIZE // 6),
        "paragraphs in quotes": "> a\n>\n" * (SIZE // 6),
        "mixed": _filled("[*a <b> `c` ![d](e) _f [g] & \\h ~~i\n"),
    }


HOSTILE: dict[str, str] = (
    {unit: _filled(unit) for unit in _OPENERS}
    | {f"{opener} … {closer}": _halves(opener, closer) for opener, closer in _PAIRS}
    | {f"stairs of {marker}": _stairs(marker) for marker in _MARKERS}
    | {f"lazy lines in {marker}": _lazy(marker) for marker in _MARKERS}
    | {f"{first}{second}": _filled(first + second) for first, second in product(("[", "*", "<", "> ", "- "), "`_~|#&!")}
    | _shapes()
)
