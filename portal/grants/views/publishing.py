"""The page on which a grant is published, with all that becomes public shown first."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.grants import operations, queries
from portal.grants.forms import PublicationForm
from portal.grants.operations.publication import PublicationTyped, proposed
from portal.grants.views.bp import bp


@bp.get("/grants/<uuid:grant_id>/publication")
@declares(Action.GRANT_PUBLISH)
def publication(grant_id: UUID) -> ResponseReturnValue:
    """What becomes public, and the form."""
    return _page(grant_id)


@bp.post("/grants/<uuid:grant_id>/publication")
@declares(Action.GRANT_PUBLISH)
def publish(grant_id: UUID) -> ResponseReturnValue:
    """Publish the grant, or correct what was published."""
    form = PublicationForm()
    if not form.validate():
        return _page(grant_id, form, 422)
    typed = PublicationTyped(
        form.legal_basis.data, form.summary.data, form.cv_url.data or "", bool(form.is_withheld.data)
    )
    try:
        with unit_of_work() as session:
            operations.publish_grant(session, grant_id=grant_id, typed=typed, actor=current_actor(), now=now())
    except Refusal as refusal:
        return _page(grant_id, form, show_refusal(form, refusal))
    flash(_("The grant is published."))
    return go_to(url_for("grants.show", grant_id=grant_id))


def _page(grant_id: UUID, form: PublicationForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        grant = queries.grant_to_read(session, current_actor(), grant_id)
        authorise(current_actor(), Action.GRANT_PUBLISH, grant)
        newest = queries.publications_of(session, [grant.id]).get(grant.id)
        return page(
            "grants/publication.html", status, grant=grant, newest=newest,
            form=form or PublicationForm(None, obj=newest or proposed(grant=grant)),
        )  # fmt: skip
