"""The shape of what is typed on the pages of changes; the rules are with the operations."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import DateField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import lazy_
from portal.core.money import parse_amount
from portal.grants.changes.labels import ENDS, GROUNDS
from portal.grants.changes.rules import LONGEST_TEXT, MISSED_TERMS, EndKind, Ground

NEEDED = lazy_("Write this, please.")
DAY = [InputRequired(lazy_("Write the day, day month year."))]
FILES = lazy_("PDF, p7m, docx, xlsx, images: at most 5 files of 10 MB each.")


def cents_of(text: str | None) -> int:
    """An amount as it was typed, in cents; 0 for nothing. Raises Invalid."""
    return parse_amount(text) if text and text.strip() else 0


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What the office answers to a request, and what the page showed of it."""

    seen = HiddenField()
    words = TextAreaField(
        lazy_("Your answer"),
        description=lazy_("Needed to send the request back or to refuse it: the recipient reads it."),
        validators=[Length(max=LONGEST_TEXT)],
    )


class SuspendForm(FlaskForm):  # type: ignore[misc]
    """Why a grant stands still, and until when."""

    until = DateField(
        lazy_("Until"),
        description=lazy_("On that day the office is reminded; the grant goes on by an act."),
        validators=DAY,
    )
    reason = TextAreaField(lazy_("Reason"), validators=[InputRequired(NEEDED), Length(max=LONGEST_TEXT)])


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why something goes on, is dropped or is renounced."""

    reason = TextAreaField(lazy_("Reason"), validators=[InputRequired(NEEDED), Length(max=LONGEST_TEXT)])


class NoticeForm(FlaskForm):  # type: ignore[misc]
    """What the office tells the recipient that it is about to do."""

    kind = SelectField(lazy_("What is about to happen"))
    ground = SelectField(lazy_("Because"))
    cents = StringField(
        lazy_("Amount of the partial revocation (euro)"),
        description=lazy_("For a partial revocation only: how much of the grant goes."),
        validators=[Optional()],
    )
    reason = TextAreaField(
        lazy_("The facts and the rules"),
        id="notice-reason",
        description=lazy_("What happened, and which article of the call or the agreement is broken."),
        validators=[InputRequired(NEEDED), Length(max=LONGEST_TEXT)],
    )

    def offer(self, kinds: tuple[EndKind, ...]) -> None:
        """Only what the state of the grant allows."""
        self.kind.choices = [SelectChoice(kind.value, ENDS[kind]) for kind in kinds if kind is not EndKind.RENUNCIATION]
        grounds = [each for each in Ground if EndKind.FORFEITURE in kinds or each not in MISSED_TERMS]
        self.ground.choices = [SelectChoice(each.value, GROUNDS[each]) for each in grounds]

    def typed(self) -> dict[str, object]:
        """As the operation takes it."""
        kind = EndKind(self.kind.data)
        cents = cents_of(self.cents.data) if kind is EndKind.PARTIAL_REVOCATION else None
        return {"kind": kind, "ground": Ground(self.ground.data), "cents": cents, "reason": self.reason.data}


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """What the recipient answers."""

    reply = TextAreaField(lazy_("Your reply"), validators=[InputRequired(NEEDED), Length(max=LONGEST_TEXT)])
    file = FileField(
        lazy_("A file that goes with it"),
        description=lazy_("PDF, p7m or docx, at most 10 MB."),
        render_kw={"accept": ".pdf,.p7m,.docx"},
    )


class ActForm(FlaskForm):  # type: ignore[misc]
    """The act, and the money that the page showed."""

    act_number = StringField(lazy_("Number of the act"), validators=[InputRequired(NEEDED), Length(max=80)])
    act_date = DateField(lazy_("Date of the act"), validators=DAY)
    to_return = StringField(
        lazy_("To be returned by the recipient (euro)"),
        description=lazy_("Of what was paid. Write 0 where nothing is asked back."),
        validators=[Optional()],
    )
    reason = TextAreaField(
        lazy_("Reason of the act"),
        id="act-reason",
        description=lazy_("With what was made of the reply."),
        validators=[InputRequired(NEEDED), Length(max=LONGEST_TEXT)],
    )
    seen = HiddenField()


class WithReason(FlaskForm):  # type: ignore[misc]
    """Why a change is asked for, with files."""

    reason = TextAreaField(
        lazy_("Why"),
        description=lazy_("What happened, and why the project gains from the change."),
        validators=[InputRequired(NEEDED), Length(max=LONGEST_TEXT)],
    )
    files = MultipleFileField(
        lazy_("Files that go with it"), description=FILES, render_kw={"accept": ".pdf,.p7m,.docx,.xlsx,.png,.jpg,.jpeg"}
    )
