"""What anybody can check, the certificate, and the scenarios of a grant's later life (G11, G21, disputes)."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Dataset, DatasetVersion
from collective.core.pdf import fonts
from licensing import services
from licensing.domain.verification import Evidence, verify
from licensing.errors import LicenseRevokedError, LicenseSuspendedError, SubscriptionEndedError
from licensing.models import LicenseGrant, LicenseVersion
from licensing.selectors import license_by_hash
from licensing.services import keys
from licensing.services.certificates import certificate_page
from licensing.services.proving import prove
from licensing.services.status import status_token
from tests.integration.licensing import world


def checked(token: str, **more: Any) -> str:
    return verify(Evidence(token, keys.jwks(), more.pop("at", timezone.now()), settings.SITE_URL, **more)).code


def test_the_certificate_says_what_the_claims_say_on_one_page(grant: LicenseGrant, buyer: User) -> None:
    page = certificate_page(grant, grant.offer.plain_words)
    text = str(page)
    for fact in (
        grant.urn,
        grant.pinned_version.manifest_sha256,
        grant.license_version.text_sha256,
        grant.license.name,
    ):
        assert fact in text
    assert not any(price in text for price in ("250.00", "250 EUR", "EUR"))
    assert page.url == f"{settings.SITE_URL}/verify/{grant.pk}/"
    pdf = services.certificate(actor=buyer, grant_id=grant.pk)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(
    "text", ["Ẹgbẹ́", "Україна", "جامعة", "האוניברסיטה", "বাংলা", "हिन्दी", "北京大学", "日本語", "한국어", "አማርኛ"]
)
def test_every_script_has_a_font_file_on_disk(text: str) -> None:
    files, missing = fonts.files_for(text)
    assert missing == ""
    assert all(file.is_file() for file in files)


def test_what_no_font_has_is_named() -> None:
    assert fonts.files_for("a\u1820")[1] == "\u1820"


def test_the_public_page_names_the_state_and_never_the_price(grant: LicenseGrant, client: Client, buyer: User) -> None:
    page = client.get(f"/verify/{grant.pk}/")
    shown = page.content.decode()
    assert page.status_code == 200
    assert grant.pinned_version.manifest_sha256 in shown
    for hidden in ("250.00", str(grant.order_id), buyer.name, buyer.email, grant.licensee.name):
        assert hidden not in shown
    assert client.get("/verify/0192f0c0-0000-7000-8000-000000000000/").status_code == 404


def test_a_pasted_grant_is_checked_with_what_happened_since(grant: LicenseGrant, client: Client) -> None:
    assert (prove(grant.jws).outcome.code, prove(grant.jws).is_latest) == ("ok", True)
    wrapped = "\n".join(grant.jws[at : at + 60] for at in range(0, len(grant.jws), 60))
    assert prove(wrapped).outcome.code == "ok"
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="breach")
    assert prove(grant.jws).outcome.code == "revoked"
    assert prove("nonsense").outcome.code == "header"
    assert b"revoked" in client.post("/verify/", {"token": grant.jws}).content


def test_an_edited_license_text_leaves_the_old_grant_with_the_old_text(grant: LicenseGrant, buyer: User) -> None:
    """G11."""
    old = grant.license_version
    new = LicenseVersion.objects.create(
        template=old.template,
        version="1.1",
        text=b"Other words.",
        text_sha256=hashlib.sha256(b"Other words.").hexdigest(),
        terms=old.terms,
        terms_sha256=old.terms_sha256,
        state="published",
        published_at=timezone.now(),
    )
    old.transition_to("retired", retired_at=timezone.now())
    assert license_by_hash(old.text_sha256).text_bytes == old.text_bytes
    assert checked(grant.jws, license_text=license_by_hash(old.text_sha256).text_bytes) == "ok"
    assert checked(grant.jws, license_text=new.text_bytes) == "license_text_mismatch"


def subscribed(dataset: Dataset, steward: User, version: DatasetVersion, buyer: User) -> LicenseGrant:
    plan = {"model": "subscription", "period": "month", "grace_days": 0}
    offer = world.offered(dataset, steward, plan=plan)
    version.dataset.refresh_from_db()
    return world.granted(offer, version, buyer)


def test_an_ended_subscription(
    dataset: Dataset, steward: User, version: DatasetVersion, buyer: User, time_machine: Any, client: Client
) -> None:
    """G21: refused by name with the day by which copies must go; what was signed earlier still verifies as of then."""
    grant = subscribed(dataset, steward, version, buyer)
    services.deliver_manifest(actor=buyer, key=None, version=version)
    assert grant.ends_at is not None
    earlier = timezone.now()
    time_machine.move_to(grant.ends_at + timedelta(days=1))
    path = version.files.filter(kind="data").values_list("path", flat=True)[0]
    for attempt in (
        lambda: services.deliver_manifest(actor=buyer, key=None, version=version),
        lambda: services.deliver_file(actor=buyer, key=None, version=version, path=path),
    ):
        with pytest.raises(SubscriptionEndedError) as refused:
            attempt()
        assert refused.value.code == "subscription_ended"
        assert refused.value.detail["copies_due"] == (grant.ends_at + timedelta(days=30)).isoformat()
    assert checked(grant.jws) == "expired"
    assert checked(grant.jws, at=earlier) == "ok"
    client.force_login(buyer)
    assert b"Copies must be deleted by" in client.get(f"/licenses/{grant.pk}/").content


def test_a_dispute_bites_at_the_next_request_and_its_history_stays(
    grant: LicenseGrant, buyer: User, version: DatasetVersion
) -> None:
    def fetch() -> None:
        services.deliver_manifest(actor=buyer, key=None, version=version)

    fetch()
    services.suspend_grant(actor=None, grant_id=grant.pk, reason="The payment is disputed.")
    with pytest.raises(LicenseSuspendedError):
        fetch()
    assert checked(grant.jws, status=status_token(1)) == "ok"  # suspended may end, and is not revoked
    services.reinstate_grant(actor=None, grant_id=grant.pk, reason="The dispute was won.")
    fetch()
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="The dispute was lost.")
    with pytest.raises(LicenseRevokedError):
        fetch()
    assert checked(grant.jws, status=status_token(1)) == "revoked"
    assert checked(grant.jws) == "ok"  # the signature and what it says stay true
    kinds = list(grant.status_events.order_by("at").values_list("kind", flat=True))
    assert kinds == ["issued", "suspended", "reinstated", "revoked"]
