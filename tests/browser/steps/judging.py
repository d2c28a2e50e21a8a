"""Admissibility, the commission, conflicts, scores, the ranking, and what each applicant reads."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

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

STEPPED_BACK = "You stepped back from the application: it is closed to you, and the office has been told."
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
    officer.press("Assign the applications")
    expect(officer.main.get_by_role("row", name=re.compile(CAST["chair"][0]))).to_be_visible()


def step_back(stage: Stage) -> None:
    """One evaluator is in conflict with the group: not one byte of the proposal reaches them, before or after."""
    other, who = islice(_readers(stage), 2)
    evaluator = stage.person(who).visit("/scoring")
    assert GROUP.title not in evaluator.page.content()
    _row(evaluator, GROUP).get_by_role("link").click()
    evaluator.heading("Are you in conflict with this applicant?")
    address, content = evaluator.path, evaluator.page.content()
    assert GROUP.title not in content
    assert "due educatrici" not in content
    evaluator.choose("Your declaration", "I have a conflict of interest: I step back from this application")
    evaluator.fill("What the conflict is", "Mia sorella insegna nel doposcuola del gruppo.")
    evaluator.press("Send the declaration").sees(STEPPED_BACK)
    assert evaluator.status_of(address) == 404
    file = _first_file(stage, other)
    assert evaluator.status_of(f"{address}/files/{file}") == 404
    assert evaluator.status_of(f"{stage.facts[GROUP.person]}/content") in {403, 404}
    assert evaluator.status_of(f"{stage.facts[GROUP.person]}/files/{file}") in {403, 404}
    evaluator.page.goto(address)
    assert GROUP.title not in evaluator.page.content()


def _readers(stage: Stage) -> Iterator[str]:
    """The members of the commission who have the group's proposal on their list, in the order of their seats."""
    return (key for key in COMMISSION if _row(stage.person(key).visit("/scoring"), GROUP).count())


def _row(who: Somebody, proposal: Proposal) -> Locator:
    return who.main.get_by_role("row").filter(has_text=proposal.organisation)


def _first_file(stage: Stage, key: str) -> str:
    """Another evaluator, free of conflict, opens the proposal and a file of it; the key of that file."""
    reader = stage.person(key).visit("/scoring")
    _declare_free(reader, GROUP)
    link = reader.main.get_by_role("link", name=GROUP.documents[0])
    address = str(link.get_attribute("href"))
    assert reader.status_of(address) == 200
    return address.rsplit("/", 1)[1]


def _declare_free(who: Somebody, proposal: Proposal) -> None:
    _row(who, proposal).get_by_role("link").click()
    who.heading("Are you in conflict with this applicant?")
    who.choose("Your declaration", "I have no conflict of interest with this applicant")
    who.press("Send the declaration").heading(proposal.title)


def score_everything(stage: Stage) -> None:
    """Each declares and scores what is theirs, criterion by criterion, each with its reason; then it is final."""
    for key in COMMISSION:
        evaluator = stage.person(key)
        for proposal in (GROUP, ASSOCIATION):
            evaluator.visit("/scoring")
            row = _row(evaluator, proposal)
            if not row.count() or row.get_by_role("link", name=re.compile(it("Read"))).count():
                continue
            if row.get_by_role("link", name=re.compile(it("Declare"))).count():
                _declare_free(evaluator, proposal)
            else:
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


def compute_the_ranking(stage: Stage) -> None:
    """The chair computes it; nobody outside sees it yet."""
    stage.clock.advance(minutes=10)
    chair = stage.person("chair").visit(COMMISSION_PAGE)
    chair.press("Compute the ranking").sees("The ranking is computed. Read it before publishing it.")
    chair.follow("Version %(number)s", number=1)
    stage.facts["ranking"] = chair.path
    assert stage.person("association").status_of(chair.path) in {403, 404}


def publish(stage: Stage, *, final: bool) -> None:
    """The officer sees the effect, then publishes by an act."""
    stage.clock.advance(days=30 if final else 0, minutes=1)
    word = "final" if final else "provisional"
    officer = stage.person("officer").visit(COMMISSION_PAGE)
    officer.fill("Number of the act", "2026/210/00802" if final else "2026/210/00538")
    officer.fill("Date of the act", stage.clock().date().isoformat())
    officer.press(f"Publish version %(number)s as {word}", number=1).sees(f"The {word} ranking is published.")
    first, second = (officer.main.get_by_role("row").nth(place) for place in (1, 2))
    expect(first).to_contain_text(GROUP.organisation)
    expect(first).to_contain_text("84,50")
    expect(second).to_contain_text(ASSOCIATION.organisation)
    expect(second).to_contain_text("72,50")


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
