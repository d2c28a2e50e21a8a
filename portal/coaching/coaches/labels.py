"""Words for languages, and for what keeps a coach from a team."""

from portal.coaching.coaches.rules import Bar, Language
from portal.core.i18n import lazy_

LANGUAGES = {
    Language.ITALIAN: lazy_("Italian"),
    Language.ENGLISH: lazy_("English"),
    Language.FRENCH: lazy_("French"),
    Language.SPANISH: lazy_("Spanish"),
    Language.ARABIC: lazy_("Arabic"),
    Language.CHINESE: lazy_("Chinese"),
    Language.ROMANIAN: lazy_("Romanian"),
    Language.UKRAINIAN: lazy_("Ukrainian"),
    Language.SIGN: lazy_("Italian sign language"),
}

BARS = {
    Bar.MEMBER: lazy_("belongs to the team's organisation"),
    Bar.EVALUATOR: lazy_("sits in a commission of this call"),
    Bar.DECLARED: lazy_("declared a conflict with this team"),
}
