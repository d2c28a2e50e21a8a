"""Pages of tranches, of the finance day and of payment files."""

from portal.payments.views import day, order, tranche
from portal.payments.views.bp import bp

__all__ = ["bp", "day", "order", "tranche"]
