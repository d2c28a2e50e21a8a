"""The public pages: the first page, results, funded projects, open data, declarations."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.access.policy import Action
from portal.access.queries.authorities import authorities_by_name
from portal.access.web import current_actor, declares
from portal.calls import labels
from portal.calls.queries import authorities_with_calls, open_calls_by_deadline, published_calls
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.db import Base
from portal.core.errors import NotFound
from portal.core.privacy.register import register
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.core.web.fresh import fresh_page
from portal.evaluation.labels import RANKING_LABELS
from portal.reporting.forms import SampleForm
from portal.reporting.labels import map_points
from portal.reporting.open_data import COLUMNS, grants_document, grants_table
from portal.reporting.queries import (
    FundedFilter,
    funded_project,
    funded_projects,
    home_totals,
    places_of_projects,
    published_rankings,
)

bp = Blueprint("reporting", __name__)


@bp.get("/")
@declares(Action.PUBLIC_READ)
def home() -> ResponseReturnValue:
    """What Vivaio is, and what is open now."""
    instant = now()
    with reading() as session:
        return _public(
            "reporting/home.html",
            calls=open_calls_by_deadline(session, instant), totals=home_totals(session), labels=labels, instant=instant,
        )  # fmt: skip


@bp.get("/results")
@declares(Action.PUBLIC_READ)
def results() -> ResponseReturnValue:
    """Published rankings, the newest first."""
    slug = _asked("call")
    with reading() as session:
        rankings = published_rankings(session, call_slug=slug)
        calls = published_calls(session, now=now())
        return _public("reporting/results.html", rankings=rankings, calls=calls, slug=slug, words=RANKING_LABELS)


@bp.get("/funded")
@declares(Action.PUBLIC_READ)
def funded() -> ResponseReturnValue:
    """Funded projects, as a list and as a map."""
    wanted = _wanted()
    with reading() as session:
        projects, more = funded_projects(session, wanted)
        return _public(
            "reporting/funded.html",
            projects=projects, more=more, wanted=wanted, places=places_of_projects(session, wanted),
            calls=published_calls(session, now=now()), authorities=authorities_with_calls(session),
        )  # fmt: skip


@bp.get("/funded/<reference>")
@declares(Action.PUBLIC_READ)
def project(reference: str) -> ResponseReturnValue:
    """One funded project, with what the law asks to be public."""
    with reading() as session:
        return _public("reporting/project.html", project=funded_project(session, reference))


@bp.get("/funded/places.geojson")
@declares(Action.PUBLIC_READ)
def funded_places() -> ResponseReturnValue:
    """A point for each area with funded projects, or for each city."""
    with reading() as session:
        features = map_points(places_of_projects(session, _wanted()))
    return {"type": "FeatureCollection", "features": features}


@bp.get("/open-data")
@declares(Action.PUBLIC_READ)
def open_data() -> ResponseReturnValue:
    """What can be taken away, in which formats, under which licence."""
    return _public("reporting/open_data.html", columns=COLUMNS)


@bp.get("/open-data/grants.csv")
@declares(Action.PUBLIC_READ)
def grants_csv() -> ResponseReturnValue:
    """Every published grant as a table."""
    with reading() as session:
        table = grants_table(funded_projects(session, _wanted(), most=None)[0], _site())
    headers = {"Content-Disposition": 'attachment; filename="grants.csv"'}
    return Response(table, content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/open-data/grants.json")
@declares(Action.PUBLIC_READ)
def grants_json() -> ResponseReturnValue:
    """Every published grant in the 360Giving standard."""
    with reading() as session:
        return grants_document(funded_projects(session, _wanted(), most=None)[0], _site())


@bp.get("/accessibility")
@declares(Action.PUBLIC_READ)
def accessibility() -> ResponseReturnValue:
    """The declaration of accessibility."""
    return _public("reporting/accessibility.html")


@bp.get("/privacy")
@declares(Action.PUBLIC_READ)
def privacy() -> ResponseReturnValue:
    """What is kept about people, why, and for how long."""
    with reading() as session:
        authorities = authorities_by_name(session)
        return _public("reporting/privacy.html", register=register(Base.metadata), authorities=authorities)


@bp.get("/.well-known/security.txt")
@declares(Action.PUBLIC_READ)
def security_txt() -> ResponseReturnValue:
    """Where to report a vulnerability (RFC 9116)."""
    expires = (now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    host = request.host.split(":", maxsplit=1)[0]
    lines = [f"Contact: mailto:security@{host}", f"Expires: {expires}", "Preferred-Languages: it, en",
             f"Canonical: {_site()}/.well-known/security.txt"]  # fmt: skip
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/styleguide")
@declares(Action.PUBLIC_READ)
def styleguide() -> ResponseReturnValue:
    """Every component in every state; not in production."""
    _not_in_production()
    wrong, filled = SampleForm(formdata=MultiDict(), prefix="a"), SampleForm(formdata=None, prefix="b")
    wrong.validate()
    filled.process(data={"name": "Officina di quartiere", "email": "prova@prova.example", "amount": "12.000,00"})
    return page("styleguide/page.html", form=wrong, filled=filled, sample_deadline=now() + timedelta(days=6))


@bp.get("/styleguide/part")
@declares(Action.PUBLIC_READ)
def styleguide_part() -> ResponseReturnValue:
    """The part that the style guide loads on demand."""
    _not_in_production()
    return page("styleguide/_part.html")


def _not_in_production() -> None:
    if _settings().production:
        raise NotFound


def _public(template: str, **context: object) -> Response:
    return fresh_page(template, is_shared=current_actor().is_anonymous, **context)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _site() -> str:
    return _settings().origin


def _wanted() -> FundedFilter:
    return FundedFilter(call=_asked("call"), city=_asked("city"), area=_asked("area"), after=_asked("after"))


def _asked(name: str) -> str:
    return request.args.get(name, "")[:80].replace("\0", "")
