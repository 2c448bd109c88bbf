"""What the installed client can ask. A count that is wrong means another client: read its changes, then pin again."""

from collections import Counter

import pytest

from tests.standin.contract import match, routes
from tests.standin.contract.objects import classes, notifications, thin_events
from tests.standin.contract.types import fields_of, resolve


def test_the_installed_client_has_exactly_the_routes_that_were_pinned() -> None:
    assert Counter(op.verb for op in routes()) == {"POST": 330, "GET": 290, "DELETE": 29}
    assert len(routes()) == 649
    assert sum(op.is_v2 for op in routes()) == 91
    assert {op.path[:4] for op in routes()} == {"/v1/", "/v2/"}


def test_the_installed_client_has_exactly_the_objects_and_events_that_were_pinned() -> None:
    assert (len(classes()), len(thin_events()), len(notifications())) == (183, 326, 326)


def test_the_source_is_read_once() -> None:
    assert routes() is routes()


def test_every_type_that_a_route_names_can_be_looked_up() -> None:
    for op in routes():
        assert fields_of(resolve(op.params, op.module)) is not None
        assert not isinstance(resolve(op.ret, op.module), str)


@pytest.mark.parametrize(
    ("verb", "path", "params", "ret", "placeholders"),
    [
        ("POST", "/v1/transfers", "TransferCreateParams", "Transfer", {}),
        ("post", "/v1/transfers", "TransferCreateParams", "Transfer", {}),
        ("GET", "/v1/refunds", "RefundListParams", "ListObject[Refund]", {}),
        ("POST", "/v1/transfers/tr_1/reversals", "TransferReversalCreateParams", "TransferReversal", {"id": "tr_1"}),
        ("GET", "/v1/invoices/search", "InvoiceSearchParams", "SearchResultObject[Invoice]", {}),
        ("GET", "/v1/invoices/in_1", "InvoiceRetrieveParams", "Invoice", {"invoice": "in_1"}),
        ("GET", "/v1/quotes/qt_1/pdf", "QuotePdfParams", "Any", {"quote": "qt_1"}),
        ("DELETE", "/v1/coupons/c_1", "CouponDeleteParams", "Coupon", {"coupon": "c_1"}),
        ("POST", "/v2/core/account_links", "AccountLinkCreateParams", "AccountLink", {}),
        (
            "GET",
            "/v1/transfers/tr_1/reversals/trr_1",
            "TransferReversalRetrieveParams",
            "TransferReversal",
            {"transfer": "tr_1", "id": "trr_1"},
        ),
    ],
)
def test_a_request_has_one_route(verb: str, path: str, params: str, ret: str, placeholders: dict[str, str]) -> None:
    found = match(verb, path)
    assert found is not None
    op, values = found
    assert (op.verb, op.params, op.ret, values) == (verb.upper(), params, ret, placeholders)


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/v1/nothing"),
        ("PUT", "/v1/transfers"),
        ("DELETE", "/v1/transfers/tr_1"),
        ("GET", "/v1/transfers/"),
        ("GET", "/v1/transfers/tr_1/reversals/trr_1/more"),
        ("GET", "/v1/refunds?limit=1"),
    ],
)
def test_what_the_client_cannot_ask_has_no_route(verb: str, path: str) -> None:
    assert match(verb, path) is None
