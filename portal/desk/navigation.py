"""The menu of people signed in: each line shows where its action is held."""

from flask import Flask, g, request

from portal.access.policy import Action
from portal.access.web import current_actor, may
from portal.core.actor import Actor
from portal.core.i18n import lazy_
from portal.core.unit_of_work import reading
from portal.desk.queries import Place, place_of

MENU = (
    (lazy_("My desk"), "/desk", Action.DESK_READ),
    (lazy_("Calls"), "/manage/calls", Action.CALL_MANAGE),
    (lazy_("Applications"), "/manage/applications", Action.APPLICATION_LIST),
    (lazy_("Library"), "/manage/library", Action.LIBRARY_READ),
    (lazy_("Look-alikes"), "/manage/likeness", Action.LIKENESS_READ),
    (lazy_("Scoring"), "/scoring", Action.SCORE_WRITE),
    (lazy_("Coaching"), "/coaching", Action.COACHING_LIST),
    (lazy_("Hours of coaches"), "/manage/coaching", Action.STATEMENT_LIST),
    (lazy_("Finance"), "/finance", Action.LEDGER_READ),
    (lazy_("Irregularities"), "/finance/irregularities", Action.IRREGULARITY_LIST),
    (lazy_("Recoveries"), "/finance/recoveries", Action.LEDGER_READ),
    (lazy_("People and roles"), "/admin", Action.PEOPLE_READ),
    (lazy_("Authority"), "/admin/authorities", Action.AUTHORITY_EDIT),
    (lazy_("Absences"), "/delegations", Action.ROLE_DELEGATE),
    (lazy_("Trail"), "/manage/trail", Action.AUDIT_READ),
    (lazy_("Privacy"), "/manage/privacy", Action.PROCESSING_READ),
    (lazy_("Public site"), "/", Action.PUBLIC_READ),
)

HOMES = (
    (Action.PRIVACY_DECIDE, "/manage/privacy"),
    (Action.ROLE_GRANT, "/admin"),
    (Action.CALL_PUBLISH, "/manage/calls"),
    (Action.SCORE_WRITE, "/scoring"),
    (Action.COACHING_LIST, "/coaching"),
    (Action.TRANCHE_PROPOSE, "/finance"),
    (Action.TRANCHE_APPROVE, "/finance"),
    (Action.AUDIT_READ, "/manage/trail"),
)
"""Where somebody works when nothing waits for them: the first line whose action they hold."""


def home_of_work() -> tuple[str, str] | None:
    """The menu's label and address of the page where this person works; None for applicants."""
    labels = {path: str(label) for label, path, _action in MENU}
    return next(((labels[path], path) for action, path in HOMES if may(action)), None)


def init_navigation(app: Flask) -> None:
    """Give every template the menu of the person, and where they belong."""

    @app.context_processor
    def navigation() -> dict[str, object]:
        actor = current_actor()
        if actor.is_anonymous or g.get("showing_error"):
            return {"nav_items": [], "actor_place": "", "actor_authority": None}
        place = g.get("place") or _place(actor)
        return {"nav_items": [(label, path, _is_here(path)) for label, path, action in MENU if may(action)],
                "actor_place": place.words, "actor_authority": place.authority}  # fmt: skip


def _place(actor: Actor) -> Place:
    with reading() as session:
        return place_of(session, actor)


def _is_here(path: str) -> bool:
    """Whether this is the line of the page: of several addresses that begin its own, the longest."""
    here = request.path + "/"
    found = [each for _, each, _ in MENU if here.startswith(each.rstrip("/") + "/") and (each != "/" or here == "//")]
    return path == max(found, key=len, default="")
