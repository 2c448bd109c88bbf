"""Seats of a license, and the keys that sign."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError


class SeatNotFoundError(NotFoundError):
    code = "seat_not_found"
    text = "This license has no seat with this id."


class NoSeatsNeededError(ConflictError):
    code = "no_seats_needed"
    text = "This license does not count its users: everybody in the organization may use it."


class NotAColleagueError(InvalidError):
    code = "not_a_colleague"
    text = "Only members of {licensee} can have a seat."


class NoFreeSeatError(DeniedError):
    code = "no_free_seat"
    text = "All {cap} seats of this license are taken. An owner or admin of {licensee} can release one."


class SeatCoolingError(NoFreeSeatError):
    code = "seat_cooling"
    text = "A seat that was released can be taken by somebody else from {free} on."


class SigningKeyNotFoundError(NotFoundError):
    code = "signing_key_not_found"
    text = "There is no signing key with this name."


class KeyNotConfirmedError(InvalidError):
    code = "key_not_confirmed"
    text = "Repeat the name of the key exactly, and give a reason. Nothing was changed."
