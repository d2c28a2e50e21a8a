"""The words of the general declaration: the call's own, else those of the house."""

from portal.calls.rules import CallDesign
from portal.core.i18n import in_both, lazy_
from portal.questionnaires.rules import Text

SWORN = lazy_(
    "Under my own responsibility (DPR 445/2000, art. 46 and 47), aware of the penalties for false statements (art. 76)"
    " and having read the text of the call, I declare: that no ground of abstention of art. 51 of the code of civil"
    " procedure applies to me in this call; that I am in no conflict of interest, even potential (Law 241/1990, art."
    " 6-bis; DPR 62/2013, art. 6 and 7); that I have not been convicted, even by a judgment that is not final, of the"
    " crimes of Book II, Title II, Chapter I of the criminal code (D.Lgs 165/2001, art. 35-bis). I undertake to declare"
    " on each applicant once I have read their names, to tell the office at once of anything that comes up later, and"
    " to keep secret what I learn."
)


def words_of(design: CallDesign) -> Text:
    """What is sworn, in both languages."""
    return design.evaluation.declaration or in_both(SWORN)
