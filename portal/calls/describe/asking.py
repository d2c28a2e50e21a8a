"""Documents, the form and its conditions, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import DocumentRequest, Questionnaire
from portal.core.i18n import lazy_
from portal.questionnaires.rules.design import Condition, Option, Question, Section

STRIP = Row(
    lazy_("Take out who and where"),
    lazy_("Authors, programs and places written inside files are removed on arrival; signed files stay as they are."),
)

ROWS: Rows = {
    DocumentRequest: {
        "key": KEY,
        "name": Row(lazy_("Name of the document"), lazy_("As applicants know it.")),
        "required_for": Row(
            lazy_("Required for"), lazy_("The kinds of applicant that must attach it; for the others it is optional.")
        ),
        "accept": Row(lazy_("Kinds of file"), lazy_("The endings that are taken, such as pdf.")),
        "max_mb": Row(lazy_("Largest size (MB)"), lazy_("Of one file.")),
        "help": Row(lazy_("Help"), lazy_("What it must show, and where to find a model.")),
        "strip_metadata": STRIP,
    },
    Questionnaire: {
        "sections": Row(lazy_("Sections"), lazy_("Each is a line of the task list of whoever answers.")),
    },
    Section: {
        "key": KEY,
        "title": Row(lazy_("Title of the section"), lazy_("A few words.")),
        "questions": Row(lazy_("Questions"), lazy_("In the order in which they are asked.")),
        "intro": Row(lazy_("Introduction"), lazy_("What the section is about, before its questions.")),
        "when": Row(lazy_("Shown when"), lazy_("Hidden while this does not hold; nothing for always.")),
    },
    Question: {
        "key": KEY,
        "type": Row(lazy_("Type of answer"), lazy_("How it is answered: a text, an amount, a choice, a table…")),
        "label": Row(lazy_("Question"), lazy_("What is asked, in plain words.")),
        "help": Row(lazy_("Help"), lazy_("How to answer well, under the question.")),
        "required": Row(lazy_("Required"), lazy_("Without an answer nothing can be sent.")),
        "max_chars": Row(lazy_("Most characters"), lazy_("More may be saved in a draft, not sent.")),
        "tag": Row(
            lazy_("Meaning for the portal"), lazy_("A tag such as budget.total, that formulas and reports read.")
        ),
        "options": Row(lazy_("Answers to choose from"), lazy_("For choices only.")),
        "page": Row(lazy_("Begins a new page"), lazy_("The title of that page; nothing to stay on the same one.")),
        "when": Row(lazy_("Shown when"), lazy_("Hidden while this does not hold; nothing for always.")),
        "advised_chars": Row(lazy_("Advised characters"), lazy_("Beyond them there is only a warning.")),
        "minimum": Row(lazy_("Smallest value"), lazy_("In euro, per cent or plain numbers.")),
        "maximum": Row(lazy_("Largest value"), lazy_("In euro, per cent or plain numbers.")),
        "decimals": Row(lazy_("Decimals"), lazy_("How many a number or a percentage may have.")),
        "earliest": Row(lazy_("First day"), lazy_("The earliest date that is taken.")),
        "latest": Row(lazy_("Last day"), lazy_("The latest date that is taken.")),
        "min_choices": Row(lazy_("Fewest choices"), lazy_("Of several answers.")),
        "max_choices": Row(lazy_("Most choices"), lazy_("Of several answers.")),
        "questions": Row(lazy_("Columns"), lazy_("What each row asks.")),
        "min_rows": Row(lazy_("Fewest rows"), lazy_("Of a table, a group or a list of people.")),
        "max_rows": Row(lazy_("Most rows"), lazy_("Of a table, a group or a list of people.")),
        "formula": Row(
            lazy_("Computed by"),
            lazy_("Arithmetic over columns or tags, such as quantity * unit_cost; such an answer is never typed."),
        ),
        "total": Row(lazy_("Total under the column"), lazy_("The sum of the column is shown under it.")),
        "holder": Row(lazy_("Whose fiscal code"), lazy_("Of a person or of an organisation; nothing for both.")),
        "inside_areas": Row(lazy_("Only inside the target areas"), lazy_("A point outside them is refused.")),
        "accept": Row(lazy_("Kinds of file"), lazy_("The endings that are taken, such as pdf.")),
        "max_mb": Row(lazy_("Largest size (MB)"), lazy_("Of one file.")),
        "max_files": Row(lazy_("Most files"), lazy_("How many may be attached to this question.")),
        "strip_metadata": STRIP,
    },
    Option: {
        "key": KEY,
        "label": Row(lazy_("Answer"), lazy_("As applicants read it.")),
    },
    Condition: {
        "all": Row(lazy_("All of these"), lazy_("Holds when every one of them holds.")),
        "any": Row(lazy_("At least one of these"), lazy_("Holds when one of them holds.")),
        "not_": Row(lazy_("Not this"), lazy_("Holds when the other does not.")),
        "question": Row(lazy_("Answer to a question"), lazy_("The key of the question that is looked at.")),
        "fact": Row(lazy_("Fact about the applicant"), lazy_("Such as applicant.kind or applicant.age_months.")),
        "equals": Row(lazy_("Is"), lazy_("The answer is this.")),
        "differs": Row(lazy_("Is not"), lazy_("The answer is another one.")),
        "in_": Row(lazy_("Is one of"), lazy_("The answer is in this list.")),
        "above": Row(lazy_("Is more than"), lazy_("The answer is above this.")),
        "at_least": Row(lazy_("Is at least"), lazy_("The answer is this or more.")),
        "below": Row(lazy_("Is less than"), lazy_("The answer is below this.")),
        "at_most": Row(lazy_("Is at most"), lazy_("The answer is this or less.")),
        "answered": Row(lazy_("Is answered"), lazy_("Whether there is an answer at all.")),
    },
}
