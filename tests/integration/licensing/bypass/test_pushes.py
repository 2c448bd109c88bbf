"""Pushing takes bytes and gives none: not by Git LFS's other direction, and not for who only knows a file's hash."""

from typing import Any

from collective.accounts.services import revoke_api_key
from collective.catalog.models import Contribution
from tests.factories import UserFactory
from tests.integration.licensing.bypass.conftest import Scene
from tests.integration.licensing.bypass.routes import SHARD, NothingGiven, carries_bytes, fetch
from tests.integration.licensing.bypass.test_keys import key_id
from tests.integration.licensing.bypass.test_rights import quarantined
from tests.integration.push.pusher import LFS, Pusher, lfs_file, pusher_for


def doors(pusher: Pusher, content: bytes, size: int) -> dict[str, Any]:
    """Everything that a push asks, about a file that is there already: a shard of the version."""
    file = lfs_file("mine.parquet", content)
    known = {"oid": file["value"]["oid"], "size": size}
    wanted = {"operation": "download", "transfers": ["basic"], "objects": [known]}
    return {
        "download": pusher.post(f"/datasets/{pusher.repo_id}.git/info/lfs/objects/batch", wanted, LFS),
        "batch": pusher.batch_of(known),
        "verify": pusher.verify(content),
        "commit": pusher.commit(file),
        "preupload": pusher.preupload(SHARD),
    }


def test_who_knows_the_hash_of_a_shard_gets_nothing_of_it(scene: Scene) -> None:
    content = f"{scene.version.pk} shard 0".encode()
    stranger = pusher_for(UserFactory(), scene.dataset.repo_id)
    with NothingGiven():
        answers = doors(stranger, content, len(content))
    # Told to send it, as if it were nowhere; and what was not sent is neither found nor stored.
    actions = answers.pop("batch").json()["objects"][0]["actions"]
    assert list(actions) == ["upload", "verify"]
    assert fetch(actions["upload"]["href"])[0] in {403, 405}
    assert not [name for name, answer in answers.items() if carries_bytes(answer)]
    told = {name: answer.status_code for name, answer in answers.items()}
    assert told == {"download": 400, "verify": 400, "commit": 400, "preupload": 200}
    assert not Contribution.objects.filter(uploads__state__in=["assembling", "stored"]).exists()


def test_on_hold_and_with_a_dead_key_no_push_begins(scene: Scene) -> None:
    pusher = pusher_for(scene.buyer, scene.dataset.repo_id)
    quarantined(scene, None)
    held = doors(pusher, b"new", 3)
    assert {name: answer.status_code for name, answer in held.items()} == dict.fromkeys(held, 403)
    revoke_api_key(actor=scene.buyer, key_id=key_id(pusher.key))
    dead = doors(pusher, b"new", 3)
    assert {name: answer.status_code for name, answer in dead.items()} == dict.fromkeys(dead, 401)
    assert not [answer for answer in (*held.values(), *dead.values()) if b'"objects"' in answer.content]
