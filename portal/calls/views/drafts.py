"""Around the designer: how a call begins, what is missing, what changed, what was."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import labels
from portal.calls.callfile import CallFileRefused, design_from_json
from portal.calls.designer import words
from portal.calls.designer.outline import title_of
from portal.calls.differences import differences
from portal.calls.forms_of_drafts import BeginForm, FileForm
from portal.calls.models import Call
from portal.calls.operations import beginning, designing
from portal.calls.queries import revisions_newest_first
from portal.calls.queries.drafts import calls_to_copy, designed_call, home_authorities, latest_edits
from portal.calls.rules.validity import Fault, publication_faults
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, Refusal
from portal.core.i18n import _, in_language, lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

EMPTY = ("", lazy_("an empty page"))


@bp.get("/manage/calls/new")
@declares(Action.CALL_DESIGN)
def new() -> ResponseReturnValue:
    """Three ways to begin: an empty page, a copy, a file."""
    with reading() as session:
        return _beginning(session, BeginForm(), FileForm(), 200)


@bp.post("/manage/calls/new")
@declares(Action.CALL_DESIGN)
def begin() -> ResponseReturnValue:
    """Begin with an empty page, or with what another call says."""
    form = BeginForm()
    with reading() as session:
        _offer(session, form)
    if not form.validate():
        return _again(form, FileForm(), 422)
    try:
        with unit_of_work() as session:
            slug = _begin(session, form).slug
    except Refusal as refusal:
        return _again(form, FileForm(), show_refusal(form, refusal))
    flash(_("The draft is begun. The outline shows what is missing."))
    return go_to(url_for("calls.design", slug=slug, place="call/about"))


@bp.post("/manage/calls/file")
@declares(Action.CALL_DESIGN)
def begin_from_file() -> ResponseReturnValue:
    """Begin with a file: every fault at once, or a draft."""
    form = FileForm()
    if not form.validate():
        return _again(BeginForm(None), form, 422)
    try:
        text = form.text()
        with unit_of_work() as session:
            call = beginning.begin_from_file(session, text=text, actor=current_actor(), now=now())
            slug = call.slug
    except CallFileRefused as refused:
        return _again(BeginForm(None), form, 422, refused.faults)
    except Refusal as refusal:
        return _again(BeginForm(None), form, show_refusal(form, refusal))
    flash(_("The file was read. Go through the draft, then have it approved."))
    return go_to(url_for("calls.design_checklist", slug=slug))


def _begin(session: Session, form: BeginForm) -> Call:
    given: dict[str, Any] = {
        "authority_id": UUID(form.authority.data), "slug": form.address, "actor": current_actor(), "now": now(),
        "title": {"it": clean_line(form.title_it.data), "en": clean_line(form.title_en.data)},
    }  # fmt: skip
    if form.source.data:
        return beginning.copy_call(session, source=form.source.data, **given)
    return beginning.begin_call(session, **given)


def _offer(session: Session, form: BeginForm) -> None:
    """What may be chosen: the authorities of the officer, and the calls that may be copied."""
    form.authority.choices = [(str(each.id), each.name) for each in home_authorities(session, current_actor())]
    earlier = [(each.slug, in_language(each.title)) for each in calls_to_copy(session, current_actor())]
    form.source.choices = [EMPTY, *((slug, _("a copy of “%(title)s”", title=title)) for slug, title in earlier)]


def _again(
    form: BeginForm, file: FileForm, status: int, faults: Sequence[Fault] = ()
) -> ResponseReturnValue:  # fmt: skip
    with reading() as session:
        return _beginning(session, form, file, status, faults)


def _beginning(
    session: Session, form: BeginForm, file: FileForm, status: int, faults: Sequence[Fault] = ()
) -> ResponseReturnValue:
    _offer(session, form)
    return page("calls/designer/new.html", status, form=form, file=file, faults=faults)


@bp.get("/manage/calls/<slug>/checklist")
@declares(Action.CALL_DESIGN)
def design_checklist(slug: str) -> ResponseReturnValue:
    """Everything missing before publication, each with the place where it is mended; and what is done."""
    with reading() as session:
        call = designed_call(session, slug, current_actor())
        sections = words.checklist(call.definition, publication_faults(design_from_json(call.definition)))
        return page(
            "calls/designer/checklist.html", call=call, title=title_of(call.definition), sections=sections,
            done=sum(1 for each in sections if not each.lines),
        )  # fmt: skip


@bp.get("/manage/calls/<slug>/edits")
@declares(Action.CALL_DESIGN)
def design_history(slug: str) -> ResponseReturnValue:
    """Every change of the draft, the last one first."""
    with reading() as session:
        call = designed_call(session, slug, current_actor())
        return page(
            "calls/designer/history.html", call=call, title=title_of(call.definition),
            edits=latest_edits(session, call), words=words,
        )  # fmt: skip


@bp.post("/manage/calls/<slug>/restore")
@declares(Action.CALL_DESIGN)
def restore(slug: str) -> ResponseReturnValue:
    """Bring the draft back to how it was after one change."""
    with unit_of_work() as session:
        call = designed_call(session, slug, current_actor())
        designing.restore(
            session, call_id=call.id, sequence=_number("sequence", request.form), actor=current_actor(), now=now()
        )  # fmt: skip
    flash(_("The draft is as it was then. “Undo” takes this back too."))
    return go_to(url_for("calls.design_history", slug=slug))


@bp.get("/manage/calls/<slug>/compare")
@declares(Action.CALL_DESIGN)
def design_compare(slug: str) -> ResponseReturnValue:
    """What changed between two revisions, or since one: the draft counts as the newest."""
    with reading() as session:
        call = designed_call(session, slug, current_actor())
        states = {str(each.number): each.definition for each in revisions_newest_first(session, call)}
        states = {"now": call.definition, **states}
        old, new_ = request.args.get("from", str(call.revision)), request.args.get("to", "now")
        if old not in states or new_ not in states:
            raise NotFound
        return page(
            "calls/designer/compare.html", call=call, title=title_of(call.definition), states=list(states),
            old=old, new=new_, differences=differences(states[old], states[new_]), labels=labels,
        )  # fmt: skip


def _number(name: str, given: Any) -> int:
    text = given.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Invalid
    return int(text)
