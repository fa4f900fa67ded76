"""What makes text unseen: declarations of styles, colours like the ground, sizes of nothing."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

Style = Mapping[str, str]


class Cause(StrEnum):
    """What hides an element; the first three let elements inside of it be seen again."""

    VISIBILITY = "visibility"
    SIZE = "size"
    COLOUR = "colour"
    OTHER = "other"


_PIXELS = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 12.8,
           "vh": 8.0, "%": 12.8, "cm": 38.0, "mm": 3.8, "in": 96.0, "": 1.0}  # fmt: skip
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_LENGTH = re.compile(rf"({_NUMBER})\s*(px|pt|r?em|ex|ch|v[wh]|%|cm|mm|in)?")
_FONT_SIZE = re.compile(rf"(?:^|\s)({_NUMBER})(px|pt|r?em|%)?(?:\s*/\s*\S+)?\s+\S")
_SCALE = re.compile(rf"scale(?:3d|[xy])?\(\s*({_NUMBER})\s*(?:,\s*({_NUMBER}))?")
_TRANSLATE = re.compile(rf"translate(?:3d|[xy])?\(\s*({_NUMBER})(px|r?em|%|v[wh])?\s*"
                        rf"(?:,\s*({_NUMBER})(px|r?em|%|v[wh])?)?")  # fmt: skip
_NO_RECT = re.compile(r"rect\(\s*(?:0|1)(?:px)?\s*[, ]\s*(?:0|1)(?:px)?\s*[, ]\s*(?:0|1)(?:px)?\b")
_NO_PATH = re.compile(r"circle\(\s*0|polygon\(\s*(?:0(?:px|%)?[ ,]*)+\)")
_INSET = re.compile(r"inset\(([^()]*)\)")
_NO_FILTER = re.compile(r"opacity\(\s*0?(?:\.0\d*)?%?\s*\)|blur\(\s*(?:[4-9]|\d{2,3})(?:\.\d+)?px")
# Turned so that its edge is seen, or of no size.
_FLAT = re.compile(
    r"rotate[xy]\(\s*[+-]?(?:(?:90|270)deg|0?\.[27]5turn)|matrix\((?:\s*[+-]?0(?:\.0*)?\s*,){4}"
)
_NO_MASK = re.compile(
    r"linear-gradient\((?:to [\w ]+,\s*)?(?P<colour>transparent|#0000(?:0000)?)"
    r"\s*,\s*(?P=colour)\s*\)"
)
_ON_EDGE = re.compile(r"[xy]\s+[+-]?(?:90|270)deg")
_MASKS = ("mask", "mask-image", "-webkit-mask", "-webkit-mask-image")
# One length in brackets, and the least of several of which the first is nothing.
_CALCULATED = re.compile(r"(?:calc|min)\(\s*(?=[^(),+*/ ]+\s*\)|0(?:px|em|rem|%)?\s*,)")
# Letters or words that are moved together by so much lie on each other.
_TOGETHER = {"letter-spacing": -12.0, "word-spacing": -100.0}
# Below these sizes and shares of opacity nobody reads.
_TINY = 4.0
_FAINT = 0.1
# So far out of its place text is off the screen; pictures hang out of their column by less.
_OFF_SCREEN = 500.0
_OFF_MARGIN = 1_000.0
_OFF_RIGHT = 2_000.0
_CLIPPED = ("hidden", "clip")
EXTENTS = ("height", "width", "max-height", "max-width", "block-size", "inline-size",
           "max-block-size", "max-inline-size")  # fmt: skip
OFFSETS = ("left", "right", "top", "bottom", "inset", "inset-inline", "inset-inline-start",
           "inset-block", "inset-block-start")  # fmt: skip


def hides(style: Style) -> Cause | None:
    """The cause where the declarations alone make text unseen."""
    if not style:
        return None
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return Cause.OTHER
    if style.get("visibility") in ("hidden", "collapse"):
        return Cause.VISIBILITY
    if _is_faint(style) or _is_off_screen(style) or _is_clipped(style) or _is_shrunk(style):
        return Cause.OTHER
    if any((_pixels(style.get(name, "")) or 0) <= least for name, least in _TOGETHER.items()):
        return Cause.OTHER
    if (size := font_size(style)) is not None and size < _TINY:
        return Cause.SIZE
    colour = text_colour(style)
    return Cause.COLOUR if colour is not None and colour[3] < _FAINT else None


def shows(style: Style, cause: Cause) -> bool:
    """True where the declarations make text seen again inside of what is hidden by `cause`."""
    if cause is Cause.VISIBILITY:
        return style.get("visibility") == "visible"
    if cause is Cause.SIZE:
        size = font_size(style)
        # Shares of nothing are nothing.
        relative = re.search(r"[\d.](?:em|%)", style.get("font-size", style.get("font", "")))
        return size is not None and size >= _TINY and not relative
    return cause is Cause.COLOUR and (
        text_colour(style) is not None or background(style) is not None
    )


def font_size(style: Style) -> float | None:
    """The declared size of letters in pixels."""
    if (said := style.get("font-size")) is not None:
        return _pixels(said, share=0.16)
    found = _FONT_SIZE.search(style.get("font", ""))
    return _pixels("".join(filter(None, found.groups())), share=0.16) if found else None


def _is_faint(style: Style) -> bool:
    opacity = style.get("opacity")
    value = _pixels(opacity, share=0.01) if opacity is not None else None
    faint = value is not None and value < _FAINT
    masked = any(
        _NO_MASK.match(style.get(name, "")) or _pixels(style.get(f"{name}-size", "")) == 0
        for name in _MASKS
    )
    return faint or masked or _NO_FILTER.search(style.get("filter", "")) is not None


def _is_off_screen(style: Style) -> bool:
    indent = _pixels(style.get("text-indent", ""))
    if indent is not None and abs(indent) >= _OFF_SCREEN:
        return True
    for name in ("margin-left", "margin-top", "margin"):
        if (margin := _pixels(style.get(name, ""))) is not None and margin <= -_OFF_MARGIN:
            return True
    if style.get("position") in ("absolute", "fixed", "relative", "sticky"):
        for name in OFFSETS:
            for number, unit in _LENGTH.findall(style.get(name, "")):
                offset = float(number) * _PIXELS[unit]
                if offset <= -_OFF_SCREEN or offset >= _OFF_RIGHT:
                    return True
    return _is_moved_away(style)


def _is_moved_away(style: Style) -> bool:
    moves = [move.groups() for move in _TRANSLATE.finditer(style.get("transform", ""))]
    moves += [(*one, "0", "") for one in _LENGTH.findall(style.get("translate", ""))]
    return any(
        # Half of its own size is how things are centred.
        (unit == "%" and abs(float(number)) >= 100)
        or (unit != "%" and abs(float(number)) * _PIXELS[unit or ""] >= _OFF_SCREEN)
        for move in moves
        for number, unit in (move[:2], move[2:])
        if number
    )


def _is_clipped(style: Style) -> bool:
    rect = _NO_RECT.match(style.get("clip", ""))
    path = style.get("clip-path", "")
    if rect or _NO_PATH.match(path) or _leaves_nothing(path):
        return True
    overflow = {style.get(name, "") for name in ("overflow", "overflow-x", "overflow-y")}
    if overflow.isdisjoint(_CLIPPED):
        return False
    sizes = (_pixels(style.get(name, "")) for name in EXTENTS)
    no_line = _pixels(style.get("line-height", "")) == 0
    return no_line or any(size is not None and 0 <= size <= 1 for size in sizes)


def _leaves_nothing(path: str) -> bool:
    """True for an inset that cuts away the whole height or the whole width."""
    inset = _INSET.match(path)
    cut: list[float] = [
        float(n) * (unit == "%") for n, unit in _LENGTH.findall(inset[1] if inset else "")
    ][:4]
    if not cut:
        return False
    top = cut[0]
    right = cut[1] if len(cut) > 1 else top
    bottom = cut[2] if len(cut) > 2 else top
    left = cut[3] if len(cut) > 3 else right
    return top + bottom >= 100 or left + right >= 100


def _is_shrunk(style: Style) -> bool:
    if _FLAT.search(style.get("transform", "")) or _ON_EDGE.match(style.get("rotate", "")):
        return True
    factors = [float(f) for s in _SCALE.finditer(style.get("transform", "")) for f in s.groups("1")]
    said = (_pixels(style.get(name, ""), share=0.01) for name in ("zoom", "scale"))
    factors += [factor for factor in said if factor is not None]
    return any(abs(factor) < _FAINT for factor in factors)


def _pixels(value: str, share: float = _PIXELS["%"]) -> float | None:
    """The first length of a value; a per cent is worth `share`."""
    calculated = _CALCULATED.match(value)
    found = _LENGTH.match(value, calculated.end() if calculated else 0)
    if found is None:
        return None
    unit = found[2] or ""
    return float(found[1]) * (share if unit == "%" else _PIXELS[unit])


# --- colours -----------------------------------------------------------------------------------

Colour = tuple[float, float, float, float]  # red, green and blue from 0 to 255, opacity to 1

WHITE: Colour = (255.0, 255.0, 255.0, 1.0)
# Names near white and black, and a few more; others are not hidden on purpose.
_NAMED: Mapping[str, int] = {
    "white": 0xFFFFFF, "snow": 0xFFFAFA, "ivory": 0xFFFFF0, "ghostwhite": 0xF8F8FF,
    "whitesmoke": 0xF5F5F5, "floralwhite": 0xFFFAF0, "mintcream": 0xF5FFFA, "azure": 0xF0FFFF,
    "aliceblue": 0xF0F8FF, "seashell": 0xFFF5EE, "black": 0, "red": 0xFF0000, "blue": 0x0000FF,
    "green": 0x008000, "yellow": 0xFFFF00, "gray": 0x808080, "grey": 0x808080, "navy": 0x000080,
    "silver": 0xC0C0C0, "lightgray": 0xD3D3D3, "lightgrey": 0xD3D3D3, "beige": 0xF5F5DC,
    "gainsboro": 0xDCDCDC, "lightyellow": 0xFFFFE0, "honeydew": 0xF0FFF0, "linen": 0xFAF0E6,
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_FUNCTION = re.compile(
    r"(rgb|hsl|hwb|lab|oklab|lch|oklch|color)a?\((?:srgb |display-p3 )?([^()]{1,80})\)"
)
# What makes a share of one of lightness, and how far from grey a colour may be to be told by it.
_LIGHTNESS = {"lab": 100.0, "lch": 100.0, "oklab": 1.0, "oklch": 1.0}
_GREY = {"lab": 4.0, "lch": 4.0, "oklab": 0.02, "oklch": 0.02}
_WORD = re.compile(r"[a-z]{3,20}")
# Two colours are the same to a reader where no part differs by more.
_SAME = 20.0


def text_colour(style: Style) -> Colour | None:
    """The declared colour of letters."""
    return colour_of(style.get("-webkit-text-fill-color") or style.get("color", ""))


def background(style: Style) -> str | None:
    """What the declarations say of the ground."""
    said = style.get("background-color") or style.get("background")
    return None if said in (None, "none", "transparent", "inherit", "initial", "unset") else said


def are_alike(one: Colour | None, other: Colour | None) -> bool:
    """True for two colours that a reader does not tell apart."""
    if one is None or other is None:
        return False
    return all(abs(a - b) <= _SAME for a, b in zip(one[:3], other[:3], strict=True))


def colour_of(said: str | None) -> Colour | None:
    """The colour that a value names; None where it is not understood."""
    value = (said or "").strip().lower()
    if found := _HEX.search(value):
        return _hex(found[1])
    if found := _FUNCTION.search(value):
        return _function(found[1], found[2])
    for word in _WORD.findall(value):
        if word == "transparent":
            return (0.0, 0.0, 0.0, 0.0)
        if word in _NAMED:
            red, rest = divmod(_NAMED[word], 0x10000)
            return (float(red), float(rest // 0x100), float(rest % 0x100), 1.0)
    return None


def _hex(digits: str) -> Colour | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    red, green, blue, *rest = (int(digits[at : at + 2], 16) for at in range(0, len(digits), 2))
    return (float(red), float(green), float(blue), rest[0] / 255 if rest else 1.0)


def _function(kind: str, inside: str) -> Colour | None:
    parts = [part for part in re.split(r"[\s,/]+", inside.strip()) if part]
    numbers = [_LENGTH.match(part.replace("deg", "")) for part in parts]
    if not 3 <= len(parts) <= 4 or None in numbers:
        return None
    values = [float(number[1]) for number in numbers if number is not None]
    shares = [part.endswith("%") for part in parts]
    opacity = values[3] / (100 if shares[3] else 1) if len(values) > 3 else 1.0
    if kind in _LIGHTNESS:
        return _grey(kind, values, by_share=shares[0], opacity=opacity)
    if kind == "hwb":
        white, black = values[1] / 100, values[2] / 100
        if white + black >= 1:
            return (*((white / (white + black) * 255,) * 3), opacity)
        hue = colorsys.hls_to_rgb(values[0] / 360 % 1, 0.5, 1.0)
        red, green, blue = (part * (1 - white - black) * 255 + white * 255 for part in hue)
        return (red, green, blue, opacity)
    if kind == "color":
        values[:3] = [v if share else v * 100 for v, share in zip(values, shares, strict=True)][:3]
        shares[:3] = [True] * 3
    if kind == "hsl":
        rgb = colorsys.hls_to_rgb(values[0] / 360 % 1, values[2] / 100, values[1] / 100)
        return (rgb[0] * 255, rgb[1] * 255, rgb[2] * 255, opacity)
    pairs = zip(values[:3], shares[:3], strict=True)
    red, green, blue = (value * 2.55 if share else value for value, share in pairs)
    return (red, green, blue, opacity)


def _grey(kind: str, values: Sequence[float], *, by_share: bool, opacity: float) -> Colour | None:
    """White, black and greys by their lightness; None for a colour that is none."""
    strength = values[1:2] if kind.endswith("lch") else values[1:3]
    if any(abs(value) > _GREY[kind] for value in strength):
        return None
    level = min(values[0] / (100.0 if by_share else _LIGHTNESS[kind]), 1.0) * 255
    return (level, level, level, opacity)
