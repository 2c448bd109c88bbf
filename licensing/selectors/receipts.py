"""A receipt of one consent event for its person to keep, in the sections of ISO/IEC TS 27560:2023."""

from typing import Any

from django.conf import settings

from licensing.domain.actions import PHRASES, PROHIBITED_USES
from licensing.models import ConsentEvent

PLAIN = {**PHRASES, **PROHIBITED_USES}


def receipt_of(event: ConsentEvent) -> dict[str, Any]:
    """Names nobody: persons are pseudonyms, and the evidence is its hash."""
    return {
        "header": {
            "record_id": f"urn:uuid:{event.pk}",
            "schema": "ISO/IEC TS 27560:2023",
            "issuer": settings.SITE_URL,
            "subject": event.person.urn,
        },
        "processing": _processing(event),
        "parties": _parties(event),
        "events": [
            {
                "type": event.kind,
                "at": event.at.isoformat(),
                "given_on": event.given_on.isoformat() if event.given_on else None,
                "by": _who(event),
                "evidence": _evidence(event),
            }
        ],
    }


def _who(event: ConsentEvent) -> str:
    if event.actor_id is not None and event.actor_id == event.person.account_id:
        return "subject"
    guardian = event.guardian
    return "guardian" if guardian and guardian.account_id and event.actor_id == guardian.account_id else "another"


def _processing(event: ConsentEvent) -> dict[str, Any]:
    notice, subject = event.notice, event.subject
    return {
        "dataset": f"{settings.SITE_URL}/datasets/{event.contribution.dataset.repo_id}/",
        "contribution": f"urn:uuid:{event.contribution_id}",
        "records": event.record_count or (subject.record_count if subject else None) or "all",
        "notice": notice
        and {
            "of": "dataset" if notice.dataset_id else "instance",
            "version": notice.version,
            "language": notice.language,
            "text_sha256": notice.text_sha256,
            "text": notice.text,
        },
        "purposes": [
            {"code": code, "meaning": PLAIN.get(code, code), "answer": answer} for code, answer in event.answers.items()
        ],
        "limits": event.limits,
        "lawful_basis": event.basis,
        "special_category": event.special_category or None,
    }


def _parties(event: ConsentEvent) -> list[dict[str, Any]]:
    organization = event.contribution.dataset.organization
    found = [
        {
            "role": "controller",
            "name": organization.name,
            "url": f"{settings.SITE_URL}/organizations/{organization.slug}/",
        },
        {"role": "data subject", "id": event.person.urn},
    ]
    if event.guardian is not None:
        found.append({"role": "guardian", "id": event.guardian.urn})
    return found


def _evidence(event: ConsentEvent) -> dict[str, Any] | None:
    found = event.evidence
    return {"kind": found.kind, "sha256": found.sha256} if found else None
