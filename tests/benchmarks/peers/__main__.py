"""`python -m tests.benchmarks.peers NAME KIND INPUT FOLDER`: one measurement, in a process of its own.

KIND "import" only loads the libraries, so that their cost can be taken off.
"""

import importlib
import os
import sys
from pathlib import Path

from tests.benchmarks.peers import IMPORT, PEERS


def main() -> None:
    name, kind, source, folder = sys.argv[1:]
    peer = importlib.import_module(f"tests.benchmarks.peers.{PEERS[name]}")
    if kind != IMPORT:
        peer.write(kind, Path(source), Path(folder) / "all.parquet")
    sys.stdout.flush()
    os._exit(0)  # tearing the libraries down is not part of the work


main()
