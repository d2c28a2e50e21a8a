"""The shape of what is typed where agreements are signed."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_
from portal.grants.agreements.rules import LONGEST_REASON
from portal.grants.forms import ACCEPT

REASON = lazy_("Why the signature is accepted, where something is in doubt")


class CopyForm(FlaskForm):  # type: ignore[misc]
    """The copy of the agreement signed by the legal representative, and the document that the page showed."""

    document = HiddenField()
    signed_copy = FileField(
        lazy_("Signed copy of the agreement"), description=lazy_("PDF or p7m, at most 10 MB."), render_kw=ACCEPT
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """The agreement accepted on the portal."""

    document = HiddenField()
    accepted = BooleanField(
        lazy_("I have read the agreement and accept it for the recipient, as its legal representative"),
        validators=[InputRequired(lazy_("Tick it once you have read the agreement."))],
    )


class CountersignForm(FlaskForm):  # type: ignore[misc]
    """The office accepts a signature and countersigns on the portal."""

    seen = HiddenField()
    reason = TextAreaField(REASON, validators=[Length(max=LONGEST_REASON)])


class CountersignedCopyForm(CountersignForm):
    """The same by a file that the office has signed too."""

    signed_copy = FileField(
        lazy_("Copy signed by the office too"),
        id="countersigned_copy",
        description=lazy_("The copy of the recipient with your digital signature: PDF or p7m, at most 10 MB."),
        render_kw=ACCEPT,
    )
    reason = TextAreaField(REASON, id="copy_reason", validators=[Length(max=LONGEST_REASON)])


class AddendumForm(FlaskForm):  # type: ignore[misc]
    """What an addendum changes."""

    change = TextAreaField(
        lazy_("What the addendum changes, a line for each thing"),
        description=lazy_(
            "It stands at the head of the document, in Italian; the plan in force follows in its articles."
        ),
        validators=[InputRequired(lazy_("Write what the addendum changes.")), Length(max=LONGEST_REASON)],
    )


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """A signature is sent back."""

    seen = HiddenField()
    reason = TextAreaField(
        lazy_("What has to be mended"),
        id="return_reason",
        validators=[InputRequired(lazy_("Write what has to be mended.")), Length(max=LONGEST_REASON)],
    )
