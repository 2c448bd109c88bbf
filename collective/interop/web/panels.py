"""What interop draws on the pages of other apps."""

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from collective.catalog.models import DatasetVersion
from collective.core.web.panels import panel
from collective.interop.delta.tables import table_name
from collective.interop.delta.timeline import number_of
from collective.interop.web.snippets import CLIENTS, Loadable, environment


@panel("version.clients", order=10)
def clients_panel(request: HttpRequest, *, version: DatasetVersion) -> str:
    """How each client loads this version; the first is open, the others open by a click."""
    what = loadable(version)
    if what is None:
        return ""
    clients = [(each.name, [(label, code(what)) for label, code in each.steps]) for each in CLIENTS]
    return render_to_string(
        "interop/panels/clients.html", {"environment": environment(what), "clients": clients}, request
    )


def loadable(version: DatasetVersion) -> Loadable | None:
    """None for a version without data files."""
    files = list(version.files.filter(kind="data").order_by("path"))
    if not files:
        return None
    # What is for training comes first; a dataset may have no split of that name.
    first = min(files, key=lambda file: (file.split != "train", file.path))
    config = first.config if len({file.config for file in files}) > 1 else ""
    return Loadable(
        settings.SITE_URL,
        version.dataset.repo_id,
        version.tag,
        first.path,
        config,
        first.split or "train",
        number_of(version),
        table_name(first.config, first.split),
    )
