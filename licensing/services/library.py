"""Bringing the shipped texts into the database: licenses, the consent notice, the statement that is signed."""

from typing import Any

from django.apps import apps as current_apps
from django.db import transaction
from django.utils import timezone

from licensing.domain.hashing import bytes_sha256, canonical_sha256
from licensing.domain.library import TEMPLATES, TEXTS, Template
from licensing.errors import LicenseTextChangedError

# Model, version and file of each.
WORDINGS = (("ConsentNotice", 1, "consent-notice-1.en.txt"), ("AttestationStatement", 1, "attestation-1.en.txt"))


@transaction.atomic
def load_library(*, models: Any = current_apps) -> int:
    """Add what is missing; returns how many texts were added. `models` is the app registry of a migration.

    Raises LicenseTextChangedError when a shipped text differs from a published one of the same version.
    """
    licenses = sum(_load_license(models, template) for template in TEMPLATES)
    return licenses + sum(_load_wording(models, *wording) for wording in WORDINGS)


def _load_license(models: Any, template: Template) -> int:
    """The text and its variants in other languages; they share the terms and have a hash each."""
    line, _ = models.get_model("licensing", "LicenseTemplate").objects.get_or_create(
        license_id=template.license_id,
        defaults={"name": template.name, "summary": template.summary, "canonical_url": template.canonical_url},
    )
    texts = {"en": template.text, **template.other_texts}
    return sum(_load_text(models, line, template, language, text) for language, text in texts.items())


def _load_text(models: Any, line: Any, template: Template, language: str, text: bytes) -> bool:
    row, created = models.get_model("licensing", "LicenseVersion").objects.get_or_create(
        template=line,
        version=template.version,
        language=language,
        defaults={
            "text": text,
            "text_sha256": bytes_sha256(text),
            "terms": template.terms,
            "terms_sha256": canonical_sha256(template.terms),
            "state": "published",
            "published_at": timezone.now(),
        },
    )
    if (row.text_sha256, row.terms_sha256) != (bytes_sha256(text), canonical_sha256(template.terms)):
        raise LicenseTextChangedError(license=template.license_id, version=template.version)
    return bool(created)


def _load_wording(models: Any, model: str, version: int, file: str) -> bool:
    text = (TEXTS / file).read_text(encoding="utf-8")
    row, created = models.get_model("licensing", model).objects.get_or_create(
        version=version,
        language="en",
        defaults={"text": text, "text_sha256": bytes_sha256(text.encode()), "published_at": timezone.now()},
    )
    if row.text_sha256 != bytes_sha256(text.encode()):
        raise LicenseTextChangedError(license=model, version=str(version))
    return bool(created)
