"""Places of a license that counts its users: given by owners and admins, or taken at first use."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.accounts.models import ApiKey, Organization, User
from collective.accounts.selectors import is_member
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from licensing.domain.seats import free_places
from licensing.errors import (
    NoFreeSeatError,
    NoSeatsNeededError,
    NotAColleagueError,
    SeatCoolingError,
    SeatNotFoundError,
)
from licensing.models import LicenseGrant, Seat
from licensing.policies import check_can_assign_seat, check_can_release_seat
from licensing.selectors import grant_for, seat_cap, seat_held


@transaction.atomic
def assign_seat(*, actor: User, grant_id: UUID, user_id: UUID) -> Seat:
    """Give a member of the licensee a place. Whoever has one keeps it. Raises NoFreeSeatError, SeatCoolingError."""
    grant = grant_for(actor, grant_id)
    check_can_assign_seat(actor, grant)
    colleague = User.objects.filter(pk=user_id, is_active=True).first()
    if colleague is None or not is_member(colleague, grant.licensee):
        raise NotAColleagueError(licensee=grant.licensee.name)
    if seat_cap(grant, Seat.PERSON) is None:
        raise NoSeatsNeededError
    return _take(grant, Seat.PERSON, colleague, key=None, actor=actor)


@transaction.atomic
def release_seat(*, actor: User, grant_id: UUID, seat_id: UUID) -> Seat:
    """Free a place; another may take it after the cooling period. Releasing twice is the same as once."""
    grant = grant_for(actor, grant_id)
    seat = grant.seats.select_related("user").filter(pk=seat_id).first()
    if seat is None:
        raise SeatNotFoundError
    check_can_release_seat(actor, seat)
    _release(seat, actor=actor)
    return seat


def ensure_seat(*, grant: LicenseGrant, user: User, key: ApiKey | None) -> Seat | None:
    """At delivery: the holder's place, taken now if one is free. None if the license does not count this kind.

    A transaction begins only where there may be something to write: this runs for every range that is read.
    """
    kind = _kind(grant, key)
    if seat_cap(grant, kind) is None:
        return None
    if (held := seat_held(grant, kind, user, key.pk if key and kind == Seat.SERVICE else "")) is not None:
        return held
    with transaction.atomic():
        return _take(grant, kind, user, key=key if kind == Seat.SERVICE else None, actor=None)


@transaction.atomic
def release_seats_outside(*, organization: Organization) -> int:
    """Places of people who have left the organization: with them go the places of their service keys."""
    held = Seat.objects.filter(grant__licensee=organization, released_at=None)
    left = held.exclude(user__memberships__organization=organization).select_related("user")
    return sum(_release(seat, actor=None) for seat in left)


def carry_seats(*, before: LicenseGrant, after: LicenseGrant) -> None:
    """The same people in the same places, when one license follows another. In the caller's transaction."""
    held = before.seats.filter(released_at=None)
    now = timezone.now()
    Seat.objects.bulk_create(
        Seat(
            grant=after,
            kind=each.kind,
            number=each.number,
            user_id=each.user_id,
            key_id=each.key_id,
            assigned_by_id=each.assigned_by_id,
            assigned_at=now,
        )
        for each in held
    )


def check_seat(*, grant: LicenseGrant, user: User, key: ApiKey | None) -> None:
    """Raises what `ensure_seat` would raise at this moment; takes nothing."""
    kind = _kind(grant, key)
    key_id = key.pk if key is not None and kind == Seat.SERVICE else ""
    cap = seat_cap(grant, kind)
    if cap is None or seat_held(grant, kind, user, key_id) is not None or _free(grant, kind, user, key_id):
        return
    raise _refusal(grant, kind, cap)


def _kind(grant: LicenseGrant, key: ApiKey | None) -> str:
    """A service key is its owner, where the license counts people and says nothing of keys."""
    counts_keys = seat_cap(grant, Seat.SERVICE) is not None or seat_cap(grant, Seat.PERSON) is None
    return Seat.SERVICE if key is not None and key.is_service and counts_keys else Seat.PERSON


def _take(grant: LicenseGrant, kind: str, user: User, *, key: ApiKey | None, actor: User | None) -> Seat:
    """Two who want the last place try to insert the same number; the constraint lets one."""
    key_id = key.pk if key else ""
    cap, now = seat_cap(grant, kind) or 0, timezone.now()
    while True:
        held = seat_held(grant, kind, user, key_id)
        if held is not None:
            return held
        number = next(iter(_free(grant, kind, user, key_id)), None)
        if number is None:
            raise _refusal(grant, kind, cap)
        seat = Seat(grant=grant, kind=kind, number=number, user=user, key_id=key_id, assigned_by=actor, assigned_at=now)
        if insert_or_none(seat) is not None:
            audit.record(actor=actor or user, action="licensing.seat_assigned", obj=grant, user=user.pk, number=number)
            return seat


def _free(grant: LicenseGrant, kind: str, user: User, key_id: str) -> list[int]:
    seats = grant.seats.filter(kind=kind)
    taken = set(seats.filter(released_at=None).values_list("number", flat=True))
    lately = seats.filter(released_at__gt=timezone.now() - timedelta(days=settings.SEAT_COOLING_DAYS))
    cooling = set(lately.exclude(user=user, key_id=key_id).values_list("number", flat=True))
    return list(free_places(seat_cap(grant, kind) or 0, taken=taken, cooling=cooling))


def _refusal(grant: LicenseGrant, kind: str, cap: int) -> NoFreeSeatError:
    """Distinguishes places that are held from places that only cool down: those come free by themselves."""
    seats = grant.seats.filter(kind=kind)
    if seats.filter(released_at=None).count() >= cap:
        return NoFreeSeatError(cap=cap, licensee=grant.licensee.name)
    lately = seats.filter(released_at__gt=timezone.now() - timedelta(days=settings.SEAT_COOLING_DAYS))
    first = lately.order_by("released_at").values_list("released_at", flat=True).first()
    free_at = (first or timezone.now()) + timedelta(days=settings.SEAT_COOLING_DAYS)
    return SeatCoolingError(free=f"{free_at.day} {free_at:%B %Y, %H:%M} UTC")


def _release(seat: Seat, *, actor: User | None) -> bool:
    now = timezone.now()
    if not Seat.objects.filter(pk=seat.pk, released_at=None).update(released_at=now):
        return False
    seat.released_at = now
    audit.record(actor=actor, action="licensing.seat_released", obj=seat.grant, user=seat.user_id, number=seat.number)
    return True
