"""What an authority may say of itself: its colour within the limits of contrast, how it pays, the size of its logo."""

import colorsys
import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.core.errors import Invalid
from portal.core.i18n import lazy_, locale
from portal.core.money import format_cents

COLOUR = re.compile(r"#[0-9a-f]{6}")
LEAST_CONTRAST = 4.5
"""Of white words on the colour (WCAG 2.2, 1.4.3)."""
DARKER = 0.72
"""How much of its light is left to the bar above the head of the page."""
STEP = 0.005
LOGO_KINDS = ("png", "jpg")
LARGEST_LOGO = 256 * 1024
LONGEST_NOTICE = 20_000
REGISTER_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")


class PaymentExporter(StrEnum):
    """The files that payments leave the portal in; each is written by one of `payments.exporters`."""

    SEPA = "sepa"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class AuthorityShown:
    """What the frame of a page shows of an authority."""

    code: str
    name: str
    colour: str | None
    logo_file_id: UUID | None
    version: int
    is_twin: bool = False
    """Whether everything of it is a rehearsal."""


class ContrastTooLow(Invalid):
    """White words on this colour could not be read by everybody."""

    def __init__(self, colour: str) -> None:
        self.offered = readable_shade(colour)
        super().__init__(
            lazy_(
                "White text on %(colour)s has a contrast of %(ratio)s to 1; at least 4.5 to 1 is needed. The nearest"
                " shade that passes is %(offered)s.",
                colour=colour,
                ratio=format_cents(int(contrast_with_white(colour) * 100), locale()),
                offered=self.offered,
            ),
            "colour",
        )


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of white on a colour, from 1 to 21 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable_shade(colour: str) -> str:
    """The colour itself where white can be read on it, else the nearest darker shade of the same hue."""
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    shade = colour
    while contrast_with_white(shade) < LEAST_CONTRAST:
        light = max(0.0, light - STEP)
        shade = _written(colorsys.hls_to_rgb(hue, light, saturation))
    return shade


def darker_shade(colour: str) -> str:
    """The same hue with less light, for the bar above the head: white reads on it even better."""
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    return _written(colorsys.hls_to_rgb(hue, light * DARKER, saturation))


def valid_colour(text: str) -> str | None:
    """A colour written #rrggbb in lower case; None where nothing is written. Raises Invalid, or ContrastTooLow."""
    colour = text.strip().casefold()
    if not colour:
        return None
    if not COLOUR.fullmatch(colour):
        raise Invalid(
            lazy_("Write the colour as # and six digits or letters from a to f, for example #12392e."), "colour"
        )
    if contrast_with_white(colour) < LEAST_CONTRAST:
        raise ContrastTooLow(colour)
    return colour


def look_of(colour: str) -> str:
    """The style sheet of an authority: the house's own names for the colours of the frame, and nothing else."""
    if not COLOUR.fullmatch(colour):
        raise ValueError(colour)
    own = {
        "head": colour,
        "head-bar": darker_shade(colour),
        "head-words": "#fff",
        "head-mark": "#fff",
        "head-ring": "#fff",
        "head-ring-edge": darker_shade(colour),
    }
    return ":root {\n" + "".join(f"  --v-{name}: {value};\n" for name, value in own.items()) + "}\n"


def valid_register_code(text: str) -> str | None:
    """The code of the register's area (AOO), or None where nothing is written. Raises Invalid."""
    if not text:
        return None
    if not REGISTER_CODE.fullmatch(text):
        raise Invalid(
            lazy_(
                "The code of the register has at most 16 letters, digits, dots, hyphens or underscores. Copy it from"
                " the IPA index (AOO)."
            ),
            "register_code",
        )
    return text


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{int(part * 255 + 0.5):02x}" for part in parts)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
