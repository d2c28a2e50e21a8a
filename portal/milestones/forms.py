"""The shape of a report, of a decision, of a change of the plan; the rules are with the operations."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.core.i18n import in_language, lazy_
from portal.grants.changes.rules import PlannedTarget
from portal.milestones.progress.counting import field_of
from portal.milestones.progress.shown import counted
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
    counted: tuple[str, ...] = ()
    """The indicators that it asks for."""

    @property
    def reached(self) -> dict[str, str]:
        """How much of each was reached, as it was typed."""
        return {key: self[field_of(key)].data or "" for key in self.counted}


def report_form(targets: Sequence[PlannedTarget]) -> type[ReportForm]:
    """The form of a report, with one field for each indicator that it tells of."""
    fields = {
        field_of(each.key): StringField(
            in_language(each.name),
            description=lazy_("How much was reached in all; %(target)s was promised. Write 0 for none.",
                              target=counted(each.hundredths, each.unit)),
            validators=[InputRequired(lazy_("Write how much was reached, 0 for none.")), Length(max=30)],
        )
        for each in targets
    }  # fmt: skip
    return type("CountingReportForm", (ReportForm,), {**fields, "counted": tuple(each.key for each in targets)})


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
