"""The work of the commission, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import EvaluationRound, EvaluationRules
from portal.core.i18n import lazy_

ROWS: Rows = {
    EvaluationRules: {
        "conflict_effect": Row(
            lazy_("What a conflict does"),
            lazy_("A substitute for the whole call, or another evaluator for that application alone."),
        ),
        "aggregation": Row(
            lazy_("How marks become one"), lazy_("The mean of the evaluators, or one mark agreed in session.")
        ),
        "rounds": Row(lazy_("Rounds"), lazy_("What evaluators see, in turn; none: everything but the others' scores.")),
        "consensus_spread": Row(
            lazy_("Marks may lie apart (%%)"),
            lazy_("Of the maximum of a criterion; further apart, the commission agrees on one mark. Empty: no limit."),
        ),
        "observation_days": Row(
            lazy_("Days for observations"),
            lazy_("How long applicants may write on the provisional ranking; 0: no such step."),
        ),
        "validity_months": Row(
            lazy_("Months the ranking is valid"),
            lazy_("How long those who follow may move up; empty: until the call concludes."),
        ),
        "declaration": Row(
            lazy_("What evaluators swear"),
            lazy_("Before anything else is shown to them; empty: the words of the portal, which quote the law."),
        ),
    },
    EvaluationRound: {
        "key": KEY,
        "name": Row(lazy_("Name of the round"), lazy_("As the minutes call it.")),
        "hidden": Row(lazy_("Hidden"), lazy_("Keys of questions and documents that evaluators do not see.")),
        "blind": Row(
            lazy_("Without names"), lazy_("Evaluators do not see who applies: proposals bear a code, files no names.")
        ),
        "others": Row(lazy_("Scores of the others"), lazy_("When an evaluator sees them.")),
    },
}
