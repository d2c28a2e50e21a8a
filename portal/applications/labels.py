"""Statuses and points in words; applicants and office read the same ones."""

from portal.applications.rules import AdmissibilityPoint as P
from portal.applications.rules import ApplicationStatus as S
from portal.core.i18n import lazy_

LABELS = {
    S.DRAFT: lazy_("draft"),
    S.SUBMITTED: lazy_("submitted"),
    S.INTEGRATION_REQUESTED: lazy_("integration requested"),
    S.ADMISSIBLE: lazy_("admissible"),
    S.INADMISSIBLE: lazy_("not admissible"),
    S.SCORED: lazy_("evaluated"),
    S.SUITABLE: lazy_("suitable"),
    S.SELECTED: lazy_("admitted to the next phase"),
    S.NOT_SUITABLE: lazy_("not suitable"),
    S.FUNDED: lazy_("funded"),
    S.RESERVE_LIST: lazy_("suitable, not funded"),
    S.WITHDRAWN: lazy_("withdrawn"),
    S.RENOUNCED: lazy_("renounced"),
    S.EXCLUDED: lazy_("excluded"),
}
TONES = {
    S.DRAFT: "neutral",
    S.SUBMITTED: "info",
    S.INTEGRATION_REQUESTED: "warning",
    S.ADMISSIBLE: "progress",
    S.INADMISSIBLE: "danger",
    S.SCORED: "progress",
    S.SUITABLE: "success",
    S.SELECTED: "success",
    S.NOT_SUITABLE: "danger",
    S.FUNDED: "success",
    S.RESERVE_LIST: "warning",
    S.WITHDRAWN: "neutral",
    S.RENOUNCED: "neutral",
    S.EXCLUDED: "danger",
}
POINTS = {
    P.IN_TIME: lazy_("Received within the term"),
    P.APPLICANT: lazy_("The applicant may take part"),
    P.AREA: lazy_("The project is in a target area"),
    P.DOCUMENTS: lazy_("The required documents are there"),
    P.AMOUNTS: lazy_("The grant requested is within the limits"),
    P.COFINANCING: lazy_("The applicant's own share is enough"),
    P.ELIGIBILITY: lazy_("The rules for taking part are met"),
    P.PEOPLE: lazy_("The people of the applicant are as the call asks"),
    P.CONSORTIUM: lazy_("The consortium is as the call asks"),
    P.COSTS: lazy_("The costs are those that the call bears"),
}
