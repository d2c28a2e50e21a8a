"""The office countersigns, on the portal or by a file, or sends a signature back."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import unit_of_work
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.grants.agreements import operations
from portal.grants.agreements.forms import CountersignedCopyForm, CountersignForm, ReturnForm
from portal.grants.agreements.looking import copy_arriving
from portal.grants.agreements.views.bp import bp
from portal.grants.agreements.views.grant import agreement_page

DONE = "agreements.show"


@bp.post("/grants/<uuid:grant_id>/agreement/countersign")
@declares(Action.AGREEMENT_COUNTERSIGN)
def countersign(grant_id: UUID) -> ResponseReturnValue:
    """Countersign the signature that was shown, on the portal."""
    return _act(grant_id, CountersignForm(), operations.countersign_agreement)


@bp.post("/grants/<uuid:grant_id>/agreement/return")
@declares(Action.AGREEMENT_COUNTERSIGN)
def give_back(grant_id: UUID) -> ResponseReturnValue:
    """Send the signature back with a reason."""
    return _act(grant_id, ReturnForm(), operations.return_copy)


@bp.post("/grants/<uuid:grant_id>/agreement/countersigned")
@declares(Action.AGREEMENT_COUNTERSIGN)
def send_countersigned(grant_id: UUID) -> ResponseReturnValue:
    """Send the copy that both have signed."""
    form = CountersignedCopyForm()
    if not form.validate():
        return agreement_page(grant_id, form, 422)
    asked = partial(operations.countersigned_copy_asked, grant_id=grant_id, actor=current_actor())
    try:
        with copy_arriving(form.signed_copy.data or None, asked) as given, unit_of_work() as session:
            operations.countersign_copy(
                session, grant_id=grant_id, actor=current_actor(), now=now(), seen=form.seen.data or "",
                reason=form.reason.data or "", **given,
            )  # fmt: skip
    except Refusal as refusal:
        return _refused(grant_id, form, refusal)
    flash(_("The agreement is countersigned."), "success")
    return go_to(url_for(DONE, grant_id=grant_id))


def _act(grant_id: UUID, form: Any, operation: Any) -> ResponseReturnValue:
    if not form.validate():
        return agreement_page(grant_id, form, 422)
    try:
        with unit_of_work() as session:
            operation(
                session, grant_id=grant_id, seen=form.seen.data or "", reason=form.reason.data or "",
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _refused(grant_id, form, refusal)
    return go_to(url_for(DONE, grant_id=grant_id))


def _refused(grant_id: UUID, form: Any, refusal: Refusal) -> ResponseReturnValue:
    if refusal.field is None:
        raise refusal
    return agreement_page(grant_id, form, show_refusal(form, refusal))
