"""Events and objects of maturity and of questions after the end, in words."""

from portal.core.i18n import lazy_

MATURITY = {
    "maturity.planned": lazy_("Days on which the team is rated set"),
    "maturity.rated": lazy_("Rating of maturity given"),
    "warning.raised": lazy_("Early warning raised"),
    "warning.see": lazy_("Early warning seen by the office"),
    "follow_up.planned": lazy_("Days of the questions after the end set"),
    "follow_up.send": lazy_("Link of the questions after the end sent"),
    "follow_up.answer": lazy_("Questions after the end answered"),
}
SUBJECTS = {
    "early_warning": lazy_("Early warning"),
    "follow_up": lazy_("Question after the end"),
    "maturity_assessment": lazy_("Rating of maturity"),
}
