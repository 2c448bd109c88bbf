"""The main job's steps for tests: a file goes in through the same services and stores that a browser uses."""

import hashlib
from collections.abc import Sequence

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.services import decide_contribution, submit_contribution
from collective.core.invariants import invariants
from collective.core.storage import incoming
from collective.core.storage.base import PartSpec
from ingestion.domain.parts import PartDigest
from ingestion.models import Upload, ValidationReport
from ingestion.selectors import latest_report
from ingestion.services import complete_upload, publish_version, sign_parts, start_upload
from licensing.domain.actions import ACTION_CODES
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.selectors import current_notice, current_statement
from licensing.services import declare_rights
from tests.factories import ContributionFactory
from tests.services.jobs import run_all_jobs

File = tuple[str, bytes]


def cut(data: bytes, part_size: int) -> list[bytes]:
    return [data[at : at + part_size] for at in range(0, len(data), part_size)]


def digests(parts: Sequence[bytes]) -> list[PartDigest]:
    return [
        PartDigest(
            number, len(part), hashlib.md5(part, usedforsecurity=False).hexdigest(), hashlib.sha256(part).hexdigest()
        )
        for number, part in enumerate(parts, start=1)
    ]


def send(upload: Upload, parts: Sequence[bytes]) -> None:
    """Announce the parts and put them into the store."""
    announced = digests(parts)
    sign_parts(actor=upload.created_by, upload_id=upload.pk, parts=announced)
    upload.refresh_from_db()
    for digest, part in zip(announced, parts, strict=True):
        incoming().put_part(upload.key, upload.storage_id, PartSpec(digest.number, digest.size, digest.md5), part)


def uploaded(contribution: Contribution, name: str, data: bytes) -> Upload:
    """One file, up to the state that the job leaves it in."""
    owner = contribution.contributor
    upload = start_upload(actor=owner, contribution_id=contribution.pk, name=name, size=len(data))
    send(upload, cut(data, upload.part_size))
    complete_upload(actor=owner, upload_id=upload.pk)
    run_all_jobs()
    upload.refresh_from_db()
    return upload


def declared(contribution: Contribution) -> None:
    """One's own work, for every purpose, under CC0-1.0."""
    owner = contribution.contributor
    source = Source(
        kind="primary", description="Written for this test.", rights_role="rightsholder", license_id="CC0-1.0"
    )
    answers = dict.fromkeys(ACTION_CODES, True)
    consent = Consent(notice_sha256=current_notice().text_sha256, answers=answers, commercial=True)
    declaration = Declaration(source, consent, current_statement().text_sha256, owner.name)
    declare_rights(actor=owner, contribution_id=contribution.pk, declaration=declaration)


def submitted(contribution: Contribution, *files: File) -> ValidationReport:
    """Upload the files, declare rights, submit, and let the workers check."""
    for name, data in files:
        assert uploaded(contribution, name, data).state == "stored"
    declared(contribution)
    submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    run_all_jobs()
    contribution.refresh_from_db()
    report = latest_report(contribution)
    assert report is not None
    return report


def steward_of(dataset: Dataset) -> User:
    return dataset.organization.memberships.get(role="owner").user


def accepted(dataset: Dataset, *files: File, title: str = "A contribution") -> Contribution:
    contribution: Contribution = ContributionFactory(dataset=dataset, title=title)
    report = submitted(contribution, *files)
    assert (report.state, report.errors) == ("passed", [])
    decide_contribution(actor=steward_of(dataset), contribution_id=contribution.pk, accept=True)
    contribution.refresh_from_db()
    return contribution


def published_version(dataset: Dataset) -> DatasetVersion:
    version = publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    run_all_jobs()
    version.refresh_from_db()
    assert (version.state, version.failure) == ("published", "")
    return version


def violations() -> list[str]:
    """What the auditor would say now."""
    return [problem for each in invariants() for problem in each.check()]
