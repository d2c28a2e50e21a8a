"""The page on which everything is checked, confirmed and sent."""

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.access.web import current_actor
from portal.applications.eligibility import Judged, Verdict, judge
from portal.applications.operations.formalities import NotDeclared, StampUsed
from portal.applications.queries import OpenDraft, draft_for
from portal.applications.queries.elsewhere import standing_elsewhere
from portal.applications.queries.sign_offs import digest_of, is_asked, signed_off, who_may_sign
from portal.applications.sending_forms import AskSignOffForm, send_form, sign_off_form
from portal.applications.views.shown import fault_links
from portal.calls.rules import TwoConsortia
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal

IN_THE_FORM = (NotDeclared, StampUsed)


def check_page(application_id: UUID, refusal: Refusal | None = None) -> ResponseReturnValue:
    """Everything to be mended; where nothing is, the effect of sending, what is still asked, and the button.

    Of what is no draft any more the refusal alone is left to be said.
    """
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        if not opened.application.is_draft:
            if refusal is not None:
                raise refusal
            return redirect(url_for("applications.show", application_id=application_id), code=303)
        return page(
            "applications/check.html", status_of(refusal) if refusal else 200, application=opened.application,
            opened=opened, faults=fault_links(opened), unmet=_unmet(opened), excluding=_excluding(session, opened),
            is_open=opened.application.phase.is_open(now()), **_asked(session, opened, refusal),
        )  # fmt: skip


def _unmet(opened: OpenDraft) -> list[Judged]:
    """The rules of the call that this draft seems not to meet: said, never a refusal."""
    judged = judge(opened.draft.design.eligibility, opened.draft.filled)
    return [each for each in judged if each.verdict is Verdict.NOT_MET]


def _excluding(session: Session, opened: OpenDraft) -> tuple[str, ...] | None:
    """Who stands in another consortium that applied, where the call then excludes both; None where it does not."""
    applied, rule = opened.application, TwoConsortia.EXCLUDES_ALL
    if not applied.organisation.is_consortium or applied.design.participation.two_consortia is not rule:
        return None
    return standing_elsewhere(session, applied, rule)


def _asked(session: Session, opened: OpenDraft, refusal: Refusal | None) -> dict[str, Any]:
    """The form of sending as it was typed, and how it stands with the confirmation."""
    digest, actor, rules = digest_of(opened), current_actor(), opened.draft.design.sending
    signed = signed_off(session, opened.application.id, digest) if is_asked(opened) else None
    typed = request.form if refusal is not None else None
    standing = signed is not None and signed.standing is not None
    form = send_form(rules, typed, declared_already=standing)
    if isinstance(refusal, IN_THE_FORM):
        show_refusal(form, refusal)
    form.seen.data = digest
    may_sign = signed is not None and allowed(actor, Action.APPLICATION_SIGN, opened.application)
    signing = sign_off_form(rules, typed) if may_sign and not standing else None
    if signing is not None:
        if isinstance(refusal, NotDeclared):
            show_refusal(signing, refusal)
        signing.seen.data = digest
    asking = AskSignOffForm(None).offer(who_may_sign(session, opened.application, now())) if signed else None
    shown = None if isinstance(refusal, IN_THE_FORM) else refusal
    return {"form": form, "signed": signed, "signing": signing, "asking": asking, "refusal": shown}
