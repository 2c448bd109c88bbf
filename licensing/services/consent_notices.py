"""Publishing what people are told before they answer."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain.languages import canonical_tag, is_language_tag
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset
from collective.catalog.selectors import datasets_visible_to
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from licensing.domain.actions import PURPOSE_CODES
from licensing.domain.hashing import bytes_sha256
from licensing.domain.notices import FALLBACK
from licensing.errors import NoticeWrongError
from licensing.models import ConsentNotice
from licensing.policies import check_can_publish_notice
from licensing.selectors.consent import notices_of_dataset

TEXT_MAX, GRACE_MAX = 20_000, 366


@dataclass(frozen=True)
class Wording:
    """With `version` another language of that version, which asks about the same, for the same days.

    Without `purposes` it asks about every action.
    """

    text: str
    language: str = FALLBACK
    version: int | None = None
    purposes: Collection[str] = ()
    grace_days: int = 30


def publish_notice(*, actor: User | None, wording: Wording) -> ConsentNotice:
    """The instance's, for every dataset without one of its own. `actor` is None for the command line of the server.

    Nobody's earlier answer changes by it. Raises NoticeWrongError.
    """
    if actor is not None:
        check_can_publish_notice(actor, None)
    return _publish(actor, None, wording)


def publish_dataset_notice(*, actor: User, dataset_id: UUID, wording: Wording) -> ConsentNotice:
    """A dataset's own, by its stewards, for everybody who answers from now on. Raises NoticeWrongError."""
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    check_can_publish_notice(actor, dataset)
    return _publish(actor, dataset, wording)


@transaction.atomic
def _publish(actor: User | None, dataset: Dataset | None, wording: Wording) -> ConsentNotice:
    before = notices_of_dataset(dataset.pk if dataset else None)
    same = before.filter(version=wording.version).first() if wording.version is not None else None
    _check(wording, before, same)
    latest = before.aggregate(latest=Max("version"))["latest"] or 0
    row = ConsentNotice(
        dataset=dataset,
        version=same.version if same else latest + 1,
        language=canonical_tag(wording.language),
        text=wording.text,
        text_sha256=bytes_sha256(wording.text.encode()),
        purposes=same.purposes if same else [code for code in PURPOSE_CODES if code in wording.purposes],
        grace_days=same.grace_days if same else wording.grace_days,
        published_at=timezone.now(),
    )
    notice = insert_or_none(row)
    if notice is None:
        raise NoticeWrongError(fields={"version": ["Somebody else published at this moment. Look, and try again."]})
    audit.record(
        actor=actor, action="licensing.notice_published", obj=notice, version=notice.version, language=notice.language
    )
    return notice


def _check(wording: Wording, before: "QuerySet[ConsentNotice]", same: ConsentNotice | None) -> None:
    published = before.filter(text_sha256=bytes_sha256(wording.text.encode())).exists()
    taken = same is not None and before.filter(version=same.version, language__iexact=wording.language).exists()
    unknown = wording.version is not None and same is None
    unusable = published or not 0 < len(wording.text.strip()) <= TEXT_MAX
    wrong = {
        "text": f"Write a text that was not published before, of at most {TEXT_MAX} characters." if unusable else "",
        "version": "There is no version with this number to translate." if unknown else "",
        "language": _language_problem(wording.language, taken=taken),
        "purposes": _purposes_problem(wording.purposes),
        "grace_days": "" if 0 < wording.grace_days <= GRACE_MAX else f"Give 1 to {GRACE_MAX} days.",
    }
    if found := {name: [problem] for name, problem in wrong.items() if problem}:
        raise NoticeWrongError(fields=found)


def _purposes_problem(purposes: Collection[str]) -> str:
    if set(purposes) - set(PURPOSE_CODES):
        return "There is a use that does not exist."
    return "Without reading the data nobody can receive it. Ask about that too." if _without_access(purposes) else ""


def _without_access(purposes: Collection[str]) -> bool:
    return bool(purposes) and "access" not in purposes


def _language_problem(language: str, *, taken: bool) -> str:
    if not is_language_tag(language):
        return "Write the language as in en or wo-SN (BCP 47)."
    return "This version has this language already." if taken else ""
