"""The guards of what was sold, paid, given back and divided."""

from collective.core.db.triggers import Refusal, append_only
from payments.triggers.guard import Guard, Rule, frozen

# Everything but the state, when it was settled, and the address that moves to licensing with the grant.
_ORDER_SNAPSHOT = (
    *("id", "buyer_id", "licensee_id", "seller_id", "client_ref", "offer_id", "offer_sha256", "version_id"),
    *("split_sha256", "dataset_title", "license_name", "licensee_name", "seller_name"),
    *("currency", "fee_mode", "fee_bps", "price_minor", "fee_minor", "tax_minor", "pool_minor", "total_minor"),
    *("accepted_text_sha256", "accepted_at", "created_at", "expires_at"),
)
_SETTLEMENT_FACTS = (
    *("id", "pool_id", "version_id", "n", "currency", "net_minor", "before_minor", "total_weight"),
    *("after_entry_id", "to_entry_id", "created_at", "release_at"),
)

ORDER_UPDATE = Guard("payments_order", "UPDATE", (frozen("an order keeps what was agreed", *_ORDER_SNAPSHOT),))
ORDER_DELETE = Refusal("payments_order", "DELETE", "an order is kept for ever")
# Since migration 0005 an order also keeps what was said of the licensee.
ORDER_UPDATE_WITH_LICENSEE = Guard(
    "payments_order",
    "UPDATE",
    (
        frozen(
            "an order keeps what was agreed",
            *_ORDER_SNAPSHOT,
            *("licensee_type", "licensee_country", "licensee_evidence"),
        ),
    ),
)
# Since migration 0010 also how it was accepted, and what salts the hash of what was said.
ORDER_UPDATE_WITH_EVIDENCE = Guard(
    "payments_order",
    "UPDATE",
    (
        frozen(
            "an order keeps what was agreed",
            *_ORDER_SNAPSHOT,
            *("licensee_type", "licensee_country", "licensee_evidence", "licensee_salt", "accepted_method"),
        ),
    ),
)
# Since migration 0010 the rail may work out the tax, which is known with the payment and never changes after it.
_KEPT = tuple(column for column in _ORDER_SNAPSHOT if column not in {"tax_minor", "total_minor"})
ORDER_UPDATE_WITH_TAX = Guard(
    "payments_order",
    "UPDATE",
    (
        frozen(
            "an order keeps what was agreed",
            *_KEPT,
            *("licensee_type", "licensee_country", "licensee_evidence", "licensee_salt", "accepted_method"),
        ),
        Rule.both(
            "an order keeps its tax once it is paid",
            "OLD.state NOT IN ('awaiting_payment', 'expired') "
            "AND (NEW.tax_minor <> OLD.tax_minor OR NEW.total_minor <> OLD.total_minor)",
        ),
    ),
)

# Since migration 0022 it is known with the capture of what was authorized.
ORDER_UPDATE_WITH_CAPTURE = Guard(
    "payments_order",
    "UPDATE",
    (
        ORDER_UPDATE_WITH_TAX.rules[0],
        Rule.both(
            "an order keeps its tax once it is paid",
            "OLD.state NOT IN ('awaiting_payment', 'authorized', 'expired') "
            "AND (NEW.tax_minor <> OLD.tax_minor OR NEW.total_minor <> OLD.total_minor)",
        ),
    ),
)

RELEASE_GUARDS = append_only("payments_releasedpart")

ORDER_GUARDS = [
    ORDER_UPDATE,
    ORDER_DELETE,
    Guard("payments_settlement", "UPDATE", (frozen("a settlement keeps what it divided", *_SETTLEMENT_FACTS),)),
    Refusal("payments_settlement", "DELETE", "a settlement is kept for ever"),
    *append_only("payments_payment"),
    *append_only("payments_refund"),
    *append_only("payments_settlementline"),
    *append_only("payments_settlementposting"),
]
