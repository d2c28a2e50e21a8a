"""The part of maturity in the page of a grant."""

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.coaching.maturity.labels import LACKS, STAGES, TONES
from portal.coaching.maturity.queries.standings import grown
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine


def grant_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """The stage of the team, for whoever may read its maturity."""
    if not allowed(actor, Action.MATURITY_READ, grant):
        return None
    found = grown(session, [grant]).get(grant.id)
    if found is None:
        return None
    url, standing = f"/grants/{grant.id}/maturity", found.standing
    note = str(LACKS[standing.lacks[0]]) if standing.lacks else ""
    line = PartLine(_("Stage of the team"), url, str(STAGES[standing.stage]), TONES[standing.stage], note)
    return GrantPart(
        key="maturity", title=_("Maturity"), lines=(line,), empty="", url=url, button=_("Ratings and stage")
    )
