"""C2, C6: an address works for its few minutes and no longer than its license, to read its object, as an attachment."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import DatasetVersion
from collective.core.storage.signing import ObjectLink, unseal
from tests.factories import DatasetFactory, UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.bypass.conftest import Scene
from tests.integration.licensing.bypass.routes import Caller, addresses, caller, fetch

pytestmark = pytest.mark.once


@pytest.fixture
def url(scene: Scene) -> str:
    minted: str = scene.job.mint(scene.token).json()["url"]
    status, body, _ = fetch(minted)
    assert (status, body) == (200, f"{scene.version.pk} shard 0".encode())
    return minted


def test_c6_after_its_time(db: None, settings: Settings) -> None:
    """The clock of the S3 server cannot be moved: so everything before happened earlier."""
    earlier = timezone.now() - timedelta(seconds=settings.DOWNLOAD_URL_SECONDS + 1)
    with time_machine.travel(earlier, tick=True):
        steward, buyer = UserFactory(), UserFactory()
        job, token, version = _bought(steward, buyer)
        urls = [each["url"] for each in job.manifest(version).json()["files"]]
        urls += [job.mint(token).json()["url"], job.resolve(version).headers.get("Location", urls[0])]
    for each in urls:
        status, body, _ = fetch(each)
        assert status in {400, 403}  # 400: rclone
        assert b" shard 0" not in body


def test_c2_no_address_outlives_the_license(scene: Scene, time_machine: Any) -> None:
    """A store of others asks nobody: so what is made in the last minute, on any route, is signed for no longer."""
    ends_at = scene.grant.ends_at
    assert ends_at is not None
    time_machine.move_to(ends_at - timedelta(seconds=59, milliseconds=500), tick=False)
    answers = scene.job.everywhere(scene.version, scene.job.token(scene.version))
    urls = addresses(answers)
    assert len(urls) >= 6
    assert {ends_at - timedelta(seconds=2) < end_of(url) <= ends_at for url in urls} == {True}
    files = answers["manifest"].json()["files"]
    assert {datetime.fromisoformat(each["expires_at"]) <= ends_at for each in files} == {True}


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_c6_another_method(scene: Scene, url: str, method: str) -> None:
    status, body, _ = fetch(url, method)
    assert status in {403, 405}
    assert b" shard 0" not in body
    assert fetch(url)[0] == 200  # and the object is still what it was


def test_c6_another_object(scene: Scene, url: str, mode: str) -> None:
    first, second = (scene.version.files.get(path=f"data/train-{number:05d}.parquet") for number in range(2))
    if mode == "local":
        token = scene.job.mint(scene.token, second.path).json()["url"].partition("token=")[2]
        spliced = url[: url.index("token=") + 40] + token[34:]
        assert fetch(spliced)[0] == 403
        # The name in the path is for the eyes: the object is in the signature.
        assert b" shard 0" in fetch(url.replace("train-00000", "train-00001"))[1]
    else:
        assert first.sha256 in url
        assert fetch(url.replace(first.sha256, second.sha256))[0] == 403


def test_c6_another_type_of_content(url: str, mode: str) -> None:
    """S3: what the answer is called is inside the signature. Ours cannot be told what it is called."""
    if mode == "rclone":
        assert fetch(url.replace("application%2Foctet-stream", "text%2Fhtml"))[0] == 403
        assert fetch(url.replace("attachment", "inline"))[0] == 403
        assert fetch(f"{url}&response-content-language=en")[0] == 403
    _, _, headers = fetch(url if mode == "rclone" else f"{url}&response-content-type=text%2Fhtml")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")


def test_c6_an_added_header(scene: Scene, url: str, mode: str) -> None:
    """Whatever is added opens nothing else: it is refused, or the answer is the same object's."""
    other = scene.version.files.get(path="data/train-00001.parquet").sha256
    for name, value in {
        "Authorization": f"Bearer {scene.job.key}",
        "X-Amz-Copy-Source": f"/collective/{other}",
        "X-Http-Method-Override": "DELETE",
        "X-Original-URL": "/storage/objects/x",
    }.items():
        status, body, _ = fetch(url, **{name: value})
        assert status in {200, 400, 403}, name
        assert b" shard 1" not in body
    assert fetch(url)[0] == 200


def test_c6_a_changed_signature_or_time(url: str, mode: str) -> None:
    marks = ("X-Amz-Signature=", "X-Amz-Expires=") if mode == "rclone" else ("token=",)
    for mark in marks:
        place = url.index(mark) + len(mark)
        changed = url[:place] + ("9" if url[place] != "9" else "8") + url[place + 1 :]
        status, body, _ = fetch(changed)
        assert status == 403
        assert b" shard 0" not in body


def test_c6_without_a_signature(url: str, mode: str) -> None:
    status, body, _ = fetch(url.partition("?")[0])
    assert status in {400, 403}
    assert b" shard 0" not in body


def end_of(url: str) -> datetime:
    """Until when an address was signed."""
    query = dict(parse_qsl(urlsplit(url).query))
    if "token" in query:
        return datetime.fromtimestamp(unseal(query["token"], ObjectLink).expires, UTC)
    made = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%S%z")
    return made + timedelta(seconds=int(query["X-Amz-Expires"]))


def _bought(steward: User, buyer: User) -> tuple[Caller, str, DatasetVersion]:
    dataset = DatasetFactory(steward=steward)
    world.accepted(dataset, UserFactory(), steward)
    version = world.publish(dataset, steward)
    offer = world.offered(dataset, steward)
    version.dataset.refresh_from_db()
    world.granted(offer, version, buyer)
    job = caller(buyer)
    return job, job.token(version), version
