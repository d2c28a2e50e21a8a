"""Forms of roles: granting, ending, refusing, handing over."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.access.forms.fields import line
from portal.access.labels import ROLES
from portal.access.models import Authority, Person
from portal.access.policy import STAFF, Role
from portal.access.queries.roles import RoleLine
from portal.core.i18n import lazy_

CHOOSE = SelectChoice("", lazy_("Choose…"))
SOME_DAY = lazy_("This is not a day. Write it like 02/03/2026.")


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why something is done: it stays in the trail."""

    reason = TextAreaField(
        lazy_("Reason"),
        filters=[line],
        validators=[DataRequired(lazy_("Say why, in a few words: it stays in the trail.")), Length(max=500)],
        render_kw={"rows": 3},
    )


class GrantForm(ReasonForm):
    """A role for somebody, named by their address."""

    email = EmailField(
        lazy_("E-mail address of the person"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the e-mail address of the person.")), Length(max=320)],
        description=lazy_("Exactly as in their account. An address is looked up, never searched for."),
        render_kw={"autocomplete": "off"},
    )
    authority = SelectField(
        lazy_("Authority"), choices=[], validators=[InputRequired(lazy_("Choose the authority."))], coerce=str
    )
    role = SelectField(
        lazy_("Role"),
        choices=[CHOOSE, *(SelectChoice(role.value, ROLES[role]) for role in Role if role in STAFF)],
        validators=[InputRequired(lazy_("Choose a role."))],
    )
    last_day = DateField(
        lazy_("Last day"),
        validators=[Optional()],
        description=lazy_("Leave it empty for a role without a planned end."),
    )
    knows = BooleanField(lazy_("I know that this person belongs to an applicant"))

    def offer(self, authorities: Sequence[Authority]) -> "GrantForm":
        """Let one of these authorities be chosen; a single one is chosen already."""
        known = [SelectChoice(str(each.id), each.name) for each in authorities]
        self.authority.choices = known if len(known) == 1 else [CHOOSE, *known]
        return self


class DelegationForm(FlaskForm):  # type: ignore[misc]
    """Who stands in, for which role, from when to when."""

    role = SelectField(lazy_("Your role"), choices=[], validators=[InputRequired(lazy_("Choose a role."))], coerce=str)
    colleague = SelectField(
        lazy_("Colleague"), choices=[], validators=[InputRequired(lazy_("Choose a colleague."))], coerce=str
    )
    first_day = DateField(
        lazy_("First day"), validators=[InputRequired(lazy_("Write the first day, for example 02/03/2026."))]
    )
    last_day = DateField(
        lazy_("Last day"), validators=[InputRequired(lazy_("Write the last day, for example 02/03/2026."))]
    )
    reason = StringField(
        lazy_("Reason"),
        filters=[line],
        validators=[Optional(), Length(max=500)],
        description=lazy_("For example: annual leave. Nothing about your health: it stays in the trail."),
    )

    def offer(self, roles: Sequence[RoleLine], colleagues: Sequence[Person]) -> "DelegationForm":
        """Let one of these roles and one of these people be chosen."""
        self.role.choices = [CHOOSE, *(SelectChoice(str(each.grant.id), _titled(each)) for each in roles)]
        self.colleague.choices = [CHOOSE, *(SelectChoice(str(each.id), each.name) for each in colleagues)]
        return self


def _titled(each: RoleLine) -> str:
    return f"{ROLES[each.grant.role]} · {each.authority}"
