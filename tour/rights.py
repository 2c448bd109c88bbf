"""What a contributor declares: where the material comes from, and what it may be used for."""

from dataclasses import dataclass, field
from typing import Any

from tour.person import Person


@dataclass(frozen=True)
class Rights:
    """Yes to every use, but for those in `refused`. `more` goes into the source as it is, as authors do."""

    description: str
    license: str = "LicenseRef-DC-OWN-WORK"
    role: str = "rightsholder"
    refused: tuple[str, ...] = ()
    people: str = "self"
    exclusive: bool = False
    more: dict[str, Any] = field(default_factory=dict)


def declare(person: Person, contribution_id: str, rights: Rights) -> None:
    """After reading what the marketplace asks; signed with the person's name."""
    asked = person.api("GET", f"/contributions/{contribution_id}/rights")
    declaration = {
        "source": {
            "kind": "primary",
            "description": rights.description,
            "rights_role": rights.role,
            "license": rights.license,
            **rights.more,
        },
        "consent": {
            "notice_sha256": asked["notice"]["text_sha256"],
            "answers": {action["code"]: action["code"] not in rights.refused for action in asked["actions"]},
            "commercial": True,
            **({"exclusive": True} if rights.exclusive else {}),
            "people": rights.people,
        },
        "attestation": {"statement_sha256": asked["statement"]["text_sha256"], "signer_name": person.name},
    }
    person.api("PUT", f"/contributions/{contribution_id}/rights", declaration)
