"""What cost reports refuse, in words."""

from collections.abc import Iterable

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation


class CostsNotOpen(Conflict):
    """Costs are reported while the project runs, and while it closes."""

    default = lazy_("Costs are reported once the agreement is in force, and until the grant is closed.")


class OneIsOpen(Conflict):
    """Two reports are not written at the same time."""

    default = lazy_("A report of this grant is being written already: go on with that one.")


class LinesStay(Conflict):
    """What was sent does not change under whoever reads it."""

    default = lazy_("This report was sent: it stays as it is. Take it back first, while nobody controls it.")


class UnderControl(Conflict):
    """The office has begun."""

    default = lazy_("The office has begun to control this report: ask it to return the report to you.")


class ChargedElsewhere(Conflict):
    """The same document stands under another grant: which one is not said."""

    default = lazy_(
        "A document of this report is claimed by another project already: the same cost is not financed twice. Look at"
        " the lines marked so and take them out; if the document is yours alone, write to the office."
    )


class ToMend(Conflict):
    """Something keeps the report from being sent."""

    default = lazy_("Something is to be mended before this report is sent: each line says what.")


class AnswersMissing(Conflict):
    """The technical part is not complete: each answer is named."""

    def __init__(self, questions: Iterable[str]) -> None:
        named = "; ".join(f"“{each}”" for each in questions)
        super().__init__(lazy_("The technical part is not complete. Answer, or mend: %(questions)s.", questions=named))


class SeenOtherwise(Conflict):
    """The lines changed after the page with their effect was shown."""

    default = lazy_("The report changed after this page was shown: look at its amounts again, then send it.")


class PaidAlready(Conflict):
    """A result is paid once."""

    default = lazy_("This lump sum is claimed for that milestone already: a result is paid once.")


violation("uq_cost_report_written_now", OneIsOpen)
violation("uq_cost_line_document", ChargedElsewhere)
violation("uq_cost_line_lump_sum", PaidAlready)
violation("cost lines of a report that was sent", LinesStay)
