#!/usr/bin/env python3
"""trace-diff: silent about noise, right about what was put in, exact about where the time went.

Seeded: CONTRAST_SEED (1), and CONTRAST_RUNS (100, of sanitized commands 10) simulations of each kind.
"""

import decimal
import itertools
import json
import math
import os
import random
import re
import tempfile

import harness

SEED = harness.setting("CONTRAST_SEED", 1)
RUNS = harness.setting("CONTRAST_RUNS", 10 if harness.sanitized() else 100)
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
CAPTURES = os.environ.get("SPANLINE_CAPTURES")
LEFT, RIGHT = "left.jsonl", "right.jsonl"
PLACE = tempfile.TemporaryDirectory()
os.chdir(PLACE.name)


def allowed(percent):
    """How many runs may go wrong; of few runs one more, so that luck is no failure."""
    return RUNS * percent // 100 + (RUNS < 100)


# None of them changes an answer.  With a query whole spans are gathered, else facts.
EVERY_WAY = (["-j", "1"], ["-j", "3"], ["--mem-limit", "100k"], ["--where", "{ true }"])

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


def read(path):
    """By trace, its spans by id."""
    traces = {}
    for line in open(path, encoding="ascii"):
        span = json.loads(line)
        span["ns"] = int(span["end_unix_nano"]) - int(span["start_unix_nano"])
        span["operation"] = span["service"] + " " + span["name"]
        traces.setdefault(span["trace_id"], {})[span["span_id"]] = span
    return traces


def numbers(spans):
    """Calls and self time by operation; spans of a made trace follow each other, so that the root waits
    for what no child covers."""
    calls, own = {}, {}
    for span in spans.values():
        calls[span["operation"]] = calls.get(span["operation"], 0) + 1
        own[span["operation"]] = own.get(span["operation"], 0) + span["ns"]
        if span["parent_span_id"]:
            above = spans[span["parent_span_id"]]["operation"]
            own[above] = own.get(above, 0) - span["ns"]
    return {"calls": calls, "self": own, "critical": own}


def traits(spans):
    """What a trace has, as rows name it."""
    found = set()
    for span in spans.values():
        found.add(("operation", span["operation"]))
        if span["status"] == "error":
            found.add(("errors", span["operation"]))
        if span["parent_span_id"]:
            found.add(("edge", spans[span["parent_span_id"]]["operation"] + " -> " + span["operation"]))
        for key, value in span["attributes"].items():
            found.add(("key", "span." + key))
            found.add(("attribute", f"span.{key} = {json.dumps(value)}"))
    return found


def exact_chance(right, everything, left_size, right_size):
    """All deals that are as far from what is expected."""
    size = left_size + right_size
    distance = abs(right * size - everything * right_size)
    deals = sum(math.comb(right_size, k) * math.comb(left_size, everything - k)
                for k in range(max(0, everything - left_size), min(everything, right_size) + 1)
                if abs(k * size - everything * right_size) >= distance)
    return deals / math.comb(size, everything)


def ranked_chance(left, right):
    """Effect, and probability by the normal distribution, with ties."""
    effect = sum((b > a) - (b < a) for a in left for b in right) / (len(left) * len(right))
    size, ties = len(left) + len(right), 0
    for value in set(left + right):
        count = (left + right).count(value)
        ties += count**3 - count
    deviation = math.sqrt((size + 1 - ties / (size * (size - 1))) / (3 * len(left) * len(right)))
    return effect, math.erfc(abs(effect) / deviation / math.sqrt(2))


def dealt_chance(left, right):
    """Of few traces, in all ways: as far from what is expected."""
    values = left + right
    ranks = [sum((b < a) - (b > a) for b in values) for a in values]
    real = abs(sum(ranks[len(left):]))
    deals = [abs(sum(deal)) >= real for deal in itertools.combinations(ranks, len(right))]
    return sum(deals) / len(deals)


def agrees(row, sets):
    """What is wrong with the row, computed anew."""
    sizes = [len(side) for side in sets]
    if row["kind"] in ("operation", "edge", "errors", "key", "attribute"):
        counts = [sum((row["kind"], row["what"]) in traits(spans) for spans in side.values())
                  for side in sets]
        chance = exact_chance(counts[1], sum(counts), *sizes)
        effect = counts[1] / sizes[1] - counts[0] / sizes[0]
        if counts != [row["left"]["traces"], row["right"]["traces"]]:
            return f"counts {counts}"
        if abs(float(row["p_alone"]) - chance) > 1e-5 * chance:
            return f"chance {chance}"
    else:
        root = [[next(s["ns"] for s in spans.values() if not s["parent_span_id"])
                 for spans in side.values()] for side in sets]
        values = root if row["kind"] == "duration" else [
            [numbers(spans)[row["kind"]].get(row["what"], 0) for spans in side.values()]
            for side in sets]
        effect, chance = ranked_chance(*values)
        means = [sum(side) / len(side) for side in values]
        shown = [float(row[side]["mean" if row["kind"] == "calls" else "mean_ms"]) for side in ("left", "right")]
        unit = 1 if row["kind"] == "calls" else 1e6
        if any(abs(a / unit - b) > 1e-5 * (1 + abs(b)) for a, b in zip(means, shown)):
            return f"means {means}"
        if math.comb(sum(sizes), sizes[0]) < 5000:
            exact = dealt_chance(*values)
            if abs(float(row["p_alone"]) - exact) > 1e-5 * exact:
                return f"chance {exact}"
        # dealt at random, or a bound where it is clear
        elif not chance / 3 - 1e-4 <= float(row["p_alone"]) <= chance * 3 + 2e-4:
            return f"chance {chance}"
    if abs(float(row["effect"]) - effect) > 1e-5:
        return f"effect {effect}"
    tried = float(row["p_alone"])
    return "" if tried <= float(row["p"]) <= 1 else "corrected"


