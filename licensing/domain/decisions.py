"""The answer of compatibility: a result, the reasons for it, and the duties that come with the data."""

from dataclasses import dataclass
from typing import Literal

# With the same input, the same engine gives the same answer.
ENGINE = "1"

Result = Literal["allow", "allow_with_obligations", "needs_review", "internal_only", "deny"]
# From the widest to the strictest.
RESULTS: tuple[Result, ...] = ("allow", "allow_with_obligations", "needs_review", "internal_only", "deny")


@dataclass(frozen=True, order=True)
class Reason:
    """Why a source stands in the way, and how much. `source` is a dataset or, without one, a license id."""

    source: str
    code: str
    text: str
    result: Result


@dataclass(frozen=True, order=True)
class Duty:
    """Each source keeps its own: two datasets that must be named are two duties."""

    source: str
    code: str


@dataclass(frozen=True)
class Decision:
    result: Result
    reasons: tuple[Reason, ...] = ()
    duties: frozenset[Duty] = frozenset()

    @property
    def publishable(self) -> bool:
        return self.result in ("allow", "allow_with_obligations")


def strictest(results: list[Result]) -> Result:
    return max(results, key=RESULTS.index, default="allow")


DUTIES = {
    "attribute": "name the source",
    "include_text": "keep the license text with the data",
    "share_alike": "pass the result on under a license that this one names",
    "condition": "keep the condition that this license ties to changing the data or passing it on",
    "note_no_changes": "say that the license of the result forbids changed versions, and that this part of it may be"
    " had elsewhere under its own license",
    "remove_on_withdrawal": "delete what is withdrawn from your copies, in the time that the license gives",
    "no_redistribution": "keep the data to yourself",
    "non_commercial_model": "keep the model out of commercial use",
    "share_alike_dataset": "if you publish data that you made from it, use a license that this one names",
}
