"""The inputs, the same bytes everywhere: `python -m tests.benchmarks.inputs jsonl PATH BYTES SEED`."""

import csv
import io
import json
import sys
import tarfile
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.texts import Texts, all_texts

MB = 1_000_000
SIZES = {"jsonl": 500 * MB, "csv": 200 * MB, "media": 600 * MB}
NAMES = {"jsonl": "records.jsonl", "csv": "records.csv", "media": "clips.tar"}
COLUMNS = ["id", "text", "lang", "url", "score"]
# One row in a hundred: what a check for personal data must look at, and what a byte range may not cut.
RARELY = 0.01
RATE = 16_000
SPEAKERS = 60


def jsonl(path: Path, size: int, chance: np.random.Generator) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in _rows(chance):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            if row["id"] % 100 == 0 and file.tell() >= size:
                return


def delimited(path: Path, size: int, chance: np.random.Generator) -> None:
    """One row in a hundred has line breaks inside its quotes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in _rows(chance):
            if chance.random() < RARELY:
                row["text"] = row["text"].replace(" ", "\n", 3)
            writer.writerow(row)
            if row["id"] % 100 == 0 and file.tell() >= size:
                return


def media(path: Path, size: int, chance: np.random.Generator) -> None:
    """Recordings of one to five seconds: a tone with noise, mono, 16 kHz. The metadata comes first, for streams."""
    seconds = chance.uniform(1, 5, 1 + size // (RATE * 6)).tolist()
    texts = all_texts(chance)
    rows = [
        {
            "file_name": f"clips/{number:06d}.wav",
            "speaker": f"s{number % SPEAKERS:02d}",
            "text": _sentence(texts, number),
        }
        for number in range(len(seconds))
    ]
    noise = chance.normal(0, 600, RATE * 10)
    with tarfile.open(path, "w") as archive:
        _add(archive, "metadata.csv", _table(rows))
        for row, length in zip(rows, seconds, strict=True):
            _add(archive, row["file_name"], _clip(int(length * RATE), noise, chance))


def _rows(chance: np.random.Generator) -> Iterator[dict[str, Any]]:
    texts = all_texts(chance)
    number = 0
    while True:
        block = zip(chance.random((1000, 4)).tolist(), chance.integers(len(texts), size=1000).tolist(), strict=True)
        for (score, rare, absent, unsure), which in block:
            language = texts[which].language
            text = next(texts[which])
            yield {
                "id": number,
                "text": _with_contact(text, number) if rare < RARELY else text,
                "lang": None if unsure < RARELY else language,
                "url": f"https://example.org/{language}/{number}",
                "score": None if absent < 2 * RARELY else round(score, 6),
            }
            number += 1


def _with_contact(text: str, number: int) -> str:
    """A domain that does not exist, but could: checks pass over the names that are kept for examples."""
    contact = f"reader{number}@mail.zzz" if number % 2 else f"+49 30 {number % 900_000 + 100_000}"
    half = len(text) // 2
    return f"{text[:half]} {contact} {text[half:]}"


def _sentence(texts: list[Texts], number: int) -> str:
    return next(texts[number % len(texts)])[:60].strip()


def _clip(length: int, noise: np.ndarray, chance: np.random.Generator) -> bytes:
    first, tone = int(chance.integers(len(noise) - length)), float(chance.uniform(110, 880))
    turns = np.arange(length, dtype=np.float32) * np.float32(2 * np.pi * tone / RATE)
    samples = (8000 * np.sin(turns) + noise[first : first + length]).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(RATE)
        clip.writeframes(samples.tobytes())
    return out.getvalue()


def _table(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


MAKERS = {"jsonl": jsonl, "csv": delimited, "media": media}


def main() -> None:
    what, target, size, seed = sys.argv[1:]
    MAKERS[what](Path(target), int(size), np.random.default_rng(int(seed)))


if __name__ == "__main__":
    main()
