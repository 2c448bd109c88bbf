"""A manifest, a session and a fresh address as JSON."""

from typing import Any

from collective.accounts.selectors import Person
from collective.catalog.models import DatasetVersion
from collective.core.addresses import address_of
from licensing import services
from licensing.models import DownloadSession
from licensing.selectors import credits_of
from licensing.selectors.withdrawals import withdrawals_visible_to


def manifest_body(manifest: services.Manifest, *, viewer: Person) -> dict[str, Any]:
    version, grant = manifest.version, manifest.access.grant
    return {
        "dataset": version.dataset.repo_id,
        "version": version.number,
        "commit_id": version.commit_id,
        "manifest_sha256": version.manifest_sha256,
        "merkle_root": version.merkle_root,
        "grant": grant.urn if grant else None,
        "actions": list(grant.offer.terms_view.permitted) if grant else None,
        "attribution": grant.offer.attribution if grant else None,
        "credits": credits_of(version),
        "session": {"token": services.token_of(manifest.session), **session_body(manifest.session)},
        "files": [_file(each, manifest.rows[each.path]) for each in manifest.deliveries],
        "changes": _changes(manifest, viewer),
    }


def renewal_body(renewal: services.Renewal) -> dict[str, Any]:
    given = renewal.delivery
    return {
        "path": given.path,
        "sha256": given.sha256,
        "size": given.size,
        "url": given.url,
        "expires_at": given.expires_at,
        "manifest_sha256": renewal.session.manifest_sha256,
        "session_expires_at": renewal.session.expires_at,
    }


def session_body(session: DownloadSession) -> dict[str, Any]:
    return {
        "id": session.pk,
        "url": address_of("licensing-api:session-url"),
        "expires_at": session.expires_at,
        "byte_budget": session.byte_budget,
    }


def _file(given: services.Delivery, rows: int) -> dict[str, Any]:
    return {
        "path": given.path,
        "sha256": given.sha256,
        "size": given.size,
        "rows": rows,
        "url": given.url or None,
        "expires_at": given.expires_at,
    }


def _changes(manifest: services.Manifest, viewer: Person) -> dict[str, Any] | None:
    since, changes = manifest.since, manifest.changes
    if since is None or changes is None:
        return None
    return {
        "since": since.number,
        "since_commit_id": since.commit_id,
        "added": [each.path for each in changes.added],
        "unchanged": [each.path for each in changes.unchanged],
        "removed": [{"path": each.path, "sha256": each.sha256, "size": each.size} for each in changes.removed],
        **_withdrawn(manifest.version, since, viewer),
    }


def _withdrawn(version: DatasetVersion, since: DatasetVersion, viewer: Person) -> dict[str, Any]:
    """What was taken back from the earlier version, as far as this person is told: where its records are listed."""
    told = withdrawals_visible_to(viewer).filter(versions__version=since)
    dataset = version.dataset
    named = {"organization": dataset.organization.slug, "slug": dataset.slug}
    return {
        "withdrawals": [
            {"number": each.number, "at": each.at, "is_whole": each.is_whole, "records": _records(each.number)}
            for each in told
        ],
        "tombstones": address_of("licensing-api:tombstones", **named),
    }


def _records(number: int) -> str:
    return address_of("licensing-api:withdrawal-records", number=number)
