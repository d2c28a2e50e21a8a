"""What anybody with a receipt may check: number, instant and fingerprint, and nothing else."""

from flask import make_response
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import declares
from portal.applications.receipts import confirmed
from portal.applications.views.blueprint import bp
from portal.core.unit_of_work import reading
from portal.core.web import page


@bp.get("/receipts/<receipt_token>")
@declares(Action.PUBLIC_READ)
def confirm_receipt(receipt_token: str) -> ResponseReturnValue:
    """The page behind the picture on a receipt; an address that nobody has is like one that does not exist."""
    with reading() as session:
        found = confirmed(session, receipt_token)
        answer = make_response(page("applications/confirmed.html", found=found))
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
