"""What every template may use: translations, money, dates with their zone, assets, the switch of language."""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, request
from flask_wtf.csrf import generate_csrf
from jinja2.environment import create_cache

from portal.core.clock import now
from portal.core.config import Settings
from portal.core.counts import format_count
from portal.core.i18n import COOKIE, LANGUAGES, _, in_language, locale, ngettext
from portal.core.instants import format_day, format_hours, format_instant, format_month
from portal.core.money import format_money
from portal.core.static import asset, integrity
from portal.core.unit_of_work import new_key
from portal.core.web.markdown import to_html
from portal.core.web.respond import wants_fragment
from portal.core.web.security import csp_nonce


def init_templates(app: Flask, settings: Settings) -> None:
    """Install globals, filters and the cookie of the chosen language."""
    env = app.jinja_env
    env.cache = create_cache(-1)  # each template is compiled once: there are more than it would keep
    env.globals.update(
        _=_,
        ngettext=ngettext,
        asset=asset,
        integrity=integrity,
        csp_nonce=csp_nonce,
        csrf_token=generate_csrf,
        idempotency_key=new_key,
        format_money=format_money,
        format_count=format_count,
        format_date=format_day,
        format_instant=format_instant,
        format_hours=format_hours,
        format_month=format_month,
        in_language=in_language,
        language_url=language_url,
        wants_fragment=wants_fragment,
        now=now,
        is_demo=settings.demo,
    )
    env.filters["markdown"] = to_html
    env.filters["in_language"] = in_language
    app.context_processor(lambda: {"locale": locale()})

    @app.after_request
    def remember_language(response: Response) -> Response:
        chosen = g.get("language_chosen")
        if chosen:
            response.set_cookie(
                COOKIE, chosen, max_age=31536000, samesite="Lax", httponly=True, secure=settings.is_https
            )
        response.headers.setdefault("Content-Language", locale())
        return response


def language_url(language: str) -> str:
    """This page in the other language."""
    if language not in LANGUAGES:
        raise ValueError(language)
    query = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    path = quote("/" + request.path.lstrip("/"))
    return f"{path}?{urlencode([*query, ('lang', language)])}"


def machine_instant(instant: datetime) -> str:
    """For `datetime=` attributes."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
