"""People whom somebody else recorded: their answers as a table, and the link by which they answer themselves."""

import csv
import io
from typing import Any

from tour.governance.town import said
from tour.person import Person
from tour.report import expect

USES = "access annotate derive evaluate fineTune releaseModelApi train trainGenerative"
PROOF = {"evidence_sha256": "c" * 64, "evidence_kind": "signed_form_scan"}


def bring_answers(provider: Person, contribution: str, *rows: dict[str, Any]) -> None:
    """One row per person; what a row does not say is a yes to the usual uses, also for money, with a signed form."""
    notice = provider.api("GET", f"/contributions/{contribution}/rights")["notice"]
    usual = {
        "records": "*",
        "role": "speaker",
        "notice": notice["text_sha256"],
        "yes": USES,
        "commercial": "yes",
        "date": "2025-11-20",
        **PROOF,
    }
    full = [{**usual, **row} for row in rows]
    out = io.StringIO()
    table = csv.DictWriter(out, list(dict.fromkeys(name for row in full for name in row)), restval="")
    table.writeheader()
    table.writerows(full)
    files = {"table": ("people.csv", out.getvalue().encode())}
    answer = provider.ask("POST", f"/contributions/{contribution}/people", files=files)
    expect(answer.status_code == 200, f"the table of answers was answered with {said(answer)} {answer.text[:400]}")


def claim(provider: Person, contribution: str, person_id: str, account: Person) -> None:
    """The provider hands the link over, and the person opens it with an account of their own."""
    link = provider.api("POST", f"/contributions/{contribution}/people/{person_id}/claim")
    account.api("POST", "/consent/claims", {"claim": link["claim"]})


def people_in(provider: Person, contribution: str) -> list[dict[str, Any]]:
    return list(provider.api("GET", f"/contributions/{contribution}/people")["people"])
