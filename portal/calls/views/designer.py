"""The designer: outline, form and preview of a draft; each change is one form, and each works without JavaScript."""

from collections.abc import Callable

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.access.labels import KINDS, LEGAL_FORMS
from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import labels
from portal.calls.callfile import design_from_json
from portal.calls.designer import editing, words
from portal.calls.designer.forms import PlaceForm, Typed, form_at
from portal.calls.designer.outline import section_of, title_of
from portal.calls.designer.page import page_at
from portal.calls.designer.places import Document, NoSuchPlace, Place, read_place, write_place
from portal.calls.models import Call
from portal.calls.operations import designing as operations
from portal.calls.operations.designing import ChangedMeanwhile
from portal.calls.preview import HEAD, PARTS, call_as_if, section_as_if
from portal.calls.queries.drafts import designed_call
from portal.calls.rules.validity import publication_faults
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid, InvalidForm, Refusal
from portal.core.i18n import LANGUAGES, _, locale, speaking
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page, wants_fragment
from portal.core.web.errors import status_of
from portal.core.web.respond import go_to
from portal.questionnaires.rules.design import QuestionType


def place_of(text: str) -> Place:
    """The place that an address names; NotFound for what is none."""
    return read_place(text)


def address_of(slug: str, place: Place) -> str:
    """The designer's page of a place."""
    return url_for("calls.design", slug=slug, place=write_place(place))


@bp.get("/manage/calls/<slug>/design")
@declares(Action.CALL_DESIGN)
def designing(slug: str) -> ResponseReturnValue:
    """The designer at its first section."""
    return _shown(slug, ("call", "about"))


@bp.get("/manage/calls/<slug>/design/<path:place>")
@declares(Action.CALL_DESIGN)
def design(slug: str, place: str) -> ResponseReturnValue:
    """One place of a draft: the outline, its form, the preview."""
    return _shown(slug, place_of(place))


@bp.post("/manage/calls/<slug>/design/<path:place>")
@declares(Action.CALL_DESIGN)
def save(slug: str, place: str) -> ResponseReturnValue:
    """Save one block; what cannot be read, and what somebody else changed, comes back with what was typed."""
    here, typed = place_of(place), request.form.to_dict(flat=False)
    try:
        with unit_of_work() as session:
            edit = operations.save_part(
                session, call_id=designed_call(session, slug, current_actor()).id, place=here, typed=typed,
                seen=request.form.get("seen", ""), actor=current_actor(), now=now(),
            )  # fmt: skip
    except (InvalidForm, ChangedMeanwhile, editing.StillUsed) as refusal:
        return _shown(slug, here, typed, refusal)
    flash(_("Saved.") if edit else _("Nothing was changed."))
    return go_to(address_of(slug, here))


@bp.post("/manage/calls/<slug>/preview/<path:place>")
@declares(Action.CALL_DESIGN)
def preview(slug: str, place: str) -> ResponseReturnValue:
    """The draft as an applicant would see it with what is typed now; nothing is saved."""
    here, typed = place_of(place), request.form.to_dict(flat=False)
    if not wants_fragment():
        return _shown(slug, here, typed)
    with reading() as session:
        call = designed_call(session, slug, current_actor())
        return _preview(call, here, _as_typed(call.definition, here, typed))


@bp.post("/manage/calls/<slug>/arrange/<path:place>")
@declares(Action.CALL_DESIGN)
def arrange(slug: str, place: str) -> ResponseReturnValue:
    """Add, duplicate, move up or down, remove: `do` says which."""
    here, done = place_of(place), request.form.get("do", "")
    try:
        with unit_of_work() as session:
            call = designed_call(session, slug, current_actor())
            goes_to = STEPS.get(done, _unknown)(session, call, here)
    except (editing.StillUsed, editing.LastOne, ChangedMeanwhile) as refusal:
        return _shown(slug, here, None, refusal)
    flash(_said(done))
    return go_to(_after(slug, here, goes_to))


@bp.post("/manage/calls/<slug>/undo")
@declares(Action.CALL_DESIGN)
def undo(slug: str) -> ResponseReturnValue:
    """Take the last change back."""
    with unit_of_work() as session:
        call = designed_call(session, slug, current_actor())
        edit = operations.undo_last(session, call_id=call.id, actor=current_actor(), now=now())
        place = _standing_at(call.definition, read_place(edit.place))
    flash(_("The last change is taken back."))
    return go_to(address_of(slug, place))


def _add(session: Session, call: Call, here: Place) -> Place:
    kind = request.form.get("type", "")
    given = {"type": kind} if kind in set(QuestionType) else {}
    return operations.add_part(
        session, call_id=call.id, place=here, given=given, actor=current_actor(), now=now()
    )  # fmt: skip


