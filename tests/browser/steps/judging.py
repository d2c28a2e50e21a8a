"""Admissibility, the commission, conflicts, scores, the ranking, and what each applicant reads."""

import re
from collections.abc import Sequence
from datetime import timedelta

from playwright.sync_api import Locator, expect

from portal.calls.rules import Criterion
from tests.browser.steps.people import Somebody, Stage, it
from tests.factories.journey import (
    ASSOCIATION,
    CAST,
    COMMISSION,
    GROUP,
    POINTS,
    REASON,
    SLUG,
    Proposal,
    closes_at,
    design,
)

STEPPED_BACK = "Your declaration is recorded: it is closed to you, and the office has been told."
COMMISSION_PAGE = f"/manage/calls/{SLUG}/commission"


def admit(stage: Stage, proposal: Proposal) -> None:
    """From the list of what came in: the computed checklist, and the decision."""
    stage.clock.set(max(stage.clock(), closes_at() + timedelta(days=3)))
    officer = stage.person("officer").visit(f"/manage/calls/{SLUG}/applications")
    officer.follow(proposal.title).follow("Decide on admissibility").heading("Admissibility")
    officer.choose("Decision", "Admit to evaluation")
    officer.press("Record the decision").sees("The decision was recorded and the applicant was told.")


def appoint(stage: Stage) -> None:
    """Chair and four members, by an act; then who reads what."""
    officer = stage.person("officer").visit(COMMISSION_PAGE)
    officer.fill("Number of the act", "2026/210/00214")
    officer.fill("Date of the act", stage.clock().date().isoformat())
    officer.main.get_by_label(it("Chair"), exact=True).select_option(label=CAST["chair"][0])
    for key in COMMISSION[1:]:
        officer.tick(CAST[key][0])
    officer.press("Appoint the commission").sees("The commission is appointed. Assign the applications next.")
    plan = officer.follow("Assign the applications").press("Work out a plan").path
    stage.work()
    officer.visit(plan).press("Put the plan into force")
    expect(officer.main.get_by_role("row", name=re.compile(CAST["chair"][0]))).to_be_visible()


def step_back(stage: Stage) -> None:
    """Everybody swears and declares on names; one is in conflict with the group: not one byte of it reaches them."""
    one, *others = COMMISSION[::-1]
    for key in others:
        _declare(stage.person(key))
    evaluator = stage.person(one).take_step(it("Give your declaration as a member of the commission"))
    assert GROUP.organisation not in evaluator.page.content()
    _swear(evaluator)
    evaluator.sees(GROUP.organisation)
    for secret in (GROUP.title, "due educatrici"):
        assert secret not in evaluator.page.content()
    evaluator.main.get_by_label(GROUP.organisation, exact=True).check()
    evaluator.choose("Your declaration", "I am in conflict with those I tick, and with no other")
    evaluator.press("Send the declaration")
    evaluator.page.locator("li", has_text=GROUP.organisation).get_by_role("textbox").fill("Mia sorella vi insegna.")
    evaluator.press("Send the declaration").sees(STEPPED_BACK)
    file = _first_file(stage)
    for path in ("/content", f"/files/{file}"):
        assert evaluator.status_of(f"{stage.facts[GROUP.person]}{path}") in {403, 404}
    evaluator.visit("/scoring")
    for secret in (GROUP.title, GROUP.organisation):
        assert secret not in evaluator.page.content()


def _declare(who: Somebody) -> None:
    who.visit("/scoring").main.get_by_role("link", name=re.compile(it("Declare"))).click()
    _swear(who)
    who.choose("Your declaration", "I am in no conflict with any of them")
    who.press("Send the declaration").sees("Your declaration is recorded. Thank you.")


def _swear(who: Somebody) -> None:
    who.heading("Declaration of the commission")
    who.choose("Your declaration", "I declare what is written above")
    who.press("Sign and go on to the names").heading("Are you in conflict with any of these?")


def _row(who: Somebody, proposal: Proposal) -> Locator:
    return who.main.get_by_role("row").filter(has_text=proposal.organisation)


