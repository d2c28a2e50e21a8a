"""The main job, as its people do it: from a call in draft to a paid tranche, in Italian, in Chromium."""

from functools import partial

import pytest
from sqlalchemy.orm import Session

from portal.core.db import database
from tests.browser.steps import accompanying, applying, calling, granting, judging, paying
from tests.browser.steps.people import Stage, Step
from tests.factories.journey import ASSOCIATION, GROUP, set_the_stage

STEPS: list[tuple[str, Step]] = [
    ("the officer publishes the call", calling.publish_the_call),
    ("the call opens", applying.open_the_call),
    ("the association introduces itself", partial(applying.introduce, proposal=ASSOCIATION)),
    ("the group introduces itself", partial(applying.introduce, proposal=GROUP)),
    ("a draft keeps what is typed", partial(applying.autosave_keeps_what_is_typed, proposal=GROUP)),
    ("the group writes", partial(applying.write, proposal=GROUP)),
    ("the association writes", partial(applying.write, proposal=ASSOCIATION)),
    ("the group attaches", partial(applying.attach_two_files, proposal=GROUP)),
    ("the association attaches", partial(applying.attach_two_files, proposal=ASSOCIATION)),
    ("the group sends", partial(applying.send_with_a_double_click, proposal=GROUP)),
    ("the association sends", partial(applying.send_with_a_double_click, proposal=ASSOCIATION)),
    ("the worker runs", Stage.work),
    ("the group keeps the receipt", partial(applying.keep_the_receipt, proposal=GROUP)),
    ("the association keeps the receipt", partial(applying.keep_the_receipt, proposal=ASSOCIATION)),
    ("the latecomer comes too late", applying.come_too_late),
    ("the group is admitted", partial(judging.admit, proposal=GROUP)),
    ("the association is admitted", partial(judging.admit, proposal=ASSOCIATION)),
    ("the commission is appointed", judging.appoint),
    ("an evaluator in conflict steps back", judging.step_back),
    ("the commission scores", judging.score_everything),
    ("the chair computes the ranking", judging.compute_the_ranking),
    ("the provisional ranking is published", partial(judging.publish, final=False)),
    ("the group reads its result", partial(judging.read_the_own_result, proposal=GROUP)),
    ("the association reads its result", partial(judging.read_the_own_result, proposal=ASSOCIATION)),
    ("the final ranking is published", partial(judging.publish, final=True)),
    ("the grants are awarded", granting.award),
    ("the association is checked", granting.check_the_association),
    ("the group incorporates", granting.incorporate),
    ("the agreement is signed", granting.sign),
    ("the gates are closed", granting.look_at_closed_gates),
    ("the grant is published", granting.publish),
    ("the account is opened", granting.open_the_account),
    ("a coach is assigned", accompanying.engage_the_coach),
    ("the coach logs two sessions", accompanying.log_two_sessions),
    ("the team answers", accompanying.answer_the_sessions),
    ("a milestone is reported", partial(accompanying.report, narrative="Lo spazio è aperto.")),
    ("the report is returned", accompanying.give_back),
    ("the milestone is reported again", partial(accompanying.report, narrative="Ecco il calendario firmato.")),
    ("the report is accepted", accompanying.accept),
    ("the tranche is requested", paying.request),
    ("the officer verifies", paying.verify_it),
    ("the maker proposes", paying.propose),
    ("the approver approves", paying.approve),
    ("the payment file is made", paying.make_the_file),
    ("the payment is recorded", paying.record_the_payment),
    ("every page agrees to the cent", paying.agree_to_the_cent),
    ("nothing is broken", paying.nothing_is_broken),
]
"""What happens, in the order in which it happens; each step is one person's, at a browser of their own."""


@pytest.mark.timeout(300)
def test_the_main_job_from_a_draft_call_to_a_paid_tranche(live, clock, open_page):
    with live.app.app_context(), Session(database.engine) as session:
        set_the_stage(session, now=clock())
        session.commit()
    Stage(live, clock, open_page).play(STEPS)
