"""What was published, offered, agreed, granted, answered or delivered cannot be changed, not even by raw SQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from collective.accounts.models import User
from collective.catalog.models import Contribution, DatasetVersion
from licensing import services
from licensing.errors import LicenseTextChangedError
from licensing.models import (
    AccessRecord,
    Agreement,
    Attestation,
    ConsentEvent,
    ConsentNotice,
    GrantStatusEvent,
    LicenseGrant,
    LicenseVersion,
    Offer,
    ProvenanceSource,
    SigningKey,
)
from licensing.services.library import load_library
from tests.integration.licensing import world

APPEND_ONLY = [
    (Agreement, "agreement_sha256 = 'x'"),
    (GrantStatusEvent, "reason = 'x'"),
    (ConsentNotice, "text = 'x'"),
    (ConsentEvent, "kind = 'given'"),
    (ProvenanceSource, "license_id = 'CC0-1.0'"),
    (Attestation, "signer_name = 'x'"),
    (AccessRecord, "path = 'x'"),
]
FROZEN = [
    (LicenseVersion, "text = 'x'"),
    (LicenseVersion, "terms = '{}'"),
    (LicenseVersion, "state = 'draft'"),
    (Offer, "price_minor = 1"),
    (Offer, "duration_days = 1"),
    (Offer, "snapshot = '{}'"),
    (Offer, "fee_bps = 0"),
    (LicenseGrant, "version_range = '^9.9'"),
    (LicenseGrant, "ends_at = '2999-01-01'"),
    (LicenseGrant, "starts_at = '1999-01-01'"),
    (SigningKey, "public_x = 'x'"),
]


@pytest.fixture
def history(grant: LicenseGrant, version: DatasetVersion, buyer: User) -> LicenseGrant:
    """A row in every table."""
    services.deliver_manifest(actor=buyer, key=None, version=version)
    return grant


def refuses(statement: str) -> str:
    """What the database says to raw SQL."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refused.value)


def update_of(table: str, change: str) -> str:
    return f"UPDATE {table} SET {change}"  # noqa: S608 - both are written in this file


def deletion_from(table: str) -> str:
    return f"DELETE FROM {table}"  # noqa: S608 - the same


@pytest.mark.parametrize(("model", "change"), APPEND_ONLY, ids=lambda value: getattr(value, "__name__", value))
def test_append_only(history: LicenseGrant, model: Any, change: str) -> None:
    table, before = model._meta.db_table, list(model.objects.order_by("pk").values())
    assert before
    assert "append-only" in refuses(update_of(table, change))
    assert "append-only" in refuses(deletion_from(table))
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(("model", "change"), FROZEN, ids=lambda value: getattr(value, "__name__", value))
def test_frozen(history: LicenseGrant, model: Any, change: str) -> None:
    table, count = model._meta.db_table, model.objects.count()
    refuses(update_of(table, change))
    refuses(deletion_from(table))
    assert model.objects.count() == count


def test_what_has_ended_stays_ended(history: LicenseGrant) -> None:
    services.revoke_grant(actor=None, grant_id=history.pk, reason="breach")
    Offer.objects.update(state="retired")
    assert "keeps what was agreed" in refuses("UPDATE licensing_licensegrant SET state = 'active'")
    assert "never changes" in refuses("UPDATE licensing_offer SET state = 'live'")


def test_a_license_may_be_retired_and_is_still_served(history: LicenseGrant) -> None:
    row = world.license_named(world.TRAIN)
    row.transition_to("retired")
    assert LicenseVersion.objects.get(pk=row.pk).text_bytes == row.text_bytes
    assert "never changes" in refuses("UPDATE licensing_licenseversion SET state = 'published' WHERE state = 'retired'")


def test_a_draft_may_still_change(db: None) -> None:
    row = world.license_named("CC0-1.0")
    draft = LicenseVersion.objects.create(
        template=row.template, version="9", text=b"a", text_sha256="a", terms={}, terms_sha256="a"
    )
    draft.text = b"b"
    draft.save()
    draft.delete()


def test_loading_again_changes_nothing_and_an_edited_text_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(LicenseVersion.objects.order_by("pk").values("text_sha256", "state"))
    assert len(before) == 24
    assert load_library() == 0
    assert list(LicenseVersion.objects.order_by("pk").values("text_sha256", "state")) == before

    from licensing.domain.library import Template

    monkeypatch.setattr(Template, "text", property(lambda _template: b"another text"))
    with pytest.raises(LicenseTextChangedError):
        load_library()
    assert list(LicenseVersion.objects.order_by("pk").values("text_sha256", "state")) == before


def invariant_named(function: str) -> Callable[[], list[str]]:
    from licensing import invariants

    return lambda: list(getattr(invariants, function)())


CHECKS = [
    "versions_are_attested",
    "sales_are_covered",
    "withdrawn_is_unservable",
    "records_of_the_withdrawn_are_gone",
    "nothing_delivered_after_withdrawal",
    "deliveries_are_in_scope",
    "deliveries_are_under_active_grants",
    "hashes_hold",
    "grants_tell_their_story",
]


def test_the_invariants_hold_through_a_whole_life(
    history: LicenseGrant, contribution: Contribution, contributor: User
) -> None:
    for step in ("sold", "suspended", "reinstated", "withdrawn", "revoked"):
        if step in {"suspended", "reinstated", "revoked"}:
            act = {"suspended": "suspend_grant", "reinstated": "reinstate_grant", "revoked": "revoke_grant"}[step]
            getattr(services, act)(actor=None, grant_id=history.pk, reason=step)
        if step == "withdrawn":
            services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
        assert [(name, invariant_named(name)()) for name in CHECKS] == [(name, []) for name in CHECKS]


def test_the_invariants_notice(history: LicenseGrant, version: DatasetVersion, contribution: Contribution) -> None:
    record = AccessRecord.objects.first()
    assert record is not None
    early = AccessRecord(**{**_values(record), "at": history.starts_at.replace(year=2001)})
    early.save(force_insert=True)
    assert len(invariant_named("deliveries_are_in_scope")()) == 1

    Contribution.objects.filter(pk=contribution.pk).update(state="withdrawn")
    assert len(invariant_named("withdrawn_is_unservable")()) == 1
    ConsentEvent.objects.create(
        contribution=contribution,
        kind="withdrawn",
        person=services.own_person(record.user),
        actor=record.user,
        at=record.at,
    )
    Contribution.objects.filter(pk=contribution.pk).update(state="accepted")
    assert len(invariant_named("withdrawn_is_unservable")()) == 1
    assert invariant_named("sales_are_covered")() == [], "it was withdrawn after the sale"
    ConsentEvent.objects.create(
        contribution=contribution,
        kind="refused",
        person=services.own_person(contribution.contributor),
        actor=contribution.contributor,
        at=history.agreement.accepted_at,
    )
    assert "consent_missing" in invariant_named("sales_are_covered")()[0]

    LicenseGrant.objects.filter(pk=history.pk).update(state="suspended")
    assert len(invariant_named("grants_tell_their_story")()) == 1


def _values(record: AccessRecord) -> dict[str, object]:
    names = ("user_id", "key_id", "role", "grant_id", "version_id", "path", "sha256", "size")
    return {name: getattr(record, name) for name in names}
