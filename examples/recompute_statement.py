"""Recompute a statement from its proof, with Python alone: python recompute_statement.py FILE.json [ROOT]"""

import json
import sys
from hashlib import sha256


def divide(total, weights):  # by largest remainder: floors, then one unit each by remainder, weight, smaller id
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    takers = sorted((-(total * weight % whole), -weight, key) for key, weight in weights.items() if weight)
    return parts | {key: parts[key] + 1 for _, _, key in takers[: total - sum(parts.values())]}


def history(pool, pairs):  # each division of a pool from the first on, as a statement tells its payee of it
    nets, weights = [net // step for net in pool["nets_minor"]], {payee: int(weight) for payee, weight in pairs}
    if "stages" in pool:  # what pays for a time: by the days of each stage, then by its weights
        stages = [(days, {payee: int(weight) for payee, weight in split}) for days, split in pool["stages"]]
        days = divide(nets[0], {place: length for place, (length, _) in enumerate(stages)})
        parts = [divide(days[place], split) for place, (_, split) in enumerate(stages)]
        weights = {payee: step * sum(part.get(payee, 0) for part in parts) for payee in set().union(*parts)}
    done, whole = dict.fromkeys(weights, 0), sum(weights.values())
    for net in nets:  # up to the division of all until now; nobody moves against the whole's direction
        before, target = sum(done.values()), divide(net, weights)
        sign = 1 if net >= before else -1
        moves = {key: max(0, sign * (target[key] - done[key])) for key in done}
        for _ in range(sum(moves.values()) - abs(net - before)):
            moves[min(moves, key=lambda key: (-moves[key], -weights[key], key))] -= 1
        yield [*(step * units for units in (before, net, done[me], sign * moves[me])), weights[me], whole]
        done = {key: part + sign * moves[key] for key, part in done.items()}


with open(sys.argv[1], encoding="utf-8") as file:
    proof = json.load(file)
body, node = json.loads(proof["statement"]), sha256(b"\0" + sha256(proof["statement"].encode()).digest())
step, me, rows = body["step"], body["payee"]["id"], body["movements"]
for side, beside in proof["path"]:
    pair = beside + node.hexdigest() if side == "left" else node.hexdigest() + beside
    node = sha256(b"\1" + bytes.fromhex(pair))
if node.hexdigest() != [proof["period"]["root_sha256"], *sys.argv[2:]][-1]:
    sys.exit("WRONG: this statement is not under the root")
lines = [body["opening_minor"], *(each["parts_minor"] | {"total": each["amount_minor"]} for each in rows)]
paid = sum(each["amount_minor"] for each in rows if each["section"] in ("paid", "returned"))
across = all(sum(line.values()) == 2 * line["total"] for line in [*lines, body["closing_minor"]])
down = all(sum(line.get(part, 0) for line in lines) == end for part, end in body["closing_minor"].items())
if not (across and down and body["paid_minor"]["before"] - paid == body["paid_minor"]["in_all"]):
    sys.exit("WRONG: opening and movements are not the closing")
splits = {sha256(json.dumps(one, separators=(",", ":")).encode()).hexdigest(): one for one in proof["splits"].values()}
used = {each["share"]["pool"]: each["share"]["split_sha256"] for each in rows if "share" in each}
pasts = {code: list(history(proof["pools"][code], splits[name])) for code, name in used.items() if name in splits}
for row, share in [(each, each["share"]) for each in rows if "share" in each]:
    names = ("before_net_minor", "net_minor", "before_minor", "amount_minor", "weight", "total_weight")
    before_net, net, before, amount, weight, whole = told = [int(share[name]) for name in names]
    holds = abs((before + amount) * whole - net * weight) < 2 * whole * step and amount == row["amount_minor"]
    # Of more payees than a file can hold there is no split: a share is then checked to its last unit but one.
    known = share["split_sha256"] in proof["splits"]
    exact = share["pool"] in pasts and pasts[share["pool"]][share["n"] - 1] == told if known else True
    if not (holds and exact and sum(kind["amount_minor"] for kind in share["collected"]) == net - before_net):
        sys.exit("WRONG: a share is not what its weight gives")
print("OK: every sum, every share and the way to the root")
