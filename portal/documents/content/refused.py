"""Why a content is refused; each reader raises one of these, `check` says it with the file's name."""

from collections.abc import Callable
from enum import Enum

from portal.core.i18n import lazy_


class Reason(Enum):
    """What is wrong with the bytes."""

    OTHER_TYPE = "other_type"
    BROKEN = "broken"
    TWO_IN_ONE = "two_in_one"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    TOO_MUCH_INSIDE = "too_much_inside"
    UNSAFE_XML = "unsafe_xml"
    IMAGE_TOO_LARGE = "image_too_large"
    SIGNED_OTHER_TYPE = "signed_other_type"
    NOT_SIGNED = "not_signed"


class ContentRefused(Exception):
    """The content cannot be taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


SAID: dict[Reason, Callable[[str, str], object]] = {
    Reason.OTHER_TYPE: lambda name, label: lazy_(
        "“%(name)s” is named as a %(type)s file, but its content is something else."
        " Save or export it again as %(type)s, without just renaming it.",
        name=name,
        type=label,
    ),
    Reason.BROKEN: lambda name, label: lazy_(
        "“%(name)s” is incomplete or damaged. Open it on your computer, save it again and choose the new copy.",
        name=name,
    ),
    Reason.TWO_IN_ONE: lambda name, label: lazy_(
        "“%(name)s” hides a second file inside. Save or print it again as %(type)s and choose the new copy.",
        name=name,
        type=label,
    ),
    Reason.ENCRYPTED: lambda name, label: lazy_(
        "“%(name)s” is protected by a password or by restrictions, so the office could not read it."
        " Save a copy without protection and choose that.",
        name=name,
    ),
    Reason.MACROS: lambda name, label: lazy_(
        "“%(name)s” contains macros. Save it without macros, or as PDF.", name=name
    ),
    Reason.TOO_MUCH_INSIDE: lambda name, label: lazy_(
        "“%(name)s” unpacks to far more than its size. Save it as PDF and choose that.", name=name
    ),
    Reason.UNSAFE_XML: lambda name, label: lazy_(
        "“%(name)s” contains instructions that office programs never write. Save it as PDF and choose that.",
        name=name,
    ),
    Reason.IMAGE_TOO_LARGE: lambda name, label: lazy_(
        "The image “%(name)s” has too many pixels. Reduce it to at most 50 million (for example 8000 × 6000).",
        name=name,
    ),
    Reason.SIGNED_OTHER_TYPE: lambda name, label: lazy_(
        "The document inside the signed file “%(name)s” is not of an accepted type. Sign a PDF and choose that.",
        name=name,
    ),
    Reason.NOT_SIGNED: lambda name, label: lazy_(
        "“%(name)s” carries no signature. Sign the document again and choose the signed file.", name=name
    ),
}
"""Each reason in words, with its mend: from the name of the file and that of its type."""
