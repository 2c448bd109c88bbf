"""A site under a path of its host: all that a client is given begins with it, so that the next call finds its way."""

from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from django.test.utils import override_script_prefix
from pytest_django import Settings

from collective.interop.hub.views import files
from collective.interop.web.panels import clients_panel
from tests.contract.hub.published import Market, key_for
from tests.integration.hub.conftest import DATA, Caller
from tests.integration.hub.test_resolve import body
from tests.integration.push.pusher import Pusher, lfs_file, put

pytestmark = pytest.mark.once
SITE = "http://testserver/market"
API = "/api/datasets/acme/greetings"
CONTENT = b'{"text": "a"}\n'


@pytest.fixture(autouse=True)
def _under_a_path(settings: Settings) -> Iterator[None]:
    settings.SITE_URL, settings.FORCE_SCRIPT_NAME = SITE, "/market"
    with override_script_prefix("/market"):
        yield


@pytest.mark.parametrize("passed_on", ["", "/market"])
def test_a_proxy_may_pass_the_path_on_or_leave_it_out(buyer: Caller, passed_on: str) -> None:
    assert buyer.get(f"{passed_on}{API}").json()["id"] == "acme/greetings"
    assert buyer.head(f"{passed_on}{DATA}").status_code == 200
    assert Caller().get(f"{passed_on}/api/nothing").headers["Content-Type"] == "application/problem+json"
    assert buyer.get("/marketing/api/datasets").status_code == 404


def test_pages_of_lists_follow_each_other(buyer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE", 3)
    first = buyer.get(f"/market{API}/tree/main")
    following = first.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    assert following.startswith(f"{SITE}{API}/tree/")
    second = buyer.get(following.removeprefix("http://testserver"))
    assert len({each["path"] for each in [*first.json(), *second.json()]}) == 4


def test_refusals_and_snippets_name_the_whole_address(stranger: Caller, market: Market) -> None:
    assert f"{SITE}/datasets/acme/greetings/" in stranger.get(DATA).headers["X-Error-Message"]
    panel = clients_panel(RequestFactory().get("/"), version=market.version)
    assert f"HF_ENDPOINT={SITE}\n" in panel
    assert f"{SITE}/datasets/acme/greetings/resolve/v1.0.0/" in panel


def test_a_push_goes_the_whole_way(market: Market) -> None:
    key = key_for(market.steward, "datasets:read", "upload")
    pusher = Pusher("acme/greetings", key)
    (said,) = pusher.batch(CONTENT).json()["objects"]
    sends = {name: action["href"] for name, action in said["actions"].items()}
    assert sends["upload"].startswith(f"{SITE}/storage/")
    assert sends["verify"] == f"{SITE}/datasets/acme/greetings.git/info/lfs/objects/verify"
    assert put(sends["upload"], CONTENT).status_code == 200
    commit = pusher.commit(lfs_file("a.jsonl", CONTENT)).json()
    assert commit["commitUrl"] == f"{SITE}/datasets/acme/greetings/commit/{commit['commitOid']}"
    page = Client().get(commit["commitUrl"].removeprefix("http://testserver"))
    assert page["Location"].startswith("/market/contributions/")


def test_the_addresses_of_a_manifest_are_followed(buyer: Caller) -> None:
    manifest = buyer.get("/market/api/v1/datasets/acme/greetings/manifest?revision=v1.0.0").json()
    assert manifest["session"]["url"].startswith(f"{SITE}/api/v1/")
    links = [each["url"] for each in manifest["files"] if each["path"].endswith(".parquet")]
    assert {link.partition("/storage/")[0] for link in links} == {SITE}
    assert body(Client().get(links[0].removeprefix("http://testserver")))[:4] == b"PAR1"
