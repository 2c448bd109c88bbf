"""The month's statements: what each payee is told, and what the proof gives when it is recomputed elsewhere."""

import json
from pathlib import Path
from typing import Any

from tour.payments.walk import Walk
from tour.person import Person
from tour.report import expect
from tour.wire import MANAGE

RECOMPUTE = MANAGE.parent / "examples" / "recompute_statement.py"


def state(walk: Walk, home: Path) -> tuple[str, None]:
    walk.shell.python("-m", "tour.payments.month_end")
    people = {**walk.journey.cast.contributors, "steward": walk.journey.cast.steward}
    roots = {row["root_sha256"] for row in walk.operator.pages("/statement-periods")}
    paid = {name: _paid(walk, home, person, roots) for name, person in people.items()}
    expect(paid == {name: purse["paid"] for name, purse in walk.earned().items()}, f"the statements say {paid}")
    told = ", ".join(f"{name} {amount}" for name, amount in paid.items())
    return f"paid in all, by the statements: {told}; each recomputed from its proof", None


def _paid(walk: Walk, home: Path, person: Person, roots: set[str]) -> int:
    return sum(_recomputed(walk, home, person, row, roots) for row in person.pages("/earnings/statements"))


def _recomputed(walk: Walk, home: Path, person: Person, row: dict[str, Any], roots: set[str]) -> int:
    """What was paid until the end of its month, once the script has agreed."""
    path = f"/earnings/statements/{row['number']}"
    proof = person.api("GET", path)
    expect(proof["period"]["root_sha256"] in roots, f"{row['number']} is under a root that nobody was shown")
    exported = home / f"{row['number']}.json"
    exported.write_text(json.dumps(proof), encoding="utf-8")
    walk.shell.python(str(RECOMPUTE), str(exported))
    for kind, begins in (("csv", b"statement,"), ("pdf", b"%PDF")):
        answer = person.ask("GET", f"{path}/{kind}")
        expect(
            answer.is_success and answer.content[: len(begins)] == begins,
            f"{row['number']} as {kind}: {answer.status_code}",
        )
    return int(json.loads(proof["statement"])["paid_minor"]["in_all"])
