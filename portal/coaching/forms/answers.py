"""What a team says of a session, and how its coach takes one back."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.coaching.rules import LONGEST_REASON
from portal.core.i18n import lazy_


class DisputeForm(FlaskForm):  # type: ignore[misc]
    """Why the team does not confirm."""

    reason = TextAreaField(
        lazy_("What is not right"),
        validators=[InputRequired(lazy_("Write what is not right.")), Length(max=LONGEST_REASON)],
    )

    def about(self, session_id: UUID) -> "DisputeForm":
        """Several such forms stand on one page: each field has an id of its own."""
        self.reason.id = f"reason-{session_id}"
        return self


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why the coach takes a session back."""

    reason = TextAreaField(
        lazy_("Why it is taken back"),
        validators=[InputRequired(lazy_("Write why the session is taken back.")), Length(max=LONGEST_REASON)],
    )

    def about(self, session_id: UUID) -> "WithdrawForm":
        """Several such forms stand on one page: each field has an id of its own."""
        self.reason.id = f"taken-back-{session_id}"
        return self
