"""When the next period of a subscription begins: docs.stripe.com/billing/subscriptions/billing-cycle"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


def after(anchor: int, interval: str, count: int, periods: int) -> int:
    """The moment that many periods after the anchor; the 31st becomes the last day of a shorter month."""
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in DAYS:
        return int((start + timedelta(days=DAYS[interval] * count * periods)).timestamp())
    months = start.month - 1 + MONTHS[interval] * count * periods
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
