"""Keys that were found where others can read them: revoked if the secret is theirs, and never by their id alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from collective.accounts.domain.keys import make_key, parse_key
from collective.accounts.models import ApiKey
from collective.accounts.services import revoke_leaked_keys
from collective.core.models import AuditEvent
from tests.integration.accounts.people import key_of, person, with_key
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def claim(key: str) -> tuple[str, str]:
    parts = parse_key(key)
    assert parts is not None
    return parts.id, parts.secret_sha256


def test_a_key_is_revoked_by_its_secret_and_its_owner_told_once() -> None:
    ana = person("Ana")
    key = key_of(ana)
    for expected in (True, False):
        assert revoke_leaked_keys(leaked=[claim(key)], reason="It was found.") == {claim(key)[0]: expected}
        run_all_jobs()
    assert with_key(key).get("/api/v1/me").status_code == 401
    (event,) = AuditEvent.objects.filter(action="accounts.api_key_revoked")
    assert (event.actor_id, event.object_id, event.reason) == (None, claim(key)[0], "It was found.")
    (sent,) = mail.outbox
    assert sent.to == [ana.email]
    assert f"dck_live_{claim(key)[0]}_…" in sent.body
    assert "/keys/" in sent.body


def test_who_knows_the_id_alone_revokes_nothing() -> None:
    ana = person("Ana")
    keys = [key_of(ana), key_of(ana)]
    (first, first_hash), (second, second_hash) = map(claim, keys)
    made_up = make_key()
    guesses = [(first, made_up.secret_sha256), (first, second_hash), (second, first_hash), (second, "")]
    assert revoke_leaked_keys(leaked=[*guesses, (made_up.id, made_up.secret_sha256)], reason="It was found.") == {}
    run_all_jobs()
    assert [with_key(key).get("/api/v1/me").status_code for key in keys] == [200, 200]
    assert not AuditEvent.objects.filter(action="accounts.api_key_revoked").exists()
    assert mail.outbox == []


def test_an_expired_key_is_known_and_stays_as_it_is() -> None:
    key = key_of(person("Ana"))
    now = timezone.now()
    ApiKey.objects.update(created_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    assert revoke_leaked_keys(leaked=[claim(key)], reason="It was found.") == {claim(key)[0]: False}
    run_all_jobs()
    assert ApiKey.objects.get().revoked_at is None
    assert mail.outbox == []
