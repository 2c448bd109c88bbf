"""Grants: issued once per order, verifiable by others' code, re-pinned after a withdrawal."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from joserfc import jws
from joserfc.jwk import OKPKey

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.models import Dataset, DatasetVersion
from collective.core.errors import DeniedError
from collective.core.ids import new_id
from licensing import services
from licensing.domain.hashing import canonical_sha256
from licensing.errors import AlreadyLicensedError, OfferChangedError, OfferHeldBackError, VersionNotOfferedError
from licensing.models import Agreement, GrantStatusEvent, LicenseGrant, Offer, SigningKey
from licensing.services import keys
from tests.factories import UserFactory
from tests.integration.licensing import world


def payload_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def test_the_claims_are_those_of_the_reference(
    grant: LicenseGrant, offer: Offer, version: DatasetVersion, buyer: User, dataset: Dataset
) -> None:
    claims = payload_of(grant.jws)
    organization = buyer.personal_organization
    assert set(claims) == {"iss", "sub", "aud", "jti", "iat", "nbf", "dc"}
    assert claims["iss"] == settings.SITE_URL
    assert claims["sub"] == f"{settings.SITE_URL}/organizations/{organization.slug}/"
    assert (claims["aud"], claims["jti"]) == ("dc-license-grant", f"urn:uuid:{grant.id}")
    own = claims["dc"]
    assert own["versions"] == {"from": "1.0.0", "range": "^1.0", "pinned": "1.0.0"}
    assert own["manifest_sha256"] == version.manifest_sha256
    assert own["perpetual"] is True
    assert own["license"] == {
        "id": world.TRAIN,
        "version": "1.0",
        "uri": f"{settings.SITE_URL}/licenses/sha256/{offer.license_version.text_sha256}/",
        "text_sha256": offer.license_version.text_sha256,
        "terms_sha256": canonical_sha256(offer.terms),
        "language": "en",
    }
    assert own["actions"] == [
        "access",
        "annotate",
        "derive",
        "evaluate",
        "fineTune",
        "releaseModelApi",
        "train",
        "trainGenerative",
    ]
    assert own["prohibited"] == [
        "embedRag",
        "redistribute",
        "reidentify",
        "releaseWeights",
        "synthesize",
        "unlawful",
        "voiceClone",
    ]
    assert own["price"] == {"model": "one_off", "amount": "250.00", "currency": "EUR", "order": str(grant.order_id)}
    kept = ["attribute", "delete_on_withdrawal_P30D", "no_redistribution", "outputs_no_regurgitation"]
    assert own["obligations"] == kept
    assert own["revocable"] == ["breach", "consent_withdrawal"]
    assert own["agreement_sha256"] == canonical_sha256(grant.agreement.snapshot)
    assert own["status"]["statusListIndex"] == str(grant.status_index)


def test_the_acceptance_is_kept_and_the_address_is_not_in_it(grant: LicenseGrant) -> None:
    text = json.dumps(payload_of(grant.jws)) + json.dumps(grant.agreement.snapshot)
    assert "192.0.2.7" not in text
    assert "a browser" not in text
    assert grant.agreement.evidence.ip == "192.0.2.7"
    assert len(payload_of(grant.jws)["dc"]["accepted_by"]["evidence_sha256"]) == 64


def test_joserfc_verifies_with_the_published_key(grant: LicenseGrant) -> None:
    (public,) = keys.jwks()["keys"]
    assert set(public) == {"kty", "crv", "x", "kid", "use", "alg"}
    found = jws.deserialize_compact(grant.jws, OKPKey.import_key(public), algorithms=["Ed25519"])
    assert found.protected == {"alg": "Ed25519", "kid": public["kid"], "typ": "dc-grant+jwt"}


def test_plain_ed25519_verifies_without_any_jose_library(grant: LicenseGrant) -> None:
    (public,) = keys.jwks()["keys"]
    signed, _, signature = grant.jws.rpartition(".")
    raw = base64.urlsafe_b64decode(public["x"] + "=")
    Ed25519PublicKey.from_public_bytes(raw).verify(base64.urlsafe_b64decode(signature + "=="), signed.encode())


def test_the_private_key_is_not_stored_in_the_clear(grant: LicenseGrant) -> None:
    row = SigningKey.objects.get()
    assert "d" not in keys.jwks()["keys"][0]
    assert row.sealed.startswith("gAAAA")


def test_the_same_order_gives_the_same_grant(offer: Offer, version: DatasetVersion, buyer: User) -> None:
    order: dict[str, Any] = {
        "order_id": new_id(),
        "offer_id": offer.pk,
        "version_id": version.pk,
        "licensee_id": buyer.personal_organization.pk,
        "accepted_by": buyer,
        "acceptance": world.acceptance(offer),
    }
    first, second = services.issue_grant(**order), services.issue_grant(**order)
    assert first.pk == second.pk
    assert first.jws == second.jws
    assert (LicenseGrant.objects.count(), Agreement.objects.count(), GrantStatusEvent.objects.count()) == (1, 1, 1)


def test_another_order_for_the_same_license_is_refused(
    grant: LicenseGrant, offer: Offer, version: DatasetVersion, buyer: User
) -> None:
    with pytest.raises(AlreadyLicensedError):
        world.granted(offer, version, buyer)
    assert Agreement.objects.count() == 1


def test_after_its_end_the_license_can_be_bought_again(
    version: DatasetVersion, dataset: Dataset, steward: User, buyer: User, time_machine: Any
) -> None:
    offer = world.offered(dataset, steward, duration_days=30)
    version.dataset.refresh_from_db()
    first = world.granted(offer, version, buyer)
    assert payload_of(first.jws)["exp"] - payload_of(first.jws)["nbf"] == 30 * 86_400
    assert payload_of(first.jws)["dc"]["perpetual"] is False

    time_machine.move_to(first.ends_at)
    second = world.granted(offer, version, buyer)

    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "active")


def test_another_offer_than_the_accepted_one_is_refused(offer: Offer, version: DatasetVersion, buyer: User) -> None:
    with pytest.raises(OfferChangedError):
        services.issue_grant(
            order_id=new_id(),
            offer_id=offer.pk,
            version_id=version.pk,
            licensee_id=buyer.personal_organization.pk,
            accepted_by=buyer,
            acceptance=replace(world.acceptance(offer), offer_sha256="0" * 64),
        )
    assert not LicenseGrant.objects.exists()


def test_a_sale_is_refused_when_consent_does_not_cover_the_version(
    offer: Offer, dataset: Dataset, steward: User, buyer: User
) -> None:
    world.accepted(dataset, UserFactory(), steward, world.declaration(refuse=("train",)))
    later = world.publish(dataset, steward)
    with pytest.raises(OfferHeldBackError):
        world.granted(offer, later, buyer)
    assert not Agreement.objects.exists()


def test_a_withdrawal_repins_under_the_same_id(dataset: Dataset, steward: User, contributor: User, buyer: User) -> None:
    kept = world.accepted(dataset, UserFactory(), steward, title="Kept")
    gone = world.accepted(dataset, contributor, steward, title="Gone")
    first = world.publish(dataset, steward)
    grant = world.granted(world.offered(dataset, steward), first, buyer)
    before = grant.jws

    services.withdraw_contribution(actor=contributor, contribution_id=gone.pk)
    first.refresh_from_db()
    patch = catalog.open_patch_version(withdrawn=first, notes="withdrawal")
    assert patch is not None
    second = world.seal(patch)
    assert services.repin_grants(version_id=second.pk) == 1
    assert services.repin_grants(version_id=second.pk) == 0

    grant.refresh_from_db()
    assert grant.pinned_version == second
    assert grant.state == "active"
    claims = payload_of(grant.jws)
    assert grant.jws != before
    assert claims["jti"] == payload_of(before)["jti"]
    assert claims["dc"]["versions"] == {"from": "1.0.0", "range": "^1.0", "pinned": "1.0.1"}
    assert claims["dc"]["manifest_sha256"] == second.manifest_sha256
    assert list(grant.status_events.order_by("at").values_list("kind", flat=True)) == ["issued", "repinned"]
    assert list(second.holdings.values_list("contribution", flat=True)) == [kept.pk]


def test_an_ordinary_new_version_leaves_grants_alone(grant: LicenseGrant, dataset: Dataset, steward: User) -> None:
    later = world.publish(dataset, steward)
    assert services.repin_grants(version_id=later.pk) == 0
    grant.refresh_from_db()
    assert grant.pinned_version.number == "1.0.0"


def test_a_version_withdrawn_between_order_and_payment_is_replaced(
    dataset: Dataset, steward: User, contributor: User, buyer: User
) -> None:
    world.accepted(dataset, UserFactory(), steward)
    gone = world.accepted(dataset, contributor, steward)
    first = world.publish(dataset, steward)
    offer = world.offered(dataset, steward)
    services.withdraw_contribution(actor=contributor, contribution_id=gone.pk)
    first.refresh_from_db()
    with pytest.raises(VersionNotOfferedError):
        world.granted(offer, first, buyer)

    patch = catalog.open_patch_version(withdrawn=first, notes="withdrawal")
    assert patch is not None
    world.seal(patch)
    assert world.granted(offer, first, buyer).pinned_version.number == "1.0.1"


def test_suspend_reinstate_revoke(grant: LicenseGrant, steward: User, buyer: User, contributor: User) -> None:
    for other in (buyer, contributor):
        with pytest.raises(DeniedError):
            services.suspend_grant(actor=other, grant_id=grant.pk, reason="no")
    services.suspend_grant(actor=steward, grant_id=grant.pk, reason="overdue attestation")
    services.reinstate_grant(actor=None, grant_id=grant.pk, reason="dispute won")
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="refund")
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="refund")

    story = list(grant.status_events.order_by("at").values_list("kind", "reason"))
    assert story == [
        ("issued", ""),
        ("suspended", "overdue attestation"),
        ("reinstated", "dispute won"),
        ("revoked", "refund"),
    ]
