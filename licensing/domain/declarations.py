"""What a contributor declares before submitting: the source, what it may be used for, and a signature."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Source:
    """`license_id` is the SPDX id of the material, or LicenseRef-DC-OWN-WORK for one's own work."""

    kind: str
    description: str
    rights_role: str
    license_id: str
    url: str = ""
    collected_from: date | None = None
    collected_to: date | None = None
    country: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consent:
    """`answers`: action code → yes or no; an action not named is a no. `people`: who appears in the material."""

    notice_sha256: str
    answers: Mapping[str, bool] = field(default_factory=dict)
    commercial: bool = False
    exclusive: bool = False
    people: str = "self"


@dataclass(frozen=True)
class Declaration:
    """`statement_sha256` names the words that the signer agreed to, `signer_name` is how they signed.

    `derived_from`: versions of datasets that it was made from, as in "organization/dataset 1.0.0".
    """

    source: Source
    consent: Consent
    statement_sha256: str
    signer_name: str
    derived_from: tuple[str, ...] = ()
