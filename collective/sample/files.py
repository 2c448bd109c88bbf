"""The files that the sample contributors hand in, made here from a fixed seed, so that every instance has the same."""

import csv
import io
import json
import math
import random
import struct
import tarfile
import wave
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

SENTENCES = Path(__file__).parent / "data/sentences"
RATE = 16_000
NOTES = {"do": 262, "re": 294, "mi": 330, "fa": 349, "sol": 392, "la": 440}


def sentence_rows(*languages: str) -> list[dict[str, str]]:
    rows = []
    for language in languages:
        lines = (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        rows += [{"text": line, "language": language} for line in lines]
    return rows


def jsonl(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def table(rows: Sequence[dict[str, Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def market_prices(town: str, seed: int) -> bytes:
    """Weekly prices of a town's market: a slow wave per good, with some noise."""
    chance = random.Random(seed)  # noqa: S311 - sample data, the same everywhere
    goods = {"maize": 42, "beans": 110, "rice": 150, "tomatoes": 80, "salt": 30}
    rows = []
    for week in range(1, 53):
        for good, base in goods.items():
            price = base * (1 + 0.2 * math.sin(week / 52 * math.tau)) + chance.uniform(-4, 4)
            rows.append({"town": town, "week": week, "good": good, "price_per_kg": round(price, 2)})
    return table(rows)


def drawn_shapes(seed: int, count: int) -> bytes:
    """A ZIP of PNG drawings with a metadata.csv, as `datasets` expects an image folder."""
    chance = random.Random(seed)  # noqa: S311 - sample data, the same everywhere
    rows, out = [], io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            shape = chance.choice(["circle", "square", "triangle"])
            name = f"{number:03d}.png"
            _store(archive, name, _drawing(shape, chance))
            rows.append({"file_name": name, "shape": shape})
        _store(archive, "metadata.csv", table(rows))
    return out.getvalue()


def played_notes(seed: int, count: int) -> bytes:
    """A TAR of WAV clips with a metadata.csv: three notes each, played by a soft sine."""
    chance = random.Random(seed)  # noqa: S311 - sample data, the same everywhere
    rows, out = [], io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number in range(count):
            notes = chance.choices(list(NOTES), k=3)
            name = f"{number:03d}.wav"
            _add(archive, name, _melody(notes))
            rows.append({"file_name": name, "notes": " ".join(notes)})
        _add(archive, "metadata.csv", table(rows))
    return out.getvalue()


def _drawing(shape: str, chance: random.Random) -> bytes:
    picture = Image.new("RGB", (96, 96), "#f7f3ea")
    pen, ink = ImageDraw.Draw(picture), chance.choice(["#0f4c4a", "#8a5a00", "#303030"])
    size, left, top = chance.randint(30, 56), chance.randint(8, 32), chance.randint(8, 32)
    box = (left, top, left + size, top + size)
    if shape == "circle":
        pen.ellipse(box, outline=ink, width=5)
    elif shape == "square":
        pen.rectangle(box, outline=ink, width=5)
    else:
        corners = [(left, top + size), (left + size, top + size), (left + size // 2, top)]
        pen.polygon(corners, outline=ink, width=5)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _melody(notes: Sequence[str]) -> bytes:
    samples = bytearray()
    length = RATE // 3
    for note in notes:
        for step in range(length):
            swell = math.sin(math.pi * step / length)
            samples += struct.pack("<h", int(12_000 * swell * math.sin(math.tau * NOTES[note] * step / RATE)))
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(RATE)
        clip.writeframes(bytes(samples))
    return out.getvalue()


def _store(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), content)  # ZipInfo's fixed date keeps the bytes the same everywhere


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
