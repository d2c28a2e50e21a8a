"""Forms of applicants and of the office; the questions themselves come from the call."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.access.models import Organisation
from portal.applications.admission import Point
from portal.applications.labels import POINTS
from portal.core.i18n import lazy_

YES, NO = "yes", "no"


class StartForm(FlaskForm):  # type: ignore[misc]
    """For which organisation or group."""

    organisation = RadioField(
        lazy_("Who applies?"), validators=[InputRequired(lazy_("Choose the organisation or group that applies."))]
    )

    def offer(self, organisations: Sequence[Organisation]) -> "StartForm":
        """The organisations and groups to choose from; the only one is chosen already."""
        self.organisation.choices = [SelectChoice(str(each.id), each.name) for each in organisations]
        if len(organisations) == 1 and not self.organisation.data:
            self.organisation.data = str(organisations[0].id)
        return self


class AdmissibilityForm(FlaskForm):  # type: ignore[misc]
    """The decision of the office; the points are added from the design of the call."""

    decision = RadioField(
        lazy_("Decision"),
        choices=[
            SelectChoice(YES, lazy_("Admit to evaluation")),
            SelectChoice(NO, lazy_("Do not admit")),
        ],
        validators=[InputRequired(lazy_("Decide: admitted, or not."))],
    )
    reason = TextAreaField(
        lazy_("Reason"),
        description=lazy_("Needed when the application is not admitted: the applicant reads it."),
        validators=[Optional(), Length(max=4000)],
    )


def admissibility_form(points: Sequence[Point], **given: Any) -> AdmissibilityForm:
    """The form with one yes-or-no for each point; a point that was computed as met is ticked so."""
    fields = {
        point.key.value: RadioField(
            POINTS[point.key],
            choices=[SelectChoice(YES, lazy_("Met")), SelectChoice(NO, lazy_("Not met"))],
            default=YES if point.is_met else NO,
            validators=[InputRequired(lazy_("Say whether this point is met."))],
        )
        for point in points
    }
    form: AdmissibilityForm = type("AdmissibilityFormOfCall", (AdmissibilityForm,), fields)(**given)
    return form
