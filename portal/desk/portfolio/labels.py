"""Words for the orders of a portfolio."""

from portal.core.i18n import lazy_
from portal.desk.portfolio.rules import Order

ORDERS = {
    Order.HELP: lazy_("who may need help"),
    Order.STAGE: lazy_("stage, first steps first"),
    Order.HOURS: lazy_("coaching, least used first"),
    Order.NEXT: lazy_("next milestone"),
    Order.MONEY: lazy_("money, least paid first"),
    Order.NAME: lazy_("name"),
}