def attributed(answer, sets):
    """Whether each operation has the change of its mean time on the critical path, to 2 ns."""
    wanted = {}
    for sign, side in ((-1, sets[0]), (1, sets[1])):
        for spans in side.values():
            for operation, ns in numbers(spans)["critical"].items():
                wanted[operation] = wanted.get(operation, 0) + sign * ns / len(side)
    shown = {row["what"]: float(row["ms"]) * 1e6 for row in answer["attribution"]}
    return all(abs(shown.get(operation, 0) - ns) <= 2 for operation, ns in wanted.items())


bad, rows = [], [0, 0]
for run in range(6):
    generator = random.Random(SEED * 31 + run)
    few = run % 2
    Shop(generator).write(LEFT, 7 if few else 40)
    Shop(generator, lambda of, pick: 3000000 if of == 3 else 0).write(RIGHT, 6 if few else 25)
    sets = [read(LEFT), read(RIGHT)]
    answer = diff("--alpha", "0.5", LEFT, RIGHT)
    rows[few] += len(answer["rows"])
    bad += [(run, row["kind"], row["what"], agrees(row, sets), row) for row in answer["rows"] if agrees(row, sets)]
    harness.ok(attributed(answer, sets), f"the mean is attributed as another program does it, {run}")
harness.ok(min(rows) > 5 and not bad, f"{rows} rows are as another program computes them", bad)

# neither the order of the input nor the number of workers nor memory changes anything
generator = random.Random(SEED)
Shop(generator).write(LEFT, 200)
Shop(generator, lambda of, pick: 3000000 if of in (3, 5) else 0).write(RIGHT, 100)
straight = harness.run("trace-diff", "--to", "json", LEFT, RIGHT).out
for path in (LEFT, RIGHT):
    lines = open(path, encoding="ascii").read().splitlines()
    generator.shuffle(lines)
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
for arguments in EVERY_WAY:
    again = harness.run("trace-diff", "--to", "json", *arguments, LEFT, RIGHT).out
    harness.ok(again == straight, f"the same in another order, with {' '.join(arguments)}", straight, again)

# nor where so many numbers are compared that they are not all dealt together
generator = random.Random(SEED)
lines = []
for trace in range(60):
    for number in range(90):
        ms = generator.expovariate(1) * (4 if trace % 2 and number % 3 == 0 else 1)
        lines.append(json.dumps({
            "trace_id": "%032x" % (trace + 1), "span_id": "%016x" % (number + 1),
            "parent_span_id": "%016x" % 1 if number else "", "service": "s",
            "name": f"step {number}", "start": "2026-11-21T10:00:00Z", "duration_ms": round(ms, 6),
            "attributes": {"odd": trace % 2 == 1}}))
