#!/usr/bin/env python3
"""exact.py DIRECTORY: the figures of trace-stats over corpus.lines, corpus.jsonl and corpus.be32 there
against what Python finds in the lines, in integers, by every way in."""

import gzip
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

QUANTILES = ["0.5", "0.9", "0.95", "0.99", "0.999", "0.55"]
ASKED = ["trace-stats", "--to", "json", "--measure", "count,errors,sum,min,max", "--quantiles", ",".join(QUANTILES)]
WHOLE_TRACES = ["--where", "{ } | count() > 0"]


def expected(path):
    """Sorted durations in ns and the number of errors, by service and name."""
    groups = {}
    with open(path, "rb") as lines:
        for line in lines:
            span = json.loads(line)
            group = groups.setdefault((span.get("service"), span["name"]), [[], 0])
            group[0].append(int(span["end_unix_nano"]) - int(span["start_unix_nano"]))
            group[1] += span["status"] == "error"
    for durations, _ in groups.values():
        durations.sort()
    return groups


def nearest(quantile, durations):
    part = Fraction(quantile)
    return durations[max(-(-part.numerator * len(durations) // part.denominator), 1) - 1]


def differences(output, groups):
    found = {(g["by"]["service"], g["by"]["name"]): g for g in json.loads(output, parse_float=Decimal)["groups"]}
    if len(found) != len(groups):
        yield f"{len(found)} groups, not {len(groups)}"
    for key, (durations, errors) in groups.items():
        wanted = {"count": len(durations), "errors": errors, "sum_ms": sum(durations), "min_ms": durations[0],
                  "max_ms": durations[-1]}
        wanted.update({f"p{float(q) * 100:g}_ms": nearest(q, durations) for q in QUANTILES})
        for name, figure in wanted.items():
            value = found.get(key, {}).get(name)
            value = value * 1000000 if name.endswith("_ms") and value is not None else value
            if value != figure:
                yield f"{key} {name}: {value}, not {figure}"


def output_of(*arguments, **options):
    return subprocess.run([*ASKED, *arguments], stdout=subprocess.PIPE, check=True, **options).stdout


def merged(place, path):
    """By seven processes, each with a part of the traces."""
    for part in range(1, 8):
        with subprocess.Popen(["span-filter", "--shard", f"{part}/7", path], stdout=subprocess.PIPE) as shard:
            output_of("--save", f"{place}/{part}.stats", "-j", str(part % 2 + 1), stdin=shard.stdout)
    return output_of(*(f"{place}/{part}.stats" for part in range(1, 8)))


def pack(path):
    with open(path, "rb") as plain, gzip.open(f"{path}.gz", "wb", 1) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)
    return f"{path}.gz"


def main(place):
    lines = f"{place}/corpus.lines"
    groups = expected(lines)
    first = output_of("-j", "1", lines)
    wrong = list(differences(first, groups))
    ways = 1
    for form in ("lines", "jsonl", "be32"):
        path = f"{place}/corpus.{form}"
        packed = pack(path)
        for way in ([path], [packed], [*WHOLE_TRACES, path], [*WHOLE_TRACES, "--mem-limit", "64M", path]):
            for jobs in ("1", "2"):
                ways += 1
                if output_of("-j", jobs, *way) != first:
                    wrong.append(f"another answer: -j {jobs} {' '.join(way)}")
        ways += 1
        if merged(place, path) != first:
            wrong.append(f"another answer: merged from 7 shards of {form}")
    for what in wrong[:20]:
        print(what)
    count = sum(len(durations) for durations, _ in groups.values())
    print(f"{count} spans in {len(groups)} groups, {ways} ways in: {len(wrong)} differences from Python's figures")
    return bool(wrong)


sys.exit(main(sys.argv[1]))
