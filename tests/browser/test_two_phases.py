"""Two calls of two phases as their people live them, in Italian, in Chromium: from an idea to a signed agreement."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from portal.core.db import database
from tests.browser.steps import applying, choosing, granting, paying, proposing, training
from tests.browser.steps import judging as j
from tests.browser.steps.people import Stage, Step
from tests.factories.journey import Cast
from tests.factories.quarters import (
    ABSENT,
    BODY,
    BODY_STAYS,
    CHECKS,
    CLAUSES,
    GROUP,
    GROUP_BECOMES,
    MILANO,
    MILANO_CAST,
    MILANO_CUP,
    NAPOLI,
    NAPOLI_CAST,
    NAPOLI_CUPS,
    STATUTE,
    STATUTE_STEP,
    TEAM,
    TEAM_BECOMES,
    TOO_MUCH,
    set_the_stage,
)


def open_phase(stage: Stage, *, slug: str, number: int) -> None:
    """The opening of a phase comes."""
    stage.clock.set(training.phases_of(stage, slug)[number].opens_at + timedelta(hours=1))


def rank(slug: str, phase: str, outsider: str, rows: Sequence[tuple[str, ...]]) -> list[tuple[str, Step]]:
    """The ranking of a phase: computed, published as provisional, then for good."""
    page = choosing.page_of(slug, phase)
    publish = partial(j.publish, page=page, rows=rows, after=5)
    return [
        (f"the ranking of {phase} is computed", partial(j.compute_the_ranking, page=page, outsider=outsider)),
        (f"the ranking of {phase} is provisional", partial(publish, final=False)),
        (f"the ranking of {phase} is final", partial(publish, final=True)),
    ]


SELECTED = [(TEAM.organisation, "95,00"), (ABSENT.organisation, "90,00")]
FUNDED = [(TEAM.organisation, "97,00")]
"""Two of these points are for a group whose majority is under 35: computed from its answers."""

MILANO_STEPS: list[tuple[str, Step]] = [
    ("the idea opens", partial(open_phase, slug=MILANO, number=0)),
    ("the group introduces itself", partial(applying.introduce, proposal=TEAM)),
    ("another group introduces itself", partial(applying.introduce, proposal=ABSENT)),
    ("a second person joins", partial(proposing.bring_a_mate, proposal=TEAM, mate="mate")),
    ("the group writes its idea", partial(proposing.write_the_idea, proposal=TEAM, mate="mate")),
    ("the group confirms its idea", partial(applying.confirm_as_the_call_wants, proposal=TEAM)),
    ("the group sends its idea", partial(applying.send_with_a_double_click, proposal=TEAM, asks_for_money=False)),
    ("the other group writes its own", partial(proposing.fill, proposal=ABSENT)),
    ("the other group sends its own", partial(proposing.send, proposal=ABSENT)),
    ("the ideas are scored", partial(choosing.evaluate, slug=MILANO, number=0,
                                     names=[TEAM.organisation, ABSENT.organisation])),
    *rank(MILANO, "idea", "team", SELECTED),
    ("both come to a meeting", partial(training.note_a_meeting, slug=MILANO, title="Il bisogno e chi lo vive",
                                       there=[TEAM.organisation, ABSENT.organisation])),
    ("one comes to the next", partial(training.note_a_meeting, slug=MILANO, title="Conti e sostenibilità",
                                      there=[TEAM.organisation])),
    ("and to the others", partial(training.meet_further, slug=MILANO, there=[TEAM], meetings=3)),
    ("the training is closed", partial(training.close, slug=MILANO, invited=1, told=1)),
    ("the project opens", partial(open_phase, slug=MILANO, number=1)),
    ("who was absent reads why", partial(training.read_why_not, proposal=ABSENT, attended="10 h", needed="42 h")),
    ("the group begins its project", partial(proposing.begin_the_project, proposal=TEAM)),
    ("the group writes its project", partial(proposing.write_the_project, proposal=TEAM, mate="mate")),
    ("the group confirms its project", partial(applying.confirm_as_the_call_wants, proposal=TEAM)),
    ("the group sends its project", partial(applying.send_with_a_double_click, proposal=TEAM)),
    ("the projects are scored", partial(choosing.evaluate, slug=MILANO, number=1, names=[TEAM.organisation])),
    *rank(MILANO, "project", "absent", FUNDED),
    ("the grant is awarded", partial(granting.award, slug=MILANO, effect=("€ 18.500,00", "€ 381.500,00"),
                                     proposals=[TEAM])),
    ("the group accepts", partial(granting.accept_the_grant, proposal=TEAM)),
    ("the group reads a draft of its statute", partial(granting.read_the_statute, proposal=TEAM, title=STATUTE[0])),
    ("the group shows its step", partial(granting.show_a_step, proposal=TEAM, text=STATUTE_STEP)),
    ("the group becomes an association", partial(granting.incorporate, proposal=TEAM, entity=TEAM_BECOMES,
                                                 is_frozen=True)),
    ("a check in the browser", partial(granting.record_checks, key="team", texts=[CHECKS["declarations"][1]])),
    ("the other checks", partial(granting.check_the_rest, key="team")),
    ("the list of checks is closed", partial(granting.close_the_checks, key="team")),
    ("the agreement is prepared", partial(granting.prepare_the_agreement, key="team", cup=MILANO_CUP,
                                          words=[TEAM_BECOMES.name, CLAUSES["associazioni"][0]])),
    ("the association signs", partial(granting.sign_on_the_portal, key="team")),
    ("the office countersigns", partial(granting.countersign, key="team")),
    ("the association has its grant", partial(granting.look_at_the_recipient, proposal=TEAM, entity=TEAM_BECOMES)),
    ("the worker runs", Stage.work),
    ("nothing is broken", paying.nothing_is_broken),
]  # fmt: skip


LISTS = {"Enti del terzo settore": BODY.organisation, "Gruppi informali": GROUP.organisation}
LISTS_OF_PROJECTS = LISTS | {"Gruppi informali": GROUP_BECOMES.name}


def each_of_both(words: str, step: Callable[..., None]) -> list[tuple[str, Step]]:
    """The same step of the body and of the group."""
    return [(f"{each.person} {words}", partial(step, proposal=each)) for each in (BODY, GROUP)]


def agreement_of(key: str, clause: str, recipient: str) -> list[tuple[str, Step]]:
    """Checks and agreement of one of them, with the clause of its legal form."""
    prepare = partial(granting.prepare_the_agreement, key=key, cup=NAPOLI_CUPS[key], words=[clause, recipient])
    return [
        (f"the checks of {key}", partial(granting.check_the_rest, key=key)),
        (f"the checks of {key} are closed", partial(granting.close_the_checks, key=key)),
        (f"the agreement of {key}", prepare),
    ]


NAPOLI_STEPS: list[tuple[str, Step]] = [
    ("the idea opens", partial(open_phase, slug=NAPOLI, number=0)),
    *each_of_both("introduces itself", applying.introduce),
    *each_of_both("finds its form", proposing.find_the_own_form),
    *each_of_both("writes the rest", proposing.fill),
    *each_of_both("sends", proposing.send),
    ("the ideas are scored", partial(choosing.evaluate, slug=NAPOLI, number=0,
                                     names=[BODY.organisation, GROUP.organisation])),
    *rank(NAPOLI, "idea", "group", []),
    ("each has a ranking of its own", partial(choosing.look_at_two_rankings, lists=LISTS)),
    ("both are accompanied", partial(training.meet_further, slug=NAPOLI, there=[BODY, GROUP], meetings=5)),
    ("the accompaniment is closed", partial(training.close, slug=NAPOLI, invited=2, told=0)),
    ("the project opens", partial(open_phase, slug=NAPOLI, number=1)),
    ("the group becomes an entity", partial(proposing.become_an_entity_first, proposal=GROUP, entity=GROUP_BECOMES)),
    *each_of_both("begins its project", proposing.begin_the_project),
    *each_of_both("writes its project", proposing.fill),
    ("the body asks for too much", partial(proposing.ask_for_too_much, proposal=BODY, amount=TOO_MUCH)),
    ("a group may bring less", partial(proposing.read_the_own_share, proposal=GROUP, own="2.500,00")),
    *each_of_both("sends its project", proposing.send),
    ("the projects are scored", partial(choosing.evaluate, slug=NAPOLI, number=1,
                                        names=[BODY.organisation, GROUP_BECOMES.name])),
    *rank(NAPOLI, "project", "group", []),
    ("each still has its ranking", partial(choosing.look_at_two_rankings, lists=LISTS_OF_PROJECTS)),
    ("both are awarded", partial(granting.award, slug=NAPOLI, effect=("€ 126.000,00", "€ 47.500,00", "€ 173.500,00"),
                                 proposals=[BODY, GROUP])),
    *each_of_both("accepts", granting.accept_the_grant),
    *agreement_of("body", CLAUSES["cooperative"][0], BODY.organisation),
    *agreement_of("group", CLAUSES["associazioni"][0], GROUP_BECOMES.name),
    ("the body signs", partial(granting.sign_on_the_portal, key="body")),
    ("the association signs", partial(granting.sign_by_a_copy, key="group")),
    ("the body is countersigned", partial(granting.countersign, key="body")),
    ("the association is countersigned", partial(granting.countersign, key="group")),
    ("the body has its grant", partial(granting.look_at_the_recipient, proposal=BODY, entity=BODY_STAYS)),
    ("the association has its own", partial(granting.look_at_the_recipient, proposal=GROUP, entity=GROUP_BECOMES)),
    ("the worker runs", Stage.work),
    ("nothing is broken", paying.nothing_is_broken),
]  # fmt: skip


def play(live, clock, open_page, slug: str, cast: Cast, steps: list[tuple[str, Step]]) -> None:
    """From the published call to the end."""
    with live.app.app_context(), Session(database.engine) as session:
        set_the_stage(session, slug, cast, now=clock())
        session.commit()
    Stage(live, clock, open_page, by_form=False).play(steps)


@pytest.mark.timeout(300)
def test_milano_a_group_that_completed_its_training_becomes_an_association_and_signs(live, clock, open_page):
    play(live, clock, open_page, MILANO, MILANO_CAST, MILANO_STEPS)


@pytest.mark.timeout(300)
def test_napoli_a_body_and_a_group_go_their_own_ways_to_agreements_of_their_own(live, clock, open_page):
    play(live, clock, open_page, NAPOLI, NAPOLI_CAST, NAPOLI_STEPS)
