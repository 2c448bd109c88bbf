"""Recompute a statement from its proof, with Python alone: python recompute_statement.py FILE.json [ROOT]"""

import hashlib
import json
import sys


def divide(total, weights):  # by largest remainder: floors, then one unit each by remainder, weight, smaller id
    whole = sum(weights.values())
    takers = sorted((-(total * weight % whole), -weight, key) for key, weight in weights.items() if weight)
    parts = {key: total * weight // whole for key, weight in weights.items()}
    lucky = {key for _, _, key in takers[: total - sum(parts.values())]}
    return {key: part + (key in lucky) for key, part in parts.items()}


def moves(net, weights, done):  # up to the division of all until now; nobody moves against the whole's direction
    delta, target = net - sum(done.values()), divide(net, weights)
    sign = 1 if delta >= 0 else -1
    move = {key: max(0, sign * (target[key] - done.get(key, 0))) for key in weights}
    for _ in range(sum(move.values()) - abs(delta)):
        move[min(move, key=lambda key: (-move[key], -weights[key], key))] -= 1
    return {key: sign * part for key, part in move.items()}


def by_day(net, days, stages):  # what pays for a time: by days, then by the weights from each day on
    ends = [day for day, _ in stages[1:]] + [days]
    stages = [
        (end - day, {key: int(weight) for key, weight in pairs}) for end, (day, pairs) in zip(ends, stages, strict=True)
    ]
    lengths = {place: length for place, (length, weights) in enumerate(stages) if sum(weights.values())}
    parts = [divide(part, stages[place][1]) for place, part in divide(net, lengths).items()]
    return {key: sum(each.get(key, 0) for each in parts) for key in set().union(*parts)}


def history(pool, split, step, me):  # a pool's divisions from the first on, as a statement tells a payee of them
    nets, done, timed = [net // step for net in pool["nets_minor"]], {}, "days" in pool
    weights = by_day(nets[0], pool["days"], pool["stages"]) if timed else split
    for net in nets:
        move, scale = moves(net, weights, done), step if timed else 1
        yield sum(done.values()), net, done.get(me, 0), move[me], weights[me] * scale, sum(weights.values()) * scale
        done = {key: done.get(key, 0) + part for key, part in move.items()}


def shares_hold(body, proof, pasts):
    for each in (each for each in body["movements"] if "share" in each):
        share, step = each["share"], body["step"]
        names = ("before_net_minor", "net_minor", "before_minor", "amount_minor")
        before_net, net, before, amount = (share[name] // step for name in names)
        weight, total, pairs = (
            int(share["weight"]),
            int(share["total_weight"]),
            proof["splits"].get(share["split_sha256"]),
        )
        yield sum(kind["amount_minor"] for kind in share["collected"]) == (net - before_net) * step
        yield amount * step == each["amount_minor"] and abs((before + amount) * total - net * weight) < 2 * total
        if pairs and share["pool"] not in pasts:  # without pairs there are too many payees for one file
            yield hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest() == share["split_sha256"]
            split = {payee: int(text) for payee, text in pairs}
            pasts[share["pool"]] = list(history(proof["pools"][share["pool"]], split, step, body["payee"]["id"]))
        told = (before_net, net, before, amount, weight, total)
        yield not pairs or pasts[share["pool"]][share["n"] - 1] == told


def sums_hold(body):
    for part in ("held", "due", "in_transit", "owed"):
        change = sum(each["parts_minor"].get(part, 0) for each in body["movements"])
        yield body["opening_minor"][part] + change == body["closing_minor"][part]
    yield all(sum(body[end].values()) == 2 * body[end]["total"] for end in ("opening_minor", "closing_minor"))
    paid = sum(each["amount_minor"] for each in body["movements"] if each["section"] in ("paid", "returned"))
    yield body["paid_minor"]["before"] - paid == body["paid_minor"]["in_all"]
    yield all(sum(each["parts_minor"].values()) == each["amount_minor"] for each in body["movements"])


def check(proof, root):  # what is wrong, or an empty text
    digest, body = hashlib.sha256(proof["statement"].encode()), json.loads(proof["statement"])
    node = hashlib.sha256(b"\0" + digest.digest()).hexdigest()
    for side, beside in proof["path"]:
        pair = beside + node if side == "left" else node + beside
        node = hashlib.sha256(b"\1" + bytes.fromhex(pair)).hexdigest()
    if node != root:
        return "this statement is not under the root"
    if not all(sums_hold(body)):
        return "opening and movements are not the closing"
    return "" if all(shares_hold(body, proof, {})) else "a share is not what its weight gives"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        exported = json.load(file)
    wrong = check(exported, sys.argv[2] if len(sys.argv) > 2 else exported["period"]["root_sha256"])
    sys.exit(f"WRONG: {wrong}") if wrong else print("OK: every sum, every share and the way to the root")
