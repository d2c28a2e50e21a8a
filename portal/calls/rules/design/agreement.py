"""Of which clauses the agreement is made, how both sides sign it, and what the office may let pass."""

from dataclasses import dataclass, field
from enum import StrEnum

from portal.questionnaires.rules.design import Exact


class SignatureWay(StrEnum):
    """How somebody signs: by hand on paper, by a digital signature, or by accepting on the portal."""

    PAPER = "paper"
    DIGITAL = "digital"
    PORTAL = "portal"


class OnDoubt(StrEnum):
    """What a doubt about a digital signature leads to: it is said, asks the office for a reason, or is refused."""

    SAID = "said"
    REASON = "reason"
    REFUSED = "refused"


@dataclass(frozen=True)
class ClausesOfForms(Exact):
    """The clauses of the agreement with recipients of these legal forms."""

    forms: list[str]
    clauses: list[str]


@dataclass(frozen=True)
class SignatureDoubts(Exact):
    """What each doubt leads to. Another document and a broken signature are refused whatever the call says."""

    unknown_signer: OnDoubt = OnDoubt.REASON
    other_signer: OnDoubt = OnDoubt.REASON
    certificate_dates: OnDoubt = OnDoubt.REASON
    trust: OnDoubt = OnDoubt.SAID


def on_paper_or_digitally() -> list[SignatureWay]:
    """How recipients sign where the call does not say."""
    return [SignatureWay.PAPER, SignatureWay.DIGITAL]


def on_the_portal() -> list[SignatureWay]:
    """How the office countersigns where the call does not say."""
    return [SignatureWay.PORTAL]


@dataclass(frozen=True)
class AgreementDesign(Exact):
    """The agreement (convenzione) of every grant: keys of the office's clauses, in order; none for the fixed text."""

    clauses: list[str] = field(default_factory=list)
    by_form: list[ClausesOfForms] = field(default_factory=list)
    signed_by: list[SignatureWay] = field(default_factory=on_paper_or_digitally)
    countersigned_by: list[SignatureWay] = field(default_factory=on_the_portal)
    doubts: SignatureDoubts = field(default_factory=SignatureDoubts)

    def clauses_for(self, form: str) -> list[str]:
        """The clauses for a recipient of this legal form."""
        return next((each.clauses for each in self.by_form if form in each.forms), self.clauses)
