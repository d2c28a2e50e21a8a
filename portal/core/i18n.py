"""Italian first, English second: texts of the interface and texts held as data."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, cast

from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy_

__all__ = ["LANGUAGES", "_", "in_both", "in_language", "init_i18n", "lazy_", "locale", "ngettext", "speaking"]

LANGUAGES = ("it", "en")
COOKIE = "lang"


class Catalogues(Domain):  # type: ignore[misc]
    """The messages of each language, read once a process, and found without asking again what language is in force."""

    def get_translations(self) -> Any:
        """The catalogue of the language in force."""
        settled = getattr(g.get("_flask_babel"), "babel_locale", None) if has_app_context() else None
        known = self.cache.get((settled.language, self.domain[0])) if settled is not None else None
        return super().get_translations() if known is None else known


CATALOGUES = Catalogues()


def init_i18n(app: Flask) -> None:
    """Install Babel; the language is ?lang=, else the cookie of the switch, else Accept-Language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "it")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    babel = Babel(app, locale_selector=_wanted, timezone_selector=lambda: "Europe/Rome")
    babel.domain_instance = CATALOGUES


def _wanted() -> str:
    if not has_request_context():
        return "it"
    switched, kept = request.args.get("lang"), request.cookies.get(COOKIE)
    if switched in LANGUAGES:
        g.language_chosen = switched
        return switched
    if kept in LANGUAGES:
        return kept
    return request.accept_languages.best_match(LANGUAGES, default="it") or "it"


def locale() -> str:
    """The language in force, "it" or "en"; Italian outside a request."""
    found = get_locale()
    return found.language if found is not None and found.language in LANGUAGES else "it"


def in_language(text: Mapping[str, str] | None, language: str | None = None) -> str:
    """The text in the asked language, else in Italian, else in whichever it has."""
    if not text:
        return ""
    return text.get(language or locale()) or text.get("it") or next(iter(text.values()), "")


def speaking(language: str) -> AbstractContextManager[None]:
    """Inside this context, messages, dates and amounts are written in this language."""
    return cast("AbstractContextManager[None]", force_locale(language))


def in_both(message: object) -> dict[str, str]:
    """A lazy message as data, in every language: for rows that outlive the request."""
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = str(message)
    return found
