"""Appointing, assigning, declaring, scoring, ranking, publishing: one public function a use case."""

from portal.evaluation.operations.agreeing import assent, propose_mark
from portal.evaluation.operations.assigning import Made, assign_all
from portal.evaluation.operations.assigning_one import assign_one, take_back
from portal.evaluation.operations.changing import leave_seat, seat_by_act
from portal.evaluation.operations.clarifying import ask_clarification, hand_over_answer, not_pass_on, pass_on
from portal.evaluation.operations.commissions import appoint_commission
from portal.evaluation.operations.conflicts import Particulars, answer_names, declare_in_general, step_back
from portal.evaluation.operations.deciding import decide_suggestion
from portal.evaluation.operations.departing import depart_with_grant, record_departure
from portal.evaluation.operations.disclosing import (
    ask_for_documents,
    decide_request,
    object_to_disclosure,
    take_bundle,
    tell_counter_interested,
)
from portal.evaluation.operations.discussing import write_note
from portal.evaluation.operations.distributing import ask_distribution, confirm_distribution, set_aside_distribution
from portal.evaluation.operations.drawing import enter_seed, publish_draw
from portal.evaluation.operations.lifting import lift_conflict
from portal.evaluation.operations.minutes import close_sitting, correct_minutes, sign_minutes, write_remark
from portal.evaluation.operations.observing import reply_to_observation, send_observation
from portal.evaluation.operations.publishing import publish_final, publish_provisional
from portal.evaluation.operations.ranking_runs import compute
from portal.evaluation.operations.rectifying import publish_rectified, score_now_for_then, scroll_down
from portal.evaluation.operations.refusing import refuse_minutes
from portal.evaluation.operations.releasing import give_clean_copy, open_by_act
from portal.evaluation.operations.reopening import reopen_scores
from portal.evaluation.operations.rounds import begin_round
from portal.evaluation.operations.scoring import StaleScore, finalise_scores, save_score, save_scores
from portal.evaluation.operations.sittings import cancel_sitting, convene_sitting, note_presence, open_sitting
from portal.evaluation.operations.substituting import call_in_substitute
from portal.evaluation.operations.terms_of_evaluators import set_terms
from portal.evaluation.seating import ApplicantCannotSit

__all__ = [
    "ApplicantCannotSit",
    "Made",
    "Particulars",
    "StaleScore",
    "answer_names",
    "appoint_commission",
    "ask_clarification",
    "ask_distribution",
    "ask_for_documents",
    "assent",
    "assign_all",
    "assign_one",
    "begin_round",
    "call_in_substitute",
    "cancel_sitting",
    "close_sitting",
    "compute",
    "confirm_distribution",
    "convene_sitting",
    "correct_minutes",
    "decide_request",
    "decide_suggestion",
    "declare_in_general",
    "depart_with_grant",
    "enter_seed",
    "finalise_scores",
    "give_clean_copy",
    "hand_over_answer",
    "leave_seat",
    "lift_conflict",
    "not_pass_on",
    "note_presence",
    "object_to_disclosure",
    "open_by_act",
    "open_sitting",
    "pass_on",
    "propose_mark",
    "publish_draw",
    "publish_final",
    "publish_provisional",
    "publish_rectified",
    "record_departure",
    "refuse_minutes",
    "reopen_scores",
    "reply_to_observation",
    "save_score",
    "save_scores",
    "score_now_for_then",
    "scroll_down",
    "seat_by_act",
    "send_observation",
    "set_aside_distribution",
    "set_terms",
    "sign_minutes",
    "step_back",
    "take_back",
    "take_bundle",
    "tell_counter_interested",
    "write_note",
    "write_remark",
]
