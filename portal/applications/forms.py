"""Forms of applicants and of the office; the questions themselves come from the call."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.access.models import Organisation
from portal.core.i18n import lazy_


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


class ExclusionForm(FlaskForm):  # type: ignore[misc]
    """Why an application is excluded."""

    reason = TextAreaField(
        lazy_("Reasons"),
        description=lazy_("The applicant reads them, and they stay on record."),
        validators=[InputRequired(lazy_("Write the reasons: the applicant reads them.")), Length(max=4000)],
    )
