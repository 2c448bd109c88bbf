"""The dataset viewer, as `datasets` asks for it: on a host named after the site, with the key along."""

import pytest

from tests.clients.place import Place
from tests.clients.seed import LANGUAGES, ROWS, SECOND_VERSION_ROWS, sentence
from tests.contract.hub.clients import Client

ALL = [sentence(number) for number in range(ROWS + SECOND_VERSION_ROWS)]
# Not every machine knows names below `localhost`; the client's own process is taught this one.
RESOLVER = """
import os, socket
resolve = socket.getaddrinfo
def taught(host, *rest, **options):
    name = host.decode() if isinstance(host, bytes) else host
    return resolve("localhost" if name == "datasets-server.localhost" else host, *rest, **options)
socket.getaddrinfo = taught
"""


@pytest.fixture(params=["hub-2", "hub-1", "hub-0"])
def pair(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def licensed(place: Place, pair: str) -> Client:
    return place.client(pair, place.key)


def count(language: str, part: str) -> int:
    return sum((row["lang"], row["part"]) == (language, part) for row in ALL)


def test_exported_files_and_infos(place: Place, licensed: Client) -> None:
    files, infos, foreign = licensed.python(f"""{RESOLVER}
from datasets import DatasetInfo
from datasets.utils import _dataset_viewer
commit = "{place.seeded.commits[1]}"
files = _dataset_viewer.get_exported_parquet_files("{place.dataset}", commit, None)
infos = _dataset_viewer.get_exported_dataset_infos("{place.dataset}", commit, None)
infos = {{name: DatasetInfo.from_dict(info) for name, info in infos.items()}}
try:
    _dataset_viewer.get_exported_parquet_files("{place.dataset}", "{place.seeded.commits[0]}", None)
    foreign = "given"
except _dataset_viewer.DatasetViewerError:
    foreign = "refused"
tell([files,
      {{name: [sorted(info.features), {{key: split.num_examples for key, split in info.splits.items()}}]
        for name, info in infos.items()}}, foreign])
""")
    assert {(each["config"], each["split"]) for each in files} == {
        (language, part) for language in LANGUAGES for part in ("test", "train")
    }
    assert all(each["url"].startswith(f"{place.site}/datasets/{place.dataset}/resolve/") for each in files)
    columns = ["id", "lang", "part", "record_id", "text"]
    assert infos == {
        language: [columns, {part: count(language, part) for part in ("test", "train")}] for language in LANGUAGES
    }
    assert foreign == "refused"


def test_what_the_viewer_lists_can_be_loaded(place: Place, licensed: Client) -> None:
    """And a part of a split loads as before where the viewer's name is known: its counts are of whole splits."""
    loaded, part = licensed.python(f"""{RESOLVER}
from datasets import load_dataset
from huggingface_hub import HfFileSystem
from datasets.utils import _dataset_viewer
import pandas, io, os
from huggingface_hub.utils import get_session, build_hf_headers
files = _dataset_viewer.get_exported_parquet_files("{place.dataset}", "{place.seeded.commits[1]}", None)
wanted = [each for each in files if (each["config"], each["split"]) == ("en", "test")]
def read(url):
    answer = get_session().get(url, headers=build_hf_headers())
    if answer.status_code == 302:
        answer = get_session().get(answer.headers["location"])
    answer.raise_for_status()
    return answer.content
contents = [read(each["url"]) for each in wanted]
rows = sum(len(pandas.read_parquet(io.BytesIO(each))) for each in contents)
one = wanted[0]["url"].partition("/resolve/")[2].partition("/")[2]
part = load_dataset("{place.dataset}", data_files={{"test": one}}, split="test")
tell([[rows, [len(each) for each in contents] == [each["size"] for each in wanted]], 0 < part.num_rows])
""")
    assert loaded == [count("en", "test"), True]
    assert part is True


def test_rows_without_a_license(place: Place, pair: str) -> None:
    """The preview is for everybody; the rest names the page with the license."""
    first, page, beyond, statistics = place.client(pair).python(f"""{RESOLVER}
from huggingface_hub.utils import get_session
host = os.environ["HF_ENDPOINT"].replace("://", "://datasets-server.")
def ask(route, **more):
    asked = {{"dataset": "{place.dataset}", "config": "en", "split": "train", **more}}
    return get_session().get(f"{{host}}/{{route}}", params=asked)
beyond = ask("rows", offset=100)
tell([ask("first-rows").json(), ask("rows", length=2).json(), [beyond.status_code, beyond.json()["error"]],
      ask("statistics").json()])
""")
    assert {(each["row"]["lang"], each["row"]["part"]) for each in first["rows"]} == {("en", "train")}
    assert [each["row"] for each in page["rows"]] == [each["row"] for each in first["rows"][:2]]
    assert page["num_rows_total"] == count("en", "train")
    assert beyond[0] == 403
    assert f"{place.site}/datasets/{place.dataset}/" in beyond[1]
    assert statistics["num_examples"] == count("en", "train")
