"""The part of maturity in the page of a grant."""

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.coaching.maturity.labels import LACKS, STAGES, TONES, WARNINGS
from portal.coaching.maturity.pictures import said_of
from portal.coaching.maturity.queries.standings import Grown, grown
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine
from portal.grants.queries import is_of_the_team


def grant_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """The stage of the team, for whoever may read its maturity; open warnings, for the office alone."""
    if not allowed(actor, Action.MATURITY_READ, grant):
        return None
    is_office = allowed(actor, Action.WARNING_SEE, grant) and not is_of_the_team(actor, grant.organisation_id)
    found = grown(session, [grant], with_warnings=is_office).get(grant.id)
    if found is None:
        return None
    url, standing = f"/grants/{grant.id}/maturity", found.standing
    note = str(LACKS[standing.lacks[0]]) if standing.lacks else ""
    line = PartLine(_("Stage of the team"), url, str(STAGES[standing.stage]), TONES[standing.stage], note)
    return GrantPart(
        key="maturity", title=_("Maturity"), lines=(line, *_warned(found, url)), empty="", url=url,
        button=_("Ratings and stage"),
    )  # fmt: skip


def _warned(found: Grown, url: str) -> list[PartLine]:
    """Each open warning, with the facts behind it."""
    said = said_of(found.rules)
    return [
        PartLine(str(WARNINGS[each.kind]), f"{url}#warnings", _("to be looked at"), "warning", said(each))
        for each in found.warnings
    ]
