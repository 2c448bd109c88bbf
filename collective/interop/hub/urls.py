"""The Hub's addresses, at the root of the site: `HF_ENDPOINT` is the site itself.

No revision has a slash, but what clients ask for may: at the end of an address it is read whole, so that the answer
names it. Include these before the pages, which share `/datasets/`. `panels` is imported for what it registers.
"""

from django.urls import path

from collective.interop.hub.uploads import panels  # noqa: F401 - it only registers
from collective.interop.hub.uploads.lfs import LfsBatchView, LfsVerifyView
from collective.interop.hub.uploads.views import (
    BranchView,
    CommitView,
    CreateView,
    PreuploadView,
    ValidateCardView,
    XetRefusedView,
    XetView,
    commit_page,
    pushed_page,
)
from collective.interop.hub.views.account import WhoAmIView
from collective.interop.hub.views.datasets import (
    AuthCheckView,
    CommitsView,
    DatasetInfoView,
    DatasetListView,
    NoModelView,
    NoSuchDatasetView,
    RefsView,
)
from collective.interop.hub.views.files import PathsInfoView, TreeView
from collective.interop.hub.views.resolve import ResolveView

app_name = "hub"
DATASET = "api/datasets/<str:organization>/<str:slug>"
LFS = "datasets/<str:organization>/<str:slug>.git/info/lfs/objects"

urlpatterns = [
    path("api/whoami-v2", WhoAmIView.as_view(), name="whoami"),
    path("api/datasets", DatasetListView.as_view(), name="datasets"),
    path("api/datasets/<str:name>", NoSuchDatasetView.as_view(), name="no-dataset"),
    path(DATASET, DatasetInfoView.as_view(), name="info"),
    path(f"{DATASET}/revision/<path:revision>", DatasetInfoView.as_view(), name="info-revision"),
    path(f"{DATASET}/tree/<str:revision>", TreeView.as_view(), name="tree"),
    path(f"{DATASET}/tree/<str:revision>/<path:path>", TreeView.as_view(), name="tree-path"),
    path(f"{DATASET}/paths-info/<path:revision>", PathsInfoView.as_view(), name="paths-info"),
    path(f"{DATASET}/refs", RefsView.as_view(), name="refs"),
    path(f"{DATASET}/commits/<path:revision>", CommitsView.as_view(), name="commits"),
    path(f"{DATASET}/auth-check", AuthCheckView.as_view(), name="auth-check"),
    path("datasets/<str:name>/resolve/<str:revision>/<path:path>", NoSuchDatasetView.as_view(), name="no-file"),
    path(
        "datasets/<str:organization>/<str:slug>/resolve/<str:revision>/<path:path>",
        ResolveView.as_view(),
        name="resolve",
    ),
    path("api/models", NoModelView.as_view(), name="models"),
    path("api/models/<path:name>", NoModelView.as_view(), name="no-model"),
    path("<str:owner>/<str:name>/resolve/<str:revision>/<path:path>", NoModelView.as_view(), name="no-model-file"),
    path("api/repos/create", CreateView.as_view(), name="create"),
    path("api/validate-yaml", ValidateCardView.as_view(), name="validate-card"),
    path(f"{DATASET}/preupload/<path:revision>", PreuploadView.as_view(), name="preupload"),
    path(f"{DATASET}/commit/<path:revision>", CommitView.as_view(), name="commit"),
    path(f"{DATASET}/branch/<path:revision>", BranchView.as_view(), name="branch"),
    path(f"{DATASET}/xet-write-token/<path:revision>", XetView.as_view(), name="xet"),
    path("api/push-again-with-HF_HUB_DISABLE_XET=1", XetRefusedView.as_view(), name="xet-refused"),
    path(f"{LFS}/batch", LfsBatchView.as_view(), name="lfs-batch"),
    path(f"{LFS}/verify", LfsVerifyView.as_view(), name="lfs-verify"),
    path("datasets/<str:organization>/<str:slug>/commit/<str:commit>", commit_page, name="commit-page"),
    # What 0.34 tells people of a file or a folder that they pushed.
    path("datasets/<str:organization>/<str:slug>/blob/main/<path:path>", pushed_page, name="file-page"),
    path("datasets/<str:organization>/<str:slug>/tree/main/<path:path>", pushed_page, name="folder-page"),
    path("datasets/<str:organization>/<str:slug>/tree/main/", pushed_page, name="root-page"),
]
