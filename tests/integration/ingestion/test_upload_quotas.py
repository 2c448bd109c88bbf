"""How much may be held: said with numbers, kept under races, given back when the bytes are gone."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from collective.core.models import AuditEvent
from ingestion.errors import QuotaExceededError, TooManyOpenUploadsError
from ingestion.invariants import quotas_count_what_is_held
from ingestion.models import StorageQuota, Upload
from ingestion.services import abort_upload, complete_upload, start_upload
from tests.factories import ContributionFactory, UserFactory
from tests.integration.core.at_once import at_once
from tests.integration.ingestion.clips import begun, clips
from tests.integration.ingestion.flow import send, uploaded
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def held() -> set[int]:
    return set(StorageQuota.objects.values_list("held_bytes", flat=True))


def test_a_file_counts_for_the_steward_and_for_the_contributor(settings: Settings) -> None:
    settings.ORGANIZATION_QUOTA_BYTES = 100
    contribution = ContributionFactory()
    start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="a", size=60)
    assert dict(StorageQuota.objects.values_list("organization_id", "held_bytes")) == {
        contribution.payee_id: 60,
        contribution.dataset.organization_id: 60,
    }
    another = ContributionFactory(dataset=contribution.dataset)
    with pytest.raises(QuotaExceededError) as refusal:
        start_upload(actor=another.contributor, contribution_id=another.pk, name="b", size=41)
    name = contribution.dataset.organization.name
    assert refusal.value.message == (
        f"This needs 41 bytes, and “{name}” holds 60 bytes of the 100 bytes that it may. "
        "Remove what is not needed, or ask the operator of this site for more."
    )
    assert {key: refusal.value.detail[key] for key in ("size", "held", "limit")} == {
        "size": 41,
        "held": 60,
        "limit": 100,
    }
    assert not StorageQuota.objects.filter(organization=another.payee).exists()


def test_a_person_cannot_fill_every_organization(settings: Settings) -> None:
    settings.PERSONAL_QUOTA_BYTES = 100
    person = UserFactory()
    for size in (60, 40):
        contribution = ContributionFactory(contributor=person)
        start_upload(actor=person, contribution_id=contribution.pk, name="a", size=size)
    contribution = ContributionFactory(contributor=person)
    with pytest.raises(QuotaExceededError):
        start_upload(actor=person, contribution_id=contribution.pk, name="a", size=1)
    assert StorageQuota.objects.get(organization=person.personal_organization).held_bytes == 100


def test_twenty_who_race_for_the_last_bytes_do_not_pass_the_limit(settings: Settings) -> None:
    settings.ORGANIZATION_QUOTA_BYTES = 100
    contributions = [ContributionFactory()]
    contributions += [ContributionFactory(dataset=contributions[0].dataset) for _ in range(19)]
    waiting = iter(contributions)

    def start() -> Upload:
        contribution = next(waiting)
        return start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="a", size=30)

    outcomes = at_once(20, start)

    assert [type(each) for each in outcomes].count(Upload) == 3
    assert [type(each) for each in outcomes].count(QuotaExceededError) == 17
    steward = contributions[0].dataset.organization
    assert StorageQuota.objects.get(organization=steward).held_bytes == 90
    assert Upload.objects.count() == 3


def test_twenty_tabs_of_one_person_begin_one_upload() -> None:
    contribution = ContributionFactory()

    def start() -> Upload:
        return start_upload(
            actor=contribution.contributor, contribution_id=contribution.pk, name="a", size=30, fingerprint="a" * 64
        )

    outcomes = at_once(20, start)
    assert {each.pk if isinstance(each, Upload) else each for each in outcomes} == {Upload.objects.get().pk}
    assert held() == {30}


def test_a_batch_counts_as_a_whole_or_not_at_all(settings: Settings) -> None:
    contribution, files = ContributionFactory(), clips(3)
    size = sum(map(len, files.values()))
    settings.ORGANIZATION_QUOTA_BYTES = size - 1
    with pytest.raises(QuotaExceededError):
        begun(contribution, files)
    assert (Upload.objects.count(), held()) == (0, set())
    settings.ORGANIZATION_QUOTA_BYTES = size
    begun(contribution, files)
    begun(contribution, files)
    assert held() == {size}


def test_bytes_count_until_they_are_gone() -> None:
    contribution = ContributionFactory()
    upload = start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="a", size=5)
    send(upload, [b"12345"])
    abort_upload(actor=contribution.contributor, upload_id=upload.pk)
    assert held() == {5}
    run_all_jobs()
    assert held() == {0}


def test_a_replaced_file_counts_no_more() -> None:
    contribution = ContributionFactory()
    uploaded(contribution, "a.jsonl", b"12345")
    uploaded(contribution, "a.jsonl", b"1234567")
    assert held() == {7}
    assert list(quotas_count_what_is_held()) == []
    StorageQuota.objects.update(held_bytes=6)
    assert len(list(quotas_count_what_is_held())) == 2


def test_open_uploads_of_a_person_are_limited(settings: Settings) -> None:
    settings.OPEN_UPLOADS_PER_PERSON = 2
    contribution = ContributionFactory()
    for name in "ab":
        start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name=name, size=5)
    with pytest.raises(TooManyOpenUploadsError) as refusal:
        start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="c", size=5)
    assert (refusal.value.detail["count"], refusal.value.detail["limit"]) == (2, 2)
    another = ContributionFactory(dataset=contribution.dataset)
    upload = start_upload(actor=another.contributor, contribution_id=another.pk, name="c", size=5)
    send(upload, [b"12345"])
    complete_upload(actor=another.contributor, upload_id=upload.pk)


def test_open_uploads_to_an_organization_are_limited_under_a_race(settings: Settings) -> None:
    settings.OPEN_UPLOADS_PER_ORGANIZATION = 3
    contributions = [ContributionFactory()]
    contributions += [ContributionFactory(dataset=contributions[0].dataset) for _ in range(9)]
    waiting = iter(contributions)

    def start() -> Upload:
        contribution = next(waiting)
        return start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="a", size=1)

    outcomes = at_once(10, start)
    assert [type(each) for each in outcomes].count(TooManyOpenUploadsError) == 7
    assert Upload.objects.count() == 3
    Upload.objects.update(active_at=timezone.now() - timedelta(days=1))


def test_an_operator_sets_another_limit_for_one_organization(settings: Settings) -> None:
    settings.ORGANIZATION_QUOTA_BYTES = 10
    contribution = ContributionFactory()
    steward = contribution.dataset.organization
    call_command("quota", steward.slug, "2GB", reason="They pay for it.")
    start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="a", size=2_000_000_000)
    event = AuditEvent.objects.get(action="ingestion.quota_set")
    assert (event.reason, event.data) == ("They pay for it.", {"before": None, "after": 2_000_000_000})
    call_command("quota", steward.slug, "default", reason="They stopped.")
    with pytest.raises(QuotaExceededError):
        start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="b", size=1)
