"""What the public reads of a grant of several organisations together."""

import csv
import io
import json

from tests.factories.base import make_authority, make_call, make_organisation, make_person
from tests.factories.members import make_consortium
from tests.factories.reporting import make_funded


def test_its_organisations_are_public_wherever_the_recipient_is_told(store, page, client, now):
    with store() as session:
        owners = [make_person(session, now=now) for _ in range(2)]
        lead, partner = (make_organisation(session, now=now, owner=owner) for owner in owners)
        consortium = make_consortium(session, lead, owners[0], (partner, owners[1]), now=now)
        call = make_call(session, make_authority(session), now=now)
        grant = make_funded(session, call, now=now, organisation=consortium)
        make_funded(session, call, now=now)
        reference = grant.reference
    page.get(f"/funded/{reference}")
    for told in (consortium.name, lead.name, partner.name, lead.fiscal_code):
        assert page.shows(told)
    document = json.loads(client.get("/open-data/grants.json").data)
    (found,) = [each for each in document["grants"] if each["id"].endswith(reference)]
    assert [each["name"] for each in found["recipientOrganization"]] == [consortium.name, lead.name, partner.name]
    rows = csv.DictReader(io.StringIO(client.get("/open-data/grants.csv").data.decode("utf-8-sig")), delimiter=";")
    kinds = {row["recipient_fiscal_code"]: row["recipient_kind"] for row in rows}
    assert kinds[lead.fiscal_code] == "consortium"
    assert sorted(kinds.values()) == ["consortium", "organisation"]
