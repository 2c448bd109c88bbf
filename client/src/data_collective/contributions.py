"""The contribution that the files go into."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from data_collective.errors import UsageError
from data_collective.site import Site
from data_collective.uploads import next_page

DATASET = re.compile(r"[-\w]+/[-\w]+", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
# The site's own limit.
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Contribution:
    id: str
    title: str
    page: str


def contribution_by_id(site: Site, *, dataset: str, contribution: str) -> Contribution:
    if not UUID.fullmatch(contribution):
        raise UsageError(f"“{contribution}” is not the id of a contribution. Copy it from the address of its page.")
    said = site.get(f"contributions/{contribution}")
    if said["dataset"] != dataset:
        raise UsageError(f"That contribution belongs to {said['dataset']}, not to {dataset}. Correct one of the two.")
    return _told(site, said)


def contribution_of_title(site: Site, *, dataset: str, title: str) -> Contribution:
    """One's own draft of that title, so that a command that is repeated goes on; otherwise a new one."""
    found = _draft(site, dataset, title)
    if found is None:
        path = f"datasets/{_checked(dataset)}/contributions"
        found = site.post(path, {"title": title}, key=secrets.token_hex(16))
    return _told(site, found)


def _draft(site: Site, dataset: str, title: str) -> Any:
    path = "contributions?state=draft&limit=100"
    while path:
        page = site.get(path)
        for each in page["results"]:
            if (each["dataset"], each["title"]) == (dataset, title):
                return each
        path = next_page("contributions", page)
    return None


def _checked(dataset: str) -> str:
    if not DATASET.fullmatch(dataset):
        raise UsageError(f"“{dataset}” is not the name of a dataset. It looks like acme/greetings.")
    return dataset


def _told(site: Site, said: Any) -> Contribution:
    return Contribution(said["id"], said["title"], f"{site.address}/contributions/{said['id']}/")
