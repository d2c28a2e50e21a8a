"""The tranches of a grant, on its page, and what holds all of them."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.core.instants import format_day
from portal.core.money import format_money
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine
from portal.payments.labels import STATUS, TONE
from portal.payments.models import Tranche
from portal.payments.queries.tranches import tranches_with_irregularities


def grant_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """The tranches of a grant with their amount and state, for whoever may see them."""
    if not allowed(actor, Action.TRANCHE_READ, grant):
        return None
    return GrantPart(
        key="tranches",
        title=_("Tranches"),
        lines=tuple(_lines(session, actor, grant)) if grant.starts_on else (),
        empty=_("Tranches are drawn when the agreement comes into force."),
    )


def _lines(session: Session, actor: Actor, grant: Grant) -> Iterator[PartLine]:
    """First what holds every payment, then each tranche. One statement."""
    rows = session.execute(tranches_with_irregularities(grant.id)).all()
    number = rows[0].open_count if rows and allowed(actor, Action.IRREGULARITY_READ, grant) else 0
    if number:
        yield PartLine(
            label=str(ngettext("%(num)d irregularity is open", "%(num)d irregularities are open", number)),
            url=f"/grants/{grant.id}/irregularities", state=_("payments stopped"), tone="danger",
            note=_("Nothing is decided yet: read what was found, and what can be done."),
        )  # fmt: skip
    yield from (_line(row.Tranche) for row in rows)


def _line(tranche: Tranche) -> PartLine:
    note = _("tranche of %(amount)s", amount=format_money(tranche.amount_cents))
    if tranche.paid_on:
        note += " · " + _("paid on %(day)s", day=format_day(tranche.paid_on))
    elif tranche.due_on:
        note += " · " + _("to be paid by %(day)s", day=format_day(tranche.due_on))
    return PartLine(
        label=f"{tranche.number}. {in_language(tranche.name)}",
        url=f"/tranches/{tranche.id}",
        state=str(STATUS[tranche.status]),
        tone=TONE[tranche.status],
        note=note,
        step=tranche.milestone_id,
    )
