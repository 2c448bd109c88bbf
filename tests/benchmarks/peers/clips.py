"""Recordings of a TAR archive, as a plain loop over its members gives them."""

import csv
import io
import posixpath
import tarfile
from collections.abc import Iterator
from typing import Any

METADATA = "metadata.csv"


def clips(path: str) -> Iterator[dict[str, Any]]:
    """A row for each recording; the metadata comes first."""
    known: dict[str, dict[str, str]] = {}
    with tarfile.open(path, "r|") as archive:
        for member in archive:
            file = archive.extractfile(member)
            content = file.read() if file else b""
            if member.name == METADATA:
                known = {row.pop("file_name"): row for row in csv.DictReader(io.StringIO(content.decode()))}
            else:
                yield {"audio": {"bytes": content, "path": posixpath.basename(member.name)}, **known[member.name]}
