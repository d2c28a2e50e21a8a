"""The designer: outline, form and preview of a draft; each change is one form, and each works without JavaScript."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

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
from portal.calls.preview import HEAD, PARTS, call_as_if, section_as_if, shapes_that_can_be_drawn
from portal.calls.queries.drafts import designed_call
from portal.calls.rules.validity import publication_faults
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import InvalidForm, Refusal
from portal.core.i18n import LANGUAGES, _, locale, speaking
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page, wants_fragment
from portal.core.web.errors import status_of
from portal.core.web.respond import go_to


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
    return shown_at(slug, ("call", "about"))


@bp.get("/manage/calls/<slug>/design/<path:place>")
@declares(Action.CALL_DESIGN)
def design(slug: str, place: str) -> ResponseReturnValue:
    """One place of a draft: the outline, its form, the preview."""
    return shown_at(slug, place_of(place))


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
        return shown_at(slug, here, typed, refusal)
    flash(_("Saved.") if edit else _("Nothing was changed."))
    return go_to(address_of(slug, here))


@bp.post("/manage/calls/<slug>/preview/<path:place>")
@declares(Action.CALL_DESIGN)
def preview(slug: str, place: str) -> ResponseReturnValue:
    """The draft as an applicant would see it with what is typed now; nothing is saved."""
    here, typed = place_of(place), request.form.to_dict(flat=False)
    if not wants_fragment():
        return shown_at(slug, here, typed)
    with reading() as session:
        call = designed_call(session, slug, current_actor())
        preview_now = _preview(call, here, _as_typed(call.definition, here, typed))
        return preview_now + _fields_for_another_type(call, here, typed)


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


def shown_at(
    slug: str, here: Place, typed: Typed | None = None, refusal: Refusal | None = None
) -> ResponseReturnValue:  # fmt: skip
    """The page of a place, with what was typed and why it was refused, if anything was."""
    with reading() as session:
        call = designed_call(session, slug, current_actor())
        document = call.definition
        errors = refusal.errors if isinstance(refusal, InvalidForm) else {}
        faults = publication_faults(design_from_json(document))
        shown = page_at(document, here, faults, typed, errors, has_opened=_has_opened(call))
        seen = _as_typed(document, here, typed) if typed else document
        return page(
            "calls/designer/page.html", status_of(refusal) if refusal else 200, call=call, shown=shown,
            title=title_of(document), refusal=refusal, theirs=_theirs(shown.form, refusal),
            preview=Markup(_preview(call, here, seen)), spoken=_spoken(), words=words, has_map=_has_map(here),  # noqa: S704
        )  # fmt: skip


def _fields_for_another_type(call: Call, here: Place, typed: Typed) -> str:
    """The fields of the type that was just chosen, with what was typed as far as it fits; nothing where none was."""
    form = form_at(call.definition, here)
    if form is None or not form.changes_type(typed):
        return ""
    shown = page_at(call.definition, here, [], typed)
    return render_template("calls/designer/_typed_again.html", call=call, shown=shown, words=words)


def _has_map(here: Place) -> bool:
    """Whether the preview of a place draws the areas."""
    section = section_of(here)
    return section is not None and section.key == "places"


def _has_opened(call: Call) -> bool:
    """Whether ways of choosing are fixed by now."""
    return call.published_at is not None and any(phase.opens_at <= now() for phase in call.phases)


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
            drawn=shapes_that_can_be_drawn(design_now),
        )  # fmt: skip
