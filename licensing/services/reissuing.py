"""Signing grants anew when the key that signed them can no longer be trusted."""

from uuid import UUID

from django.db import transaction

from collective.core import audit
from licensing.models import LicenseGrant, SigningKey
from licensing.services import keys
from licensing.services.signing import signed
from licensing.services.story import note

BATCH = 100


def reissue_grants() -> int:
    """Every grant of a compromised key, ended ones too, gets a signature of the active key under the same id.

    In batches that commit by themselves: what is killed half-way goes on where it was.
    """
    total = 0
    while done := _batch():
        total += done
    return total


@transaction.atomic
def _batch() -> int:
    bad = SigningKey.objects.filter(state="compromised")
    waiting = LicenseGrant.objects.filter(signing_key__in=bad).order_by("id").values_list("pk", flat=True)
    return sum(_reissue(pk) for pk in list(waiting[:BATCH]))


def _reissue(grant_id: UUID) -> int:
    """Locked: a withdrawal that re-pins it at this moment comes before or after. Returns 1, or 0 if it is done."""
    rows = LicenseGrant.objects.select_for_update(of=("self",), no_key=True).select_related(
        "dataset__organization", "licensee", "license_version__template", "pinned_version", "signing_key"
    )
    grant = rows.select_related("offer", "agreement__offer").get(pk=grant_id)
    if grant.signing_key.state != "compromised":
        return 0
    old, grant.signing_key = grant.signing_key_id, keys.active_key()
    grant.jws = signed(grant)
    grant.save(update_fields=["signing_key", "jws"])
    note(grant, "reissued", reason="The key of the signature before is not trusted any more.")
    audit.record(actor=None, action="licensing.grant_reissued", obj=grant, key_before=old, key=grant.signing_key_id)
    return 1
