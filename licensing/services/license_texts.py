"""A license's text in new words. The shipped texts are loaded by `services.library`."""

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain.languages import canonical_tag, is_language_tag
from collective.core import audit
from licensing.domain.hashing import bytes_sha256
from licensing.errors import (
    LicenseNotFoundError,
    LicenseTextChangedError,
    LicenseTextWrongError,
    LicenseTranslationError,
)
from licensing.models import LicenseVersion

# The language in which offers name a text; the others are its translations.
ORIGINAL = "en"


@transaction.atomic
def publish_license_text(
    *, actor: User | None, license_id: str, version: str, text: bytes, language: str = "en"
) -> LicenseVersion:
    """The license's terms in other words, for offers from now on. `actor` None is the command line of the server.

    Texts before it are retired: no new offer uses them, and they stay readable by their hash for ever. In another
    language it stands beside the texts of its version, and none is retired. The same text again changes nothing. Raises
    LicenseNotFoundError, LicenseTextWrongError, LicenseTranslationError, and LicenseTextChangedError when this version
    is published with another text.
    """
    before = LicenseVersion.objects.select_for_update(no_key=True).filter(template__license_id=license_id)
    latest = before.filter(language=ORIGINAL).exclude(state="draft").order_by("-published_at", "-id").first()
    if latest is None:
        raise LicenseNotFoundError
    same = before.filter(version=version, language__iexact=language).first()
    if same is not None and same.text_bytes != text:
        raise LicenseTextChangedError(license=license_id, version=version)
    if same is not None:
        return same
    _check(text)
    now = timezone.now()
    if language != ORIGINAL:
        _check_translation(language, of=latest, version=version)
    else:
        for old in before.filter(state="published"):
            old.transition_to("retired", retired_at=now)
    made = LicenseVersion.objects.create(
        template=latest.template,
        version=version,
        language=canonical_tag(language),
        text=text,
        text_sha256=bytes_sha256(text),
        terms=latest.terms,
        terms_sha256=latest.terms_sha256,
        state="published",
        published_at=now,
    )
    audit.record(actor=actor, action="licensing.license_published", obj=made, text_sha256=made.text_sha256)
    return made


def _check_translation(language: str, *, of: LicenseVersion, version: str) -> None:
    """Of the newest version: who accepts a text accepts the present one, in whatever language."""
    if not is_language_tag(language) or (of.version, of.state) != (version, "published"):
        raise LicenseTranslationError


def _check(text: bytes) -> None:
    try:
        readable = text.decode()
    except UnicodeDecodeError:
        readable = ""
    if not readable.strip() or LicenseVersion.objects.filter(text_sha256=bytes_sha256(text)).exists():
        raise LicenseTextWrongError
