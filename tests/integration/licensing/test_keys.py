"""Rotation, retirement and compromise of the keys that sign grants."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from joserfc.jwk import OKPKey

from collective.accounts.models import User
from collective.catalog.models import DatasetVersion
from collective.core.errors import DeniedError
from collective.core.models import Job
from collective.core.states import WrongStateError
from licensing import services
from licensing.domain.verification import Evidence, verify
from licensing.errors import KeyNotConfirmedError, SigningKeyNotFoundError
from licensing.models import LicenseGrant, Offer, SigningKey
from licensing.services import keys
from tests.factories import UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.test_grants import payload_of


def rotate(kid: str, actor: User | None = None) -> SigningKey:
    return services.rotate_signing_key(actor=actor, kid=kid, confirm=kid, reason="yearly")


def condemn(kid: str, actor: User | None = None) -> SigningKey:
    return services.condemn_signing_key(actor=actor, kid=kid, confirm=kid, reason="a stolen laptop")


def outcome(token: str) -> str:
    return verify(Evidence(token, keys.jwks(), timezone.now(), issuer=settings.SITE_URL)).code


def test_a_retired_key_verifies_for_ever(grant: LicenseGrant) -> None:
    old = grant.signing_key_id
    new = rotate(old)
    assert {key["kid"] for key in keys.jwks()["keys"]} == {old, new.kid}
    assert outcome(grant.jws) == "ok"
    assert services.reissue_grants() == 0
    with pytest.raises(WrongStateError):
        rotate(old)


def test_a_compromised_key_is_not_listed_and_its_grants_are_signed_anew(
    grant: LicenseGrant, offer: Offer, version: DatasetVersion
) -> None:
    other = world.granted(offer, version, UserFactory())
    services.revoke_grant(actor=None, grant_id=other.pk, reason="refund")
    before, old = grant.jws, grant.signing_key_id
    new = condemn(old)
    assert Job.objects.filter(key=f"reissue:{old}").count() == 1
    assert condemn(old).kid == new.kid
    assert {key["kid"] for key in keys.jwks()["keys"]} == {new.kid}
    assert outcome(before) == "unknown_key"

    assert (services.reissue_grants(), services.reissue_grants()) == (2, 0)

    for row in (grant, other):
        row.refresh_from_db()
        assert row.signing_key_id == new.kid
        assert outcome(row.jws) == "ok"
        assert row.status_events.filter(kind="reissued").count() == 1
    told, said = payload_of(before), payload_of(grant.jws)
    assert {**said, "iat": 0} == {**told, "iat": 0}
    assert other.state == "revoked"


def test_a_retired_key_can_be_condemned_too(grant: LicenseGrant) -> None:
    old = grant.signing_key_id
    new = rotate(old)
    assert condemn(old).kid == new.kid
    assert services.reissue_grants() == 1
    assert SigningKey.objects.get(pk=old).state == "compromised"


def test_only_operators_with_a_reason_and_a_second_confirmation(grant: LicenseGrant) -> None:
    kid, operator = grant.signing_key_id, UserFactory(is_staff=True)
    with pytest.raises(DeniedError):
        rotate(kid, grant.agreement.accepted_by)
    for given in (
        {"confirm": "", "reason": "x"},
        {"confirm": kid[:-1], "reason": "x"},
        {"confirm": kid, "reason": " "},
    ):
        for act in (services.rotate_signing_key, services.condemn_signing_key):
            with pytest.raises(KeyNotConfirmedError):
                act(actor=operator, kid=kid, **given)
    with pytest.raises(SigningKeyNotFoundError):
        rotate("nobody", operator)
    assert list(SigningKey.objects.values_list("state", flat=True)) == ["active"]
    rotate(kid, operator)


def test_a_new_signature_says_what_was_agreed_although_the_licensee_changed(grant: LicenseGrant) -> None:
    grant.licensee.kind = "enterprise"
    grant.licensee.save()
    condemn(grant.signing_key_id)
    services.reissue_grants()
    grant.refresh_from_db()
    assert payload_of(grant.jws)["dc"]["licensee_type"] == "individual"


@pytest.mark.django_db
def test_a_key_has_a_name_that_a_command_does_not_take_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [OKPKey.generate_key(keys.ALGORITHM) for _ in range(4)]
    while not made[-1].thumbprint().startswith("-"):
        made.append(OKPKey.generate_key(keys.ALGORITHM))
    pairs = iter([made[-1], *made])
    monkeypatch.setattr(OKPKey, "generate_key", lambda _curve: next(pairs))
    assert keys.active_key().kid == next(each.thumbprint() for each in made if not each.thumbprint().startswith("-"))


def test_the_command_asks_twice(grant: LicenseGrant) -> None:
    kid, out = grant.signing_key_id, StringIO()
    call_command("rotate_signing_key", kid, "--reason", "yearly", stdout=out)
    assert "--confirm" in out.getvalue()
    assert SigningKey.objects.get().state == "active"
    call_command("rotate_signing_key", kid, "--reason", "leak", "--compromised", "--confirm", kid, stdout=out)
    assert SigningKey.objects.get(pk=kid).state == "compromised"
    with pytest.raises(CommandError):
        call_command("rotate_signing_key", kid, "--reason", "x", "--confirm", "other", stdout=out)
