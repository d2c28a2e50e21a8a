"""How often one address may ask for what costs: per process and in memory, since the lockout of an account is a table.

Never for submissions: a community hub shares one address, and the last minute is everybody's.
"""

from typing import cast

from flask import Flask
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address


def init_limits(app: Flask, limits: dict[str, str]) -> None:
    """Limit routes by endpoint, for example {"access.sign_in": "20 per 15 minutes"}; an address is one counter."""
    if not limits:
        return
    limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window", headers_enabled=False)
    limiter.init_app(app)
    for endpoint, limit in limits.items():
        view = cast("RouteCallable", limiter.limit(limit)(app.view_functions[endpoint]))
        app.view_functions[endpoint] = view
