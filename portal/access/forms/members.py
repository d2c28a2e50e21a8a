"""Forms of the people of an organisation: invitations, roles, requests to be let in."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.access.forms.fields import line
from portal.access.labels import MEMBERS, MEMBERS_MAY
from portal.access.policy import Tie
from portal.access.rules.members import LONGEST_MESSAGE, LONGEST_REASON
from portal.core.i18n import lazy_

CHOICES = [SelectChoice(tie.value, label) for tie, label in MEMBERS.items()]


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """Whom to invite, and what they may do."""

    email = EmailField(
        lazy_("E-mail address"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the e-mail address of the person.")), Length(max=320)],
        render_kw={"autocomplete": "off"},
    )
    tie = RadioField(
        lazy_("What may this person do?"),
        choices=[SelectChoice(tie.value, label) for tie, label in MEMBERS_MAY.items()],
        validators=[InputRequired(lazy_("Choose what the person may do."))],
    )


class RoleForm(FlaskForm):  # type: ignore[misc]
    """What a member may do; several stand on one page, each with an id of its own."""

    tie = SelectField(lazy_("Role"), choices=CHOICES)

    def about(self, key: UUID) -> "RoleForm":
        """The same form, its control told apart from those of other people."""
        self.tie.id = f"tie-{key}"
        return self


def role_of(key: UUID, tie: Tie) -> RoleForm:
    """The form of one person, as their role is now."""
    return RoleForm(formdata=None, tie=tie.value).about(key)


class AppointForm(FlaskForm):  # type: ignore[misc]
    """Who is to represent an organisation that nobody represents, and why."""

    email = EmailField(
        lazy_("E-mail address of the account"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the e-mail address of the person's account.")), Length(max=320)],
        render_kw={"autocomplete": "off"},
    )
    reason = StringField(
        lazy_("Reason"),
        filters=[line],
        validators=[DataRequired(lazy_("Say why: its members will read it.")), Length(max=LONGEST_REASON)],
        description=lazy_("For example: the act by which the members chose who represents them."),
    )


class AskForm(FlaskForm):  # type: ignore[misc]
    """Which organisation somebody wants to be let into, and who they are."""

    organisation = StringField(
        lazy_("Codice fiscale of the organisation, or name of the group"),
        filters=[line],
        validators=[
            DataRequired(lazy_("Write the codice fiscale of the organisation, or the name of the group.")),
            Length(max=200),
        ],
        description=lazy_("11 digits or 16 characters; an informal group by its whole name, as it is registered."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    message = TextAreaField(
        lazy_("Who you are"),
        filters=[line],
        validators=[DataRequired(lazy_("Say who you are: they decide by it.")), Length(max=LONGEST_MESSAGE)],
        description=lazy_("Whoever represents the organisation reads it, with your name."),
        render_kw={"rows": "3"},
    )
