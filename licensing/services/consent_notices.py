"""Publishing what people are told before they answer."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from collective.accounts.models import User
from collective.core import audit
from licensing.domain.actions import PURPOSE_CODES
from licensing.domain.hashing import bytes_sha256
from licensing.errors import NoticeWrongError
from licensing.models import ConsentNotice
from licensing.policies import check_can_publish_notice


@transaction.atomic
def publish_notice(
    *,
    actor: User | None,
    text: str,
    language: str = "en",
    version: int | None = None,
    purposes: Collection[str] = (),
    grace_days: int = 30,
) -> ConsentNotice:
    """A new version, or with `version` another language of one. Nobody's earlier answer changes by it.

    `actor` is None for the command line of the server. Without `purposes` it asks about every action. Another language
    asks about the same, for the same days. Raises NoticeWrongError.
    """
    if actor is not None:
        check_can_publish_notice(actor)
    same = ConsentNotice.objects.filter(version=version).first() if version else None
    taken = same is not None and ConsentNotice.objects.filter(version=same.version, language=language).exists()
    _check(text, purposes, unknown=version is not None and same is None, taken=taken)
    latest = ConsentNotice.objects.aggregate(latest=Max("version"))["latest"] or 0
    notice = ConsentNotice.objects.create(
        version=same.version if same else latest + 1,
        language=language,
        text=text,
        text_sha256=bytes_sha256(text.encode()),
        purposes=same.purposes if same else [code for code in PURPOSE_CODES if code in purposes],
        grace_days=same.grace_days if same else grace_days,
        published_at=timezone.now(),
    )
    audit.record(
        actor=actor, action="licensing.notice_published", obj=notice, version=notice.version, language=language
    )
    return notice


def _check(text: str, purposes: Collection[str], *, unknown: bool, taken: bool) -> None:
    published = ConsentNotice.objects.filter(text_sha256=bytes_sha256(text.encode())).exists()
    wrong = {
        "text": "Write a text that was not published before." if published or not text.strip() else "",
        "version": "There is no version with this number to translate." if unknown else "",
        "language": "This version has this language already." if taken else "",
        "purposes": "There is a use that does not exist." if set(purposes) - set(PURPOSE_CODES) else "",
    }
    if found := {name: [problem] for name, problem in wrong.items() if problem}:
        raise NoticeWrongError(fields=found)
