"""The delta-sharing package with pandas: a profile file, and then a table by its name."""

import pytest

from tests.clients.place import Place
from tests.clients.seed import LANGUAGES, ROWS, SECOND_VERSION_ROWS, sentence
from tests.contract.hub.clients import Client

ALL = [sentence(number) for number in range(ROWS + SECOND_VERSION_ROWS)]
FIRST = ALL[:ROWS]
# The site makes the file from the key that asks for it.
PROFILE = """
import os, pathlib, delta_sharing, requests
site, key = os.environ["SITE"], os.environ["KEY"]
made = requests.get(site + "/delta/profile", headers={"Authorization": "Bearer " + key})
made.raise_for_status()
profile = str(pathlib.Path.home() / "config.share")
pathlib.Path(profile).write_bytes(made.content)
def table(name, dataset="greetings"):
    return f"{profile}#acme.{dataset}.{name}"
"""


@pytest.fixture
def licensed(place: Place) -> Client:
    return place.client("delta", place.key)


def texts(language: str, part: str, rows: list[dict[str, object]] = ALL) -> list[str]:
    return sorted(str(row["text"]) for row in rows if (row["lang"], row["part"]) == (language, part))


def test_names_of_what_was_licensed(licensed: Client) -> None:
    shares, schemas, tables = licensed.python(f"""{PROFILE}
client = delta_sharing.SharingClient(profile)
shares = client.list_shares()
schemas = client.list_schemas(shares[0])
tell([[each.name for each in shares], sorted(each.name for each in schemas),
      sorted([each.schema, each.name] for each in client.list_all_tables())])
""")
    assert (shares, schemas) == (["acme"], ["digits", "greetings"])
    parts = [["greetings", f"{language}-{part}"] for language in LANGUAGES for part in ("test", "train")]
    assert tables == [["digits", "default-train"], *sorted(parts)]


def test_tables_in_pandas(licensed: Client) -> None:
    read, batches, types = licensed.python(f"""{PROFILE}
names = [f"{{language}}-{{part}}" for language in {LANGUAGES!r} for part in ("test", "train")]
frames = {{name: delta_sharing.load_as_pandas(table(name)) for name in names}}
batches = delta_sharing.load_as_pandas(table("en-test"), convert_in_batches=True)
tell([{{name: sorted(frame["text"]) for name, frame in frames.items()}}, sorted(batches["text"]),
      {{name: str(kind) for name, kind in frames["en-train"].dtypes.items()}}])
""")
    assert read == {f"{language}-{part}": texts(language, part) for language in LANGUAGES for part in ("test", "train")}
    assert batches == texts("en", "test")
    assert types["id"] == "int64"


def test_earlier_versions(licensed: Client) -> None:
    found = licensed.python(f"""{PROFILE}
import datetime
now, name = datetime.datetime.now(datetime.timezone.utc).isoformat(), table("en-train")
counts = [len(delta_sharing.load_as_pandas(name, **asked)) for asked in
          ({{}}, {{"version": 0}}, {{"version": 1}}, {{"timestamp": now}})]
long_ago = delta_sharing.get_table_version(name, starting_timestamp="2001-01-01T00:00:00Z")
tell([counts, delta_sharing.get_table_version(name), long_ago])
""")
    first, second = len(texts("en", "train", FIRST)), len(texts("en", "train"))
    assert found == [[second, first, second, second], 1, 0]


def test_a_limit_and_no_rows_at_all(licensed: Client) -> None:
    few, none, schema = licensed.python(f"""{PROFILE}
few = delta_sharing.load_as_pandas(table("ar-train"), limit=3)
none = delta_sharing.load_as_pandas(table("ar-train"), limit=0)
tell([len(few), [len(none), sorted(none.columns)],
      delta_sharing.get_table_metadata(table("ar-train")).schema_string])
""")
    assert few == 3
    assert none == [0, ["id", "lang", "part", "record_id", "text"]]
    assert '"name": "id", "type": "long"' in schema


def test_recordings(licensed: Client) -> None:
    count, starts, empty = licensed.python(f"""{PROFILE}
frame = delta_sharing.load_as_pandas(table("default-train", "digits"))
none = delta_sharing.load_as_pandas(table("default-train", "digits"), limit=0)
clips = frame["audio"]
tell([len(frame), sorted({{clip["bytes"][:4].decode() for clip in clips}}), list(none.columns) == list(frame.columns)])
""")
    assert (count, starts, empty) == (12, ["RIFF"], True)


def test_a_profile_with_the_key_as_a_password(licensed: Client) -> None:
    """Version 2 of the file; this client knows no bearer token in it."""
    count = licensed.python("""
        import os, delta_sharing
        from delta_sharing.protocol import DeltaSharingProfile
        said = {"shareCredentialsVersion": 2, "endpoint": os.environ["SITE"] + "/delta/", "type": "basic"}
        profile = DeltaSharingProfile.from_json({**said, "username": "token", "password": os.environ["KEY"]})
        tell(len(delta_sharing.SharingClient(profile).list_all_tables()))
    """)
    assert count == 5


def test_without_a_license(place: Place) -> None:
    stranger = place.client("delta", place.stranger_key)
    assert stranger.python(f"{PROFILE}\ntell(len(delta_sharing.SharingClient(profile).list_all_tables()))") == 0
    said = stranger.failing_python(f'{PROFILE}\ndelta_sharing.load_as_pandas(table("en-train"))')
    assert "403" in said
    assert "'errorCode': 'license_required'" in said
    assert f"{place.site}/datasets/acme/greetings/" in said.replace("'\n", "").replace("\n", "")


def test_with_a_bad_key(place: Place) -> None:
    """A profile that was kept after its key was revoked."""
    said = place.client("delta", "dck_live_wrong").failing_python("""
        import os, delta_sharing
        from delta_sharing.protocol import DeltaSharingProfile
        profile = DeltaSharingProfile(1, os.environ["SITE"] + "/delta", os.environ["KEY"])
        delta_sharing.SharingClient(profile).list_shares()
    """)
    assert "'errorCode': 'bad_api_key'" in said


def test_tables_that_are_not_there(licensed: Client) -> None:
    said = licensed.failing_python(f'{PROFILE}\ndelta_sharing.load_as_pandas(table("fr-train"))')
    assert "'errorCode': 'table_not_found'" in said
    said = licensed.failing_python(f'{PROFILE}\ndelta_sharing.load_as_pandas(table("en-train"), version=9)')
    assert "'errorCode': 'version_unknown'" in said
