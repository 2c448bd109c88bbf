"""The part of plain words that is neither a permission nor a duty: where, how much, how long, whose, how it ends."""

from collections.abc import Iterator, Mapping
from typing import Any

from licensing.domain.actions import PHRASES
from licensing.domain.plans import PERIOD_DAYS
from licensing.domain.removal import TERM, percent_of
from licensing.domain.sentences import Places, Sentence, say
from licensing.domain.spans import span
from licensing.domain.vocabulary import ANYWHERE, FIELDS

CAPS = {
    "seats": "People who use it: at most {count}.",
    "service_accounts": "Machines that fetch it with keys of their own: at most {count}.",
    "models": "Models trained on it: at most {count}.",
    "compute_flop": "A model trained on it takes at most {count} FLOP.",
    "model_parameters": "A model trained on it has at most {count} parameters.",
    "epochs": "Times that a training reads it: at most {count}.",
    "downloads": "Downloads: at most {count}.",
    "records": "Records used: at most {count}.",
}
OWNERSHIP = {
    "licensee": "Models that you train on it are yours.",
    "licensor": "Models that you train on it belong to the publisher.",
    "shared": "Models that you train on it belong to you and the publisher together.",
}
ENDINGS = {
    "breach": "It can be taken back if you break it.",
    "consent_withdrawal": "When people withdraw their consent, their records leave it.",
    "convenience": "The publisher may end it without giving a reason.",
    "none": "It is not taken back.",
}
WARRANTIES = {
    "authority": "The publisher promises to have the right to give this license.",
    "consent": "The publisher promises that the people in the data agreed.",
    "non_infringement": "The publisher promises that nobody else has rights that stand against it.",
}


def facts(terms: Mapping[str, Any]) -> Iterator[Sentence]:
    yield from _scope(terms["scope"])
    for name, sentence in CAPS.items():
        if terms["caps"][name] is not None:
            yield say(sentence, count=terms["caps"][name])
    yield from _time(terms["time"], terms["price"] or {})
    yield say(OWNERSHIP[terms["outputs"]["ownership"]])
    yield from _legal(terms["legal"])


def _scope(scope: Mapping[str, Any]) -> Iterator[Sentence]:
    if ANYWHERE not in scope["field"]:
        yield say("It is for these fields only: {fields}.", fields=[say(FIELDS[each]) for each in scope["field"]])
    if ANYWHERE not in scope["territory"]:
        yield say("It is for use in: {places}.", places=Places(scope["territory"]))


def _time(time: Mapping[str, Any], price: Mapping[str, Any]) -> Iterator[Sentence]:
    if time["from"]:
        yield say("It begins on {day}.", day=time["from"][:10])
    if time["to"]:
        yield say("It ends on {day}.", day=time["to"][:10])
    if price.get("model") == "subscription":
        days = PERIOD_DAYS[price["period"]] + price["grace_days"]
        yield say("With one payment it lasts {days} days; the days of grace are in them.", days=days)
    elif time["duration"]:
        yield say("It lasts {time}.", time=span(time["duration"]))
    elif not time["to"]:
        yield say("It has no end of its own.")
    if time["renewal"] == "manual":
        yield say("Before it ends, you can renew it.")
    if time["renewal"] == "automatic":
        yield say("It is renewed each time until you end it.")


def _legal(legal: Mapping[str, Any]) -> Iterator[Sentence]:
    for way in legal["revocability"]:
        yield say(ENDINGS[way])
    if legal["notice"]:
        yield say("You are told {time} before it is ended.", time=span(legal["notice"]))
    for promise in legal["warranty"]:
        yield say(WARRANTIES[promise])
    if legal["indemnity"]:
        yield say("If somebody has a claim against you: {text}", text=legal["indemnity"])
    if legal.get(TERM) is not None:
        yield say(
            "If more than {share} of the records are withdrawn, you may end it or get that part of the price back.",
            share=percent_of(legal[TERM]),
        )
    if legal["law"]:
        yield say("The law of {place} applies.", place=Places([legal["law"]]))
    if legal["exclusivity"]:
        actions = [say(PHRASES[code]) for code in legal["exclusivity"]["actions"]]
        yield say("As long as it lasts, nobody else gets a license here to: {actions}.", actions=actions)
