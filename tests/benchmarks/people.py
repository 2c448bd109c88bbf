"""What a contributor and a steward do, by the services that their pages call."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collective.accounts.models import User
from collective.accounts.services import create_organization, register_user
from collective.catalog import services as catalog
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.core.ids import new_id
from collective.core.storage import incoming
from collective.core.storage.base import PartSpec
from ingestion.domain.parts import PartDigest
from ingestion.models import Upload, ValidationReport
from ingestion.selectors import latest_report, similar_summary
from ingestion.services import complete_upload, publish_version, sign_parts, start_upload
from licensing.domain.actions import ACTION_CODES
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.selectors import current_notice, current_statement
from licensing.services import declare_rights


def begin(title: str) -> tuple[Dataset, Contribution]:
    """A dataset of a new steward, with the empty contribution of a new contributor."""
    slug = f"d{new_id().hex[-12:]}"
    steward, contributor = _person(f"steward-{slug}"), _person(f"contributor-{slug}")
    organization = create_organization(actor=steward, name=slug, slug=slug, kind="nonprofit")
    dataset = catalog.create_dataset(
        actor=steward,
        organization_id=organization.pk,
        slug=slug,
        title=title,
        modality="text",
        open_to_contributions=True,
    )
    return dataset, catalog.start_contribution(actor=contributor, dataset_id=dataset.pk, title=title)


def upload(contribution: Contribution, path: Path) -> Upload:
    """Every part announced, stored and completed; a worker hashes the whole afterwards."""
    owner, size = contribution.contributor, path.stat().st_size
    begun = start_upload(actor=owner, contribution_id=contribution.pk, name=path.name, size=size)
    for number, part in enumerate(_parts(path, begun.part_size), start=1):
        md5 = hashlib.md5(part, usedforsecurity=False).hexdigest()
        digest = PartDigest(number, len(part), md5, hashlib.sha256(part).hexdigest())
        sign_parts(actor=owner, upload_id=begun.pk, parts=[digest])
        begun.refresh_from_db()
        incoming().put_part(begun.key, begun.storage_id, PartSpec(number, len(part), md5), part)
    return complete_upload(actor=owner, upload_id=begun.pk)


def submit(contribution: Contribution) -> None:
    catalog.submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)


def report_of(contribution: Contribution) -> ValidationReport | None:
    return latest_report(contribution)


def is_compared(contribution: Contribution) -> bool:
    return similar_summary(contribution).is_compared


def told(contribution: Contribution) -> dict[str, Any]:
    """What the report counted, so that a reader sees that the checks ran."""
    report = latest_report(contribution)
    return {"rows": report.rows_done, **_counts(report.findings)} if report else {}


def accept(contribution: Contribution) -> None:
    steward = steward_of(contribution.dataset)
    catalog.decide_contribution(actor=steward, contribution_id=contribution.pk, accept=True)


def publish(dataset: Dataset) -> DatasetVersion:
    return publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)


def _person(name: str) -> User:
    return register_user(email=f"{name}@example.org", name=name, password=None)


def steward_of(dataset: Dataset) -> User:
    return dataset.organization.memberships.get(role="owner").user


def declare(contribution: Contribution) -> None:
    owner = contribution.contributor
    source = Source(
        kind="machine-generated", description="Made for a benchmark.", rights_role="rightsholder", license_id="CC0-1.0"
    )
    answers = dict.fromkeys(ACTION_CODES, True)
    consent = Consent(notice_sha256=current_notice().text_sha256, answers=answers, commercial=True)
    declaration = Declaration(source, consent, current_statement().text_sha256, owner.name)
    declare_rights(actor=owner, contribution_id=contribution.pk, declaration=declaration)


def _counts(findings: list[dict[str, Any]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding["code"]] += finding["count"]
    return dict(counts)


def _parts(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(size):
            yield part
