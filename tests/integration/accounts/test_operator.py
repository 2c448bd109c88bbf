"""The operator's desk: for staff only, and what staff does there."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.core.models import AuditEvent, Job
from tests.integration.accounts.people import person, signed_in

pytestmark = pytest.mark.django_db
PATHS = ["/operator/", "/operator/mail/", "/operator/mail/20260101-000000-1-0/", "/operator/audit/"]


@pytest.fixture
def staff() -> Client:
    return signed_in(person("Staff", is_staff=True))


@pytest.fixture
def mailbox(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def _send(*letters: tuple[str, str]) -> None:
    with get_connection() as opened:
        for subject, body in letters:
            EmailMessage(subject, body, "site@example.org", ["ana@example.org"], connection=opened).send()


def _dead_job() -> Job:
    return Job.objects.create(
        name="core.deliver_event", key="k", state="dead", attempts=5, due_at=timezone.now(), reason="the disk is full"
    )


@pytest.mark.parametrize("path", PATHS)
def test_for_others_it_does_not_exist(path: str, mailbox: Path) -> None:
    assert Client().get(path).status_code == 404
    assert signed_in(person()).get(path).status_code == 404


def test_nobody_else_retries_a_job() -> None:
    job = _dead_job()
    assert signed_in(person()).post(f"/operator/jobs/{job.pk}/retry/", {"reason": "please"}).status_code == 404
    job.refresh_from_db()
    assert job.state == "dead"


def test_mail_is_listed_newest_first_and_its_links_work(staff: Client, mailbox: Path) -> None:
    _send(
        ("First letter", "one"),
        ("Zweiter Brief für Ana", "Open https://data.example/account/confirm-email/a:b-c_d/ now.\nሰላም"),
    )
    page = staff.get("/operator/mail/")
    letters = page.context["letters"]
    assert [letter.subject for letter in letters] == ["Zweiter Brief für Ana", "First letter"]
    letter = staff.get(f"/operator/mail/{letters[0].id}/").content.decode()
    assert '<a href="https://data.example/account/confirm-email/a:b-c_d/"' in letter
    assert "ሰላም" in letter
    assert staff.get(f"/operator/mail/{letters[0].id}9/").status_code == 404


def test_a_body_is_shown_as_text(staff: Client, mailbox: Path) -> None:
    _send(("x", "<script>alert(1)</script>\n" + "-" * 79 + "\nafter a line of hyphens"))
    letters = staff.get("/operator/mail/").context["letters"]
    page = staff.get(f"/operator/mail/{letters[-1].id}/").content.decode()
    assert "<script>alert" not in page


def test_mail_that_was_really_sent_is_not_shown(staff: Client, tmp_path: Path) -> None:
    assert "sends its mail by SMTP" in staff.get("/operator/mail/").content.decode()


def test_a_dead_job_gets_a_second_chance_with_a_reason(staff: Client) -> None:
    job = _dead_job()
    page = staff.get("/operator/").content.decode()
    assert "the disk is full" in page
    assert "audit trail" in staff.post(f"/operator/jobs/{job.pk}/retry/", {"reason": " "}, follow=True).content.decode()
    job.refresh_from_db()
    assert job.state == "dead"
    staff.post(f"/operator/jobs/{job.pk}/retry/", {"reason": "the disk has room now"})
    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished_at) == ("queued", 0, None)
    event = AuditEvent.objects.get(object_id=str(job.pk))
    assert (event.action, event.reason, event.data) == (
        "core.job_retried",
        "the disk has room now",
        {"died_of": "the disk is full"},
    )
    again = staff.post(f"/operator/jobs/{job.pk}/retry/", {"reason": "again"}, follow=True).content.decode()
    assert "nothing to try again" in again


def test_the_audit_trail_is_searched_by_object_person_and_action(staff: Client) -> None:
    ana = person("Ana")
    personal = ana.personal_organization
    for q in (str(personal.pk), str(ana.pk), "personal_organization_created"):
        found = [event.object_id for event in staff.get("/operator/audit/", {"q": q}).context["page"]]
        assert str(personal.pk) in found
    assert list(staff.get("/operator/audit/", {"q": "no such thing"}).context["page"]) == []
