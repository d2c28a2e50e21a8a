"""The shape of a report, of a decision, of a change of the plan; the rules are with the operations."""

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.core.i18n import lazy_
from portal.milestones.rules import EVIDENCE_TYPES, LONGEST_NARRATIVE, LONGEST_REASON


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What the team did, with the files that show it."""

    narrative = TextAreaField(
        lazy_("What was done, and with what result"),
        validators=[InputRequired(lazy_("Tell what was done, and with what result.")), Length(max=LONGEST_NARRATIVE)],
    )
    evidence = MultipleFileField(
        lazy_("Files that show it"),
        description=lazy_("PDF, p7m, images, docx, xlsx: at most 10 files of 10 MB each."),
        render_kw={"accept": ",".join(f".{kind}" for kind in EVIDENCE_TYPES)},
    )


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """What is missing in the report that was read."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    reason = TextAreaField(
        lazy_("What is missing"),
        validators=[
            InputRequired(lazy_("Write what is missing, so that it can be mended.")),
            Length(max=LONGEST_REASON),
        ],
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """The version that was read."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class PlanForm(FlaskForm):  # type: ignore[misc]
    """A milestone of the plan."""

    title = StringField(
        lazy_("Title"), validators=[InputRequired(lazy_("Write the title of the milestone.")), Length(max=200)]
    )
    deliverable = TextAreaField(
        lazy_("What will be shown"),
        validators=[InputRequired(lazy_("Write what will be shown.")), Length(max=LONGEST_REASON)],
    )
    due_on = DateField(lazy_("By when"), validators=[InputRequired(lazy_("Write the day, day month year."))])
