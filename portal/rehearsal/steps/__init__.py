"""The steps of a rehearsal, each by the operations that people use, as the people who would use them."""

from collections.abc import Callable

from portal.rehearsal.play import Play
from portal.rehearsal.rules import Step
from portal.rehearsal.steps.applying import bring_applicants, send_applications
from portal.rehearsal.steps.between import accompany_teams, found_entities
from portal.rehearsal.steps.choosing import appoint, decide, rank, score
from portal.rehearsal.steps.designing import publish_the_twin
from portal.rehearsal.steps.findings import find
from portal.rehearsal.steps.granting import accompany, award, sign
from portal.rehearsal.steps.paying import pay

PLAYED: dict[Step, Callable[[Play], None]] = {
    Step.DESIGN: publish_the_twin,
    Step.CAST: bring_applicants,
    Step.APPLICATIONS: send_applications,
    Step.ADMISSIBILITY: decide,
    Step.COMMISSION: appoint,
    Step.SCORES: score,
    Step.RANKING: rank,
    Step.ACCOMPANIMENT: accompany_teams,
    Step.ENTITIES: found_entities,
    Step.AWARDS: award,
    Step.AGREEMENTS: sign,
    Step.COACHING: accompany,
    Step.PAYMENTS: pay,
    Step.FINDINGS: find,
}
"""Who plays which step; a test finds one for each."""
