"""Statuses, kinds of rule and synthetic parts of a call in words."""

from datetime import datetime, timedelta
from decimal import Decimal

from portal.calls.declared import Declared, declared
from portal.calls.designer.choices import words_of
from portal.calls.models import Call, CallEvent
from portal.calls.phases import PhaseTold, phases_told
from portal.calls.queries import Openness
from portal.calls.rules import CallDesign, CallStatus, Criterion, EdgeRule, PhaseStatus, TieBreak, TieBreakBy
from portal.calls.rules.publication import CallEventKind, DocumentKind
from portal.calls.rules.times import wall_time
from portal.core.i18n import _, in_language, lazy_, locale
from portal.core.instants import ROME, format_instant

CALL_STATUSES = {
    CallStatus.DRAFT: (lazy_("draft"), "neutral"),
    CallStatus.APPROVED: (lazy_("approved"), "info"),
    CallStatus.PUBLISHED: (lazy_("published"), "success"),
    CallStatus.CONCLUDED: (lazy_("concluded"), "neutral"),
    CallStatus.CANCELLED: (lazy_("cancelled"), "danger"),
}
PHASE_STATUSES = {
    PhaseStatus.PLANNED: (lazy_("not begun yet"), "neutral"),
    PhaseStatus.RUNNING: (lazy_("taking applications"), "progress"),
    PhaseStatus.EVALUATION: (lazy_("under evaluation"), "progress"),
    PhaseStatus.CONCLUDED: (lazy_("evaluation concluded"), "success"),
}
EVENTS = {
    CallEventKind.APPROVED: lazy_("Approved by a second person"),
    CallEventKind.RETURNED: lazy_("Returned to draft"),
    CallEventKind.PLANNED: lazy_("Publication planned"),
    CallEventKind.PUBLISHED: lazy_("Published"),
    CallEventKind.EXTENDED: lazy_("Deadline extended"),
    CallEventKind.REOPENED: lazy_("Term opened again"),
    CallEventKind.RECTIFIED: lazy_("Rectified"),
    CallEventKind.ANSWERED: lazy_("Question answered"),
    CallEventKind.CANCELLED: lazy_("Cancelled"),
    CallEventKind.CONCLUDED: lazy_("Concluded"),
    CallEventKind.BUDGET_ADDED: lazy_("More money for the call"),
}
SENTENCES = {
    CallEventKind.PUBLISHED: lazy_("A call is published: “%(title)s”."),
    CallEventKind.EXTENDED: lazy_("The deadline of “%(title)s” moved to %(closes)s."),
    CallEventKind.REOPENED: lazy_("“%(title)s” takes applications again, until %(closes)s."),
    CallEventKind.RECTIFIED: lazy_("“%(title)s” was rectified by an act."),
    CallEventKind.ANSWERED: lazy_("A question about “%(title)s” was answered."),
    CallEventKind.CANCELLED: lazy_("“%(title)s” was cancelled by an act."),
    CallEventKind.CONCLUDED: lazy_("“%(title)s” is concluded."),
    CallEventKind.BUDGET_ADDED: lazy_("More money for “%(title)s”."),
}
"""One sentence for inboxes, mails and the feed, to be filled in."""
DOCUMENT_KINDS = {
    DocumentKind.NOTICE: lazy_("the notice of the call"),
    DocumentKind.ACT: lazy_("an act"),
    DocumentKind.FORM: lazy_("a form to fill in"),
    DocumentKind.GUIDE: lazy_("a guide"),
    DocumentKind.OTHER: lazy_("another document"),
}
OPENNESS = {
    Openness.ALL: lazy_("All"),
    Openness.OPEN: lazy_("Open now"),
    Openness.UPCOMING: lazy_("Opening soon"),
    Openness.CLOSED: lazy_("Closed"),
}
EDGE_RULES = {
    EdgeRule.STOP: lazy_("The budget stops before the first project that no longer fits."),
    EdgeRule.PARTIAL: lazy_("The first project that no longer fits may get what is left, if it accepts."),
    EdgeRule.SKIP: lazy_("A project that no longer fits is passed over for the next one that does."),
}
TIE_BREAKS = {
    TieBreakBy.LOWER_REQUEST: lazy_("lower grant requested"),
    TieBreakBy.HIGHER_COFINANCING: lazy_("higher share of co-financing"),
    TieBreakBy.PROTOCOL: lazy_("order of registration"),
}
SYNTHETIC = {
    "everything": lazy_("everything"),
    "areas": lazy_("areas"),
    "criteria": lazy_("criteria and points"),
    "minimum_total": lazy_("minimum total"),
    "tie_breaks": lazy_("order of ties"),
    "edge_rule": lazy_("rule at the end of the budget"),
    "questionnaire": lazy_("questionnaire"),
    "reporting": lazy_("what reports ask"),
    "milestones": lazy_("milestones"),
    "tranches": lazy_("tranches"),
    "coaching": lazy_("hours of coaching"),
    "indicators": lazy_("indicators"),
    "phases.opens": lazy_("opening day"),
    "office, officer and email": lazy_("office and contacts"),
}


def plain_number(value: Decimal) -> str:
    """A declared number without needless zeros, with the comma of the language."""
    text = f"{Decimal(value).normalize():f}"
    return text.replace(".", ",") if locale() == "it" else text


def event_words(event: CallEvent) -> str:
    """What happened, in one sentence of the language in force."""
    title = in_language(event.call.title)
    closes = format_instant(event.effective_at, event.phase.zone) if event.phase else ""
    return str(SENTENCES[event.kind]) % {"title": title, "closes": closes}


def openness_tag(call: Call, now: datetime) -> tuple[str, str]:
    """A call's public state in a word, with its tone."""
    if call.open_phase(now):
        return _("open"), "success"
    if call.next_phase(now):
        return _("opens soon"), "info"
    label, tone = CALL_STATUSES[call.status]
    return (_("closed"), "neutral") if call.published_at else (str(label), tone)


def tie_break_words(step: TieBreak, criteria: list[Criterion]) -> str:
    """One step of the chain between equal totals."""
    if step.by is not TieBreakBy.CRITERION:
        return str(TIE_BREAKS.get(step.by) or words_of(step.by))
    named = [in_language(criterion.name) for criterion in criteria if criterion.key == step.criterion]
    return str(_("higher score on “%(criterion)s”", criterion=", ".join(named)))


def synthetic_parts(design: CallDesign) -> list[str]:
    """What the file declares as made up, in words; parts without a word of their own count as other details."""
    known = [str(SYNTHETIC[part]) for part in design.synthetic if part in SYNTHETIC]
    return known + ([_("other details")] if any(part not in SYNTHETIC for part in design.synthetic) else [])


def first_second_of(instant: datetime) -> str:
    """The first whole second at which what begins at this instant is in force, as Rome's clock shows it."""
    whole = instant if not instant.microsecond else instant.replace(microsecond=0) + timedelta(seconds=1)
    return wall_time(whole, ROME).isoformat()


def phases_of(design: CallDesign) -> list[PhaseTold]:
    """The phases of a call in words, each with the call as it has it."""
    return phases_told(design)


def declared_parts(design: CallDesign) -> list[Declared]:
    """What the call declares beside amounts and dates, in words."""
    return declared(design)
