"""A training job that may be killed at any moment: started again, it goes on where it was, to the same result.

    pip install datasets
    export HF_ENDPOINT=http://localhost:8000      # the site, without a slash at the end
    export HF_TOKEN=dck_live_…                    # an API key with the scopes "read datasets" and "download"
    python resume_after_kill.py organization/dataset job.json --pause 0.5     # kill -9 it, then start it again

The model counts which letter follows which, so that a row learned twice or lost would show. What was learned and the
place in the stream are one file, which the next replaces in one step: they can never be of different moments.
"""

import argparse
import json
import math
import os
import sys
import time
from collections import Counter
from pathlib import Path

for name in ("HF_ENDPOINT", "HF_TOKEN"):
    if not os.environ.get(name):
        sys.exit(f"Set {name} first. Without it, this would go to huggingface.co.")

from datasets import load_dataset  # after the check: importing it fixes the address
from huggingface_hub import HfApi

NEW = {"commit": None, "place": None, "rows": 0, "pairs": {}, "done": False}


def main(repo, config, job, text, every, pause):
    state = json.loads(job.read_text()) if job.exists() else NEW
    # The version of the first start, to the end: `main` may have moved since.
    commit = state["commit"] or HfApi().dataset_info(repo).sha
    stream = load_dataset(repo, config, split="train", revision=commit, streaming=True)
    if state["place"]:
        stream.load_state_dict(state["place"])
    print(f"{'goes on' if state['place'] else 'starts'} after row {state['rows']}", flush=True)
    rows, pairs = state["rows"], Counter(state["pairs"])

    for row in () if state["done"] else stream:
        pairs.update(map("".join, zip(row[text], row[text][1:], strict=False)))
        rows += 1
        if rows % every == 0:
            save(job, commit=commit, place=stream.state_dict(), rows=rows, pairs=pairs, done=False)
            print(f"saved at row {rows}", flush=True)
            time.sleep(pause)
    save(job, commit=commit, place=stream.state_dict(), rows=rows, pairs=pairs, done=True)

    total = sum(pairs.values())
    surprise = -sum(count / total * math.log2(count / total) for count in pairs.values())
    print(f"learned from {rows} rows: {total} pairs of letters, {len(pairs)} different, {surprise:.6f} bits each")


def save(job, **state):
    """All or nothing: after a crash there is the file of before, or the new one, never half of one."""
    new = job.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(state, file, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())  # its content is on the disk before its name is
    os.replace(new, job)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Train; kill it; start it again.")
    asked.add_argument("repo")
    asked.add_argument("job", type=Path, help="the file with the state of the job")
    asked.add_argument("--config", help="of a dataset with several")
    asked.add_argument("--text", default="text", help="the column to learn from")
    asked.add_argument("--every", type=int, default=20, help="rows between two savings")
    asked.add_argument("--pause", type=float, default=0, help="seconds after each saving, to have time to kill it")
    main(**vars(asked.parse_args()))
