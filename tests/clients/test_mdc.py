"""Mozilla Data Collective's SDK as it is on PyPI: only MDC_API_URL and MDC_API_KEY are ours."""

import io
import tarfile
import zipfile
from html import unescape
from urllib.request import urlopen

import pytest

from tests.clients.place import Place
from tests.clients.seed import ROWS, SECOND_VERSION_ROWS, recordings, sentence
from tests.clients.test_snippets import BLOCK, CODE
from tests.contract.hub.clients import Client

TEXTS = sorted(str(sentence(number)["text"]) for number in range(ROWS + SECOND_VERSION_ROWS))
# Every script begins so: `dataset` is the id of acme/greetings, `audio` that of acme/digits.
BEGIN = """
        import datacollective as mdc, datacollective.schema, os, time, requests
        datacollective.schema.SCHEMA_REGISTRY_RAW_BASE_URL = os.environ["MDC_API_URL"]
        dataset = mdc.list_datasets("short greetings")[0].id
        audio = mdc.list_datasets("short tones")[0].id

        def patiently(call, *arguments, **options):
            # An archive is made when it is first asked for; the answer says to come back.
            for _ in range(60):
                try:
                    return call(*arguments, show_progress=False, **options)
                except requests.HTTPError as error:
                    if error.response.status_code != 503:
                        raise
                    assert "is being made" in str(error) and int(error.response.headers["Retry-After"]) > 0, error
                    time.sleep(1)
"""
SUBMISSION = """
        os.chdir(os.environ["HOME"])
        submission = mdc.DatasetSubmission(
            name="Noise", shortDescription="s", longDescription="l", locale="sw", task=mdc.Task.ASR, format="WAV",
            licenseAbbreviation=mdc.License.CC0_1_0, restrictions="none", forbiddenUsage="none",
            pointOfContactFullName="Ama", pointOfContactEmail="ama@example.org", showContactInfo=False,
            visibility=mdc.Visibility.PRIVATE, agreeToSubmit=True,
        )

        def archive(name, size):
            # What does not compress, so that the file has several parts.
            import io, tarfile
            with tarfile.open(name, "w:gz") as packed:
                member = tarfile.TarInfo("noise.txt")
                member.size = size
                packed.addfile(member, io.BytesIO(os.urandom(size)))
            return name
"""


