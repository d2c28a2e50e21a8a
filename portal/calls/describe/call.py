"""The call as a whole, in words."""

from portal.calls.describe.row import Row, Rows
from portal.calls.rules.design import CallDesign
from portal.core.i18n import lazy_

ROWS: Rows = {
    CallDesign: {
        "slug": Row(lazy_("Address of the page"), lazy_("Small words joined by hyphens; it never changes.")),
        "authority": Row(lazy_("Authority"), lazy_("That runs the call.")),
        "title": Row(lazy_("Title of the call"), lazy_("As it is published.")),
        "summary": Row(lazy_("Summary"), lazy_("In two lines: who, how much, for what.")),
        "texts": Row(
            lazy_("Texts of the page"),
            lazy_("Who may apply, what is funded, how applications are assessed, documents; in Markdown."),
        ),
        "action": Row(lazy_("Action of the programme"), lazy_("Such as 3.3.1.")),
        "officer": Row(lazy_("Person in charge (RUP)"), lazy_("Named on every page and act.")),
        "office": Row(lazy_("Office"), lazy_("That answers for the call.")),
        "email": Row(lazy_("E-mail"), lazy_("Where questions are sent.")),
        "budget_lines": Row(lazy_("Budget lines"), lazy_("The money of the call, for all or for one area or kind.")),
        "applicants": Row(lazy_("Who may apply"), lazy_("Each kind with its forms, amounts and duties.")),
        "phases": Row(lazy_("Phases"), lazy_("When the call opens and closes.")),
        "questionnaire": Row(lazy_("Form"), lazy_("What applicants are asked.")),
        "criteria": Row(lazy_("Criteria"), lazy_("What is scored, and how much it counts.")),
        "minimum_total": Row(lazy_("Least total"), lazy_("Below it the application is not suitable.")),
        "tie_breaks": Row(lazy_("Order of ties"), lazy_("What tells equal totals apart, step by step.")),
        "milestones": Row(lazy_("Milestones"), lazy_("That every grant starts from.")),
        "tranches": Row(lazy_("Tranches"), lazy_("How each grant is paid, and what must hold before.")),
        "coaching": Row(lazy_("Coaching"), lazy_("Offered to those who are funded.")),
        "acts": Row(lazy_("Acts"), lazy_("Decisions behind the call, with number and date.")),
        "cup": Row(lazy_("Master CUP"), lazy_("Project code of the whole call.")),
        "synthetic": Row(lazy_("Made-up parts"), lazy_("What in this file no public act says.")),
        "notes": Row(lazy_("Notes"), lazy_("Where the parameters come from; not shown to applicants.")),
        "themes": Row(lazy_("Themes"), lazy_("Of action 3.3.1, that projects may be about.")),
        "marginality": Row(lazy_("Marginality addressed"), lazy_("The types, and why these; some actions require it.")),
        "areas": Row(lazy_("Target areas"), lazy_("Where projects take place.")),
        "areas_required": Row(
            lazy_("An area must be chosen"), lazy_("A proposal outside the areas is not admissible.")
        ),
        "funds": Row(lazy_("Funds"), lazy_("Where the money comes from.")),
        "aid_regime": Row(lazy_("State aid"), lazy_("Under which rules grants are given.")),
        "aid": Row(lazy_("Ceiling of de minimis aid"), lazy_("Amount, years, and whether the boundary day counts.")),
        "own_share": Row(lazy_("Own share of applicants"), lazy_("What it may be made of.")),
        "participation": Row(lazy_("Rules of participation"), lazy_("How often one may apply, consortia, groups.")),
        "eligibility": Row(lazy_("Rules of eligibility"), lazy_("What must hold, in words and as a condition.")),
        "flow": Row(lazy_("Flow"), lazy_("One phase, idea and then project, or order of arrival.")),
        "documents_requested": Row(lazy_("Documents"), lazy_("Asked beside the form.")),
        "sending": Row(
            lazy_("At sending"), lazy_("Declarations, stamp duty, and who confirms before an application is sent.")
        ),
        "costs": Row(lazy_("Costs"), lazy_("Which are eligible, and how they are accounted for.")),
        "reporting": Row(lazy_("Cost reports"), lazy_("How recipients account for what they spent.")),
        "control": Row(lazy_("Control of costs"), lazy_("What the office looks at before it accepts a cost report.")),
        "admission": Row(lazy_("Check of admissibility"), lazy_("Sealing, terms, and what may be mended.")),
        "edge_rule": Row(
            lazy_("At the end of the budget"), lazy_("Stop, give a part, or go on to the next that fits.")
        ),
        "allocation": Row(lazy_("How grants are allotted"), lazy_("By money, by places or by both.")),
        "rankings": Row(lazy_("Rankings"), lazy_("Where there are several, apart from budget lines.")),
        "weights_sum": Row(
            lazy_("Sum of the weights"), lazy_("What the maxima of the criteria must add up to, bonuses apart.")
        ),
        "cap": Row(lazy_("Most points overall"), lazy_("No total counts for more than this.")),
        "rounding": Row(lazy_("Rounding"), lazy_("Of an exact half, once, at the end.")),
        "decimals": Row(lazy_("Decimals of the score"), lazy_("0, 1 or 2.")),
        "evaluators_per_application": Row(
            lazy_("Evaluators for each application"), lazy_("How many score the same one.")
        ),
        "evaluation": Row(lazy_("Work of the commission"), lazy_("Conflicts, rounds, agreement, observations.")),
        "award": Row(
            lazy_("From the award to the agreement"),
            lazy_("Days to accept, checks before signing, steps to become a legal entity."),
        ),
        "agreement": Row(lazy_("Agreement"), lazy_("Its clauses, and how both sides sign.")),
        "changes": Row(
            lazy_("Changes of a grant"), lazy_("What is free, what is asked, and until when it is answered.")
        ),
        "payments": Row(lazy_("Rules of payments"), lazy_("Tax debts, tax withheld, and what a guarantee covers.")),
        "payment_days": Row(lazy_("Days to pay"), lazy_("From the claim of a tranche.")),
        "retention_years": Row(lazy_("Years to keep documents"), lazy_("After the last payment.")),
        "counting_mode": Row(lazy_("Who is counted"), lazy_("People or entities, never both for the same support.")),
        "indicators": Row(lazy_("Indicators"), lazy_("What the call counts in the end.")),
        "maturity": Row(
            lazy_("Maturity"), lazy_("How team and coach rate the growth of each project; empty where it is not rated.")
        ),
        "follow_up": Row(
            lazy_("After the end"), lazy_("Whether projects are asked how they are some months later, by a link.")
        ),
    },
}
