"""The product's gunicorn settings, with a note of every `sendfile` of the kernel in the file SENDFILE_LOG."""

import os
from pathlib import Path
from typing import Any

from collective.core.supervision import web

LOG = Path(os.environ["SENDFILE_LOG"])
# Gunicorn reads its settings off this module.
globals().update({name: value for name, value in vars(web).items() if not name.startswith("_")})


def post_fork(server: Any, worker: Any) -> None:
    web.post_fork(server, worker)
    copied_by_the_kernel = os.sendfile

    def noted(*arguments: Any) -> int:
        sent = copied_by_the_kernel(*arguments)
        with LOG.open("a") as log:
            log.write(f"{sent}\n")
        return sent

    os.sendfile = noted  # type: ignore[assignment]  # the stub knows several signatures, we pass what we get
