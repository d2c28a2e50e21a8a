"""Forms of what comes from the bank."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_
from portal.payments.bank.rules import LONGEST_ANSWER


class BankFileForm(FlaskForm):  # type: ignore[misc]
    """A file of the bank, and whose it is where somebody works for several authorities."""

    authority = SelectField(lazy_("Authority"), validators=[InputRequired(lazy_("Choose the authority that paid."))])
    file = FileField(
        lazy_("File from the bank"),
        description=lazy_("XML (pain.002 or camt.054) or CSV of paid mandates, at most 5 MB."),
        render_kw={"accept": ".xml,.csv"},
    )


class DismissForm(FlaskForm):  # type: ignore[misc]
    """Why there is nothing to do."""

    words = TextAreaField(
        lazy_("What it is, and why there is nothing to do"),
        validators=[
            InputRequired(lazy_("Write why: whoever looks at the books later reads it.")),
            Length(max=LONGEST_ANSWER),
        ],
    )


class MatchForm(FlaskForm):  # type: ignore[misc]
    """Which payment a message is about, and how that is known."""

    end_to_end_id = StringField(
        lazy_("Reference of the payment"),
        validators=[InputRequired(lazy_("Copy the reference from the payment file.")), Length(max=35)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    words = TextAreaField(
        lazy_("How you know"),
        validators=[
            InputRequired(lazy_("Write why: whoever looks at the books later reads it.")),
            Length(max=LONGEST_ANSWER),
        ],
    )
