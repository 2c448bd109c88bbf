"""The signed list of revoked grants, for verifiers who are offline most of the time."""

from datetime import timedelta
from typing import Any

import rfc8785
from django.conf import settings
from django.utils import timezone

from licensing.domain import status_list
from licensing.domain.verification import STATUS_TYPE
from licensing.errors import StatusListNotFoundError
from licensing.models import LicenseGrant
from licensing.services import keys

FRESH_FOR = timedelta(days=1)


def status_token(number: int) -> str:
    """List `number`, from 1, as a compact JWS. Suspended is not revoked: it may end. Raises StatusListNotFoundError."""
    first = (number - 1) * status_list.SIZE
    listed = LicenseGrant.objects.filter(status_index__gte=first, status_index__lt=first + status_list.SIZE)
    if number < 1 or (number > 1 and not listed.exists()):
        raise StatusListNotFoundError
    revoked = listed.filter(state="revoked").values_list("status_index", flat=True)
    now = timezone.now()
    claims: dict[str, Any] = {
        "iss": settings.SITE_URL,
        "sub": f"{settings.SITE_URL}/status/{number}",
        "iat": int(now.timestamp()),
        "exp": int((now + FRESH_FOR).timestamp()),
        "statusPurpose": "revocation",
        "encodedList": status_list.encode(index - first for index in revoked),
    }
    return keys.sign(keys.active_key(), rfc8785.dumps(claims), typ=STATUS_TYPE)
