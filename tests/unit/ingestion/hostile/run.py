"""One hostile file after another through the parsing child: `python -m tests.unit.ingestion.hostile.run FOLDER`.

A process of its own, because the peak memory of children is counted over the whole life of their parent. It is told
nothing but a folder with one folder per case, and says as JSON what became of each.
"""

import json
import resource
import sys
from pathlib import Path

from ingestion.pipeline import sandbox
from ingestion.pipeline.sandbox import Outcome, parse_in_child
from tests.unit.ingestion.hostile.task import task_for


def main() -> None:
    said = {}
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        output = folder / "output"
        output.mkdir()
        outcome = parse_in_child(task_for(folder / "input", output), lambda *_told: None)
        said[folder.name] = _codes(outcome)
    sys.stdout.write(json.dumps({"cases": said, "peak_kib": _peak()}))


def _peak() -> int:
    """Of the largest child of all. Children of the nursery count once the nursery itself has ended."""
    if sandbox._nursery is not None:
        sandbox._nursery.close()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _codes(outcome: Outcome) -> dict[str, object]:
    return {"codes": [problem.code for problem in outcome.problems], "parts": len(outcome.parts)}


if __name__ == "__main__":
    main()
