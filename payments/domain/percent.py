"""Shares as text, from integers only. Rounded down; the exact numbers stand beside them."""


def percent(part: int, whole: int) -> str:
    """`1, 3` → `33.33 %`."""
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02} %"


def bps_text(bps: int) -> str:
    """`500` → `5 %`, `250` → `2.5 %`."""
    whole, rest = divmod(bps, 100)
    return (f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)) + " %"
