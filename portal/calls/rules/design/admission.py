"""How the office checks what was sent, before it is evaluated (`domain.md` §2, §5.10)."""

from dataclasses import dataclass, field

from portal.questionnaires.rules.design import Exact


@dataclass(frozen=True)
class AdmissionRules(Exact):
    """The check of admissibility.

    `sealed`: nobody of the office opens what was sent before the term is over. `integration_days`: how long an
    applicant has to mend what is missing (soccorso istruttorio), unless the officer gives another term. `mendable`:
    the keys of the documents and questions that may be mended; empty, every document and every declaration. A request
    never reaches what is scored or paid. `objection_days`: how long an applicant has to answer before a refusal
    (art. 10-bis L. 241/1990, which does not bind calls with a ranking); 0, no such step.
    """

    sealed: bool = False
    integration_days: int = 10
    mendable: list[str] = field(default_factory=list)
    objection_days: int = 0
