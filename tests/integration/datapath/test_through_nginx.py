"""The same requests, answered by the application and by nginx in front of it: not a byte and not a header differs.

Nginx is configured with the text that operators read.
"""

import http.client
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from licensing.models import AccessRecord
from tests.contract.hub.published import Market, key_for, licensed_buyer
from tests.integration.hub.conftest import DATA
from tests.services.instance import ROOT
from tests.services.nginx import running_nginx

pytestmark = pytest.mark.once

GUIDE = ROOT / "docs" / "guides" / "operators.md"
COMPARED = (
    *("Content-Type", "Content-Length", "Content-Range", "Content-Disposition", "Content-Encoding", "ETag"),
    *("Cache-Control", "Accept-Ranges", "Last-Modified", "X-Repo-Commit", "X-Linked-ETag", "X-Linked-Size"),
    *("X-Content-Type-Options", "Content-Security-Policy", "Set-Cookie", "X-Error-Code", "X-Error-Message"),
)
# `{etag}` is the file's own.
CASES: list[tuple[str, dict[str, str], int]] = [
    ("GET", {}, 200),
    ("HEAD", {}, 200),
    ("GET", {"Accept-Encoding": "gzip, deflate"}, 200),
    ("GET", {"Range": "bytes=0-9"}, 206),
    ("GET", {"Range": "bytes=0-0"}, 206),
    ("GET", {"Range": "bytes=100-"}, 206),
    ("GET", {"Range": "bytes=-8"}, 206),
    ("GET", {"Range": "bytes=-99999999"}, 206),
    ("GET", {"Range": "bytes=5-99999999"}, 206),
    ("GET", {"Range": "bytes=0-"}, 206),
    ("GET", {"Range": "Bytes = 1-2"}, 206),
    ("GET", {"Range": "lines=1-2"}, 200),
    ("GET", {"Range": "bytes=99999999-"}, 416),
    ("GET", {"Range": "bytes=0-1,4-5"}, 416),
    ("GET", {"Range": "bytes=-0"}, 416),
    ("GET", {"Range": "bytes=5-9999999999999999999"}, 206),
    ("GET", {"Range": "bytes=-9999999999999999999"}, 206),
    ("GET", {"Range": "bytes=9999999999999999999-"}, 416),
    ("GET", {"Range": "bytes=5-99999999999999999999"}, 416),
    ("GET", {"Range": "bytes=-"}, 416),
    ("GET", {"Range": "bytes="}, 416),
    ("GET", {"Range": "bytes=9-5"}, 416),
    ("HEAD", {"Range": "bytes=0-9"}, 206),
    ("HEAD", {"Range": "bytes=99999999-"}, 416),
    ("GET", {"Range": "bytes=3-4", "If-Range": '"{etag}"'}, 206),
    ("GET", {"Range": "bytes=3-4", "If-Range": 'W/"{etag}"'}, 200),
    ("GET", {"Range": "bytes=3-4", "If-Range": '"other"'}, 200),
    ("GET", {"Range": "bytes=3-4", "If-Range": "Thu, 01 Jan 2037 00:00:00 GMT"}, 200),
    ("GET", {"Range": "bytes=3-4", "If-Match": '"{etag}"'}, 206),
    ("GET", {"If-Match": '"{etag}"'}, 200),
    ("GET", {"If-Match": '"other"'}, 412),
    ("GET", {"If-None-Match": '"{etag}"'}, 304),
    ("GET", {"If-None-Match": 'W/"{etag}"'}, 304),
    ("GET", {"If-None-Match": '"other"'}, 200),
    ("GET", {"If-None-Match": '"other"', "Range": "bytes=3-4"}, 206),
    ("GET", {"If-None-Match": "*"}, 304),
    ("HEAD", {"If-None-Match": '"{etag}"'}, 304),
    ("GET", {"If-Modified-Since": "Thu, 01 Jan 2037 00:00:00 GMT"}, 200),
    ("GET", {"If-Unmodified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"}, 200),
    ("GET", {"Authorization": ""}, 401),
    ("HEAD", {"Authorization": ""}, 401),
    ("GET", {"Authorization": "Bearer dck_live_wrong", "Range": "bytes=0-3"}, 401),
]

Told = tuple[int, dict[str, list[str]], bytes]


def guided(objects: Path, site: str) -> str:
    """The configuration in the guide, for this folder and this site."""
    found = re.search(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found is not None
    text, folders = re.subn(r"alias \S+;", f"alias {objects}/;", found[1])
    text, sites = re.subn(r"proxy_pass \S+;", f"proxy_pass {site};", text)
    assert (folders, sites) == (1, 1)
    return text


def ask(address: str, method: str, headers: dict[str, str]) -> Told:
    where = urlsplit(address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
    try:
        connection.request(method, where.path, headers=headers)
        response = connection.getresponse()
        told = {name: response.headers.get_all(name) for name in COMPARED}
        return response.status, {name: values for name, values in told.items() if values}, response.read()
    finally:
        connection.close()


def test_nginx_and_the_application_answer_alike(
    transactional_db: None, market: Market, live_site: str, settings: Settings, tmp_path: Path
) -> None:
    file = market.version.files.get(path=DATA.partition("/main/")[2])
    key = {"Authorization": f"Bearer {key_for(licensed_buyer(market))}"}
    with running_nginx(tmp_path / "nginx", guided(settings.STORAGE_DIR, live_site)) as nginx:
        differing = {}
        for method, headers, status in CASES:
            sent = {**key, **{name: value.format(etag=file.sha256) for name, value in headers.items()}}
            settings.X_ACCEL_PREFIX = ""
            direct = ask(f"{live_site}{DATA}", method, sent)
            settings.X_ACCEL_PREFIX = "/protected/"
            proxied = ask(f"http://127.0.0.1:{nginx.port}{DATA}", method, sent)
            assert direct[0] == status, (method, headers)
            if proxied != direct:
                differing[method, str(headers)] = direct, proxied
        assert differing == {}
        stored = f"http://127.0.0.1:{nginx.port}/protected/sha256/{file.sha256[:2]}/{file.sha256[2:4]}/{file.sha256}"
        assert ask(stored, "GET", {})[0] == 404
        by_nginx = [each for each in CASES if each[0] == "GET" and each[2] in {200, 206}]
        assert AccessRecord.objects.count() == 2 * len(by_nginx)
