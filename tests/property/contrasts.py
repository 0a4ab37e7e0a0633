#!/usr/bin/env python3
"""trace-diff: silent about noise, right about what was put in, exact about where the time went.

Seeded: CONTRAST_SEED (1), and CONTRAST_RUNS (100, of sanitized commands 10) simulations of each kind.
"""

import decimal
import json
import math
import os
import random
import tempfile

import harness

SEED = harness.setting("CONTRAST_SEED", 1)
RUNS = harness.setting("CONTRAST_RUNS", 10 if harness.sanitized() else 100)
CAPTURES = os.environ.get("SPANLINE_CAPTURES")
LEFT, RIGHT = "left.jsonl", "right.jsonl"
PLACE = tempfile.TemporaryDirectory()
os.chdir(PLACE.name)


def allowed(percent):
    """How many runs may go wrong; of few runs one more, so that luck is no failure."""
    return RUNS * percent // 100 + (RUNS < 100)


# A service's operation, what calls it (by index), its own mean time in ms, how many times it is called
SHAPE = [
    ("gateway", "GET /order", None, 2.0, 1),
    ("cart", "load", 0, 3.0, 1),
    ("cart", "SELECT items", 1, 1.5, 3),
    ("stock", "reserve", 0, 4.0, 1),
    ("stock", "UPDATE stock", 3, 2.5, 2),
    ("payment", "charge", 0, 6.0, 1),
    ("payment", "risk score", 5, 3.0, 1),
    ("mail", "send", 0, 1.0, 1),
]


def diff(*arguments, data=b""):
    result = harness.run("trace-diff", "--to", "json", *arguments, data=data)
    assert result.status == 0, result
    return json.loads(result.out, parse_float=decimal.Decimal)


class Shop:
    """Traces of one set: noise of every kind that attributes and times can have."""

    def __init__(self, generator, change=None):
        self.random, self.change = generator, change
        self.lines = []

    def noise(self):
        pick = self.random
        attributes = {
            "http.route": pick.choice(["/a", "/b", "/c"]),
            "user.id": "%x" % pick.getrandbits(40),
            "retry": pick.random() < 0.1,
            "items": pick.randrange(8),
        }
        if pick.random() < 0.3:
            attributes["flag"] = pick.choice("xyz")
        return attributes

    def call(self, trace, index, parent, start):
        """One span after what it calls, one after another; gives how long it took."""
        service, name, _, mean, _ = SHAPE[index]
        own = int(mean * 1e6 * math.exp(self.random.gauss(0, 0.4)))
        if self.change is not None:
            own += self.change(index, self.random)
        span = {
            "trace_id": trace, "span_id": "%016x" % self.random.getrandbits(63),
            "parent_span_id": parent, "name": name, "service": service,
            "status": "error" if self.random.random() < 0.02 else "unset",
            "start_unix_nano": str(start), "attributes": self.noise(),
        }
        duration = own // 2
        for child, row in enumerate(SHAPE):
            if row[2] == index:
                calls = row[4] + (row[4] > 1 and self.random.random() < 0.2)
                for _ in range(calls):
                    duration += self.call(trace, child, span["span_id"], start + duration)
        duration += own - own // 2
        span["end_unix_nano"] = str(start + duration)
        self.lines.append(json.dumps(span))
        return duration

    def trace(self):
        self.call("%032x" % self.random.getrandbits(127), 0, "", 10**18 + self.random.getrandbits(40))

    def write(self, path, traces):
        for _ in range(traces):
            self.trace()
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(self.lines) + "\n")


def sums(answer):
    """Whether both attributions make up their totals, to the ns."""
    for prefix in ("", "p95_"):
        total = sum((row["ms"] for row in answer[prefix + "attribution"]), decimal.Decimal(0))
        if total != answer[prefix + "total_ms"]:
            return False
        left, right = (answer["sets"][side]["mean_ms" if prefix == "" else "p95_ms"] for side in (0, 1))
        if answer[prefix + "total_ms"] != right - left:
            return False
    return True


def noise_is_silent(name, make):
    told, wrong = [], []
    for run in range(RUNS):
        make(random.Random(SEED * 1000003 + run))
        answer = diff("--seed", run + 1, LEFT, RIGHT)
        if answer["rows"]:
            told.append((run, [(row["kind"], row["what"], float(row["p"])) for row in answer["rows"]]))
        if not sums(answer):
            wrong.append(run)
    harness.ok(len(told) <= allowed(5), f"{name}: nothing is different in {RUNS} runs, but {len(told)}", told)
    harness.ok(not wrong, f"{name}: attributions make up their totals", wrong)


def made_halves(generator):
    Shop(generator).write(LEFT, 60)
    Shop(generator).write(RIGHT, 60)


def make_unequal(generator):
    Shop(generator).write(LEFT, 150)
    Shop(generator).write(RIGHT, 12)


noise_is_silent("two halves of made noise", made_halves)
noise_is_silent("a few and many of made noise", make_unequal)

if CAPTURES:
    scenario = f"{CAPTURES}/shop/scenarios"
    checkouts = {}
    for line in harness.decode(f"{scenario}/fast_checkout.pb").out.splitlines():
        checkouts.setdefault(line[13:45], []).append(line)

    def recorded_halves(generator):
        ids = sorted(checkouts)
        generator.shuffle(ids)
        for path, part in ((LEFT, ids[:15]), (RIGHT, ids[15:])):
            with open(path, "wb") as file:
                for one in part:
                    file.write(b"\n".join(checkouts[one]) + b"\n")

    noise_is_silent("two halves of fast_checkout", recorded_halves)
else:
    harness.skip("two halves of fast_checkout", "SPANLINE_CAPTURES is not set")


def regression(run):
    """One operation takes longer, in all traces or in every third; the answer names it first."""
    generator = random.Random(SEED * 7000003 + run)
    index = generator.randrange(len(SHAPE))
    extra = generator.choice([5, 10, 30])
    part = generator.choice([1.0, 0.34])

    def change(of, pick):
        return int(extra * 1e6) if of == index and pick.random() < part else 0

    Shop(generator).write(LEFT, 80)
    Shop(generator, change).write(RIGHT, 80)
    answer = diff(LEFT, RIGHT)
    what = "%s %s" % SHAPE[index][:2]
    clear = part == 1.0 and extra >= 10
    return answer, what, answer["attribution"][0]["what"] == what, clear


missed, wrong, untold = [], [], []
for run in range(RUNS):
    answer, what, first, clear = regression(run)
    if not first:
        missed.append((run, what, answer["attribution"][:3]))
    if clear and not any(row["what"] == what for row in answer["rows"]):
        untold.append((run, what))
    if not sums(answer):
        wrong.append(run)
harness.ok(len(missed) <= allowed(2),
           f"the operation that got slower is first in {RUNS} runs, but {len(missed)}", missed)
harness.ok(len(untold) <= allowed(2), f"and among the differences where it is clear, but in {len(untold)}", untold)
harness.ok(not wrong, "attributions make up their totals", wrong)
harness.done()
