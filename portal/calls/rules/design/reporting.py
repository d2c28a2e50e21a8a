"""How recipients account for what they spent (`domain.md` §1.6, §4.4)."""

from dataclasses import dataclass
from decimal import Decimal

from portal.calls.rules.design.asking import Questionnaire
from portal.questionnaires.rules.design import Exact, Section


@dataclass(frozen=True)
class ReportingRules(Exact):
    """The reports of a call: a technical part, the answers to `questionnaire` if there is one; and the costs.

    `paid_within_days`: how long after the end of a project its costs may still be paid. `over_budget`: per cent by
    which a category may go beyond what was agreed for it. `cup_required`: every invoice bears the CUP of the grant; one
    that bears another is refused anyhow. `files_from`: euro from which a cost needs its document attached; None, the
    office asks for those it draws.
    """

    paid_within_days: int = 60
    over_budget: Decimal = Decimal(0)
    cup_required: bool = False
    files_from: Decimal | None = None
    questionnaire: Questionnaire | None = None

    @property
    def sections(self) -> list[Section]:
        """What the technical part asks; nothing where the call declares none."""
        return self.questionnaire.sections if self.questionnaire else []
