"""The site's signed lists of withdrawn records, portion by portion, kept beside the copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self
from urllib.parse import quote

from data_collective.errors import IntegrityError
from data_collective.pages import Page
from data_collective.signatures import verified_claims
from data_collective.site import Site

AUDIENCE, TYPE = "dc-tombstones", "dc-tombstones+jwt"
START = "0"


@dataclass(frozen=True)
class Withdrawn:
    """Of one withdrawal, what one list says."""

    number: int
    at: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Tombstones:
    """What was withdrawn after `after`, up to `cursor`. `complete`: the site knows of nothing beyond."""

    token: str
    after: str
    cursor: str
    complete: bool
    withdrawals: tuple[Withdrawn, ...]

    @classmethod
    def read(cls, token: str, jwks: Mapping[str, Any], *, dataset: str) -> Self:
        """Raises IntegrityError: not signed by the site, or about something else."""
        claims = verified_claims(token, jwks, typ=TYPE)
        try:
            said = claims["dc"]
            if (claims["iss"], claims["aud"], said["dataset"]) != (jwks["issuer"], AUDIENCE, dataset):
                raise IntegrityError("The site gave a list of withdrawn records that is about something else.")
            withdrawals = tuple(map(_withdrawn, said["withdrawals"]))
            return cls(token, str(said["after"]), str(said["cursor"]), bool(said["complete"]), withdrawals)
        except (LookupError, TypeError, ValueError) as error:
            raise IntegrityError("The list of withdrawn records is not one that this command can read.") from error


class WithdrawalSource:
    """What the site says of one dataset, to the holder of the key."""

    def __init__(self, site: Site, dataset: str) -> None:
        self.site, self.dataset = site, dataset
        self.jwks: dict[str, Any] = site.get(f"{site.address}/.well-known/jwks.json", _key_set)

    def read(self, token: str) -> Tombstones:
        return Tombstones.read(token, self.jwks, dataset=self.dataset)

    def after(self, cursor: str) -> Tombstones:
        found = self.read(self.site.text(f"datasets/{self.dataset}/tombstones?after={quote(cursor)}"))
        if found.after != cursor or (found.cursor == cursor and not found.complete):
            raise IntegrityError("The site's list does not go on where the one before ended. Ask the site's operator.")
        return found

    def announced(self, cursor: str) -> list[dict[str, Any]]:
        """The feed's entries after the cursor: what was withdrawn, and the version to use instead."""
        after, found = int(cursor.partition(".")[0]), []
        while True:
            asked = f"withdrawals?dataset={quote(self.dataset)}&after={after}"
            entries, after, more = self.site.get(
                asked, lambda said: (list(said["results"]), said["next"], said["more"])
            )
            found += entries
            if not more:
                return found

    def open_notices(self, cursor: str) -> list[str]:
        """Ids of the notices up to the cursor that ask for a deletion and have not been answered."""
        path, found, number = "withdrawal-notices?open=1&limit=100", [], int(cursor)
        while path:
            page = self.site.get(path, partial(Page.told, path="withdrawal-notices"))
            found += [
                each["id"]
                for each in page.results
                if each["dataset"] == self.dataset and each["number"] <= number and each["due_at"]
            ]
            path = page.following
        return found


def _withdrawn(said: Mapping[str, Any]) -> Withdrawn:
    return Withdrawn(int(said["number"]), str(said["at"]), tuple(str(pair[0]) for pair in said["records"]))


def _key_set(said: Any) -> dict[str, Any]:
    return {"issuer": said["issuer"], "keys": list(said["keys"])}
