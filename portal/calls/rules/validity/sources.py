"""Criteria by their source: what each source needs, and what it has no use for."""

from portal.calls.rules.design import CallDesign, Criterion, CriterionSource
from portal.calls.rules.validity.fault import Fault, Faults, amount_of, decimals_of, one_of, per_cent_of, twice
from portal.calls.rules.validity.uses import condition_faults, form_of, formula_faults, numbers_of
from portal.core.i18n import lazy_
from portal.questionnaires.rules.design import NUMERIC

USED = {
    CriterionSource.EVALUATORS: ("scale", "levels", "questions"),
    CriterionSource.FORMULA: ("formula",),
    CriterionSource.INTERPOLATION: ("tag", "better"),
    CriterionSource.BONUS: ("when", "per_cent"),
}
NEEDED = {
    CriterionSource.EVALUATORS: (),
    CriterionSource.FORMULA: ("formula",),
    CriterionSource.INTERPOLATION: ("tag", "better"),
    CriterionSource.BONUS: ("when",),
}


def source_of(place: str, criterion: Criterion, design: CallDesign) -> Faults:
    """What a criterion says fits its source."""
    source = criterion.source
    named = {"source": source.value}
    for name in NEEDED[source]:
        if getattr(criterion, name) is None:
            yield Fault(f"{place}.{name}", lazy_("A criterion by %(source)s cannot do without it.", **named),
                        lazy_("Write this key, or change the source."))  # fmt: skip
    for others, names in USED.items():
        for name in names if others is not source else ():
            if getattr(criterion, name):
                yield Fault(f"{place}.{name}", lazy_("A criterion by %(source)s has no use for it.", **named),
                            lazy_("Take this key away, or change the source."))  # fmt: skip
    yield from _evaluated(place, criterion)
    yield from _read(place, criterion, design)
    yield from _computed(place, criterion, design)


def _evaluated(place: str, criterion: Criterion) -> Faults:
    if criterion.scale is not None:
        yield from amount_of(f"{place}.scale", criterion.scale)
    if criterion.scale is not None and criterion.levels:
        yield Fault(f"{place}.scale", lazy_("Levels have points of their own."),
                    lazy_("Leave either the scale or the levels."))  # fmt: skip
    points = [level.points for level in criterion.levels]
    for index, level in enumerate(criterion.levels):
        where = f"{place}.levels.{index}"
        if not 0 <= level.points <= criterion.maximum:
            yield Fault(
                f"{where}.points",
                lazy_("%(points)s is not between 0 and the maximum, %(maximum)s.", points=str(level.points),
                      maximum=str(criterion.maximum)),
                lazy_("Correct the points of the level."),
            )  # fmt: skip
        yield from decimals_of(f"{where}.points", level.points)
    if points and max(points) != criterion.maximum:
        yield Fault(f"{place}.levels", lazy_("No level gives the maximum."),
                    lazy_("Give the best level %(maximum)s points.", maximum=str(criterion.maximum)))  # fmt: skip
    if len(set(points)) < len(points) or len(points) == 1:
        yield Fault(f"{place}.levels", lazy_("Levels do not tell applications apart."),
                    lazy_("Write two at least, each with points of its own."))  # fmt: skip


def _read(place: str, criterion: Criterion, design: CallDesign) -> Faults:
    """The questions that evaluators read for it are asked in the form of its phase, each named once."""
    asked = [question.key for section in design.sections for question in section.questions]
    for index, key in enumerate(criterion.questions):
        yield from one_of(f"{place}.questions.{index}", key, asked, lazy_("a question of the form of this phase"))
    for key in twice(criterion.questions):
        yield Fault(f"{place}.questions", lazy_("“%(value)s” stands twice.", value=key), lazy_("Leave it once."))


def _bounded(place: str, tag: str, design: CallDesign) -> Faults:
    """Points are shared out along all answers: one absurd answer would leave the others with nothing, or with all."""
    for question, column in form_of(design).by_tag.get(tag, []):
        asked = column or question
        if asked.type in NUMERIC and not asked.is_computed and None in (asked.minimum, asked.maximum):
            yield Fault(
                f"{place}.tag",
                lazy_("The question “%(key)s” takes any number: one absurd answer would decide the points of all.",
                      key=asked.key),
                lazy_("Give the question a minimum and a maximum."),
            )  # fmt: skip


def _computed(place: str, criterion: Criterion, design: CallDesign) -> Faults:
    if criterion.formula is not None:
        yield from formula_faults(f"{place}.formula", criterion.formula, design)
    if criterion.tag is not None and criterion.tag not in numbers_of(design):
        yield Fault(f"{place}.tag", lazy_("No question with a number has the tag “%(tag)s”.", tag=criterion.tag),
                    lazy_("Give the tag to a question of the form, or correct it."))  # fmt: skip
    if criterion.source is CriterionSource.INTERPOLATION:
        yield from _bounded(place, criterion.tag or "", design)
    if criterion.when is not None:
        yield from condition_faults(f"{place}.when", criterion.when, design)
    yield from per_cent_of(f"{place}.per_cent", criterion.per_cent)
