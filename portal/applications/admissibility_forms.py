"""Forms of the check of admissibility; points and things to mend are added from the design of the call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.applications.admissibility import Condition, Mendable
from portal.applications.admission import Point
from portal.applications.labels import POINTS
from portal.applications.operations.admissibility import LONGEST_NOTE, NOTE
from portal.applications.operations.integration import LONGEST_REASON, LONGEST_WHAT
from portal.applications.operations.objections import LONGEST_ANSWER
from portal.applications.queries.admissibility import Look
from portal.applications.rules import AdmissibilityPoint
from portal.calls.rules.validity.admission import MOST_DAYS
from portal.core.i18n import in_language, lazy_

YES, RESERVE, NOTICE, NO = "yes", "reserve", "notice", "no"
WHAT, ITEM = "what-", "ask-"
CHOICES = {
    YES: lazy_("Admit to evaluation"),
    RESERVE: lazy_("Admit with reserve"),
    NOTICE: lazy_("Send the notice before a refusal"),
    NO: lazy_("Do not admit"),
}
Looks = Mapping[AdmissibilityPoint, Sequence[Look]]


class AdmissibilityForm(FlaskForm):  # type: ignore[misc]
    """The checklist and the decision of the office."""

    decision = RadioField(lazy_("Decision"), validators=[InputRequired(lazy_("Decide: admitted, or not."))])
    reason = TextAreaField(
        lazy_("Reason"),
        description=lazy_("Needed when the application is not admitted: the applicant reads it."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )
    condition = TextAreaField(
        lazy_("Condition of the reserve"),
        description=lazy_("Only with a reserve: what has to happen. The applicant reads it."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )
    due_on = DateField(lazy_("To be met by"), description=lazy_("Only with a reserve."), validators=[Optional()])

    @property
    def given(self) -> "Given":
        """What was typed, point by point."""
        points = [name for name in self._fields if NOTE + name in self._fields]
        return Given(
            {name: self[name].data == YES for name in points if self[name].data},
            {name: self[NOTE + name].data or "" for name in points},
        )

    @property
    def condition_wanted(self) -> Condition | None:
        """The condition, where it is admitted with reserve; a day that was not chosen is one that is past."""
        if self.decision.data != RESERVE:
            return None
        return Condition(self.condition.data or "", self.due_on.data or date.min)


@dataclass(frozen=True, slots=True)
class Given:
    """The answers and the notes of a checklist, by point."""

    checklist: dict[str, bool]
    notes: dict[str, str]


def admissibility_form(points: Sequence[Point], looks: Looks, decisions: Sequence[str], **given: Any) -> Any:
    """The form with a verdict and a note for each point: as it was found last, else as it was computed."""
    fields: dict[str, Any] = {}
    for point in points:
        last = looks[point.key][0].verdict if point.key in looks else None
        is_met = last.is_met if last else point.is_met
        fields[point.key.value] = RadioField(
            POINTS[point.key],
            choices=[SelectChoice(YES, lazy_("Met")), SelectChoice(NO, lazy_("Not met"))],
            default=YES if is_met else NO,
            validators=[InputRequired(lazy_("Say whether this point is met."))],
        )
        fields[NOTE + point.key.value] = TextAreaField(
            lazy_("Note on: %(point)s", point=POINTS[point.key]),
            default=last.note if last else None,
            validators=[Optional(), Length(max=LONGEST_NOTE)],
        )
    form = type("AdmissibilityFormOfCall", (AdmissibilityForm,), fields)(**given)
    form.decision.choices = [SelectChoice(each, CHOICES[each]) for each in decisions]
    return form


class IntegrationForm(FlaskForm):  # type: ignore[misc]
    """What an applicant is asked to mend; the things that may be mended are added from the call."""

    reason = TextAreaField(
        lazy_("Why"),
        description=lazy_("The applicant reads it: what is missing, and on which rule of the call it rests."),
        validators=[InputRequired(lazy_("Write it: the applicant reads it, and it stays on record.")),
                    Length(max=LONGEST_REASON)],
    )  # fmt: skip
    days = IntegerField(
        lazy_("Days to answer"),
        validators=[InputRequired(lazy_("Write the days.")), NumberRange(1, MOST_DAYS)],
    )

    @property
    def asked(self) -> dict[str, str]:
        """What was chosen, with what exactly is asked."""
        keys = [name.removeprefix(ITEM) for name in self._fields if name.startswith(ITEM) and self[name].data]
        return {key: self[WHAT + key].data or "" for key in keys}


def integration_form(mendable: Sequence[Mendable], **given: Any) -> Any:
    """The form with a tick and a text for each thing that may be mended."""
    fields: dict[str, Any] = {}
    for each in mendable:
        name = in_language(each.label)
        fields[ITEM + each.key] = BooleanField(name)
        fields[WHAT + each.key] = TextAreaField(
            lazy_("What exactly: %(name)s", name=name), validators=[Optional(), Length(max=LONGEST_WHAT)]
        )
    return type("IntegrationFormOfCall", (IntegrationForm,), fields)(**given)


class MoreDaysForm(FlaskForm):  # type: ignore[misc]
    """More time, once."""

    days = IntegerField(
        lazy_("Days more"), validators=[InputRequired(lazy_("Write the days.")), NumberRange(1, MOST_DAYS)]
    )
    reason = TextAreaField(
        lazy_("Why more time is given"),
        validators=[InputRequired(lazy_("Write it: the applicant reads it, and it stays on record.")),
                    Length(max=LONGEST_REASON)],
    )  # fmt: skip


class ObservationsForm(FlaskForm):  # type: ignore[misc]
    """The answer to a notice before a refusal."""

    text = TextAreaField(
        lazy_("Your answer"),
        description=lazy_("The office reads it before it decides. It is registered and can be sent once."),
        validators=[InputRequired(lazy_("Write the answer.")), Length(max=LONGEST_ANSWER)],
    )


class ReserveForm(FlaskForm):  # type: ignore[misc]
    """What becomes of a reserve."""

    outcome = RadioField(
        lazy_("The reserve"),
        choices=[
            SelectChoice(YES, lazy_("The condition was met: lift the reserve")),
            SelectChoice(NO, lazy_("It was not met: exclude the application")),
        ],
        validators=[InputRequired(lazy_("Choose what becomes of the reserve."))],
    )
    reason = TextAreaField(
        lazy_("Reason"),
        description=lazy_("The applicant reads it, and it stays on record."),
        validators=[InputRequired(lazy_("Write it: the applicant reads it, and it stays on record.")),
                    Length(max=LONGEST_REASON)],
    )  # fmt: skip
