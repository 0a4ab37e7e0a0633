#!/usr/bin/env python3
"""Real captures give the spans that they are known to hold, and lose none on the way back to OTLP.

Those of tests/data for everybody; where SPANLINE_CAPTURES names the large collection, all of that.
"""

import json
import os
import re
from pathlib import Path

from harness import decode, done, encode, ok, skip
from spans import counted_by_others

DATA = Path(__file__).resolve().parent.parent / "data"
FORMS = ["jsonl", "json", "pb", "be32", "be32-zstd", "varint", "grpc", "otlp-lines"]

# File, spans, exit status.
DATA_FILES = [
    ("collector.jsonl", 144, 0),
    ("collector.be32", 144, 0),
    ("collector-zstd.be32", 144, 0),
    ("auth_expired.jsonl", 42, 0),
    ("auth_expired.pb", 42, 0),
    ("odd_values.jsonl", 15, 0),
    ("odd_values.pb", 15, 0),
    ("n_plus_one_checkout.pb", 258, 0),
    ("grpc-one-gzip.bin", 200, 0),
    ("tcp-http1-proto-1.bin", 159, 0),
    ("tcp-http1-json-2.bin", 0, 0),
    ("logs-single.pb", 0, 0),
    ("metrics-single.pb", 0, 0),
    ("bom.json", 25, 0),
    ("pretty.json", 25, 0),
    ("snake_case.json", 25, 0),
    ("protojson-base64-ids.json", 25, 0),
    ("looks-like-json-array.pb", 1, 0),
    ("looks-like-json-object.pb", 1, 0),
]
DATA_SETS = [
    ["collector.jsonl", "collector.be32", "collector-zstd.be32"],
    ["auth_expired.jsonl", "auth_expired.pb"],
    ["bom.json", "pretty.json", "snake_case.json", "protojson-base64-ids.json"],
]

# What is whole in the truncated files, at least, and whether that is exact.  Of the JSON TRUTH.md
# counts the whole lines; those in the line that is cut are added.
TRUNCATED = [
    ("truncated-frame.bin", 25 + 506, True),
    ("truncated-zstd.bin", 25, False),
    ("truncated.json.gz", 4784 + 2, True),
    ("truncated-last-line.jsonl", 25 + 23, True),
    ("truncated.pb", 506, True),
]
# The SDK sent other values as JSON than as protobuf in this trace.
ODD_TRACE = b'"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"'
# Not OTLP, or a raw connection that the independent decoder did not count.
NOT_COUNTED = re.compile(r"^(zipkin-|tcp-)|truncated|^zero-bytes|^empty")

seen_lines = set()


def same_spans(one, other):
    """The same lines in any order; attributes too have none, since equal resources become one."""
    if sorted(one.splitlines()) == sorted(other.splitlines()):
        return True
    return spans_of(one) == spans_of(other)


def spans_of(lines):
    return sorted(json.dumps(json.loads(line), sort_keys=True) for line in lines.splitlines())


def check_way_back(name, lines):
    """Through each form: the same spans, and from then on the same bytes."""
    if lines in seen_lines or not lines:
        return
    seen_lines.add(lines)
    for form in FORMS:
        first = encode("--to", form, data=lines)
        again = decode(data=first.out)
        ok(
            first.status == 0
            and again.status == 0
            and same_spans(again.out, lines),
            f"{name} through {form}: the same spans", first, again,
        )  # fmt: skip
        third = decode(data=encode("--to", form, data=again.out).out)
        ok(third.out == again.out, f"{name} through {form} twice: the same bytes", third)


def check_counted(path, spans, status):
    """The lines of a file that must give so many."""
    result = decode(path)
    count = result.out.count(b"\n")
    allowed = (0, 3) if status is None else (status,)
    ok(count == spans and result.status in allowed, f"{path.name}: {spans} spans", count, result)
    return result.out


def check_same(name, sets):
    first = sorted(sets[0].splitlines())
    ok(all(sorted(lines.splitlines()) == first for lines in sets[1:]), f"{name}: the same spans")


def check_data():
    lines = {}
    for name, spans, status in DATA_FILES:
        lines[name] = check_counted(DATA / name, spans, status)
    for names in DATA_SETS:
        check_same(" = ".join(names), [lines[name] for name in names])
    for name, found in lines.items():
        check_way_back(name, found)


def without_odd(lines):
    return sorted(line for line in lines.splitlines() if ODD_TRACE not in line)


def truth_rows(shop):
    """File, spans, set of the table of TRUTH.md."""
    for line in (shop / "TRUTH.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 9 and cells[1].isdigit() and cells[5].isdigit():
            yield cells[0], int(cells[5]), cells[8]


def check_shop(shop):
    whole = {}
    for name, spans, kind in truth_rows(shop):
        if NOT_COUNTED.search(name.split("/")[-1]):
            continue
        lines = check_counted(shop / name, spans, 0)
        if kind == "ALL":
            whole[name] = lines
    return whole


def check_all(whole):
    """All spans in every file, and the same; JSON and protobuf apart only where the SDK was."""
    reference = without_odd(next(iter(whole.values())))
    odd = {}
    for name, lines in whole.items():
        ok(lines.count(b"\n") == 4904, f"{name}: 4904 spans")
        ok(without_odd(lines) == reference, f"{name}: the same spans as the others")
        odd.setdefault(tuple(sorted(set(lines.splitlines()) - set(reference))), []).append(name)
        check_way_back(name, lines)
    ok(len(odd) <= 2, "odd_values: one set in JSON, one in protobuf", *odd.values())
    return set().union(*(lines.splitlines() for lines in whole.values()))


def check_truncated(shop, reference):
    for name, least, exact in TRUNCATED:
        result = decode(shop / "derived" / name)
        lines = result.out.splitlines()
        enough = len(lines) == least if exact else len(lines) >= least
        ok(enough and result.status == 3, f"{name}: what is whole", len(lines), result)
        ok(set(lines) <= reference, f"{name}: nothing else")
        ok(len(set(lines)) == len(lines), f"{name}: nothing twice")
        ok(result.err.count(name) >= 1, f"{name}: told of", result)


def check_public(public):
    for name, row in counted_by_others(public, ("otlp-", "tempo-")):
        check_way_back(name, check_counted(public / name, int(row["spans"]), None))


def check_everything(captures):
    """No file makes a run crash or hang, whatever is in it."""
    for path in sorted(captures.rglob("*")):
        if path.is_file():
            result = decode(path, timeout=60)
            ok(result.status in (0, 2, 3), f"{path.relative_to(captures)}: ends by itself", result)
            if result.status != 0:
                ok(result.err != "", f"{path.relative_to(captures)}: and says why", result)


def main():
    check_data()
    captures = os.environ.get("SPANLINE_CAPTURES")
    if not captures or not Path(captures, "shop").is_dir():
        skip("the large collection", "SPANLINE_CAPTURES is not set")
        done()
    whole = check_shop(Path(captures, "shop"))
    for path in sorted(Path(captures, "collector").iterdir()):
        whole[f"collector/{path.name}"] = check_counted(path, 4904, 0)
    reference = check_all(whole)
    check_truncated(Path(captures, "shop"), reference)
    check_public(Path(captures, "public"))
    check_everything(Path(captures))
    done()


main()
