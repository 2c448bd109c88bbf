"""The SDK's JSON, as its version 0.7.0 parses it: pure functions from rows to dictionaries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from collective.catalog.models import Dataset, DatasetVersion
from collective.interop.mdc.names import archive_name, mdc_slug
from collective.interop.mdc.vocabulary import FORMATS, mdc_task
from collective.interop.models import MdcArchive, MdcSubmission, MdcUpload
from licensing.models import LicenseVersion
from licensing.services.delivery import Delivery

Json = dict[str, Any]
CONTENT_TYPE = "application/gzip"
NO_PRICE: Json = {
    "isPaid": None,
    "basePriceCents": None,
    "currency": None,
    "platformFeeRate": None,
    "platformFeeCents": None,
    "totalPriceCents": None,
}


@dataclass(frozen=True)
class Shown:
    """A dataset's newest version with what surrounds it. `archive`: only one that can be had now."""

    dataset: Dataset
    version: DatasetVersion
    archive: MdcArchive | None
    license: LicenseVersion | None
    pricing: Mapping[str, Any]


def instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def details(shown: Shown) -> Json:
    dataset, organization = shown.dataset, shown.dataset.organization
    return {
        **_file(shown),
        "name": dataset.title,
        "shortDescription": dataset.summary,
        "longDescription": dataset.card or dataset.summary,
        "locale": dataset.languages[0] if dataset.languages else None,
        "task": mdc_task(dataset.task),
        "format": FORMATS[dataset.modality],
        "license": str(shown.license) if shown.license else None,
        "licenseAbbreviation": shown.license.license_id if shown.license else None,
        "organization": {"name": organization.name, "slug": organization.slug},
        "datasetUrl": f"{settings.SITE_URL}/datasets/{dataset.repo_id}/",
        "pricing": dict(shown.pricing),
        "isPaid": shown.pricing["isPaid"],
        "basePriceCents": shown.pricing["basePriceCents"],
        "visibility": dataset.visibility,
        "version": shown.version.number,
    }


def unlisted_details(shown: Shown) -> Json:
    """What a download needs, of a dataset that only some may see: the SDK asks for it without a key."""
    hidden = dict.fromkeys(
        (
            *("name", "shortDescription", "longDescription", "locale", "task", "format", "license"),
            *("licenseAbbreviation", "organization", "datasetUrl", "isPaid", "basePriceCents"),
        )
    )
    return {**_file(shown), **hidden, "pricing": NO_PRICE}


def submission(
    row: MdcSubmission, *, status: str, file: MdcUpload | None, sample: MdcUpload | None, submitted_at: datetime | None
) -> Json:
    """Everything that was sent, as it is kept, and what the server says of it."""
    body = {
        **row.fields,
        "id": str(row.pk),
        "slug": mdc_slug(row.dataset) if row.dataset else None,
        "datasetId": str(row.dataset_id) if row.dataset_id else None,
        "organizationId": str(row.organization_id),
        "createdBy": str(row.owner_id),
        "status": status,
        "fileUploadId": str(file.pk) if file else None,
        "sampleFileReferenceId": str(sample.pk) if sample else None,
        "createdAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
        "submittedAt": instant(submitted_at),
    }
    return {"submission": body}


def session(delivery: Delivery, *, checksum: bool, **more: Any) -> Json:
    """`checksum`: whether a download may be resumed by it. `more`: what this session has beside that."""
    return {
        "downloadUrl": delivery.url,
        "sizeBytes": delivery.size,
        **({"checksum": delivery.sha256} if checksum else {}),
        "filename": delivery.path,
        "contentType": CONTENT_TYPE,
        "expiresAt": instant(delivery.expires_at),
        **more,
    }


def _file(shown: Shown) -> Json:
    archive = shown.archive
    return {
        "id": str(shown.dataset.pk),
        "slug": mdc_slug(shown.dataset),
        "filename": archive_name(shown.version),
        "checksum": archive.sha256 if archive else None,
        "sizeBytes": archive.size if archive else None,
        "createdAt": instant(shown.version.published_at),
    }