def _duplicate(session: Session, call: Call, here: Place) -> Place:
    return operations.duplicate_part(
        session, call_id=call.id, place=here, seen=request.form.get("seen", ""), actor=current_actor(), now=now()
    )


def _move(step: int) -> Callable[[Session, Call, Place], Place]:
    def move(session: Session, call: Call, here: Place) -> Place:
        return operations.move_part(
            session, call_id=call.id, place=here, step=step, seen=request.form.get("seen", ""),
            actor=current_actor(), now=now(),
        )  # fmt: skip

    return move


def _remove(session: Session, call: Call, here: Place) -> Place:
    return operations.remove_part(
        session, call_id=call.id, place=here, seen=request.form.get("seen", ""), actor=current_actor(), now=now()
    )


def _unknown(_session: Session, _call: Call, _here: Place) -> Place:
    raise Invalid


STEPS: dict[str, Callable[[Session, Call, Place], Place]] = {
    "add": _add, "duplicate": _duplicate, "up": _move(-1), "down": _move(1), "remove": _remove,
}  # fmt: skip


def _said(done: str) -> str:
    said = {"add": _("Added."), "duplicate": _("Duplicated."), "up": _("Moved up."), "down": _("Moved down.")}
    return str(said.get(done) or _("Removed. “Undo” brings it back."))


def _after(slug: str, here: Place, goes_to: Place) -> str:
    """Where one goes after a change of the outline: a move leads back to where it was asked from, its line in focus."""
    asked_from = request.form.get("from", "")
    if request.form.get("do") in ("up", "down") and asked_from and read_place(asked_from) != here:
        return address_of(slug, read_place(asked_from)) + f"#line-{write_place(goes_to).replace('/', '-')}"
    goal = goes_to or here[:-1] or ("call", "about")
    return address_of(slug, goal)


def _standing_at(document: Document, place: Place) -> Place:
    """The nearest place above that still has a page."""
    while place:
        try:
            page_at(document, place, [])
        except NoSuchPlace:
            place = place[:-1]
        else:
            return place
    return ("call", "about")


def _as_typed(document: Document, here: Place, typed: Typed) -> Document:
    """The draft with what is typed now, as far as it can be read."""
    form = form_at(document, here)
    if form is None:
        return document
    reading_ = form.read(typed)
    values = {name: value for name, value in reading_.values.items() if name not in reading_.errors}
    try:
        return editing.save(document, form.holder, values).document
    except Refusal:
        return document


def _shown(
    slug: str, here: Place, typed: Typed | None = None, refusal: Refusal | None = None
) -> ResponseReturnValue:  # fmt: skip
    """The page of a place, with what was typed and why it was refused, if anything was."""
    with reading() as session:
        call = designed_call(session, slug, current_actor())
        document = call.definition
        errors = refusal.errors if isinstance(refusal, InvalidForm) else {}
        shown = page_at(document, here, publication_faults(design_from_json(document)), typed, errors)
        seen = _as_typed(document, here, typed) if typed else document
        return page(
            "calls/designer/page.html", status_of(refusal) if refusal else 200, call=call, shown=shown,
            title=title_of(document), refusal=refusal, theirs=_theirs(shown.form, refusal),
            preview=Markup(_preview(call, here, seen)), spoken=_spoken(), words=words, frozen=_frozen(call, here),  # noqa: S704
        )  # fmt: skip


def _frozen(call: Call, here: Place) -> object | None:
    """Why this part cannot change any more, once the call has opened."""
    has_opened = call.published_at is not None and any(phase.opens_at <= now() for phase in call.phases)
    return words.why_frozen(here) if has_opened else None


def _theirs(form: PlaceForm | None, refusal: Refusal | None) -> list[object]:
    """What stands there now, where somebody else wrote in the meantime."""
    if form is None or not isinstance(refusal, ChangedMeanwhile):
        return []
    return [each for each in form.fields(form.typed, {}) if not each.is_fixed]


def _spoken() -> str:
    """The language of the preview: the one that was switched to, else that of the page."""
    wanted = request.values.get("spoken", "")
    return wanted if wanted in LANGUAGES else locale()


def _preview(call: Call, here: Place, document: Document) -> str:
    """The preview of a place, written in its language."""
    design_now = design_from_json(document)
    seen = call_as_if(call, design_now, call.authority, now())
    section = section_of(here)
    with speaking(_spoken()):
        return render_template(
            "calls/designer/_preview.html", call=seen, design=design_now, phase=seen.phases[0], instant=now(),
            labels=labels, kinds=KINDS, forms=LEGAL_FORMS, parts=PARTS.get(section.key if section else "", HEAD),
            asked=section_as_if(design_now, here), spoken=_spoken(), lines=[], place=write_place(here),
        )  # fmt: skip
