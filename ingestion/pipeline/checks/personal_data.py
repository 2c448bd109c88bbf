"""Personal data that a form alone gives away (tier 1): addresses and numbers that prove themselves by a checksum.

Names, postal addresses and national numbers without a checksum need a model; they are not looked for here.
"""

from collections import Counter, defaultdict
from typing import ClassVar

import numpy as np
import pyarrow as pa

from ingestion.domain.findings import Finding, Severity
from ingestion.pipeline.checks.base import Check, Tally
from ingestion.pipeline.checks.email_addresses import is_address
from ingestion.pipeline.checks.national_ids import NATIONAL_IDS
from ingestion.pipeline.checks.numbers import NUMBERS, codes_in
from ingestion.pipeline.checks.places import WIDTH, Places
from ingestion.pipeline.checks.seen import FEW, Seen, Texts

# So many candidate texts of one column and piece are looked at one by one. A column of nothing but telephone numbers
# must not use up the time of its file; its count is then a lower bound.
MOST_LOOKED_AT = 20_000


class PersonalData(Check):
    name: ClassVar[str] = "personal_data"
    codes: ClassVar[dict[str, Severity]] = {
        "email": "warning",
        "phone": "warning",
        "iban": "warning",
        "payment_card": "warning",
        "ip_address": "note",
        **dict.fromkeys((each.code for each in NATIONAL_IDS), "warning"),
    }

    def __init__(self, schema: pa.Schema) -> None:
        self._tally = Tally()
        self._looked_at: Counter[tuple[str, str]] = Counter()

    def see(self, seen: Seen) -> None:
        for texts in seen.texts:
            for code, which in {"email": self._addresses(texts), **self._numbers(texts)}.items():
                if which:
                    self._tally.add(code, texts.name, seen.numbers(texts, np.array(which)))

    def findings(self) -> list[Finding]:
        return self._tally.findings(PersonalData)

    def _addresses(self, texts: Texts) -> list[int]:
        places = texts.sights.at_signs
        which = self._some(texts, "addresses", texts.touched(places, 1))
        return [text for text in which.tolist() if self._has_address(texts, text, places)]

    def _has_address(self, texts: Texts, text: int, places: Places) -> bool:
        return any(is_address(texts, text, at) for at in texts.within(text, places))

    def _numbers(self, texts: Texts) -> dict[str, list[int]]:
        places = texts.sights.digits
        near = texts.touched(places, WIDTH)
        may_hold = texts.matching(near, NUMBERS) if len(near) > FEW else near
        which = self._some(texts, "numbers", may_hold)
        found: dict[str, list[int]] = defaultdict(list)
        for text in which.tolist():
            start = int(texts.bounds[text])
            inside = [max(0, place - start) for place in texts.within(text, places, before=WIDTH - 1)]
            for code in codes_in(texts.whole(text), inside):
                found[code].append(text)
        return found

    def _some(self, texts: Texts, what: str, which: Places) -> Places:
        key = (texts.name, what)
        some = which[: MOST_LOOKED_AT - self._looked_at[key]]
        self._looked_at[key] += len(some)
        return some