def tones() -> bytes:
    """Recordings and what is said in them, as people pack them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(recordings())) as source, tarfile.open(fileobj=packed, mode="w:gz") as target:
        for name in source.namelist():
            member, content = tarfile.TarInfo(name), source.read(name)
            member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def buyer(place: Place) -> Client:
    return place.client("mdc", place.key)


def test_search_filters_and_details(buyer: Client) -> None:
    told = buyer.python(f"""{BEGIN}
        found, by_id = mdc.list_datasets(locale=["ar", "fr"], results_per_page=5), mdc.get_dataset_details(dataset)
        by_slug, filters = mdc.get_dataset_details(by_id.slug), mdc.list_dataset_filters()
        tell({{
            "found": [found.total, found[0].id == dataset],
            "nothing": mdc.list_datasets(license_abbr="MIT").total,
            "filters": [filters.locales, by_id.licenseAbbreviation in filters.licenses, filters.tasks[0]],
            "same": by_id == by_slug,
            "organization": by_id.organization.slug,
            "price": by_id.pricing.model_dump(),
            "sizes": mdc.list_datasets(sort="size", sort_direction="asc", has_sample=True, pricing="compensated").total,
        }})
    """)
    price = told.pop("price")
    assert price["totalPriceCents"] == price["basePriceCents"] + price["platformFeeCents"]
    assert (price["isPaid"], price["platformFeeRate"]) == (True, "0.05")
    assert told == {
        "found": [1, True],
        "nothing": 0,
        "filters": [["ar", "en"], True, "N/A"],
        "same": True,
        "organization": "acme",
        "sizes": 2,
    }


def test_load_dataset(buyer: Client) -> None:
    told = buyer.python(f"""{BEGIN}
        import warnings
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            frame = patiently(mdc.load_dataset, dataset)
        again = mdc.load_dataset(dataset, show_progress=False)
        tell({{
            "texts": sorted(frame["text"]),
            "parts": sorted(set(frame["split"])),
            "configs": sorted(set(frame["section"])),
            "same": frame.equals(again),
            "ids": frame["record_id"].nunique(),
        }})
    """)
    expected = {"texts": TEXTS, "parts": ["test", "train"], "configs": ["ar", "en"], "same": True, "ids": len(TEXTS)}
    assert told == expected


def test_load_dataset_with_recordings(buyer: Client) -> None:
    told = buyer.python(f"""{BEGIN}
        import wave
        frame = patiently(mdc.load_dataset, audio)
        name = next(name for name in frame if str(frame[name][0]).endswith(".wav"))
        tell([sorted(frame["transcription"]), [wave.open(path).getnframes() for path in frame[name]]])
    """)
    assert told == [sorted(f"tone {number}" for number in range(12)), [800] * 12]


def test_download_with_resume_and_integrity(place: Place, buyer: Client) -> None:
    told = buyer.python(f"""{BEGIN}
        import hashlib, pathlib
        path = patiently(mdc.download_dataset, dataset)
        whole, details = path.read_bytes(), mdc.get_dataset_details(dataset)
        # What an interrupted download leaves behind.
        path.unlink()
        part = path.with_name(path.name + ".part")
        part.write_bytes(whole[: len(whole) // 3])
        path.with_name(path.name + ".checksum").write_text(details.checksum)
        statuses, send = [], requests.Session.send
        def noted(session, request, **options):
            answer = send(session, request, **options)
            statuses.append([request.headers.get("Range"), answer.status_code, answer.headers.get("Content-Encoding")])
            return answer
        requests.Session.send = noted
        resumed = mdc.download_dataset(dataset, show_progress=False).read_bytes()
        tell([
            hashlib.sha256(resumed).hexdigest() == details.checksum, len(whole) == details.sizeBytes,
            path.name == details.filename, statuses[-1], len(whole) // 3,
        ])
    """)
    *same, last, third = told
    assert same == [True, True, True]
    # The S3 server of these tests sends the part that was asked for, and calls it 200.
    assert last == [f"bytes={third}-", 206 if place.mode == "local" else 200, None]


def test_the_code_on_the_datasets_page_runs(place: Place, buyer: Client) -> None:
    page = urlopen(f"{place.site}/datasets/{place.dataset}/", timeout=30).read().decode()
    shown = next(each["inside"] for each in BLOCK.finditer(page) if each["name"] == "datacollective")
    # An archive that nobody asked for before is small enough to be made while the call waits.
    told = buyer.python(f"{unescape(CODE.findall(shown)[0])}\ntell(sorted(each.name for each in path.iterdir()))")
    assert told == ["LICENSE.txt", "README.md", "croissant.json", "data", "manifest.json"]


def test_the_sample(place: Place) -> None:
    told = place.client("mdc", place.stranger_key).python(f"""{BEGIN}
        path = mdc.download_sample(dataset, show_progress=False, extract=True)
        sound = mdc.download_sample(audio, show_progress=False, extract=True)
        tell([
            sorted(each.name for each in path.iterdir()), (path / "index.csv").read_text().count("\\n") > 5,
            any(each.suffix == ".flac" for each in sound.rglob("*.*")),
        ])
    """)
    assert told == [["LICENSE.txt", "README.md", "index.csv"], True, True]


def test_refusals_are_the_exceptions_of_the_client(place: Place) -> None:
    script = f"""{BEGIN}
        def said(call, *arguments):
            try:
                call(*arguments)
            except Exception as error:
                return [type(error).__name__, getattr(getattr(error, "response", None), "status_code", 0), str(error)]
        download = lambda name: mdc.download_dataset(name, show_progress=False)
        tell([said(download, dataset), said(download, "nothing-12345678"), said(mdc.delete_submission, dataset)])
    """
    bought, unknown, scope = place.client("mdc", place.stranger_key).python(script)
    assert bought[:2] == ["HTTPError", 402]
    assert f"{place.site}/datasets/{place.dataset}/" in bought[2]
    assert unknown[0] == "FileNotFoundError"
    assert scope[0] == "PermissionError"
    wrong = place.client("mdc", "dck_live_wrong").python(script)
    assert [each[0] for each in wrong] == ["AuthenticationError", "FileNotFoundError", "AuthenticationError"]


def test_a_submission_waits_for_the_declaration(place: Place) -> None:
    client = place.client("mdc", place.steward_key)
    (client.home / "tones.tar.gz").write_bytes(tones())
    told = client.python(f"""{BEGIN}{SUBMISSION}
        try:
            mdc.create_submission_with_upload("tones.tar.gz", submission, sample_file_path=archive("few.tar.gz", 1000))
        except requests.HTTPError as error:
            status, text = error.response.status_code, str(error)
        name = text.partition("submit_submission('")[2].partition("'")[0]
        # What the page that the message names asks a person, answered by the API behind it.
        rights = os.environ["SITE"] + "/api/v1/contributions/" + text.partition("/contributions/")[2].partition("/")[0]
        sent = {{"Authorization": "Bearer " + os.environ["MDC_API_KEY"]}}
        asked = requests.get(rights + "/rights", headers=sent).json()
        requests.put(rights + "/rights", headers=sent, json={{
            "source": {{
                "kind": "primary", "description": "Made for a test.", "license": "LicenseRef-DC-OWN-WORK",
                "rights_role": "rightsholder",
            }},
            "consent": {{
                "notice_sha256": asked["notice"]["text_sha256"], "commercial": True, "exclusive": False,
                "answers": {{action["code"]: True for action in asked["actions"]}},
            }},
            "attestation": {{"statement_sha256": asked["statement"]["text_sha256"], "signer_name": "Amara"}},
        }}).raise_for_status()
        for _ in range(60):
            try:
                handed_in = mdc.submit_submission(name, submission)["submission"]
                break
            except requests.HTTPError as error:
                assert "still being checked" in str(error), error
                time.sleep(1)
        for _ in range(60):
            state = requests.get(rights, headers=sent).json()["state"]
            if state not in ("submitted", "validating"):
                break
            time.sleep(1)
        mdc.delete_submission(name)
        try:
            mdc.delete_submission(name)
        except mdc.ResourceRemovedError:
            tell([status, text, handed_in["status"], bool(handed_in["sampleFileReferenceId"]), state, os.listdir(".")])
    """)
    status, text, handed_in, has_sample, state, files = told
    assert (status, handed_in, has_sample, state) == (409, "submitted", True, "validated")
    assert "say where the data comes from and what it may be used for" in text
    assert f"{place.site}/contributions/" in text
    assert not [name for name in files if name.endswith(".json")]  # the package keeps no state of what is done


def test_an_upload_goes_on_where_it_broke_off(place: Place) -> None:
    told = place.client("mdc", place.steward_key).python(f"""{BEGIN}{SUBMISSION}
        import datacollective.upload_utils as parts, json
        name = archive("long.tar.gz", 16_000_000)
        draft = mdc.create_submission_draft(submission)["submission"]["id"]
        mdc.update_submission(draft, submission)
        sent, put = [], parts._upload_part
        def broken(url, payload, session=None):
            if len(sent) == 2:
                raise OSError("the cable was pulled")
            sent.append(url)
            return put(url, payload, session=session)
        parts._upload_part = broken
        try:
            mdc.upload_dataset_file(name, draft, part_size=5 * 1024**2, max_workers=1, show_progress=False)
        except OSError:
            kept = json.load(open(name + ".mdc-upload.json"))["parts"]
        first, sent[:] = len(sent), []
        def whole(url, payload, session=None):
            sent.append(url)
            return put(url, payload, session=session)
        parts._upload_part = whole
        state = mdc.upload_dataset_file(name, draft, part_size=5 * 1024**2, show_progress=False)
        # The same call again, as after a lost answer.
        parts._complete_upload(state.fileUploadId, state.uploadId, state.parts, state.checksum, draft)
        shown = mdc.update_submission(draft, submission)["submission"]
        tell([first, len(kept), len(sent), shown["fileUploadId"] == state.fileUploadId, shown["status"]])
        mdc.delete_submission(draft)
    """)
    assert told == [2, 2, 2, True, "draft"]


def test_server_side_validation_names_what_is_wrong(place: Place) -> None:
    told = place.client("mdc", place.steward_key).python(f"""{BEGIN}{SUBMISSION}
        draft = mdc.create_submission_draft(submission)["submission"]["id"]
        said = []
        for wrong in (
            mdc.DatasetSubmission(isPaid=True),
            mdc.DatasetSubmission(licenseAbbreviation="Esethu"),
            mdc.DatasetSubmission(autoApproveAccessRequests=True, visibility="public"),
        ):
            try:
                mdc.update_submission(draft, wrong)
            except requests.HTTPError as error:
                said.append([error.response.status_code, error.response.json()["message"]])
        try:
            mdc.submit_submission(draft, submission)
        except requests.HTTPError as error:
            said.append([error.response.status_code, error.response.json()["message"]])
        mdc.delete_submission(draft)
        tell(said)
    """)
    assert [status for status, _ in told] == [422] * 4
    assert "longDescription, task, locale" in told[3][1]
