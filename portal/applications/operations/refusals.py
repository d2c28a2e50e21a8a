"""What the room refuses, in words its user understands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.applications.assessment import Assessment
from portal.applications.gates import Missing
from portal.calls.models import Phase
from portal.core.errors import Closed, Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.core.unit_of_work import violation


@dataclass(frozen=True, slots=True)
class Sentences:
    """Several sentences that are read in the reader's language only when they are."""

    each: Sequence[object]

    def __str__(self) -> str:
        return " ".join(str(sentence) for sentence in self.each)


class PhaseClosed(Closed):
    """Nothing is taken after the deadline in force, nor before the opening."""

    default = lazy_("The term is closed: nothing was sent, and what you wrote is kept.")


class NotEligible(Invalid):
    """The call is not for this kind of applicant."""

    default = lazy_("This call is not open to applicants of your kind and legal form.")


class NotAdmitted(Invalid):
    """A gate of the phase is closed to this applicant; `missing` lists them all."""

    default = lazy_("This phase is open only to those who passed the one before.")

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(Sentences([each.message for each in missing]) if missing else None, "organisation")
        self.missing = list(missing)


class AlreadyApplied(Conflict):
    """One live application for each phase and organisation."""

    default = lazy_("This organisation has an application to this call already: open it from your desk.")


class StandsInTwo(Conflict):
    """The call refuses an organisation in two consortia; another one was sent first."""

    default = lazy_(
        "Nothing was sent: an organisation of this consortium stands in another one that has applied, and this call"
        " takes each organisation once."
    )


class CountsOtherwise(Conflict):
    """Whoever presses "send" on a page of a reopened draft is not led to the receipt of what was registered before."""

    default = lazy_(
        "Nothing was sent: an earlier version of this application is registered and counts, and it differs from what"
        " your page showed. Your changes are kept: to send them, reopen the application before the term."
    )


class NotReady(Invalid):
    """The application has things to mend; `assessment` lists them all."""

    default = lazy_("The application was not sent: some things have to be mended first.")

    def __init__(self, assessment: Assessment) -> None:
        super().__init__()
        self.assessment = assessment


violation("late submission", PhaseClosed)
violation("uq_application_live", AlreadyApplied)
violation("uq_application_follows", AlreadyApplied)
violation("application.follows_id", AlreadyApplied)
violation("application.phase_id, application.organisation_id", AlreadyApplied)


def _closed(phase: Phase, instant: datetime) -> PhaseClosed:
    """The refusal of something that came at this instant, with the term told."""
    if instant < phase.opens_at:
        return PhaseClosed(
            lazy_("This call opens on %(opens)s.", opens=Instant(phase.opens_at, phase.zone)),
        )
    return PhaseClosed(
        lazy_(
            "The term closed on %(closes)s; this came on %(came)s. Nothing was changed, and what you wrote is kept.",
            closes=Instant(phase.deadline.closes_at, phase.zone),
            came=Instant(instant, phase.zone),
        )
    )


def must_be_open(*, phase: Phase, at: datetime) -> None:
    """Refuse what comes before the opening or after the deadline in force plus the declared grace."""
    if not phase.is_open(at):
        raise _closed(phase, at)
