"""A small marketplace for the tests of licensing, made with the services that the product uses."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from collective.accounts.models import ApiKey, Organization, User
from collective.accounts.services import create_api_key
from collective.catalog import services as catalog
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Shard
from collective.catalog.services import Seal, SealedFile
from collective.core.ids import new_id
from collective.core.storage import published
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.domain.claims import AcceptanceRecord
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.domain.hashing import canonical_sha256
from licensing.domain.library import OWN_WORK
from licensing.models import LicenseGrant, LicenseVersion, Offer
from licensing.selectors import current_notice, current_statement

TRAIN, RESEARCH = "LicenseRef-DC-TRAIN-COMM-1.0", "LicenseRef-DC-RESEARCH-1.0"
BY_SA = "CC-BY-SA-4.0"
EVERYBODY = "LicenseRef-DC-OPENWEIGHTS-1.0"


def declaration(
    *,
    license_id: str = OWN_WORK,
    refuse: tuple[str, ...] = (),
    commercial: bool = True,
    exclusive: bool = False,
    **source: Any,
) -> Declaration:
    role = "rightsholder" if license_id == OWN_WORK else "intermediary"
    facts = {"kind": "primary", "description": "Recorded at home.", "rights_role": role, "license_id": license_id}
    return Declaration(
        source=Source(**{**facts, **source}),
        consent=Consent(
            notice_sha256=current_notice().text_sha256,
            answers={code: code not in refuse for code in ACTION_CODES},
            commercial=commercial,
            exclusive=exclusive,
        ),
        statement_sha256=current_statement().text_sha256,
        signer_name="Ama Mensah",
    )


def drafted(dataset: Dataset, person: User, title: str = "Greetings") -> Contribution:
    contribution = catalog.start_contribution(actor=person, dataset_id=dataset.pk, title=title)
    catalog.set_upload_totals(contribution_id=contribution.pk, file_count=1, byte_count=100)
    return contribution


def accepted(
    dataset: Dataset, person: User, steward: User, said: Declaration | None = None, *, title: str = "Greetings"
) -> Contribution:
    contribution = drafted(dataset, person, title)
    services.declare_rights(actor=person, contribution_id=contribution.pk, declaration=said or declaration())
    catalog.submit_contribution(actor=person, contribution_id=contribution.pk)
    catalog.begin_validation(contribution_id=contribution.pk)
    catalog.finish_validation(contribution_id=contribution.pk, passed=True, record_count=10, byte_count=100)
    return catalog.decide_contribution(actor=steward, contribution_id=contribution.pk, accept=True)


def publish(dataset: Dataset, steward: User, **options: Any) -> DatasetVersion:
    return seal(catalog.open_version(actor=steward, dataset_id=dataset.pk, **options))


def seal(
    version: DatasetVersion,
    splits: tuple[str, str] = ("train", "train"),
    *,
    columns: list[dict[str, Any]] | None = None,
    preview: list[dict[str, Any]] | None = None,
) -> DatasetVersion:
    """Two shards with real bytes in the store, a card, and a manifest that names them. `splits` name the shards'."""
    shards = {f"data/train-{number:05d}.parquet": f"{version.pk} shard {number}".encode() for number in range(2)}
    files = {path: stored(content) for path, content in {**shards, "README.md": b"# Card"}.items()}
    manifest = manifest_of(version, files)
    text = json.dumps(manifest).encode()
    files["manifest.json"] = stored(text)
    for path in shards:
        sha256, size = files[path]
        Shard.objects.get_or_create(sha256=sha256, defaults={"size": size, "rows": 5, "row_groups": 1})
    kinds: dict[str, Any] = {"README.md": "card", "manifest.json": "manifest"}
    split_of = dict(zip(sorted(shards), splits, strict=True))
    rows: dict[UUID, int] = dict(version.holdings.values_list("contribution_id", "rows"))
    return catalog.seal_version(
        version_id=version.pk,
        seal=Seal(
            files=[
                SealedFile(
                    path,
                    kinds.get(path, "data"),
                    sha256,
                    hashlib.sha1(path.encode()).hexdigest(),  # noqa: S324 - the git protocol's
                    size,
                    config="default" if path in shards else "",
                    split=split_of.get(path, ""),
                )
                for path, (sha256, size) in files.items()
            ],
            rows=rows,
            commit_id=hashlib.sha1(str(version.pk).encode()).hexdigest(),  # noqa: S324
            manifest_sha256=canonical_sha256(manifest),
            merkle_root="0" * 64,
            columns=columns or [],
            statistics={},
            preview=preview or [],
        ),
    )


def manifest_of(version: DatasetVersion, files: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    rows = [{"path": path, "sha256": sha256, "size": size} for path, (sha256, size) in sorted(files.items())]
    return {"dataset": str(version.dataset_id), "version": version.number, "files": rows}


def stored(content: bytes) -> tuple[str, int]:
    """Put bytes into the store; returns their hash and size."""
    sha256 = hashlib.sha256(content).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        published().put(Path(file.name), sha256=sha256)
    return sha256, len(content)


def license_named(license_id: str) -> LicenseVersion:
    return LicenseVersion.objects.select_related("template").get(template__license_id=license_id, language="en")


def offered(dataset: Dataset, steward: User, license_id: str = TRAIN, **options: Any) -> Offer:
    terms = {"price_minor": 25_000, "currency": "EUR", **options}
    license_version = license_named(license_id)
    return services.publish_offer(actor=steward, dataset_id=dataset.pk, license_version_id=license_version.pk, **terms)


def granted(
    offer: Offer, version: DatasetVersion, buyer: User, *, licensee: Organization | None = None
) -> LicenseGrant:
    return services.issue_grant(
        order_id=new_id(),
        offer_id=offer.pk,
        version_id=version.pk,
        licensee_id=(licensee or buyer.personal_organization).pk,
        accepted_by=buyer,
        acceptance=acceptance(offer),
    )


def acceptance(offer: Offer) -> AcceptanceRecord:
    return AcceptanceRecord(offer.offer_sha256, timezone.now(), ip="192.0.2.7", user_agent="a browser")


def key_of(user: User, *scopes: str) -> ApiKey:
    return create_api_key(actor=user, name="training job", scopes=list(scopes) or ["download"])[0]
