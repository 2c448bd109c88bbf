"""Keys and passwords in data (reliability case B11): nothing is published before the steward has answered for them, and
keys of this site stop working at once."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from collective.accounts.domain.keys import KeyParts, make_key, parse_key
from collective.accounts.errors import BadApiKeyError
from collective.accounts.models import ApiKey, User
from collective.accounts.services import authenticate_api_key, create_api_key, revoke_api_key
from collective.catalog.errors import ContributionNotFoundError, NotStewardError
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import decide_contribution, submit_contribution
from collective.core.models import AuditEvent, Job
from ingestion.errors import NoSecretsFoundError, NoteMissingError, SecretsNotAcknowledgedError
from ingestion.models import Piece, SecretsAcknowledgement, VersionBuild
from ingestion.selectors import latest_report
from ingestion.services import acknowledge_secrets, publish_version
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of, submitted
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)

# Put together here, so that scanners of this repository find nothing.
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
PEM = "-----BEGIN " + "RSA PRIVATE KEY-----"
NOTE = "Examples from a <manual>."


def lines(*texts: str) -> bytes:
    return "".join(f'{{"text": "{text}", "kind": "note"}}\n' for text in texts).encode()


def new_key(owner: User) -> str:
    return create_api_key(actor=owner, name="cluster", scopes=["upload"])[1]


def forged(key: str) -> str:
    """The same public id, and a secret that somebody made up."""
    parts = parse_key(key)
    assert parts is not None
    return KeyParts(parts.id, make_key().secret).plaintext


def works(key: str) -> bool:
    try:
        authenticate_api_key(plaintext=key)
    except BadApiKeyError:
        return False
    return True


def seen_by(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(contribution: Contribution, user: User, part: str = "report/") -> str:
    return seen_by(user).get(f"/contributions/{contribution.pk}/{part}").content.decode()


def json_of(contribution: Contribution) -> dict[str, Any]:
    address = f"/api/v1/contributions/{contribution.pk}/report"
    told: dict[str, Any] = seen_by(contribution.contributor).get(address).json()
    return told


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory()
    return made


def test_nothing_is_published_before_the_steward_has_answered(dataset: Dataset) -> None:
    steward = steward_of(dataset)
    accepted(dataset, ("plain.jsonl", lines("one")), title="Plain")
    found = {"AWS": AWS, "PEM": PEM, "Own": make_key().plaintext}
    holding = {
        title: accepted(dataset, ("notes.jsonl", lines(f"use {secret} here")), title=title)
        for title, secret in found.items()
    }
    for left in (["AWS", "PEM", "Own"], ["PEM", "Own"], ["Own"]):
        with pytest.raises(SecretsNotAcknowledgedError) as caught:
            publish_version(actor=steward, dataset_id=dataset.pk)
        ids = [str(holding[title].pk) for title in left]
        assert caught.value.detail == {"titles": ", ".join(f"“{title}”" for title in left), "contributions": ids}
        said = acknowledge_secrets(actor=steward, contribution_id=holding[left[0]].pk, note=f" {NOTE} ")
        assert (said.report, said.by, said.note) == (latest_report(holding[left[0]]), steward, NOTE)
    assert not dataset.versions.exists()
    assert not VersionBuild.objects.exists()
    assert not Job.objects.filter(name="ingestion.plan_build").exists()
    assert published_version(dataset).row_count == 4


def test_only_the_steward_answers_once_and_with_a_reason(dataset: Dataset) -> None:
    contribution = ContributionFactory(dataset=dataset)
    submitted(contribution, ("notes.jsonl", lines(AWS)))
    told = {"contribution_id": contribution.pk, "note": NOTE}
    with pytest.raises(NotStewardError):
        acknowledge_secrets(actor=contribution.contributor, **told)
    with pytest.raises(ContributionNotFoundError):
        acknowledge_secrets(actor=UserFactory(), **told)
    steward = steward_of(dataset)
    for note in (" ", "x" * 2001):
        with pytest.raises(NoteMissingError):
            acknowledge_secrets(actor=steward, contribution_id=contribution.pk, note=note)
    assert not SecretsAcknowledgement.objects.exists()

    first = acknowledge_secrets(actor=steward, **told)
    again = acknowledge_secrets(actor=steward, contribution_id=contribution.pk, note="Another reason.")
    assert (again, again.note) == (first, NOTE)
    event = AuditEvent.objects.get(action="ingestion.secrets_acknowledged")
    assert (event.actor_id, event.object_id, event.data) == (
        steward.pk,
        str(contribution.pk),
        {"report": str(first.report_id)},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        SecretsAcknowledgement.objects.filter(pk=first.pk).update(note="Changed.")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ingestion_secretsacknowledgement")
    first.refresh_from_db()
    assert first.note == NOTE


def test_there_is_nothing_to_answer_where_nothing_was_found_or_it_was_not_accepted(dataset: Dataset) -> None:
    steward = steward_of(dataset)
    plain = accepted(dataset, ("plain.jsonl", lines("one")))
    refused = ContributionFactory(dataset=dataset)
    submitted(refused, ("notes.jsonl", lines(AWS)))
    decide_contribution(actor=steward, contribution_id=refused.pk, accept=False, reason="Keys.")
    for contribution in (plain, refused):
        with pytest.raises(NoSecretsFoundError):
            acknowledge_secrets(actor=steward, contribution_id=contribution.pk, note=NOTE)
    assert published_version(dataset).row_count == 1


def test_a_new_check_needs_a_new_answer(dataset: Dataset) -> None:
    steward = steward_of(dataset)
    contribution = ContributionFactory(dataset=dataset)
    submitted(contribution, ("notes.jsonl", lines(AWS)))
    acknowledge_secrets(actor=steward, contribution_id=contribution.pk, note=NOTE)
    Contribution.objects.filter(pk=contribution.pk).update(state="needs_changes")
    submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    run_all_jobs()
    decide_contribution(actor=steward, contribution_id=contribution.pk, accept=True)

    with pytest.raises(SecretsNotAcknowledgedError):
        publish_version(actor=steward, dataset_id=dataset.pk)
    acknowledge_secrets(actor=steward, contribution_id=contribution.pk, note=NOTE)
    assert SecretsAcknowledgement.objects.filter(report__contribution=contribution).count() == 2
    assert published_version(dataset).row_count == 1


def test_keys_of_this_site_are_revoked_and_their_owners_told() -> None:
    owner, other = UserFactory(), UserFactory()
    lost, kept, old = new_key(owner), new_key(other), new_key(other)
    revoke_api_key(actor=other, key_id=old[9:17])
    contribution = ContributionFactory()
    # The same key in two files is one key.
    files = [
        ("a.jsonl", lines(f"export HF_TOKEN={lost}", f"{forged(kept)} {old}")),
        ("b.csv", f"text\n{lost}\n".encode()),
    ]
    report = submitted(contribution, *files)

    assert report.state == "passed"
    assert not works(lost)
    assert works(kept)
    assert (report.own_keys_found, report.own_keys_revoked) == (2, 1)
    assert [(sent.to, lost[9:17] in str(sent.body)) for sent in mail.outbox] == [([owner.email], True)]
    assert "your key “cluster” was revoked" in mail.outbox[0].subject
    event = AuditEvent.objects.get(action="accounts.api_key_revoked", actor_id=None)
    assert (event.object_id, event.reason) == (lost[9:17], "It was found in data that was sent in.")

    told = json_of(contribution)
    assert (told["own_keys_found"], told["own_keys_revoked"]) == (2, 1)
    page = page_of(contribution, contribution.contributor)
    assert "2 API keys of this site are in the data." in page
    assert "1 still worked and was revoked at once; its owner has been told." in page
    kept_rows = [*Piece.objects.values(), *Job.objects.values(), *AuditEvent.objects.values(), *mail.outbox]
    written = [page, str(told), str([vars(row) if not isinstance(row, dict) else row for row in kept_rows])]
    for key in (lost, kept, old):
        assert not [each for each in written if key[18:61] in each]
        assert not [each for each in written if ApiKey.objects.get(pk=key[9:17]).secret_sha256 in each]


def test_a_key_is_revoked_though_its_contribution_goes_back() -> None:
    key = new_key(UserFactory())
    contribution = ContributionFactory()
    report = submitted(contribution, ("a.jsonl", lines(key)), ("b.csv", b"text,n\nalone\n"))
    assert (report.state, report.own_keys_revoked) == ("problems", 1)
    assert not works(key)
    page = page_of(contribution, contribution.contributor)
    assert "1 API key of this site is in the data." in page
    assert "No version with this contribution can be published" not in page


def test_the_steward_decides_on_the_report_and_the_contributor_reads_so(dataset: Dataset) -> None:
    steward = steward_of(dataset)
    contribution = accepted(dataset, ("notes.jsonl", lines(AWS, PEM)))
    desk = f"/datasets/{dataset.organization.slug}/{dataset.slug}/publish/"
    refusal = seen_by(steward).post(desk, follow=True).content.decode()
    assert "Keys or passwords were found in “A contribution”" in refusal
    button, notice = "They may be published</button>", "is in 2 places</strong>"
    for part in ("", "report/"):
        page = page_of(contribution, contribution.contributor, part)
        assert notice in page
        assert "before the steward has looked into these places" in page
        assert "make it invalid now where it was issued" in page
        assert button not in page
        assert button in page_of(contribution, steward, part)

    address = f"/contributions/{contribution.pk}/report/"
    client = seen_by(steward)
    for incomplete in ({"note": NOTE}, {"looked": "on", "note": " "}, {}):
        assert client.post(address, incomplete).status_code == 200
    assert "This field is required." in client.post(address, {"note": NOTE}).content.decode()
    assert not SecretsAcknowledgement.objects.exists()
    answered = client.post(address, {"looked": "on", "note": NOTE}, follow=True).content.decode()
    assert "no longer keeps a version from being published" in answered
    for user in (steward, contribution.contributor):
        page = page_of(contribution, user)
        assert "Examples from a &lt;manual&gt;." in page
        assert notice not in page
        assert button not in page
    told = json_of(contribution)
    assert told["secrets_found"] == 2
    assert told["secrets_acknowledged_at"] is not None


def test_published_statistics_do_not_repeat_what_was_found(dataset: Dataset) -> None:
    found = [f"write to ada{n}@lovelace.io" for n in (1, 1, 2)]
    accepted(dataset, ("mails.jsonl", lines(*found)))
    accepted(dataset, ("plain.jsonl", lines("good day", "good day")))
    version = published_version(dataset)
    columns = version.statistics["columns"]
    assert columns["text"]["withheld"]
    assert "top" not in columns["text"]
    assert columns["kind"]["top"] == [["note", 5]]
    assert version.statistics["rows"] == 5
    assert "lovelace" not in str(version.statistics)
    assert "good day" not in str(version.statistics)
    page = seen_by(steward_of(dataset)).get(f"/datasets/{dataset.repo_id}/")
    assert page.status_code == 200
    assert "3 different values" in page.content.decode()
