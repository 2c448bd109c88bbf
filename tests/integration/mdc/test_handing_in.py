"""From the SDK's words and bytes to a contribution that is handed in, by the rules of the browser."""

from collective.accounts.models import User
from collective.core.jobs.drain import drain
from licensing.services import declare_rights
from tests.integration.licensing.world import declaration
from tests.integration.mdc.conftest import Caller
from tests.integration.mdc.sending import contribution_of, corpus, drafted, submitted, uploaded


def test_a_submission_is_handed_in_once_a_person_has_said_what_it_may_be_used_for(sender: Caller, person: User) -> None:
    name = drafted(sender)
    uploaded(sender, name, corpus())
    contribution = contribution_of(name)
    refused = submitted(sender, name)
    assert refused.status_code == 409
    assert f"/contributions/{contribution.pk}/rights/" in refused.json()["message"]
    declare_rights(actor=person, contribution_id=contribution.pk, declaration=declaration())
    early = submitted(sender, name)
    assert (early.status_code, early.json()["error"]) == (409, "upload_being_checked")
    drain()
    for _ in range(2):
        answer = submitted(sender, name).json()["submission"]
        assert (answer["status"], answer["submittedAt"] is None) == ("submitted", False)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.contributor_id) == ("submitted", person.pk)
    dataset = contribution.dataset
    assert (dataset.state, dataset.visibility, dataset.languages) == ("draft", "public", ["sw"])
    assert dataset.organization.slug == "acme"
    assert Caller().get(f"/datasets/{dataset.pk}").status_code == 404  # nothing is public by a push
    assert sender.patch(f"/submissions/{name}", {"name": "Other"}).status_code == 403
