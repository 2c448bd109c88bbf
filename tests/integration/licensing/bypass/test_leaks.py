"""C7: what opens bytes is written down nowhere: not in logs, error reports, tasks, events, Redis, pages or Referer."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings
from redis import Redis

from collective.core.models import AuditEvent, Job, OutboxEvent
from licensing.models import AccessRecord, DownloadSession
from tests.integration.licensing.bypass.conftest import Scene
from tests.integration.licensing.bypass.routes import ARCHIVE, SHARD, addresses, fetch

pytestmark = pytest.mark.once

PAGES = ("/datasets/{repo}/", "/licenses/", "/licenses/{grant}/", "/account/keys/")


def opened(scene: Scene) -> list[str]:
    """Everything that was handed out and opens bytes: signatures, our own links' tokens, the session's, the key."""
    answers = scene.job.everywhere(scene.version, scene.token)
    urls = addresses(answers)
    marks = ("X-Amz-Signature=", "token=")
    signatures = [url.partition(mark)[2].partition("&")[0] for url in urls for mark in marks if mark in url]
    assert len(signatures) >= 6
    for url in urls:
        assert fetch(url)[0] == 200
        assert fetch(f"{url}0")[0] == 403
    return [*signatures, scene.token, scene.job.key, scene.job.key.split("_")[3]]


def test_c7_in_no_log(scene: Scene, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    secrets = opened(scene)
    printed = capfd.readouterr()
    written = caplog.text + printed.out + printed.err
    assert [secret for secret in secrets if secret in written] == []


def test_c7_in_no_error_report(scene: Scene, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of ours while an address is made: the report names the route, and not what was sent."""
    settings.DOWNLOAD_URL_SECONDS = "broken"
    client = Client(headers={"Authorization": f"Bearer {scene.job.key}"}, raise_request_exception=False)
    body = {"token": scene.token, "path": SHARD}
    answer = client.post("/api/v1/download-sessions/url", body, content_type="application/json")
    assert answer.status_code == 500
    assert "Traceback" in caplog.text
    report = caplog.text + answer.content.decode()
    assert not [secret for secret in (scene.token, scene.job.key, "X-Amz-Signature=") if secret in report]


def test_c7_in_no_row_and_not_in_redis(scene: Scene) -> None:
    secrets = opened(scene)
    rows: list[Any] = [
        list(model.objects.values()) for model in (Job, OutboxEvent, AuditEvent, AccessRecord, DownloadSession)
    ]
    redis = Redis.from_url(settings.REDIS_URL)
    kept = [(key, redis.dump(key)) for key in redis.scan_iter()]
    assert kept  # the limits of requests are counted there
    assert [secret for secret in secrets if secret in str(rows) or secret.encode() in str(kept).encode()] == []


def test_c7_on_no_page(scene: Scene) -> None:
    secrets = opened(scene)
    browser = Client()
    browser.force_login(scene.buyer)
    for page in PAGES:
        answer = browser.get(page.format(repo=scene.dataset.repo_id, grant=scene.grant.pk), follow=True)
        assert answer.status_code == 200
        html = answer.content.decode()
        assert "X-Amz-Signature" not in html
        assert "/storage/objects/" not in html
        assert [secret for secret in secrets if secret in html] == []


def test_c7_in_no_referer_and_no_cache(scene: Scene, mode: str) -> None:
    answers = scene.job.everywhere(scene.version, scene.token)
    given = [answers[name] for name in ("manifest", "mint", "resolve GET", "resolve range", "delta query", ARCHIVE)]
    assert {answer.headers["Referrer-Policy"] for answer in given} == {"no-referrer"}
    assert {answer.headers["Cache-Control"] for answer in given} == {"private, no-store"}
    assert not any(answer.cookies for answer in answers.values())
    _, _, headers = fetch(answers["mint"].json()["url"])
    assert headers["Cache-Control"] == "private, no-store"
    if mode == "local":
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
