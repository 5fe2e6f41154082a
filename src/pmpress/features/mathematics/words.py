"""A formula in a line of plain text, as contents, bookmarks and running heads want it: `ℝ², a/b, √x`."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from pmpress.formulas import symbols

_RAISED = dict(zip("0123456789+−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_LOWERED = dict(zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


def in_a_line(mathml: str) -> str:
    """The words for a `math` element."""
    return " ".join(_said(fromstring(mathml)).split())


def _said(element: Element) -> str:
    name = str(element.tag).rpartition("}")[2]
    parts = [_said(child) for child in element]
    if name == "mo":
        return _operator(element)
    if name == "mspace":
        return " " if float(element.get("width", "0em").removesuffix("em")) > 0.15 else ""
    if name in {"mi", "mn", "mtext"}:
        return element.text or ""
    if name == "mphantom":
        return ""
    if name == "mfrac":
        is_stacked = element.get("linethickness", "1").startswith("0")
        return " ".join(parts) if is_stacked else "/".join(map(_kept_together, parts))
    if name == "msqrt":
        return f"√{_kept_together(parts[0])}"
    if name == "mroot":
        return f"{_script(parts[1], _RAISED, '')}√{_kept_together(parts[0])}"
    if name == "mtable":
        return "; ".join(parts)
    if name == "mtr":
        return " ".join(part for part in parts if part)
    if name in {"msub", "msup", "msubsup", "munder", "mover", "munderover"}:
        return _with_scripts(name, element, parts)
    return "".join(parts)


def _operator(element: Element) -> str:
    text = element.text or ""
    kind = symbols.CHARACTERS.get(text, ("",))[0]
    if kind == "punct":
        return f"{text} "
    return f" {text} " if kind in {"bin", "rel"} and element.get("lspace") is None else text


def _with_scripts(name: str, element: Element, parts: list[str]) -> str:
    base, scripts = parts[0].rstrip(), parts[1:]
    if element.get("accent") or element.get("accentunder"):
        mark = symbols.COMBINING.get(scripts[0].strip(), "")
        return base + mark if len(base) == 1 else base
    below = scripts.pop(0) if name not in {"msup", "mover"} else ""
    above = scripts.pop(0) if scripts else ""
    return base + _script(below, _LOWERED, "_") + _script(above, _RAISED, "^")


def _script(text: str, forms: dict[str, str], sign: str) -> str:
    text = text.strip()
    if not text or text[0] in "′″‴⁗":
        return text
    if all(character in forms for character in text):
        return "".join(forms[character] for character in text)
    return sign + _kept_together(text)


def _kept_together(text: str) -> str:
    text = text.strip()
    return text if len(text) < 2 or text.isalnum() else f"({text})"
