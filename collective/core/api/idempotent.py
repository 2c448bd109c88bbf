"""`@idempotent` on a view's `post`: honors the client's `Idempotency-Key`."""

import functools
import json
from collections.abc import Callable
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from collective.core.idempotency import Answer, answer_once, fingerprint

HEADER = "Idempotency-Key"
Post = Callable[..., Response]


def idempotent(post: Post) -> Post:
    """The view's authentication and permissions have run. Without the header the request is an ordinary one."""

    @functools.wraps(post)
    def answered(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None or request.user.is_anonymous:
            return post(self, request, *args, **kwargs)

        def perform() -> Answer:
            response = post(self, request, *args, **kwargs)
            return Answer(response.status_code, json.loads(JSONRenderer().render(response.data) or b"null"))

        print_ = fingerprint(request.method or "", request.path, request.body)
        answer = answer_once(actor=request.user, key=key, request_sha256=print_, perform=perform)
        headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
        return Response(answer.body, answer.status, headers=headers)

    return answered
