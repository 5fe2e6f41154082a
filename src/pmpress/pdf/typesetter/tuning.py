"""WeasyPrint made faster, with the same bytes as its result.

The engine works out the same things again for every box and line. `tune` puts functions in the place of some of
its own that give exactly what those give, for any document, and cost less. It may reach into the insides because
`pyproject.toml` pins the engine, and because it looks first: in a release that it was not written for, or where a
function is missing or takes other parameters, all stays as it is. `import_engine` makes importing it cheaper.
"""

from __future__ import annotations

import ctypes.util
import importlib
import inspect
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from io import StringIO
from math import inf
from operator import itemgetter
from types import ModuleType
from typing import Any

_RELEASES = {"weasyprint": ("70.0",), "pydyf": ("0.13.0",)}
"""The releases whose insides this module knows."""
_OPTIONAL = ("harfbuzz-subset", "harfbuzz-vector")
"""The libraries that the engine also runs without, by the names that ctypes finds them under."""

_TUNINGS: list[tuple[str, str, Callable[[Any], Any]]] = []


def tune() -> int:
    """Make the engine faster, for this process. Returns how many of its functions were replaced: 0 the second time."""
    if any(getattr(importlib.import_module(name), "__version__", "") not in of for name, of in _RELEASES.items()):
        return 0
    return sum(_replace(module, path, make) for module, path, make in _TUNINGS)