straight = None
for _ in range(3):
    with open(LEFT, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    again = harness.run("trace-diff", "--to", "json", "--split", "span.odd = true", LEFT).out
    harness.ok(straight in (None, again) and json.loads(again)["found"] > 20,
               "many numbers in another order", straight, again)
    straight = again
    generator.shuffle(lines)

# events, links, scopes, other types: whatever a span has
for name in ("odd_values.jsonl", "odd_values.pb", "n_plus_one_checkout.pb", "collector.jsonl", "collector.be32"):
    path = os.path.join(DATA, name)
    straight = harness.run("trace-diff", "--to", "json", "--alpha", "0.5", "--split-quantile", "0.4", path)
    for arguments in EVERY_WAY:
        again = harness.run("trace-diff", "--to", "json", "--alpha", "0.5", *arguments,
                            "--split-quantile", "0.4", path)
        harness.ok(again.out == straight.out and len(again.out) > 300,
                   f"{name} with {' '.join(arguments)}", straight, again)

# clocks that cannot be
extremes = [0, 1, 10**18, 10**18 + 1, 2**63 - 1, 2**63, 2**64 - 1]
for path in (LEFT, RIGHT):
    with open(path, "w", encoding="ascii") as file:
        for trace in range(30):
            for number in range(4):
                file.write(json.dumps({
                    "trace_id": "%032x" % (trace + 1), "span_id": "%016x" % (number + 1),
                    "parent_span_id": "%016x" % number if number else "",
                    "name": generator.choice("abc"), "service": "s",
                    "start_unix_nano": str(generator.choice(extremes)),
                    "end_unix_nano": str(generator.choice(extremes)),
                }) + "\n")
harness.ok(sums(diff("--alpha", "0.5", LEFT, RIGHT)), "totals are made up of clocks that cannot be")

# what is beyond the limits is told, and nothing else happens
with open(LEFT, "w", encoding="ascii") as file:
    for number in range(21000):
        file.write(json.dumps({
            "trace_id": "%032x" % (number // 30 + 1), "span_id": "%016x" % (number + 1),
            "parent_span_id": "", "name": f"name {number}", "service": "s",
            "start_unix_nano": "1000", "end_unix_nano": "2000",
            "attributes": {"id": str(number), f"key {number % 11000}": number} | {
                f"value {(16 * number + i) % 350}": number for i in range(16)},
        }) + "\n")
limited = ["--split-quantile", "0.5", LEFT]
answer = harness.run("trace-diff", "--to", "json", *limited)
harness.ok(answer.status == 0 and "too many operations, edges or attributes" in answer.err, "limits are told", answer)
for arguments in EVERY_WAY[:3]:  # of whole spans others come first
    again = harness.run("trace-diff", "--to", "json", *arguments, *limited)
    harness.ok((again.out, again.err) == (answer.out, answer.err),
               f"limits are the same with {' '.join(arguments)}", answer, again)


def write_spans(path, attributes_of, count):
    """Traces of one span, the odd ones slow, as otlp-decode writes them.  Returns the lines."""
    spans = []
    for number in range(count):
        span, resource = attributes_of(number)
        spans.append(json.dumps({
            "trace_id": "%032x" % (number + 1), "span_id": "%016x" % (number + 1), "name": "op", "service": "s",
            "start_unix_nano": "1000000000", "end_unix_nano": str(1000000000 + (number % 2 + 1) * 10**7),
            "attributes": span, "resource": {"attributes": resource}}))
    return rewrite(path, harness.decode(data="\n".join(spans).encode()).out.decode())


def rewrite(path, lines):
    with open(path, "w", encoding="ascii") as file:
        file.write(lines)
    return lines


def same_each_way(name, expected, *arguments):
    """What sets the two halves apart is found, whoever reads which part."""
    answers = [harness.run("trace-diff", "--to", "json", *way, "--split", "duration > 15ms", *arguments)
               for way in EVERY_WAY[:3]]
    ok = all((one.status, one.out, one.err) == (answers[0].status, answers[0].out, answers[0].err) for one in answers)
    found = [row["what"] for row in json.loads(answers[0].out)["rows"]]
    harness.ok(ok and expected in found, f"{name}: all ways tell the same", found[:5], *answers)


def age_of(number):
    return {"env": "new" if number % 2 else "old"}


def attributes_or_keys(number):
    """Workers that begin in the middle have met other keys than the first one."""
    return {f"key {number}-{k}": 1 for k in range(30)} if 0 < number < 4000 else age_of(number)


write_spans(LEFT, lambda i: (attributes_or_keys(i), {}), 12000)
same_each_way("more keys than are kept", 'span.env = "new"', LEFT)
write_spans(LEFT, lambda i: ({"a": 1}, {"pod": i % 350, "host": i // 350} if i < 100100 else age_of(i)), 100500)
same_each_way("more resources than are kept", 'resource.env = "new"', LEFT)

# what is damaged, and what is only noted
lines = write_spans(LEFT, lambda i: (age_of(i) | {"z": i % 3}, {"zone": i % 3}), 6000)
for name, broken in (("time", '{"env":"2026-11-21T14:00:00Z","z":tru}'), ("key", '{"other":1,"z":tru}')):
    rewrite(RIGHT, lines.replace('{"env":"new","z":1}', broken).replace('{"env":"old","z":0}', broken))
    same_each_way(f"lines with a damaged {name}", 'span.env = "new"', RIGHT)
    left_out = harness.run("trace-diff", "--to", "json", "--split", "duration > 15ms", RIGHT)
    harness.ok(b'"keys_left_out":[]' in left_out.out, f"lines with a damaged {name} leave nothing behind", left_out)
rewrite(RIGHT, re.sub('("z":[0-9]})', r'\1,"dropped_attributes_count":1.5', lines))
same_each_way("counts that are none", 'span.env = "new"', RIGHT)
write_spans(LEFT, lambda i: (age_of(i) | {"text": "x" * 300 + str(i % 2)}, {}), 200)
cut = [row["what"] for row in diff("--split", "duration > 15ms", LEFT)["rows"] if "text" in row["what"]]
harness.ok(cut and all(what.endswith("…") for what in cut), "a value that is cut is marked", cut)

with open(LEFT, "w", encoding="ascii") as file:
    for number in range(700):
        file.write(json.dumps({"trace_id": "%032x" % (number + 1), "span_id": "%016x" % (number + 1), "name": "op",
                               "service": "s", "start_unix_nano": "1000", "end_unix_nano": "2000",
                               "attributes": {"id": str(number)}}) + "\n")
answer = diff("--split", '{ span.id = "77" }', LEFT)
harness.ok(sums(answer) and answer["sets"][0]["traces"] + answer["sets"][1]["traces"] == 700,
           "and all traces are counted", answer["sets"])
harness.done()
