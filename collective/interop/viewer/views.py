"""The dataset viewer's routes. They answer from what was stored when the version was published, and open no file.

Who sees a dataset's page sees these, and no more than is public of it: data files need a license everywhere.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from rest_framework.request import Request

from collective.catalog.models import DatasetVersion
from collective.core.errors import DeniedError, NotFoundError
from collective.interop.hub.gate import check_described, dataset_named
from collective.interop.hub.revisions import find_version
from collective.interop.hub.views.base import HubView
from collective.interop.viewer import formats
from collective.interop.viewer.content import Part, parts_of
from collective.interop.viewer.features import feature_list, features_of, row_of
from collective.interop.viewer.requests import PAGE, dataset_name, required, slice_of
from collective.interop.viewer.statistics import column_statistics
from licensing.errors import OwnershipDisputedError
from licensing.selectors.ownership import is_withheld


class PartNotFoundError(NotFoundError):
    code = "part_not_found"
    text = "Version {number} of {dataset} has no such config or split. It has: {parts}."


class NoPreviewError(NotFoundError):
    code = "no_preview"
    text = "There is no preview of this part of {dataset}. Its records need a license: {url}"


class NoStatisticsError(NotFoundError):
    code = "no_statistics"
    text = "There are no statistics of this part of {dataset} alone. What is known of all of it is at {url}"


class BeyondPreviewError(DeniedError):
    code = "license_required"
    text = "The public preview of this part has {shown} of its {rows} records. The others need a license: {url}"


class ViewerView(HubView):
    """`version` is the newest; `parts` are what the address names of it."""

    parts: Sequence[Part] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        dataset = dataset_named(self.viewer, *dataset_name(request.query_params))
        self.version = find_version(dataset, "main", without=())
        check_described(self.version)
        self.parts = self._parts(self.version)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.version is not None:
            response.headers["X-Revision"] = self.version.commit_id
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def config(self) -> str:
        return self.request.query_params.get("config", "")

    @property
    def found(self) -> DatasetVersion:
        if self.version is None:
            raise NotFoundError
        return self.version

    def configs(self) -> dict[str, list[Part]]:
        by_name: dict[str, list[Part]] = {}
        for part in self.parts:
            by_name.setdefault(part.config, []).append(part)
        return by_name

    def check_shown(self) -> None:
        """Raises OwnershipDisputedError while somebody else's claim to the records is upheld."""
        if is_withheld(self.viewer, self.found):
            raise OwnershipDisputedError

    def part(self) -> Part:
        """The one split that the address names."""
        required(self.request.query_params, "config", "split")
        return self.parts[0]

    def row(self, part: Part, index: int) -> formats.Json:
        version = self.found
        return row_of(part.shown[index], version.columns, index, lambda sha256: formats.sample_url(version, sha256))

    def _parts(self, version: DatasetVersion) -> list[Part]:
        every, split = parts_of(version), self.request.query_params.get("split", "")
        found = [each for each in every if self.config in ("", each.config) and split in ("", each.split)]
        if not found:
            names = ", ".join(f"{each.config} {each.split}" for each in every)
            raise PartNotFoundError(number=version.number, dataset=version.dataset.repo_id, parts=names)
        return found


class IsValidView(ViewerView):
    def get(self, request: Request) -> HttpResponseBase:
        withheld = is_withheld(self.viewer, self.found)
        return JsonResponse(formats.is_valid(self.parts, withheld=withheld))


class SplitsView(ViewerView):
    def get(self, request: Request) -> HttpResponseBase:
        return JsonResponse(formats.splits(self.found, self.parts))


class InfoView(ViewerView):
    def get(self, request: Request) -> HttpResponseBase:
        infos = {name: formats.dataset_info(self.found, name, parts) for name, parts in self.configs().items()}
        told = infos[self.config] if self.config else infos
        return JsonResponse({"dataset_info": told, **formats.READY, "partial": False})


class ParquetView(ViewerView):
    def get(self, request: Request) -> HttpResponseBase:
        version, places = self.found, {(each.config, each.split) for each in self.parts}
        files = version.files.filter(kind="data").order_by("path")
        listed = [formats.parquet_file(version, each) for each in files if (each.config, each.split) in places]
        features = features_of(version.columns) if self.config else None
        return JsonResponse({"parquet_files": listed, "features": features, **formats.READY, "partial": False})


class SizeView(ViewerView):
    def get(self, request: Request) -> HttpResponseBase:
        version = self.found
        configs = [formats.size_of_config(version, name, parts) for name, parts in self.configs().items()]
        splits = [formats.size_of_split(version, each) for each in self.parts]
        if self.config:
            size = {"config": configs[0], "splits": splits}
        else:
            size = {"dataset": formats.size_of_dataset(version, self.parts), "configs": configs, "splits": splits}
        return JsonResponse({"size": size, **formats.READY, "partial": False})


class FirstRowsView(ViewerView):
    def get(self, request: Request) -> HttpResponseBase:
        self.check_shown()
        part, version = self.part(), self.found
        if not part.shown:
            raise NoPreviewError(dataset=version.dataset.repo_id, url=formats.page_of(version))
        return JsonResponse(
            {
                "dataset": version.dataset.repo_id,
                "config": part.config,
                "split": part.split,
                "features": feature_list(version.columns),
                "rows": [self.row(part, index) for index in range(len(part.shown))],
                "truncated": len(part.shown) < part.rows,
            }
        )


class RowsView(ViewerView):
    """`row_idx` counts the records of the preview, which are spread over the split."""

    def get(self, request: Request) -> HttpResponseBase:
        self.check_shown()
        part, version = self.part(), self.found
        offset, length = slice_of(request.query_params)
        end, shown = min(offset + length, part.rows), len(part.shown)
        beyond = BeyondPreviewError(shown=shown, rows=part.rows, url=formats.page_of(version))
        if offset >= shown and end > offset:
            raise beyond
        answer = {
            "features": feature_list(version.columns),
            "rows": [self.row(part, index) for index in range(offset, min(end, shown))],
            "num_rows_total": part.rows,
            "num_rows_per_page": PAGE,
            "partial": end > shown,
        }
        return JsonResponse({**answer, **({"message": beyond.message} if end > shown else {})})


class StatisticsView(ViewerView):
    def get(self, request: Request) -> HttpResponseBase:
        self.check_shown()
        part, version = self.part(), self.found
        if not part.figures.get("columns"):
            raise NoStatisticsError(dataset=version.dataset.repo_id, url=formats.page_of(version))
        told = column_statistics(version.columns, part.figures["columns"])
        return JsonResponse({"num_examples": part.rows, "statistics": told, "partial": False})


class NothingHereView(HubView):
    """Search and filters of the viewer, and whatever else is asked of its host."""

    def get(self, request: Request, **_: str) -> HttpResponseBase:
        raise NotFoundError
