"""C1 to C3, C8, C9, C12: whoever has no live right gets neither bytes nor an address, on no route."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from collective.catalog.models import Dataset
from collective.catalog.services import quarantine_dataset
from licensing import services
from licensing.errors import DatasetWithdrawnError, QuarantinedError
from tests.factories import DatasetFactory, UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.bypass.conftest import Scene
from tests.integration.licensing.bypass.routes import (
    ARCHIVE,
    ASKING,
    DELTA,
    HUB,
    OURS,
    Caller,
    NothingGiven,
    caller,
    carries_bytes,
    fetch,
    said,
)


def nothing(scene: Scene, clock: Any) -> None:
    """The right itself is missing."""


def expired(scene: Scene, clock: Any) -> None:
    """The session was opened in the last minute of the license."""
    assert scene.grant.ends_at is not None
    clock.move_to(scene.grant.ends_at - timedelta(minutes=1), tick=False)
    scene.token = scene.job.token(scene.version)
    assert scene.job.mint(scene.token).status_code == 200
    clock.move_to(scene.grant.ends_at, tick=False)


def suspended(scene: Scene, clock: Any) -> None:
    services.suspend_grant(actor=None, grant_id=scene.grant.pk, reason="chargeback")


def revoked(scene: Scene, clock: Any) -> None:
    services.revoke_grant(actor=None, grant_id=scene.grant.pk, reason="refund")


def quarantined(scene: Scene, clock: Any) -> None:
    quarantine_dataset(actor=None, dataset_id=scene.dataset.pk, reason="It was reported.")


def withdrawn(scene: Scene, clock: Any) -> None:
    services.withdraw_contribution(actor=scene.contributor, contribution_id=scene.contribution.pk)


@dataclass(frozen=True)
class Case:
    change: Callable[[Scene, Any], None]
    status: int
    code: str
    who: str = "job"
    mint: tuple[int, str] | None = None
    hub: tuple[int, str] = (403, "GatedRepo")

    def __str__(self) -> str:
        return f"{self.who} {self.change.__name__}"

    def told(self) -> dict[str, tuple[int, str]]:
        """On each route, in its own words."""
        ours, bought = (self.status, self.code), self.code != "license_required"
        return {
            **dict.fromkeys((*HUB, *ASKING), self.hub),
            **dict.fromkeys(OURS, ours),
            "mint": self.mint or ours,
            **dict.fromkeys(DELTA, (min(self.status, 403), self.code)),
            ARCHIVE: ours if bought else (402, "purchase_required"),
        }


FOREIGN = (403, "session_key_mismatch")
CASES = [
    Case(nothing, 403, "license_required", who="stranger", mint=FOREIGN),  # C1, C3
    Case(nothing, 403, "license_required", who="contributor", mint=FOREIGN),
    Case(nothing, 403, "license_required", who="operator", mint=FOREIGN),
    Case(nothing, 401, "not_authenticated", who="anybody", hub=(401, "GatedRepo")),
    Case(nothing, 403, "scope_missing", who="reading key", mint=(403, "scope_missing")),
    Case(expired, 403, "license_expired"),  # C2
    Case(quarantined, 403, "quarantined"),  # C8
    Case(quarantined, 403, "quarantined", who="steward", mint=FOREIGN),
    Case(suspended, 403, "license_suspended"),  # C9
    Case(revoked, 403, "license_revoked"),
    Case(withdrawn, 410, "version_withdrawn"),
    Case(withdrawn, 410, "version_withdrawn", who="steward", mint=FOREIGN),
]


def person(scene: Scene, who: str) -> Caller:
    people = {"contributor": scene.contributor, "steward": scene.steward}
    match who:
        case "job":
            return scene.job
        case "anybody":
            return Caller()
        case "reading key":
            return caller(scene.buyer, "datasets:read")
        case "operator":
            return caller(UserFactory(is_staff=True))
        case _:
            return caller(people.get(who) or UserFactory())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_on_every_route(scene: Scene, case: Case, time_machine: Any) -> None:
    asking = person(scene, case.who)
    case.change(scene, time_machine)
    scene.reload()
    with NothingGiven():
        answers = asking.everywhere(scene.version, scene.token)
    assert not [name for name, answer in answers.items() if carries_bytes(answer)]
    assert {name: said(answer) for name, answer in answers.items()} == case.told()


def test_c3_a_license_for_version_1_on_version_2(scene: Scene) -> None:
    second = world.publish(scene.dataset, scene.steward, bump="major")
    with NothingGiven():
        answers = scene.job.everywhere(second, "dcs_none")
    assert not [name for name, answer in answers.items() if carries_bytes(answer)]
    assert {answers[name].status_code for name in HUB} == {403}
    for name in ("manifest", "manifest since", "delta query", ARCHIVE):
        assert said(answers[name]) == (403, "version_not_covered")
    # The session stays with the version that it was opened for.
    minted, files = scene.job.mint(scene.token).json(), scene.version.files
    assert minted["sha256"] == files.get(path=minted["path"]).sha256


def test_c3_a_license_for_one_dataset_on_another(scene: Scene) -> None:
    other = DatasetFactory(steward=scene.steward)
    world.accepted(other, UserFactory(), scene.steward)
    elsewhere = world.publish(other, scene.steward)
    world.offered(other, scene.steward)
    elsewhere.dataset.refresh_from_db()
    with NothingGiven():
        answers = scene.job.everywhere(elsewhere, "dcs_none")
    assert {answers[name].status_code for name in HUB} == {403}
    assert {said(answers[name]) for name in ("manifest", *DELTA)} == {(403, "license_required")}
    assert said(answers[ARCHIVE]) == (402, "purchase_required")
    assert answers["mint"].status_code == 404


def test_c8_addresses_that_are_out_when_a_dataset_is_put_on_hold(scene: Scene, mode: str) -> None:
    """Our own address is asked again at every request; that of an S3 server ends with its few minutes."""
    url = scene.job.mint(scene.token).json()["url"]
    assert fetch(url)[0] == 200
    quarantined(scene, None)
    status, body, _ = fetch(url)
    assert status == (403 if mode == "local" else 200)
    assert (b"being examined" in body, b" shard 0" in body) == (mode == "local", mode == "rclone")
    page = Client().get(f"/datasets/{scene.dataset.repo_id}/").content.decode()
    assert "This dataset is on hold." in page


@pytest.mark.parametrize(("state", "error"), [("quarantined", QuarantinedError), ("withdrawn", DatasetWithdrawnError)])
def test_c8_the_row_in_hand_is_older_than_the_hold(scene: Scene, state: str, error: type[Exception]) -> None:
    """As where a client waits for its archive while an operator acts."""
    Dataset.objects.filter(pk=scene.dataset.pk).update(state=state)
    assert scene.version.dataset.state == "listed"
    with NothingGiven(), pytest.raises(error):
        services.deliver_manifest(actor=scene.buyer, key=None, version=scene.version)


def test_c9_what_is_reinstated_is_given_again(scene: Scene) -> None:
    suspended(scene, None)
    assert scene.job.mint(scene.token).status_code == 403
    services.reinstate_grant(actor=None, grant_id=scene.grant.pk, reason="dispute won")
    answers = scene.job.everywhere(scene.version, scene.token)
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 400} == {}


def test_c12_a_free_dataset_whose_terms_nobody_accepted(scene: Scene) -> None:
    services.retire_offer(actor=scene.steward, offer_id=scene.grant.offer_id)
    world.offered(scene.dataset, scene.steward, "CC-BY-4.0", price_minor=0)
    with NothingGiven():
        answers = caller(UserFactory()).everywhere(scene.version, scene.token)
    assert not [name for name, answer in answers.items() if carries_bytes(answer)]
    assert {answers[name].status_code for name in (*HUB, *ASKING)} == {403}
    others = ("manifest", "manifest since", *DELTA, ARCHIVE)
    assert {said(answers[name]) for name in others} == {(403, "terms_required")}


def test_c12_terms_that_changed_after_the_purchase_change_nothing(scene: Scene) -> None:
    before = scene.job.manifest(scene.version).json()
    services.retire_offer(actor=scene.steward, offer_id=scene.grant.offer_id)
    world.offered(scene.dataset, scene.steward, "CC-BY-4.0", price_minor=0)
    scene.reload()
    after = scene.job.manifest(scene.version).json()
    assert (after["grant"], after["actions"], after["attribution"]) == tuple(
        before[name] for name in ("grant", "actions", "attribution")
    )
    assert "train" in after["actions"]
    assert scene.job.manifest(scene.version, action="redistribute").json()["code"] == "action_not_granted"
