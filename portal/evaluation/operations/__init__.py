"""Appointing, assigning, declaring, scoring, ranking, publishing: one public function a use case."""

from portal.evaluation.operations.assigning import Made, assign_all
from portal.evaluation.operations.commissions import ApplicantCannotSit, appoint_commission
from portal.evaluation.operations.conflicts import declare
from portal.evaluation.operations.drawing import enter_seed, publish_draw
from portal.evaluation.operations.publishing import publish_final, publish_provisional
from portal.evaluation.operations.ranking_runs import compute
from portal.evaluation.operations.scoring import StaleScore, finalise_scores, save_score, save_scores

__all__ = [
    "ApplicantCannotSit",
    "Made",
    "StaleScore",
    "appoint_commission",
    "assign_all",
    "compute",
    "declare",
    "enter_seed",
    "finalise_scores",
    "publish_draw",
    "publish_final",
    "publish_provisional",
    "save_score",
    "save_scores",
]
