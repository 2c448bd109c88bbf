"""Text in any script and normal form comes out of every reader byte for byte."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingestion.makers import gzipped, tarred, zipped, zstandard
from tests.unit.ingestion.reads import read

SCRIPTS = (
    "e\u0301\u1e9b\u0323ﬁÅ\u212b"  # composed, decomposed, compatible
    "שלום\u202eمرحبا\u200fاُردُو\u061c"  # right to left, with marks that turn the direction
    "👩\u200d🔬𐍈𒀀𝔘\U0010fffd"  # beyond the first plane, joined
    "ሰላምɓúọ̀नमस्ते日本語\u3000가\u1100\u1161"
    "\u2028\u2029\x85\x0b\x0c\x1c\ufeff\u00ad"  # what some programs take for the end of a line, and what nobody sees
)
any_text = st.one_of(
    st.text(st.sampled_from(SCRIPTS + "a, \"'\t|;{}[]\\"), max_size=60),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
).flatmap(lambda text: st.sampled_from([text, *(normalize(form, text) for form in ("NFC", "NFD", "NFKC"))]))
texts = st.lists(any_text.filter(lambda text: text.strip() != ""), min_size=1, max_size=5)


def one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def jsonl(values: list[str]) -> bytes:
    return b"".join(json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n" for text in values)


WAYS: dict[str, Callable[[list[str]], bytes]] = {
    "jsonl": jsonl,
    "jsonl.gz": lambda values: gzipped(jsonl(values)),
    "jsonl.zst": lambda values: zstandard(jsonl(values)),
    "tar": lambda values: tarred({f"{number}.txt": text.encode() for number, text in enumerate(values)}),
    "zip": lambda values: zipped({f"{number}.txt": text.encode() for number, text in enumerate(values)}),
    "webdataset": lambda values: tarred(
        {
            name: data
            for number, text in enumerate(values)
            for name, data in ((f"{number}.txt", text.encode()), (f"{number}.cls", b"1"))
        }
    ),
}


def came_out(data: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return [row["text"] for row in read(Path(folder), data).rows]


@pytest.mark.parametrize("way", WAYS)
@given(values=texts)
def test_texts_survive(way: str, values: list[str]) -> None:
    # A byte order mark at the very start of a file is not part of its text, and “#!” or “<html” would be refused.
    plain = [f"x{text}" for text in values]
    assert came_out(WAYS[way](plain)) == plain


@given(values=texts)
def test_lines_of_plain_text_survive(values: list[str]) -> None:
    lines = ["A sentence to begin with.", *(f"x{one_line(text)}" for text in values)]
    assert came_out("\n".join(lines).encode()) == lines
