"""Who is refused, in which order, and in which words. No refusal carries a byte of data or leaves a record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from collective.catalog.models import Dataset
from licensing.models import AccessRecord, LicenseGrant
from licensing.services import revoke_grant, suspend_grant, withdraw_contribution
from tests.contract.hub.published import Market, key_for
from tests.integration.hub.conftest import DATA, Caller

pytestmark = pytest.mark.once  # `test_ranges_recorded.py` goes through them on both databases

API = "/api/datasets/acme/greetings"
DATASET = "/datasets/acme/greetings/resolve"
BAD = Caller("dck_live_wrong")
PUBLIC = (
    API,
    f"{API}/revision/main",
    f"{API}/tree/main",
    f"{API}/refs",
    f"{API}/commits/main",
    f"{DATASET}/main/README.md",
)


def answer(response: Any) -> tuple[int, str, str]:
    return response.status_code, response.headers.get("X-Error-Code", ""), response.headers["X-Error-Message"]


@pytest.fixture(autouse=True)
def _nothing_is_given(db: None) -> Any:
    yield
    assert AccessRecord.objects.count() == 0


@pytest.mark.parametrize("path", [*PUBLIC, DATA, "/api/whoami-v2", "/api/datasets", f"{API}/auth-check"])
def test_a_bad_key_is_refused_everywhere(anybody: Caller, path: str) -> None:
    assert answer(BAD.get(path)) == (401, "", "Invalid credentials in Authorization header")


@pytest.mark.parametrize("path", [*PUBLIC, f"{DATASET}/main/croissant.json", f"{DATASET}/main/manifest.json"])
def test_what_describes_the_data_is_public(anybody: Caller, path: str) -> None:
    response = anybody.get(path)
    assert response.status_code == 200
    assert not response.cookies


def test_whoami_needs_a_key(anybody: Caller) -> None:
    assert anybody.get("/api/whoami-v2").status_code == 401


@pytest.mark.parametrize("path", [DATA, f"{API}/auth-check"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_without_a_key(anybody: Caller, settings: Any, path: str, method: str) -> None:
    status, code, message = answer(getattr(anybody, method)(path))
    assert (status, code) == (401, "GatedRepo")
    assert f"{settings.SITE_URL}/datasets/acme/greetings/" in message
    assert f"Set HF_TOKEN to an API key from {settings.SITE_URL}/account/keys/" in message


@pytest.mark.parametrize("path", [DATA, f"{API}/auth-check"])
def test_without_a_license(stranger: Caller, market: Market, settings: Any, path: str) -> None:
    status, code, message = answer(stranger.get(path))
    assert (status, code) == (403, "GatedRepo")
    assert f"{settings.SITE_URL}/datasets/acme/greetings/" in message
    assert str(market.offer.license_version) in message
    assert b"PAR1" not in stranger.get(DATA, Range="bytes=0-3").content


def test_a_session_opens_nothing(market: Market) -> None:
    browser = Client()
    browser.force_login(market.steward)
    assert browser.get(DATA).status_code == 401


def test_a_key_without_the_scope(market: Market) -> None:
    status, code, message = answer(Caller(key_for(market.steward, "upload")).get(DATA))
    assert (status, code) == (403, "GatedRepo")
    assert "scope" in message


@pytest.mark.parametrize("change", [suspend_grant, revoke_grant])
def test_a_license_that_was_stopped(buyer: Caller, change: Callable[..., Any]) -> None:
    assert buyer.head(DATA).status_code == 200
    change(actor=None, grant_id=LicenseGrant.objects.get().pk, reason="The payment was disputed.")
    status, code, message = answer(buyer.head(DATA))
    assert (status, code) == (403, "GatedRepo")
    assert "The payment was disputed." in message


def test_an_unknown_dataset_is_the_same_as_a_secret_one(market: Market, stranger: Caller, anybody: Caller) -> None:
    paths = ("/api/datasets/acme/nothing", "/api/datasets/nothing", DATA.replace("greetings", "nothing"), API)
    type(market.dataset).objects.update(visibility="private")
    for path in paths:
        assert answer(stranger.get(path))[:2] == (404, "RepoNotFound")
        assert answer(anybody.get(path))[:2] == (401, "RepoNotFound")
    assert answer(stranger.get(API)) == answer(stranger.get(paths[0]))


def test_a_licensee_keeps_a_dataset_that_was_hidden(market: Market, buyer: Caller) -> None:
    type(market.dataset).objects.update(visibility="private")
    assert buyer.get(API).status_code == 200
    assert buyer.head(DATA).status_code == 200


def test_a_key_that_may_not_read_sees_what_everybody_sees(market: Market) -> None:
    type(market.dataset).objects.update(visibility="private")
    assert Caller(key_for(market.steward, "datasets:read")).get(API).status_code == 200
    assert Caller(key_for(market.steward, "upload")).get(API).status_code == 404


@pytest.mark.parametrize("name", ["v9.9.9", "0" * 40, "nonsense", "refs", "v1", "1.0.0.0"])
def test_an_unknown_revision(stranger: Caller, name: str) -> None:
    for path in (f"{API}/revision/{name}", f"{API}/tree/{name}", f"{DATASET}/{name}/README.md"):
        assert answer(stranger.get(path))[:2] == (404, "RevisionNotFound")


@pytest.mark.once
@pytest.mark.parametrize("name", ["refs%2Fpr%2F1", "refs/convert/parquet", "feature%2Fx"])
def test_a_revision_with_a_slash_is_unknown_too(stranger: Caller, name: str) -> None:
    for path in (f"{API}/revision/{name}", f"{API}/commits/{name}"):
        assert answer(stranger.get(path))[:2] == (404, "RevisionNotFound")
    paths = stranger.post(f"{API}/paths-info/{name}", "paths=en", "application/x-www-form-urlencoded")
    assert answer(paths)[:2] == (404, "RevisionNotFound")
    for path in (f"{API}/tree/{name}", f"{DATASET}/{name}/README.md"):
        assert answer(stranger.head(path))[:2] == (404, "RevisionNotFound")


@pytest.mark.once
@pytest.mark.parametrize(
    "path", ["/api/models/acme/greetings", "/api/models/acme/greetings/revision/main", "/acme/greetings/resolve/main/x"]
)
def test_who_forgets_that_it_is_a_dataset_is_told(stranger: Caller, anybody: Caller, path: str) -> None:
    """Else a client speaks of the network."""
    for caller, expected in ((stranger, 404), (anybody, 401)):
        status, code, message = answer(caller.head(path))
        assert (status, code) == (expected, "RepoNotFound")
        assert "repo_type='dataset'" in message


@pytest.mark.parametrize("name", ["greetings.py", ".huggingface.yaml", "dataset_infos.json", "en", "en/train"])
def test_a_missing_file_is_missing_for_everybody(anybody: Caller, market: Market, name: str) -> None:
    """Loaders ask for the first three on every load, long before they ask for data."""
    response = anybody.head(f"{DATASET}/main/{name}")
    assert answer(response)[:2] == (404, "EntryNotFound")
    assert response["X-Repo-Commit"] == market.version.commit_id


@pytest.mark.parametrize(
    "path", ["../README.md", "..%2f..%2fetc%2fpasswd", "en/../README.md", "en%5cx", "a%00b", "%2fetc"]
)
def test_a_path_that_climbs(anybody: Caller, path: str) -> None:
    response = anybody.get(f"{DATASET}/main/{path}")
    assert response.status_code in {400, 404}
    assert b"Greetings" not in response.content


def test_a_revision_is_judged_before_the_path_and_the_path_before_the_license(stranger: Caller) -> None:
    assert answer(stranger.get(f"{DATASET}/v9.9.9/../x"))[:2] == (404, "RevisionNotFound")
    assert stranger.get(f"{DATASET}/main/en/../x").status_code == 400
    assert answer(stranger.get(f"{DATASET}/main/en/no.parquet"))[1] == "EntryNotFound"


def test_a_withdrawn_version_says_why(market: Market, buyer: Caller, anybody: Caller) -> None:
    withdraw_contribution(actor=market.contributor, contribution_id=market.contribution.pk)
    for caller in (buyer, anybody):
        status, code, message = answer(caller.get(DATA))
        assert (status, code) == (403, "GatedRepo")
        assert "withdrawn" in message
        for path in (API, f"{API}/tree/v1.0.0"):
            response = caller.get(path)
            assert answer(response) == (403, "", "Access to this resource is disabled.")
            assert "withdrawn" in response.json()["error"]
        assert caller.get(f"{DATASET}/main/croissant.json").status_code == 403
    assert anybody.get("/api/datasets").json() == []
    assert anybody.get(f"{DATASET}/main/README.md").status_code == 200


def test_too_many_requests(market: Market, settings: Any) -> None:
    settings.API_LIMITS = {**settings.API_LIMITS, "anonymous": 2}
    responses = [Caller().get(API) for _ in range(5)]  # more than two windows of the limit
    limited = [each for each in responses if each.status_code == 429]
    assert limited
    assert 1 <= int(limited[0]["Retry-After"]) <= 61


def test_methods_that_do_not_exist(buyer: Caller) -> None:
    response = buyer.post(API, b"{}", "application/json")
    assert response.status_code == 405
    assert response.json().keys() == {"error"}


def test_a_key_that_may_not_read_datasets_sees_what_everybody_sees(market: Market) -> None:
    """Wherever an address takes any key: on the Hub's routes and on our own."""
    Dataset.objects.update(visibility="private")
    uploading, reading = (Caller(key_for(market.steward, scope)) for scope in ("upload", "datasets:read"))
    dataset = "/api/v1/datasets/acme/greetings"
    lists = (f"{dataset}/versions", f"{dataset}/revisions", f"{dataset}/offers")
    single = (f"{dataset}/revisions/main", f"/api/v1/versions/{market.version.pk}", f"/api/v1/offers/{market.offer.pk}")
    for path in (API, dataset, *lists, *single):
        assert uploading.get(path).status_code == 404, path
        assert reading.get(path).status_code == 200, path
    assert uploading.get("/api/v1/datasets").json()["results"] == []
    assert len(reading.get("/api/v1/datasets").json()["results"]) == 1
