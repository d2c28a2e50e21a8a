"""The recipient signs: by a signed file, or on the portal."""

from functools import partial
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
from portal.grants.agreements.forms import AcceptForm, CopyForm
from portal.grants.agreements.looking import copy_arriving
from portal.grants.agreements.views.bp import bp
from portal.grants.agreements.views.grant import agreement_page


@bp.post("/grants/<uuid:grant_id>/agreement/sign")
@declares(Action.AGREEMENT_SIGN)
def sign(grant_id: UUID) -> ResponseReturnValue:
    """Send the signed copy."""
    form = CopyForm()
    if not form.validate():
        return agreement_page(grant_id, form, 422)
    asked = partial(operations.signed_copy_asked, grant_id=grant_id, actor=current_actor())
    try:
        with copy_arriving(form.signed_copy.data or None, asked) as given, unit_of_work() as session:
            operations.sign_agreement(
                session, grant_id=grant_id, seen_sha256=form.document.data or "", actor=current_actor(), now=now(),
                **given,
            )  # fmt: skip
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return agreement_page(grant_id, form, show_refusal(form, refusal))
    flash(_("The signed copy was sent: the office looks at it and countersigns."), "success")
    return go_to(url_for("agreements.show", grant_id=grant_id))


@bp.post("/grants/<uuid:grant_id>/agreement/accept")
@declares(Action.AGREEMENT_ACCEPT)
def accept(grant_id: UUID) -> ResponseReturnValue:
    """Accept the document whose hash was shown."""
    form = AcceptForm()
    if not form.validate():
        return agreement_page(grant_id, form, 422)
    with unit_of_work() as session:
        operations.accept_agreement(
            session, grant_id=grant_id, seen_sha256=form.document.data or "", actor=current_actor(), now=now()
        )
    flash(_("You have signed on the portal: the office countersigns."), "success")
    return go_to(url_for("agreements.show", grant_id=grant_id))
