"""What officers do with several applications: what it touches is listed first; and the list as a file to take away."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, flash, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import exporting
from portal.applications.exporting import Export, Format
from portal.applications.inbox.acts import effects_of
from portal.applications.inbox.labels import DONE
from portal.applications.inbox.operations import act_on_several, must_be_some
from portal.applications.inbox.rules import MOST_COUNTED, Act, Wanted
from portal.applications.messages.files import several_rules
from portal.applications.messages.forms import MessageForm
from portal.applications.messages.operations import write_to_several
from portal.applications.queries.inbox import chosen_entries
from portal.applications.views.blueprint import bp
from portal.applications.views.lists import list_address
from portal.core.clock import now
from portal.core.db import database
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.i18n import _, ngettext
from portal.core.spreadsheets import csv_parts
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.core.workbooks import xlsx_parts
from portal.documents.receiving import arriving_for

MESSAGE, EXPORT = "message", "export"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/manage/applications/chosen")
@declares(Action.APPLICATION_LIST)
def chosen() -> ResponseReturnValue:
    """What an act will do to the applications chosen, one by one, before it is done."""
    asked, wanted = request.args.get("act", ""), Wanted.read(request.args)
    keys = _keys(request.args.getlist("chosen"))
    if not keys:
        flash(_("Choose at least one application in the list."), "warning")
        return go_to(list_address(wanted))
    if asked == EXPORT:
        told: dict[str, Any] = wanted.told()
        return go_to(url_for("applications.exporting_list", chosen=keys, **told))
    if asked == MESSAGE:
        return _writing_page(MessageForm(formdata=None), wanted, keys)
    act = _act(asked)
    must_be_some(keys=keys)
    with reading() as session:
        entries = chosen_entries(session, current_actor(), keys, Action.APPLICATION_TAKE)
        return page("applications/chosen.html", effects=effects_of(act, entries, current_actor()), wanted=wanted,
                    back=list_address(wanted))  # fmt: skip


@bp.post("/manage/applications/act")
@declares(Action.APPLICATION_TAKE)
def act_on_chosen() -> ResponseReturnValue:
    """Do it."""
    act, wanted = _act(request.form.get("act", "")), Wanted.read(request.form)
    with unit_of_work() as session:
        effects = act_on_several(
            session, keys=_keys(request.form.getlist("chosen")), act=act, actor=current_actor(),
            now=now(),
        )  # fmt: skip
    flash(DONE[act](len(effects.touched)), "success")
    return go_to(list_address(wanted))


@bp.post("/manage/applications/message")
@declares(Action.APPLICATION_TAKE)
def write_to_chosen() -> ResponseReturnValue:
    """Write the same message to several teams, each in its own file."""
    form, wanted, keys = MessageForm(), Wanted.read(request.form), _keys(request.form.getlist("chosen"))
    if not form.validate():
        return _writing_page(form, wanted, keys, 422)
    asked = partial(several_rules, keys=keys, actor=current_actor())
    try:
        with arriving_for(len(keys), form.files.data or [], asked) as files, unit_of_work() as session:
            number = write_to_several(
                session, keys=keys, text=form.text.data or "", uploads=files, actor=current_actor(), now=now()
            )
    except (Invalid, TooMany) as refusal:
        return _writing_page(form, wanted, keys, show_refusal(form, refusal))
    flash(ngettext("The message went to %(num)d team.", "The message went to %(num)d teams.", number), "success")
    return go_to(list_address(wanted))


@bp.get("/manage/applications/export")
@declares(Action.APPLICATION_LIST)
def exporting_list() -> ResponseReturnValue:
    """What a file would hold, before it is made."""
    wanted, keys = Wanted.read(request.args), _keys(request.args.getlist("chosen"))
    with reading() as session:
        found = exporting.export_of(session, wanted=wanted, keys=keys, actor=current_actor(), now=now())
        return page("applications/export.html", found=found, wanted=wanted, keys=keys, columns=exporting.head(),
                    back=list_address(wanted), formats=list(Format), many=MOST_COUNTED)  # fmt: skip


@bp.post("/manage/applications/export")
@declares(Action.APPLICATION_EXPORT)
def export() -> ResponseReturnValue:
    """The file; that it was taken is recorded before its first row leaves."""
    wanted, keys = Wanted.read(request.form), _keys(request.form.getlist("chosen"))
    given = request.form.get("format", "")
    form = Format(given) if given in set(Format) else Format.XLSX
    with unit_of_work(once=False) as session:
        found = exporting.export_list(session, wanted=wanted, keys=keys, form=form, actor=current_actor(), now=now())
    return _file(found, form)


def _file(found: Export, form: Format) -> Response:
    """It goes out a part at a time, however long the list is."""
    headers = {"Content-Disposition": f'attachment; filename="{found.name}.{form.value}"'}
    if form is Format.CSV:
        parts, kind = csv_parts(exporting.head(), _rows(found)), CSV
    else:
        parts, kind = xlsx_parts(_("Applications"), exporting.head(), _rows(found)), XLSX
    return Response(stream_with_context(parts), content_type=kind, headers=headers)


def _rows(found: Export) -> Iterator[list[object]]:
    """Read in a session of their own, which ends with the last row: that of the request ends before they leave."""
    with Session(database.engine) as session:
        session.connection(execution_options={"ro": True})
        yield from exporting.rows_of(session, found)


def _writing_page(form: MessageForm, wanted: Wanted, keys: list[UUID], status: int = 200) -> ResponseReturnValue:
    must_be_some(keys=keys)
    with reading() as session:
        entries = chosen_entries(session, current_actor(), keys, Action.APPLICATION_TAKE)
        return page("applications/write_to_chosen.html", status, form=form, entries=entries, wanted=wanted,
                    back=list_address(wanted))  # fmt: skip


def _act(text: str) -> Act:
    if text not in set(Act):
        raise Invalid(_("Choose what is to be done with the applications."))
    return Act(text)


def _keys(texts: list[str]) -> list[UUID]:
    try:
        return list(dict.fromkeys(UUID(text) for text in texts))
    except ValueError as error:
        raise NotFound from error
