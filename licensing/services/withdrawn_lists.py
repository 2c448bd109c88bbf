"""The list of what a notice asks to delete, as rows of a file."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from collective.catalog.domain.records import ListedRecord
from licensing.models import WithdrawalNotice
from licensing.selectors.withdrawals import files_concerned, withdrawn_records

PLACES = 5000


def records_to_delete(notice: WithdrawalNotice) -> Iterator[ListedRecord]:
    """All of them, read portion by portion: there may be millions."""
    place: int | None = 0
    while place is not None:
        page = withdrawn_records(notice.withdrawal, first=place, count=PLACES)
        yield from page.records
        place = page.next_place


def notice_facts(notice: WithdrawalNotice) -> dict[str, Any]:
    """What stands above the records: where they were, and until when they must go. Nothing of a person."""
    withdrawal = notice.withdrawal
    return {
        "notice": f"{settings.SITE_URL}/licenses/withdrawals/{notice.pk}/",
        "withdrawal": withdrawal.number,
        "withdrawn_at": withdrawal.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "dataset": withdrawal.dataset.repo_id,
        "grant": notice.grant.urn,
        "whole_contribution": withdrawal.is_whole,
        "record_count": withdrawal.record_count,
        "delete_by": notice.due_at.strftime("%Y-%m-%dT%H:%M:%SZ") if notice.due_at else None,
        "not_recalled_under": notice.open_license or None,
        "files": [
            {"version": file.version.number, "path": file.path, "sha256": file.sha256}
            for file in files_concerned(notice)
        ],
    }
