"""train(): may all of this be used together for one job? (governance reference 5)"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from licensing.domain.actions import PHRASES
from licensing.domain.decisions import Decision, Duty, Reason, Result, strictest
from licensing.domain.terms import ANYBODY, PERMIT, PROHIBIT, Terms
from licensing.domain.vocabulary import FIELDS, LICENSEE_TYPES, PURPOSES, countries_in

Release = Literal["none", "api", "weights", "data"]

TRAINING = ("train", "trainGenerative", "fineTune")
# What comes out of these may carry the data's share-alike with it.
MAKING = (*TRAINING, "synthesize")
RELEASES = {"api": "releaseModelApi", "weights": "releaseWeights"}
STOPPED = {
    "suspended": "The license is suspended.",
    "revoked": "The license was taken back.",
    "expired": "The license has ended.",
}


@dataclass(frozen=True)
class Job:
    """What somebody wants to do. `purpose` and `field` are codes of the licenses; an empty one is not said.

    Precondition: `territory` is not empty, and `at` has a time zone. `flop` is the whole job's.
    """

    action: str
    at: datetime
    licensee_type: str
    territory: tuple[str, ...]
    purpose: str = ""
    field: str = ""
    commercial: bool = True
    release: Release = "none"
    seats: int = 1
    flop: int = 0


@dataclass(frozen=True)
class Held:
    """A license for one dataset. `terms` carry its time; `withdrawn`: the version holds withdrawn records."""

    terms: Terms
    state: str = "active"
    withdrawn: bool = False


def train(grants: Iterable[Held], job: Job) -> Decision:
    """Every dataset by itself, then all together; the strictest answer counts."""
    held = list(grants)
    reasons = {reason for each in held for reason in (*_denials(each, job), *_questions(each.terms, job))}
    reasons |= set(_rival_claims([each.terms for each in held], job))
    duties = frozenset(duty for each in held for duty in _duties(each.terms, job))
    results: list[Result] = [reason.result for reason in reasons]
    result = strictest([*results, "allow_with_obligations" if duties else "allow"])
    return Decision(result, tuple(sorted(reasons)), duties)


def _denials(held: Held, job: Job) -> Iterator[Reason]:
    terms = held.terms
    for code, text in (*_scope(terms, job), *_time(held, job), *_caps(terms, job), *_release(terms, job)):
        yield Reason(terms.source, code, text, "deny")


def _scope(terms: Terms, job: Job) -> Iterator[tuple[str, str]]:
    if terms.action(job.action) != PERMIT:
        yield "action_not_granted", f"{terms.license_id} does not let you {PHRASES[job.action]}."
    if job.commercial and terms.commercial == PROHIBIT:
        yield "commercial_not_granted", f"{terms.license_id} forbids commercial use."
    if not _named(job.purpose, terms.purposes):
        yield "purpose_not_granted", f"It may be used only for: {_listed(terms.purposes, PURPOSES)}."
    if not _named(job.field, terms.fields):
        yield "field_not_granted", f"It may be used only in: {_listed(terms.fields, FIELDS)}."
    if not terms.admits(job.licensee_type):
        yield "licensee_type_not_granted", f"The license is only for: {_listed(terms.licensee_types, LICENSEE_TYPES)}."
    if places := _outside(job.territory, terms.territory):
        yield "territory_not_granted", f"It may not be used in: {_listed(places)}."


def _time(held: Held, job: Job) -> Iterator[tuple[str, str]]:
    starts_at, ends_at = held.terms.starts_at, held.terms.ends_at
    if starts_at is not None and job.at < starts_at:
        yield "not_begun", f"The license begins on {_day(starts_at)}."
    if ends_at is not None and job.at >= ends_at:
        yield "ended", f"The license ended on {_day(ends_at)}."
    if held.state != "active":
        yield f"license_{held.state}", STOPPED.get(held.state, "The license is not active.")
    if held.withdrawn:
        yield "version_withdrawn", "This version holds records that were withdrawn. Use the later version."


def _caps(terms: Terms, job: Job) -> Iterator[tuple[str, str]]:
    if terms.seats is not None and job.seats > terms.seats:
        yield "seats_exceeded", f"The license is for {terms.seats} people, and the job needs {job.seats}."
    if terms.compute_flop is not None and job.flop > terms.compute_flop:
        yield "compute_exceeded", f"The license is for {terms.compute_flop} FLOP, and the job needs {job.flop}."


def _release(terms: Terms, job: Job) -> Iterator[tuple[str, str]]:
    needed = RELEASES.get(job.release)
    if job.action in TRAINING and needed and terms.action(needed) != PERMIT:
        yield "release_not_granted", f"{terms.license_id} does not let you {PHRASES[needed]}."
    # Stricter than the table: who releases the data itself passes it on. Synthetic data is not the data itself.
    if job.release == "data" and job.action != "synthesize" and terms.action("redistribute") != PERMIT:
        yield "release_not_granted", f"{terms.license_id} does not let you {PHRASES['redistribute']}."


def _questions(terms: Terms, job: Job) -> Iterator[Reason]:
    shared = job.action in MAKING and job.release != "none"
    if shared and terms.share_alike and terms.share_alike_reaches_model:
        text = f"{terms.license_id} may extend to what you release."
        yield Reason(terms.source, "share_alike_model", text, "needs_review")
    if shared and terms.action("derive") != PERMIT:
        text = f"{terms.license_id} does not allow changed versions, and what you release may count as one."
        yield Reason(terms.source, "no_derivatives_model", text, "needs_review")
    if job.commercial and terms.commercial not in (PERMIT, PROHIBIT):
        text = f"{terms.license_id} does not say clearly enough that commercial use is allowed to you."
        yield Reason(terms.source, "commercial_unclear", text, "needs_review")


def _rival_claims(all_terms: Sequence[Terms], job: Job) -> Iterator[Reason]:
    claims = {each.share_alike for each in all_terms if each.share_alike and each.share_alike_reaches_model}
    if job.action not in MAKING or len(claims) < 2:
        return
    for terms in all_terms:
        if terms.share_alike in claims and terms.share_alike_reaches_model:
            text = f"It claims the model for {_listed(sorted(terms.share_alike))}; other data claims it for others."
            yield Reason(terms.source, "share_alike_conflict", text, "needs_review")


def _duties(terms: Terms, job: Job) -> list[Duty]:
    named = (
        ("attribute", terms.attribute),
        ("remove_on_withdrawal", bool(terms.delete_on_withdrawal)),
        ("no_redistribution", terms.action("redistribute") != PERMIT),
        ("non_commercial_model", terms.commercial != PERMIT),
        ("share_alike_dataset", bool(terms.share_alike)),
        ("include_text", terms.include_text and job.release == "data"),
    )
    return [Duty(terms.source, code) for code, present in named if present]


def _named(wanted: str, granted: tuple[str, ...]) -> bool:
    """What is not said is never taken for what is granted, unless anything is."""
    return ANYBODY in granted or wanted in granted


def _outside(wanted: Iterable[str], granted: tuple[str, ...]) -> list[str]:
    """The places of `wanted` that `granted` does not cover whole, sorted."""
    allowed = countries_in(granted)
    return sorted(code for code in set(wanted) if not countries_in((code,)) <= allowed)


def _listed(codes: Iterable[str], names: Mapping[str, str] | None = None) -> str:
    known = names or {}
    return ", ".join(known.get(code, code) for code in codes) or "nobody and nothing"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
