"""Forms of administration: finding people."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, SearchField, SelectChoice, SelectField
from wtforms.validators import Length, Optional

from portal.access.forms.fields import line
from portal.access.labels import ROLES
from portal.access.policy import STAFF, Role
from portal.access.queries.administration import Among
from portal.core.i18n import lazy_

AMONG = {
    Among.ALL: lazy_("Everybody"),
    Among.STAFF: lazy_("Staff"),
    Among.APPLICANTS: lazy_("Members of applicants"),
}


class SearchForm(FlaskForm):  # type: ignore[misc]
    """What to look for among the people one may know of; asked by GET, so it carries no token."""

    class Meta:
        csrf = False

    q = SearchField(
        lazy_("Name or e-mail address"),
        filters=[line],
        validators=[Optional(), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    among = SelectField(
        lazy_("Among"),
        choices=[SelectChoice(among.value, label) for among, label in AMONG.items()],
        default=Among.ALL.value,
        validators=[Optional()],
    )
    role = SelectField(
        lazy_("Role"),
        choices=[
            SelectChoice("", lazy_("Any role")),
            *(SelectChoice(role.value, ROLES[role]) for role in Role if role in STAFF),
        ],
        default="",
        validators=[Optional()],
    )
    after = HiddenField()

    def place(self) -> UUID | None:
        """The row after which the page begins; none where it is not a key."""
        return as_key(self.after.data)


def as_key(text: str | None) -> UUID | None:
    """The key of an address, or nothing where it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
