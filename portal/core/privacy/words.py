"""What a column is called towards people: by its tag, else by its name."""

from typing import Any

from sqlalchemy import Column, Table

from portal.core.i18n import lazy_
from portal.core.privacy.nature import holding_of, tag_of

FIELDS = {
    "words": lazy_("words of a rating"),
    "withdrawn_reason": lazy_("reason why a session was taken back"),
    "what": lazy_("what is to be done, or noted"),
    "teams": lazy_("teams"),
    "place": lazy_("place"),
    "objectives": lazy_("objectives of the coaching"),
    "link": lazy_("link of the call"),
    "languages": lazy_("languages"),
    "districts": lazy_("quarters"),
    "competences": lazy_("competences"),
    "calendar": lazy_("appointment for calendars"),
    "availability": lazy_("availability"),
    "answer": lazy_("answer"),
    "actor_name": lazy_("name of who acted"),
    "address": lazy_("street and number"),
    "after": lazy_("what it became"),
    "attendees": lazy_("who was there"),
    "before": lazy_("what it was"),
    "body": lazy_("text"),
    "city": lazy_("city"),
    "code_hash": lazy_("code (its hash)"),
    "content": lazy_("content"),
    "counterpart": lazy_("sender or recipient"),
    "credential_id": lazy_("key of the device"),
    "decision": lazy_("answer"),
    "description": lazy_("description"),
    "dispute_reason": lazy_("reason of the objection"),
    "decision_reason": lazy_("reason of the decision"),
    "district": lazy_("quarter"),
    "email": lazy_("e-mail address"),
    "email_hash": lazy_("e-mail address (its hash)"),
    "end_reason": lazy_("reason of the end"),
    "failure": lazy_("what the bank said"),
    "fiscal_code": lazy_("codice fiscale"),
    "fiscal_number": lazy_("codice fiscale of the person"),
    "helped": lazy_("what helped"),
    "holder": lazy_("holder of the account"),
    "iban": lazy_("IBAN"),
    "input_document": lazy_("scores it was computed from"),
    "invited_reason": lazy_("reason of the invitation"),
    "locale": lazy_("language"),
    "message": lazy_("message"),
    "name": lazy_("name"),
    "narrative": lazy_("report"),
    "next_step": lazy_("next step"),
    "next_step_owner": lazy_("who does the next step"),
    "note": lazy_("note"),
    "output_document": lazy_("result"),
    "password_hash": lazy_("password (its hash)"),
    "pec": lazy_("certified e-mail address"),
    "phone": lazy_("telephone"),
    "postal_code": lazy_("postal code"),
    "province": lazy_("province"),
    "public_key": lazy_("public key of the device"),
    "reason": lazy_("reason"),
    "interest": lazy_("interest in the documents"),
    "objection": lazy_("objection"),
    "wants": lazy_("documents asked for"),
    "recipient": lazy_("e-mail address"),
    "refusal_reason": lazy_("reason of the refusal"),
    "rejection_reason": lazy_("reason of the refusal"),
    "representative_name": lazy_("legal representative"),
    "return_reason": lazy_("reason of the return"),
    "rup": lazy_("person responsible for the procedure"),
    "outcome": lazy_("what came of it"),
    "scores": lazy_("points and reasons"),
    "given": lazy_("points"),
    "sealed_secret": lazy_("secret (sealed)"),
    "sender": lazy_("key of the person"),
    "signer_code": lazy_("fiscal code of who signed"),
    "signer_name": lazy_("name of who signed"),
    "subject": lazy_("subject"),
    "supplier_code": lazy_("tax code of a supplier"),
    "info": lazy_("words of the bank"),
    "answer_words": lazy_("answer to a message of the bank"),
    "supplier_name": lazy_("name of a supplier"),
    "reversed_reason": lazy_("why money asked back or returned was taken out again"),
    "refused_reason": lazy_("why a guarantee was refused"),
    "closed_words": lazy_("how an irregularity was closed"),
    "summary": lazy_("summary"),
    "set_aside_reason": lazy_("why a question was not published"),
    "text": lazy_("text"),
    "unsubscribe": lazy_("address that stops the messages"),
    "user_agent": lazy_("browser"),
    "value": lazy_("answer"),
    "vat_number": lazy_("partita IVA"),
    "wanted": lazy_("page asked for"),
}


def field_words(column: Column[Any]) -> object:
    """The word for a personal column; its bare name where nobody found one (a house test asks for it)."""
    tag = tag_of(column)
    return (tag.what if tag else None) or FIELDS.get(column.name, column.name)


def table_words(table: Table) -> object:
    """What the records of a table are called; its bare name where nobody said it (a house test asks for it)."""
    found = holding_of(table)
    return found.title if found else table.name
