"""Numbers in a text that belong to a person: found by their form, proved by their checksum."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address

from ingestion.pipeline.checks.national_ids import NATIONAL_IDS
from ingestion.pipeline.checks.payment_cards import FORMS as CARD_FORMS
from ingestion.pipeline.checks.payment_cards import is_card
from ingestion.pipeline.checks.places import DENSE_BYTES, DENSE_DIGITS, WIDTH

# Form (9: a digit, A: a capital letter), code, proof.
FORMS: tuple[tuple[bytes, str, Callable[[str], bool]], ...] = (
    *((form, "payment_card", is_card) for form in CARD_FORMS),
    *((form, each.code, each.proves) for each in NATIONAL_IDS for form in each.forms),
)
# Not glued to a word or to more digits.
STANDING = [re.compile(rb"(?<![9Ax+])" + re.escape(form) + rb"(?![9Ax])") for form, _, _ in FORMS]
PHONE = re.compile(r"(?<![0-9A-Za-z+])\+[1-9][0-9 ().\-/]{6,24}")
IP_ADDRESS = re.compile(r"(?<![0-9A-Za-z.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z]|\.[0-9])")
IBAN = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?:(?:[ -][0-9A-Z]{4}){2,7}(?:[ -][0-9A-Z]{1,4})?|[0-9A-Z]{11,30})(?![0-9A-Za-z])"
)
SHORTEST_IBAN = 15

# What a number can consist of; whatever else comes ends it.
INSIDE = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ +-./()"
RUN = re.compile(rb"[0-9A-Z +\-./()]+")
TO_FORM = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"9" * 10 + b"A" * 26)
GLUE = b"abcdefghijklmnopqrstuvwxyz_"
LONGEST_REMEMBERED = 100


# For RE2, as Arrow runs it: wider than FORMS, and small, so that it is ready soon. What it does not find in a text, the
# text does not hold.
NUMBERS = (
    r"\b[0-9](?:[-./ +]?[0-9]){8}"
    r"|\b[A-Z]?-?[0-9]{7,8}-?[A-Z]\b"
    r"|[0-9]{6}[-A-Z][0-9]{3}"
    r"|[0-9]{3}\.[0-9]{3}-[0-9A-Z]"
    r"|[A-Z]{4}[0-9]{2}"
    r"|[0-9][A-Z] [0-9]{3} "
    r"|\+[1-9]"
    r"|[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
    r"|\b[A-Z]{2}[0-9]{2}[ -]?[0-9A-Z]{4}"
)


def codes_in(text: bytes, places: Iterable[int]) -> set[str]:
    """What the text holds in the runs that touch `places`, which come from `Lookout` and ascend."""
    found: set[str] = set()
    for run in _runs(text, places):
        found.update(_codes(run, found))
    return found


def _runs(text: bytes, places: Iterable[int]) -> Iterator[bytes]:
    """The whole runs, each with one byte before and after it: x where a word goes on there."""
    done = 0
    for place in places:
        at = done if place < done else max(done, _start_of_run(text, place))
        while (near := RUN.search(text, at, place + WIDTH)) is not None:
            start = near.start()
            at = done = _end_of_run(text, start)
            if done - start >= DENSE_BYTES:
                yield _edge(text[max(0, start - 1) : start]) + text[start:done] + _edge(text[done : done + 1])


def _start_of_run(text: bytes, place: int) -> int:
    width = 64
    while True:
        low = max(0, place - width)
        outside = len(text[low:place].rstrip(INSIDE))
        if outside or not low:
            return low + outside
        width *= 4


def _end_of_run(text: bytes, start: int) -> int:
    run = RUN.match(text, start)
    return run.end() if run else start


def _edge(byte: bytes) -> bytes:
    return b"x" if byte and byte in GLUE else b"\n"


def _codes(run: bytes, known: set[str]) -> Iterator[str]:
    """Those that are not known of the text yet."""
    form = run.translate(TO_FORM)
    forms = _known_forms(form) if len(form) <= LONGEST_REMEMBERED else _known_forms.__wrapped__(form)
    for number, start, end in forms:
        _, code, proves = FORMS[number]
        if code not in known and proves(run[start:end].decode()):
            yield code
    for code, sign, pattern, proves in OTHERS:
        if sign in form and code not in known and any(proves(each[0]) for each in pattern.finditer(run.decode())):
            yield code


@lru_cache(4096)
def _known_forms(run: bytes) -> tuple[tuple[int, int, int], ...]:
    """Which of FORMS stand where. A column of numbers has few different runs of this kind: each is asked for once."""
    return tuple(
        (number, *each.span())
        for number, form in enumerate(STANDING)
        for each in form.finditer(run)
        if not _is_part(run, *each.span())
    )


def _is_part(run: bytes, start: int, end: int) -> bool:
    """Whether it is a part of a longer number in groups."""
    joints = b"-./ " if b" " in run[start:end] else b"-./"
    before, after = run[start - 1 : start], run[end : end + 1]
    goes_before = before in joints and run[start - 2 : start - 1] == b"9"
    return goes_before or (after in joints and run[end + 1 : end + 2] == b"9")


def _is_phone(text: str) -> bool:
    from phonenumbers import PhoneNumberMatcher  # noqa: PLC0415 - most pieces never need it

    return any(_is_dense(match.raw_string) for match in PhoneNumberMatcher(text, None))


def _is_iban(text: str) -> bool:
    """A word in capitals may follow an IBAN, so each place where it may end is tried."""
    from stdnum import iban  # noqa: PLC0415 - most pieces never need it

    ends = [at for at, sign in enumerate(text) if sign in " -"] + [len(text)]
    return any(_has_iban_checksum(text[:end]) and _is_dense(text[:end]) and iban.is_valid(text[:end]) for end in ends)


def _has_iban_checksum(text: str) -> bool:
    """ISO 7064 modulo 97: quick to tell, before the rules of the country are read."""
    plain = text.replace(" ", "").replace("-", "")
    return len(plain) >= SHORTEST_IBAN and int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _is_public(text: str) -> bool:
    try:
        return _is_dense(text) and IPv4Address(text).is_global
    except AddressValueError:
        return False


def _is_dense(text: str) -> bool:
    """`Lookout` promises to see what is dense; the rest it may see or not, and must not count either way."""
    digits = [sign.isdigit() for sign in text]
    return any(sum(digits[at : at + DENSE_BYTES]) >= DENSE_DIGITS for at in range(len(digits)))


# What has no one form: code, what its form must hold, where to look, proof.
OTHERS: tuple[tuple[str, bytes, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("phone", b"+9", PHONE, _is_phone),
    ("iban", b"AA99", IBAN, _is_iban),
    ("ip_address", b"9.9", IP_ADDRESS, _is_public),
)
