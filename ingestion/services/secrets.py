"""Keys and passwords that a check found: ours are revoked, and nothing with any is published unseen."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from collective.accounts.services import revoke_leaked_keys
from collective.catalog.models import Contribution
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import contribution_for
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from ingestion.domain.own_keys import OwnKey
from ingestion.domain.similarity import LIVE
from ingestion.errors import NoSecretsFoundError, NoteMissingError, SecretsNotAcknowledgedError
from ingestion.models import Piece, SecretsAcknowledgement, ValidationReport
from ingestion.selectors import acknowledgement_of, passed_report, secrets_found

MOST_NOTE = 2000
TITLES_NAMED = 5
FOUND_IN_DATA = "It was found in data that was sent in."


@transaction.atomic
def acknowledge_secrets(*, actor: User, contribution_id: UUID, note: str) -> SecretsAcknowledgement:
    """The steward has looked at what the passed check found, and says why it may be published all the same.

    Holds for that check alone; saying it twice is saying it once. Raises NoSecretsFoundError, NoteMissingError.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_steward(actor, contribution.dataset)
    report, said = passed_report(contribution), note.strip()
    if report is None or contribution.state not in LIVE or not secrets_found(report):
        raise NoSecretsFoundError(title=contribution.title)
    if not 0 < len(said) <= MOST_NOTE:
        raise NoteMissingError(most=MOST_NOTE, fields={"note": [NoteMissingError.text.format(most=MOST_NOTE)]})
    made = insert_or_none(SecretsAcknowledgement(report=report, by=actor, note=said))
    if made is None:
        return SecretsAcknowledgement.objects.get(report=report)
    audit.record(actor=actor, action="ingestion.secrets_acknowledged", obj=contribution, report=report.pk)
    return made


def check_secrets_acknowledged(contributions: Sequence[Contribution]) -> None:
    """Raises SecretsNotAcknowledgedError if any of them holds secrets that its steward has not answered for."""
    open_ones = [each for each in contributions if _is_unanswered(passed_report(each))]
    if open_ones:
        named = ", ".join(f"“{each.title}”" for each in open_ones[:TITLES_NAMED])
        titles = named + (", …" if len(open_ones) > TITLES_NAMED else "")
        raise SecretsNotAcknowledgedError(titles=titles, contributions=[str(each.pk) for each in open_ones])


def revoke_own_keys(piece: Piece, found: Sequence[OwnKey]) -> None:
    """In the caller's transaction: keys of this site that a piece holds, with their secrets, work no longer."""
    if not found:
        return
    ours = revoke_leaked_keys(leaked=[(each.id, each.secret_sha256) for each in found], reason=FOUND_IN_DATA)
    Piece.objects.filter(pk=piece.pk).update(own_keys=ours)


def own_key_counts(report: ValidationReport) -> dict[str, int]:
    """For the report: how many different keys of ours its pieces held, and how many were revoked for that."""
    held = list(report.pieces.exclude(own_keys={}).values_list("own_keys", flat=True))
    revoked = {key_id for keys in held for key_id, was_live in keys.items() if was_live}
    return {"own_keys_found": len({key_id for keys in held for key_id in keys}), "own_keys_revoked": len(revoked)}


def _is_unanswered(report: ValidationReport | None) -> bool:
    return report is not None and secrets_found(report) > 0 and acknowledgement_of(report) is None
