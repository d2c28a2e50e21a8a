"""Forms of documents: handed in by members, recorded, verified or refused by the office."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.access.forms.fields import line
from portal.access.labels import FACTS
from portal.access.rules import FactKind
from portal.access.rules.facts import ACCEPTED, DURC_VALID_FOR, EXTRACT_VALID_FOR, MOST_BYTES
from portal.core.i18n import lazy_
from portal.documents.rules import size_in_words, types_in_words

FILE_HINT = lazy_("%(types)s, at most %(size)s.", types=types_in_words(ACCEPTED), size=size_in_words(MOST_BYTES))


def _kind() -> Any:
    return SelectField(
        lazy_("Document"),
        choices=[
            SelectChoice("", lazy_("Choose…")),
            *(SelectChoice(kind.value, FACTS[kind]) for kind in FactKind),
        ],
        validators=[InputRequired(lazy_("Say which document this is."))],
    )


def _issued_on() -> Any:
    return DateField(
        lazy_("Date of issue"), validators=[InputRequired(lazy_("Write the date of issue, for example 02/03/2026."))]
    )


class OfferForm(FlaskForm):  # type: ignore[misc]
    """A document that members hand in."""

    kind = _kind()
    issued_on = _issued_on()
    file = FileField(lazy_("File"), description=FILE_HINT)


class VerificationForm(FlaskForm):  # type: ignore[misc]
    """What an officer read in a document."""

    issued_on = _issued_on()
    expires_on = DateField(
        lazy_("Last day of validity"),
        validators=[Optional()],
        description=lazy_(
            "Empty: a DURC lasts %(durc)s days, a register extract %(extract)s, a statute until it changes.",
            durc=DURC_VALID_FOR.days,
            extract=EXTRACT_VALID_FOR.days,
        ),
    )
    source = StringField(
        lazy_("Where it was checked"),
        filters=[line],
        validators=[DataRequired(lazy_("Say where the document was checked.")), Length(max=300)],
        description=lazy_("For example: INPS protocol number."),
    )
    note = TextAreaField(lazy_("Note"), validators=[Optional(), Length(max=1000)])


class FactForm(VerificationForm):
    """A fact that the office has checked by itself."""

    kind = _kind()
    file = FileField(lazy_("File, if there is one"), description=FILE_HINT)


class RefusalForm(FlaskForm):  # type: ignore[misc]
    """Why a document is not accepted."""

    reason = TextAreaField(
        lazy_("Reason"),
        validators=[
            DataRequired(lazy_("Write the reason: whoever handed the document in reads it and sends a better one.")),
            Length(max=500),
        ],
    )