def _first_file(stage: Stage) -> str:
    """An evaluator free of conflict opens the proposal and a file of it; the key of that file."""
    reader = next(who for key in COMMISSION if _row(who := stage.person(key).visit("/scoring"), GROUP).count())
    _row(reader, GROUP).get_by_role("link").click()
    link = reader.main.get_by_role("link", name=GROUP.documents[0])
    address = str(link.get_attribute("href"))
    assert reader.status_of(address) == 200
    return address.rsplit("/", 1)[1]


def score_everything(stage: Stage) -> None:
    """Each scores what is theirs, criterion by criterion, each with its reason; then it is final."""
    for key in COMMISSION:
        evaluator = stage.person(key)
        for proposal in (GROUP, ASSOCIATION):
            evaluator.visit("/scoring")
            row = _row(evaluator, proposal)
            if not row.count() or row.get_by_role("link", name=re.compile(it("Read"))).count():
                continue
            row.get_by_role("link").click()
            _score(evaluator, proposal)


def _score(evaluator: Somebody, proposal: Proposal) -> None:
    evaluator.heading(proposal.title)
    for criterion, points in zip(design().criteria, POINTS[proposal.organisation], strict=True):
        evaluator.main.get_by_role("textbox", name=_of(it("Points"), criterion)).fill(points)
        evaluator.main.get_by_role("textbox", name=_of(it("Reason"), criterion)).fill(REASON)
    evaluator.press("Save and check").heading("Check the scores")
    evaluator.press("Make the scores final").sees("The scores are final. Thank you.")


def _of(label: str, criterion: Criterion) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(label)}\s*: {re.escape(criterion.name['it'])}$")


def compute_the_ranking(stage: Stage, *, page: str = COMMISSION_PAGE, outsider: str = "association") -> None:
    """The chair computes it; nobody outside sees it yet."""
    stage.clock.advance(minutes=10)
    chair = stage.person("chair").visit(page)
    chair.press("Compute the ranking").sees("The ranking is computed. Read it before publishing it.")
    chair.follow("Version %(number)s", number=1)
    stage.facts["ranking"] = chair.path
    assert stage.person(outsider).status_of(chair.path) in {403, 404}


RANKED = ((GROUP.organisation, "84,50"), (ASSOCIATION.organisation, "72,50"))
"""Whom the rows of the ranking name, and their points; by which days the final one follows the provisional one."""
BETWEEN = 30


def publish(
    stage: Stage, *, final: bool, page: str = COMMISSION_PAGE, rows: Sequence[tuple[str, ...]] = RANKED,
    after: int = BETWEEN,
) -> None:  # fmt: skip
    """The officer sees the effect, then publishes by an act; `rows`: what each line of the ranking shows, in order."""
    stage.clock.advance(days=after if final else 0, minutes=1)
    word = "final" if final else "provisional"
    officer = stage.person("officer").visit(page)
    officer.fill("Number of the act", "2026/210/00802" if final else "2026/210/00538")
    officer.fill("Date of the act", stage.clock().date().isoformat())
    officer.press(f"Publish version %(number)s as {word}", number=1).sees(f"The {word} ranking is published.")
    shown = officer.main.locator("tbody tr")
    for place, words in enumerate(rows):
        for each in words:
            expect(shown.nth(place)).to_contain_text(each)


def read_the_own_result(stage: Stage, proposal: Proposal) -> None:
    """Points and reasons, without the names of the evaluators; the other's are closed."""
    who = stage.person(proposal.person).visit(f"{stage.facts[proposal.person]}/outcome")
    who.heading("Outcome of the application").sees(REASON)
    total = "84,50" if proposal is GROUP else "72,50"
    expect(who.main).to_contain_text(total)
    for key in COMMISSION:
        assert CAST[key][0] not in who.page.content()
    other = ASSOCIATION if proposal is GROUP else GROUP
    assert who.status_of(f"{stage.facts[other.person]}/outcome") in {403, 404}
