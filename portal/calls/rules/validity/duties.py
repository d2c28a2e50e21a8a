"""What the forms must ask so that the duties of applicants can be checked: people, what is in kind, kinds of cost."""

from portal.calls.rules.design import AgesOf, CallDesign
from portal.calls.rules.validity.fault import Fault, Faults, Seen, choose, views
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Form, Question, QuestionType

TEAM, REPRESENTS, IN_KIND = "team.members", "team.representative", "cofinancing.in_kind"
OF_CATEGORY, CATEGORY, COST = "cost.", "cost.category", "budget.cost"
NAME, BORN_ON = "name", "born_on"


def people(design: CallDesign) -> Faults:
    """Ages, and people that do not change, need a list of them in the form of the first phase."""
    ages = {rule.ages_of for rule in design.applicants if rule.ages_of is not None}
    if not ages and not design.participation.frozen_composition:
        return
    seen = _first(design)
    found = _asked(seen, TEAM)
    team = next((question for _place, question in found if question.type is QuestionType.PEOPLE), None)
    if team is None:
        yield Fault(seen.at("questionnaire"), lazy_("The form does not ask who the people of the applicant are."),
                    lazy_("Add a question of type people with the tag %(tag)s.", tag=TEAM))  # fmt: skip
        return
    place = found[0][0]
    columns = {column.key: column for column in team.columns}
    for key, needed in ((BORN_ON, bool(ages)), (NAME, design.participation.frozen_composition)):
        if needed and key not in columns:
            yield Fault(f"{place}.questions", lazy_("The list of people does not ask for “%(key)s”.", key=key),
                        lazy_("Add a column with this key."))  # fmt: skip
    marks = [column for column in team.columns if column.tag == REPRESENTS and column.type is QuestionType.YES_NO]
    if AgesOf.REPRESENTATIVE in ages and not marks:
        yield Fault(f"{place}.questions", lazy_("The list of people does not say who represents the applicant."),
                    lazy_("Add a column yes or no with the tag %(tag)s.", tag=REPRESENTS))  # fmt: skip


def in_kind(design: CallDesign) -> Faults:
    """A bound to what is given in kind needs an amount of it."""
    seen = last_seen(design)
    if design.own_share.in_kind_most is not None and not _asked(seen, IN_KIND):
        yield Fault(seen.at("questionnaire"), lazy_("The form does not ask how much is given in kind."),
                    lazy_("Add an amount of money with the tag %(tag)s.", tag=IN_KIND))  # fmt: skip


def categories(design: CallDesign) -> Faults:
    """Kinds of cost that the forms name exist; those with a ceiling are asked for."""
    known = {each.key for each in design.costs.categories}
    for seen in views(design):
        for place, question in _questions(seen):
            yield from _named(place, question, known)
    seen = last_seen(design)
    by_tag = Form(seen.design.sections).by_tag
    for index, category in enumerate(design.costs.categories):
        if category.most is not None and not {OF_CATEGORY + category.key, CATEGORY} & by_tag.keys():
            yield Fault(
                f"costs.categories.{index}.most",
                lazy_("The form does not ask how much is spent on “%(key)s”.", key=category.key),
                lazy_("Give the tag %(own)s to its amounts, or ask for the kind in the table of costs (tag %(any)s).",
                      own=OF_CATEGORY + category.key, any=CATEGORY),
            )  # fmt: skip


def _named(place: str, question: Question, known: set[str]) -> Faults:
    columns = [(f"{place}.questions.{number}", column) for number, column in enumerate(question.questions)]
    for where, each in [(place, question), *columns]:
        tag = each.tag or ""
        if tag.startswith(OF_CATEGORY) and tag != CATEGORY and tag.removeprefix(OF_CATEGORY) not in known:
            yield Fault(f"{where}.tag", lazy_("“%(tag)s” is not a kind of cost of this call.", tag=tag),
                        choose(sorted(OF_CATEGORY + key for key in known)))  # fmt: skip
    for where, column in columns:
        if column.tag == CATEGORY:
            yield from _chosen(where, question, column, known)
    if question.tag == CATEGORY:
        yield Fault(f"{place}.tag", lazy_("The kind of a cost is asked beside its amount, in the table of costs."),
                    lazy_("Give this tag to a column of the table."))  # fmt: skip


def _chosen(place: str, table: Question, column: Question, known: set[str]) -> Faults:
    """The column that asks for the kind of a cost: a choice among those of the call, beside amounts."""
    if column.type is not QuestionType.CHOICE or not any(each.tag == COST for each in table.columns):
        yield Fault(f"{place}.tag",
                    lazy_("The kind of a cost is a choice beside an amount with the tag %(tag)s.", tag=COST),
                    lazy_("Make it a choice, and give the tag to the amounts of the same table."))  # fmt: skip
    for number, option in enumerate(column.options):
        if option.key not in known:
            yield Fault(f"{place}.options.{number}.key",
                        lazy_("“%(tag)s” is not a kind of cost of this call.", tag=option.key),
                        choose(sorted(known)))  # fmt: skip


def several(design: CallDesign) -> Faults:
    """Which of several applications a later phase would follow cannot be told."""
    if not design.participation.one_application_only and len(design.phases) > 1:
        yield Fault("participation.one_application_only",
                    lazy_("A later phase could not tell which of several applications it follows."),
                    lazy_("Take one application of each applicant, or leave one phase."))  # fmt: skip


def _first(design: CallDesign) -> Seen:
    every = views(design)
    has_its_own = bool(design.phases) and design.phases[0].selection is not None
    return every[1] if has_its_own else every[0]


def last_seen(design: CallDesign) -> Seen:
    """The call as its last phase has it: where money is asked for."""
    every = views(design)
    return every[-1] if design.phases and design.phases[-1].selection else every[0]


def _asked(seen: Seen, tag: str) -> list[tuple[str, Question]]:
    """The questions that have this tag, or a column that has it, with their places."""
    return [
        (place, question)
        for place, question in _questions(seen)
        if tag in (question.tag, *(column.tag for column in question.columns))
    ]


def _questions(seen: Seen) -> list[tuple[str, Question]]:
    return [
        (f"{seen.at('questionnaire')}.sections.{number}.questions.{index}", question)
        for number, section in enumerate(seen.design.questionnaire.sections)
        for index, question in enumerate(section.questions)
    ]
