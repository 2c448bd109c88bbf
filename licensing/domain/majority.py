"""When somebody is of age. A guardian answers until then, and not a day longer."""

from datetime import date

ORDINARY = 18
# Civil majority above 18, by country of residence. Where sources differ the higher age stands here; to be checked by
# counsel of the operator. No country is below 18: a promise about one's voice for ever is not a purchase.
LATER = {
    "BH": 21,
    "CM": 21,
    "DZ": 19,
    "EG": 21,
    "HN": 21,
    "KR": 19,
    "KW": 21,
    "LS": 21,
    "NE": 21,
    "NZ": 20,
    "SG": 21,
    "TH": 20,
}


def age_of_majority(country: str) -> int:
    """`country`: ISO 3166, two letters. One that is not known counts as the latest of all."""
    return LATER.get(country, ORDINARY) if country else max(LATER.values())


def of_age_on(born: date, country: str) -> date:
    """The birthday. Who was born on 29 February has it on 1 March of other years."""
    year = born.year + age_of_majority(country)
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def is_minor(born: date, country: str, on: date) -> bool:
    return on < of_age_on(born, country)
