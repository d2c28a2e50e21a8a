"""The one door to HTTP and htmx: answers, security headers, error pages, health."""

from portal.core.web.respond import fragment_or_redirect, page, wants_fragment
from portal.core.web.security import csp_nonce

__all__ = ["csp_nonce", "fragment_or_redirect", "page", "wants_fragment"]