def import_engine() -> None:
    """Import WeasyPrint in half the time and with a quarter less memory. Raises OSError without Pango.

    It asks ctypes for each name that a library might have on some system, and ctypes, on Linux, a compiler and a linker
    for each: with no answer the engine goes on to the name that the loader knows (`libpango-1.0.so.0`). What it can do
    without is looked for as ever, lest it did without what is there. And it imports the largest parts of fontTools, for
    variable fonts and for systems without HarfBuzz's subsetter: these wait until they are asked for.
    """
    if "weasyprint" in sys.modules:
        return
    find = ctypes.util.find_library
    if sys.platform.startswith("linux"):
        ctypes.util.find_library = lambda name: find(name) if name in _OPTIONAL else None
    stand_ins = {each.__name__: each for each in (_Subset(), _Instancer()) if each.__name__ not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        with suppress(OSError), redirect_stdout(StringIO()):
            importlib.import_module("weasyprint")
    finally:
        ctypes.util.find_library = find
        for name in stand_ins:
            sys.modules.pop(name, None)
    # Should the loader know no such name, the machine is asked after all, and says what is missing.
    importlib.import_module("weasyprint")


class _Subset(ModuleType):
    """`fontTools.subset`, which nobody has needed yet."""

    def __init__(self) -> None:
        super().__init__("fontTools.subset")

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


class _Instancer(ModuleType):
    """`fontTools.varLib.instancer`, as far as the engine uses it."""

    def __init__(self) -> None:
        super().__init__("fontTools.varLib.instancer")

    def instantiateVariableFont(self, *args: Any, **options: Any) -> Any:
        return importlib.import_module(self.__name__).instantiateVariableFont(*args, **options)


def _replaces(module: str, path: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """What follows makes, out of the engine's function, the one for its place; or returns the engine's own."""

    def enter(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        _TUNINGS.append((module, path, make))
        return make

    return enter


def _replace(module: str, path: str, make: Callable[[Any], Any]) -> bool:
    *outer, name = path.split(".")
    try:
        owner: Any = importlib.import_module(module)
        for part in outer:
            owner = getattr(owner, part)
        old = inspect.getattr_static(owner, name) if isinstance(owner, type) else getattr(owner, name)
        if getattr(_function(old), "tuned", False):
            return False
        new = make(old)
        if new is old or _parameters(new) != _parameters(old):
            return False
    except (ImportError, AttributeError, LookupError, TypeError, ValueError):
        return False
    _function(new).tuned = True
    setattr(owner, name, new)
    if not outer:  # other modules have imported the function by its name
        for each in [each for key, each in sys.modules.items() if key.startswith("weasyprint.")]:
            if getattr(each, name, None) is old:
                setattr(each, name, new)
    return True


def _function(found: Any) -> Any:
    return found.fget if isinstance(found, property) else found


def _parameters(found: Any) -> list[tuple[str, Any, Any]]:
    parameters = inspect.signature(_function(found)).parameters.values()
    return [(each.name, each.kind, each.default) for each in parameters]


@_replaces("pydyf", "PDF.page_references")
def _page_references(original: Any) -> Any:
    # The references of all pages are written anew for each element of the structure tree. They change with the pages.
    def page_references(self: Any) -> Any:
        kids = self.pages["Kids"]
        known = self.__dict__.get("_tuned")
        if known is None or known[0] != kids:
            known = self._tuned = list(kids), original.fget(self)
        return known[1]

    return property(page_references)


@_replaces("weasyprint.text.ffi", "ffi._typeof_locked")
def _typeof_locked(original: Any) -> Any:
    # For the array of the glyphs of each font, `hb_codepoint_t[71]`, a C parser reads all declarations once more.
    # The type of an array follows from that of a pointer; cffi has one object for each type.
    ffi = original.__self__
    array_of = ffi._backend.new_array_type

    def _typeof_locked(cdecl: Any) -> Any:
        array = re.fullmatch(r"(\w+)\[(\d+)\]", cdecl, re.ASCII)
        if array is None or cdecl in ffi._parsed_types:
            return original(cdecl)
        pointer, _ = original(f"{array[1]} *")
        result = ffi._parsed_types[cdecl] = array_of(pointer, int(array[2])), False
        return result

    return _typeof_locked


@_replaces("weasyprint.text.ffi", "unicode_to_char_p")
def _unicode_to_char_p(original: Any) -> Any:
    # The pointer only ever goes to a function that takes `const char *`, and such a one takes bytes as they are.
    def unicode_to_char_p(string: Any) -> Any:
        data = string.encode().replace(b"\x00", b"")
        return data, data

    return unicode_to_char_p


_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip
_FONT = (
    *_FEATURES, "font_family", "font_style", "font_stretch", "font_weight", "font_size", "font_variation_settings",
    "font_language_override", "lang",
)  # fmt: skip


@_replaces("weasyprint.text.line_break", "strut")
def _strut(original: Any) -> Any:
    # The engine keeps the struts it has measured under a key that is a text of sixteen values, written for every box.
    look = itemgetter(*_FONT, "line_height")

    def strut(style: Any) -> Any:
        key, known = look(style), style.font_config.strut_layouts
        try:
            return known[key]
        except KeyError:
            result = known[key] = original(style)
            return result
        except TypeError:  # something in the key cannot be hashed
            return original(style)

    return strut


@_replaces("weasyprint.text.line_break", "Layout.setup")
def _setup(original: Any) -> Any:
    # Every piece of a line described its font to Pango. Nobody changes a context or a description once made, and Pango
    # copies the description: one of each a look will do. The engine never lets go of the lists of attributes, a
    # megabyte for thirty pages; here a list owns what is in it and goes with its layout.
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi, gobject, pango

    look = itemgetter("direction", *_FONT)

    def setup(self: Any, style: Any) -> Any:
        looks, key = style.font_config.__dict__.setdefault("_tuned", {}), look(style)
        try:
            known = looks.get(key)
        except TypeError:  # something in the key cannot be hashed
            return original(self, style)
        if style["text_decoration_line"] != "none":  # the font is measured, too
            return original(self, style)
        if known is None:
            known = looks[key] = _prepared(style, line_break, ffi, gobject, pango)
        context, self.language, description, features = known
        self.style, self.first_line_direction = style, 0
        self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, description)
        self.ascent = self.underline_position = self.strikethrough_position = None
        if features:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            pango.pango_attr_list_insert(attributes, pango.pango_attr_font_features_new(features))
            pango.pango_layout_set_attributes(self.layout, attributes)
        return None

    return setup


def _prepared(style: Any, line_break: Any, ffi: Any, gobject: Any, pango: Any) -> tuple[Any, Any, Any, Any]:
    """A Pango context, a language, a font description and the features, as the engine's `Layout.setup` has them."""
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    override = style["font_language_override"]
    name = style["lang"] if override == "normal" else line_break.LST_TO_ISO.get(override.lower(), override)
    if name:
        language = pango.pango_language_from_string(line_break.unicode_to_char_p(name)[0])
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    features = line_break.font_features(*(style[name] for name in _FEATURES))
    text = ",".join(f"{key} {value}" for key, value in features.items()).encode()
    return context, language, line_break.get_font_description(style), text


@_replaces("weasyprint.layout.percent", "resolve_percentages")
def _resolve_percentages(original: Any) -> Any:
    # Fourteen calls of calls for each box, to find out that nearly every length is in pixels.
    from weasyprint.css.properties import Dimension
    from weasyprint.formatting_structure.boxes import Box, PageBox
    from weasyprint.layout.percent import adjust_box_sizing, percentage

    across = ("margin_left", "margin_right", "padding_left", "padding_right", "width", "min_width", "max_width")
    down = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
    borders = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        inside = isinstance(containing_block, Box)
        width, height = (containing_block.width, containing_block.height) if inside else containing_block
        tall, least, most = (None, 0, inf) if height == "auto" else (height, height, height)
        below = height if isinstance(box, PageBox) else width
        style = box.style
        for names, whole in (
            (across, width), (down, below), (("height",), tall), (("min_height",), least), (("max_height",), most),
        ):  # fmt: skip
            for name in names:
                value = style[name]
                if type(value) is Dimension and value.unit == "px":
                    value = value.value
                else:  # a height in per cent of a height that is not known is `auto`
                    value = "auto" if whole is None and name == "height" else percentage(value, style, whole)
                    value = 0 if value == "auto" and name in ("min_width", "min_height") else value
                setattr(box, name, value)
        collapse = style["border_collapse"] == "collapse"
        for name in borders:
            if not (collapse and hasattr(box, name)):
                setattr(box, name, style[name])
        if style["box_sizing"] != "content-box":
            adjust_box_sizing(box, "width")
            adjust_box_sizing(box, "height")

    return resolve_percentages


@_replaces("weasyprint.css", "ComputedStyle.__missing__")
def _missing(original: Any) -> Any:
    # A property that no rule sets has its initial or its parent's value. The engine asks a dozen questions before it
    # says so; for most properties the answers are known beforehand. The others are left to it.
    from weasyprint.css import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES, PHYSICAL_FUNCTIONS, check_math

    peculiar = {"page", "position", "float", "display", *INITIAL_NOT_COMPUTED}
    plain = {
        name: {side: PHYSICAL_FUNCTIONS[name](block="ttb", inline=side) for side in ("ltr", "rtl")}
        if name in PHYSICAL_FUNCTIONS
        else None
        for name, value in INITIAL_VALUES.items()
        if name not in peculiar and not name.startswith(("text_decoration_", "__")) and not check_math(value)
    }

    def __missing__(self: Any, key: Any) -> Any:
        if key in plain and key not in self.cascaded:
            logical, parent = plain[key], self.parent_style
            if logical is None or logical[self["direction"]] not in self.cascaded:
                value = INITIAL_VALUES[key] if parent is None or key not in INHERITED else parent[key]
                if not check_math(value):
                    self[key] = value
                    return value
        return original(self, key)

    return __missing__


@_replaces("weasyprint.css", "StyleFor.add_page_declarations")
def _add_page_declarations(original: Any) -> Any:
    # Pages differ by their number, but the same rules match most of them, and give the same declarations.
    def add_page_declarations(self: Any, page_type: Any) -> None:
        matches = self._page_type_match
        rules = tuple([
            matches(selector[2], page_type) for sheet in self._sheets for rule in sheet[0].page_rules
            for selector in rule[1]
        ])  # fmt: skip
        known = self.__dict__.setdefault("_tuned", {})
        styles = self._cascaded_styles
        if rules not in known:
            original(self, page_type)
            known[rules] = {key[1]: style for key, style in styles.items() if key[0] == page_type}
        for pseudo_type, style in known[rules].items():
            styles.setdefault((page_type, pseudo_type), style)

    return add_page_declarations


@_replaces("weasyprint.formatting_structure.boxes", "Box.descendants")
def _descendants(original: Any) -> Any:
    # A generator in a generator for every level of the tree; here one, that keeps its place on each level.
    from weasyprint.formatting_structure.boxes import Box

    def descendants(self: Any, placeholders: Any = False) -> Any:
        yield self
        levels = [iter(self.children)]
        while levels:
            for child in levels[-1]:
                if isinstance(child, Box):
                    yield child
                    levels.append(iter(child.children))
                    break
                if placeholders:
                    yield from child.descendants(placeholders)
                else:
                    yield child
            else:
                levels.pop()

    return descendants


@_replaces("weasyprint.formatting_structure.boxes", "Box.is_in_normal_flow")
def _is_in_normal_flow(original: Any) -> Any:
    # Five questions, each a method, to the same two values.
    def is_in_normal_flow(self: Any) -> Any:
        style = self.style
        if style["float"] in ("left", "right", "inline-start", "inline-end", "footnote"):
            return False
        position = style["position"]
        return position not in ("absolute", "fixed") and position[0] not in ("running()", "note()")

    return is_in_normal_flow
