"""`collective sync`: take withdrawn records out of a downloaded copy, and keep a proof of it."""

import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data_collective import __version__, copies
from data_collective.contributions import DATASET
from data_collective.copies import Removal
from data_collective.errors import IntegrityError, UsageError
from data_collective.retry import Patience
from data_collective.settings import access_from
from data_collective.site import Site
from data_collective.sync_state import SyncState
from data_collective.tombstones import Tombstones, WithdrawalSource


@dataclass(frozen=True)
class SyncWishes:
    """What was asked for on the command line. `attest` is the name that signs; `patience` is in seconds."""

    path: Path
    dataset: str | None
    attest: str | None
    site: str | None
    key_file: Path | None
    patience: float


@dataclass(frozen=True)
class Check:
    """Every record id of the copy was read again, and compared."""

    files: int
    records: int
    left: int
    unchecked: tuple[str, ...]


def sync(wishes: SyncWishes, environment: Mapping[str, str]) -> None:
    access = access_from(environment, site=wishes.site, key_file=wishes.key_file, scope="licenses:read")
    folder = _folder(wishes.path)
    state = SyncState(folder)
    dataset = _dataset(wishes.dataset, state)
    site = Site(access=access, patience=Patience(seconds=wishes.patience, say=_say))
    source = WithdrawalSource(site, dataset)
    lists = _up_to_date(source, state)
    gone = {each for listed in lists for withdrawn in listed.withdrawals for each in withdrawn.ids}
    removals = _remove(folder, state, gone)
    check = _check(folder, gone)
    cursor = lists[-1].cursor if lists else state.cursor
    proof = state.proof(cursor, _report(dataset, cursor, lists, removals, check))
    state.forget_pending()
    _tell(removals, check, proof)
    if wishes.attest:
        _attest(source, wishes.attest, cursor, check, proof)


def _up_to_date(source: WithdrawalSource, state: SyncState) -> list[Tombstones]:
    """The lists from the first on, each kept as soon as it is verified."""
    lists = state.lists(source)
    for entry in source.announced(state.cursor):
        instead = f" Version {entry['replaced_by']} is without them." if entry["replaced_by"] else ""
        _say(
            f"Withdrawal {entry['number']}: {entry['record_count']} records of {', '.join(entry['versions'])}.{instead}"
        )
    complete = False
    while not complete:
        listed = source.after(state.cursor)
        complete = listed.complete
        if listed.withdrawals:
            state.keep(listed, dataset=source.dataset)
            lists.append(listed)
    return lists


def _remove(folder: Path, state: SyncState, gone: set[str]) -> dict[str, Removal]:
    """By file. What is about to be replaced is written down first, so that the proof knows it after any end."""
    copies.clear_unfinished(folder)
    removals, before = {}, state.pending()
    for name, path in copies.parquet_files(folder, besides=state.folder):
        now = copies.sha256_of(path)
        earlier = before.get(name)
        done = earlier if earlier is not None and earlier.sha256_after == now else None
        if done is not None:
            removals[name] = done
        if _holds(path, gone):
            new, removed, rows = copies.without(path, gone)
            first = done or Removal(name, now, "", rows + len(removed), 0, ())
            whole = (*first.removed, *removed)
            removals[name] = Removal(name, first.sha256_before, copies.sha256_of(new), first.rows_before, rows, whole)
            state.set_pending({**before, **removals})
            copies.replace(path, new)
    return removals


def _holds(path: Path, gone: set[str]) -> bool:
    return any(not gone.isdisjoint(ids) for ids in copies.record_ids(path) or ())


def _check(folder: Path, gone: set[str]) -> Check:
    """Raises IntegrityError when a withdrawn record is still there: somebody else writes into the folder."""
    files = records = left = 0
    unchecked = []
    for name, path in copies.parquet_files(folder, besides=SyncState(folder).folder):
        batches = copies.record_ids(path)
        if batches is None:
            unchecked.append(name)
            continue
        files += 1
        for ids in batches:
            records += len(ids)
            left += sum(each in gone for each in ids)
    if left:
        raise IntegrityError(f"{left} withdrawn records came back while this ran. End what writes there; run it again.")
    return Check(files, records, left, tuple(unchecked))


def _report(
    dataset: str, cursor: str, lists: list[Tombstones], removals: dict[str, Removal], check: Check
) -> dict[str, Any]:
    return {
        "v": 1,
        "dataset": dataset,
        "cursor": cursor,
        "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "program": f"data-collective-client {__version__}",
        "withdrawals": [
            {"number": each.number, "at": each.at, "records": len(each.ids)}
            for listed in lists
            for each in listed.withdrawals
        ],
        "files": [asdict(removals[name]) | {"removed": sorted(removals[name].removed)} for name in sorted(removals)],
        "check": asdict(check) | {"unchecked": list(check.unchecked)},
    }


def _attest(source: WithdrawalSource, name: str, cursor: str, check: Check, proof: Path) -> None:
    """Signs every open notice up to the cursor. Raises IntegrityError where not every file could be looked into."""
    if check.unchecked:
        raise IntegrityError(f"{check.unchecked[0]} has no record ids, so nothing can be said of it. Not attested.")
    for notice in source.open_notices(cursor):
        statement = source.site.get(f"withdrawal-notices/{notice}", lambda said: dict(said["statement"]))
        _say(f"Signed as {name}:\n{statement['text']}")
        said = {"signer_name": name, "statement_sha256": statement["text_sha256"]}
        signed = said | {"proof_sha256": copies.sha256_of(proof)}
        source.site.post(f"withdrawal-notices/{notice}/attest", signed, lambda told: str(told["state"]))
        sys.stdout.write(f"attested {notice}\n")


def _tell(removals: dict[str, Removal], check: Check, proof: Path) -> None:
    for name, each in sorted(removals.items()):
        sys.stdout.write(f"removed {len(each.removed)} of {each.rows_before} records from {name}\n")
    sys.stdout.write(f"checked {check.records} records in {check.files} files: none of them is withdrawn\n")
    for name in check.unchecked:
        sys.stdout.write(f"not checked, no record ids: {name}\n")
    sys.stdout.write(f"proof {proof}\n")
    sys.stdout.flush()


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"{path} is not a folder. Name the one that holds the downloaded copy.")
    return path.resolve()


def _dataset(asked: str | None, state: SyncState) -> str:
    dataset = asked or state.dataset
    if not DATASET.fullmatch(dataset):
        raise UsageError("Which dataset is it a copy of? Name it with --dataset, as in acme/greetings.")
    if state.dataset not in ("", dataset):
        raise UsageError(f"This folder was synced as a copy of {state.dataset}. Use another folder for {dataset}.")
    return dataset


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
