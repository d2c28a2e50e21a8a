"""The words beside controls: options, parts of an address, where a point lies."""

from collections.abc import Mapping

from portal.core.i18n import _, in_language, lazy_
from portal.questionnaires.fields.shapes import Setting
from portal.questionnaires.rules import Question, QuestionType, Stored, where_is

PART_LABELS: dict[QuestionType, dict[str, object]] = {
    QuestionType.ADDRESS: {
        "street": lazy_("Street or square"),
        "number": lazy_("House number"),
        "postcode": lazy_("Postcode (CAP)"),
        "municipality": lazy_("Municipality"),
    },
    QuestionType.PLACE: {"lat": lazy_("Latitude"), "lon": lazy_("Longitude")},
}
"""The boxes of an answer of several parts, in their order."""
OUTSIDE: object = lazy_("This point lies outside the target areas.")


def option_pairs(question: Question, areas: Mapping[str, str], present: str) -> list[tuple[str, str]]:
    """Keys and names of what is offered; what is chosen but no longer offered stays, so that no save loses it."""
    match question.type:
        case QuestionType.AREA:
            pairs = list(areas.items())
        case QuestionType.YES_NO:
            pairs = [("yes", str(_("Yes"))), ("no", str(_("No")))]
        case _:
            pairs = [(option.key, in_language(option.label)) for option in question.options]
    if present and present not in dict(pairs) and question.type in (QuestionType.AREA, QuestionType.CHOICE):
        pairs.append((present, present))
    return pairs


def where_words(stored: Stored | None, setting: Setting) -> object | None:
    """Whether a point lies in a target area, in words; None while there is no point, or no area to tell by."""
    value = stored.get("value") if stored else None
    if not isinstance(value, dict):
        return None
    found = where_is((value["lat"], value["lon"]), setting.grounds)
    if found.area is not None:
        name = setting.areas.get(found.area, found.area)
        inside: object = lazy_("This point lies inside the area “%(name)s”.", name=name)
        return inside
    return OUTSIDE if found.is_outside else None
