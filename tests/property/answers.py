#!/usr/bin/env python3
"""An answer never depends on who read the span: lines as they are written, in another order, with
white space, escaped, with --strict, and OTLP itself give the same spans to every query."""

import json
import os
import random
import subprocess
import tempfile
from pathlib import Path

from harness import decode, done, ok, setting

PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789._"
DATA = Path(__file__).resolve().parent.parent / "data"
FILES = ["collector.jsonl", "auth_expired.jsonl", "odd_values.jsonl", "n_plus_one_checkout.pb"]
FIXED = [
    "true",
    'service = "auth"',
    'service != "auth"',
    'service = "checkout" && status = error',
    'status = error && kind = client && duration > 5ms',
    'kind = server && name = "GET /verify"',
    'name = ""',
    "kind = unspecified",
    "status = unset && duration < 1ms",
    "duration >= 1ms && duration <= 1ms",
    "duration = 0s",
    'span.http.route = "/verify"',
    '.http.route = "/verify"',
    'resource.service.name = "auth" && .http.response.status_code >= 400',
    "event:name != nil",
    'event.exception.message = "jwt expired"',
    ".no.such.attribute = nil",
    'name =~ "(?i)get.*"',
    'statusMessage = "jwt expired"',
    'statusMessage = "jwt expired" && status = error',
    "duration_ms > 1",
    "1 <= duration_ms",
    'start > "2026-01-01T00:00:00Z" && duration > 2ms',
    "kind != server",
    "status != unset",
    'span:parentID = ""',
    ".http.response.status_code = 401",
    "401 = span.http.response.status_code",
    "span.http.response.status_code >= 400",
    "span.http.response.status_code != 401",
    "span.http.response.status_code != nil",
    'span.http.request.method = "GET" && kind = server',
    ".i = 5",
    "instrumentation:name = nil",
    "{ name = \"verify_token\" } | { status = error }",
    "{ kind = server } >> { status = error }",
    "{ } | by(service) | count() > 3",
]  # fmt: skip


def escaped(text):
    """The same JSON with every letter of every string written as \\uXXXX."""

    def string(value):
        return '"' + "".join(f"\\u{unit:04x}" for unit in units(value)) + '"'

    def units(value):
        raw = value.encode("utf-16-be", "surrogatepass")
        return [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw), 2)]

    def write(value, top=False):
        if isinstance(value, str):
            return string(value)
        if isinstance(value, dict):
            # the keys of the line itself stay, or it would begin as no line does
            return "{" + ",".join(
                (json.dumps(k) if top else string(k)) + ":" + write(v) for k, v in value.items()
            ) + "}"  # fmt: skip
        if isinstance(value, list):
            return "[" + ",".join(map(write, value)) + "]"
        return json.dumps(value)

    return write(json.loads(text), True)


def forms(lines, choose):
    def shuffled(line, **options):
        members = list(json.loads(line).items())
        choose.shuffle(members)
        return json.dumps(dict(members), **options)

    return {
        "canonical": lines,
        "shuffled": [shuffled(line, separators=(",", ":"), ensure_ascii=False) for line in lines],
        "shuffled, with blanks": [shuffled(line) for line in lines],
        "sorted, blanks around": [
            json.dumps(json.loads(line), sort_keys=True, separators=(" , ", " : ")) for line in lines
        ],
        "blanks only": [json.dumps(json.loads(line)) for line in lines],
        "escaped": [escaped(line) for line in lines],
        "mixed": [choose.choice([line, shuffled(line), escaped(line)]) for line in lines],
    }


def made_queries(spans, choose):
    """Queries about values that are there, or nearly."""
    made = []
    for _ in range(setting("ANSWERS", 40)):
        span = choose.choice(spans)
        conditions = []
        for field in choose.sample(["name", "service", "kind", "status", "duration"], 2):
            if field in ("name", "service"):
                value = json.dumps(span.get(field, ""), ensure_ascii=False)
                if any(ord(c) < 32 or c == "\x7f" for c in span.get(field, "")) or "\\u" in value:
                    continue
            elif field == "duration":
                value = f"{max(0, round(span['duration_ms'] * 1e6))}ns"
            else:
                value = span.get(field, "unspecified")
            operator = choose.choice(["=", "=", "!="])
            if field == "duration":
                operator = choose.choice(["=", "<", "<=", ">", ">=", "!="])
            conditions.append(f"{field} {operator} {value}")
        if conditions:
            made.append(choose.choice([" && ", " || "]).join(conditions))
    return made


def asked_of(span, choose):
    """Queries for what this span has, or nearly has."""
    made = [
        f'trace_id = "{span["trace_id"]}"',
        f'span_id = "{span["span_id"]}"',
        f'parent_span_id = "{span.get("parent_span_id", "")}"',
        f'start >= "{span["start"]}"',
        f'start < "{span["start"]}"',
        f"duration_ms {choose.choice(['=', '<', '<=', '>', '>='])} {max(0, span['duration_ms'])}",
    ]
    attributes = list(span.get("attributes", {}).items())
    attributes += span.get("resource", {}).get("attributes", {}).items()
    for key, value in choose.sample(attributes, min(4, len(attributes))):
        if not key or any(c not in PLAIN for c in key):
            continue
        scope = choose.choice([".", "span.", "resource."])
        if isinstance(value, bool):
            made.append(f"{scope}{key} = {str(choose.choice([value, not value])).lower()}")
        elif isinstance(value, (int, float)) and abs(value) < 2**63:
            operator = choose.choice(["=", "=", "!=", "<", ">="])
            made.append(f"{scope}{key} {operator} {value + choose.choice([0, 0, 1]):f}")
            if isinstance(value, int):
                made.append(f"{scope}{key} {operator} {value}")
        elif isinstance(value, str) and all(c in PLAIN for c in value):
            made.append(f'{scope}{key} {choose.choice(["=", "!="])} "{value}"')
    return made


def ids(out):
    return sorted((span["trace_id"], span["span_id"]) for span in map(json.loads, out.splitlines()))


def ask(query, path, *options):
    return subprocess.run(
        ["span-filter", *options, query, path], capture_output=True, check=False
    )


def check_file(name, directory, choose):
    lines = decode(str(DATA / name)).out.decode().splitlines()
    spans = [json.loads(line) for line in lines]
    paths = {"OTLP": str(DATA / name)}
    for form, content in forms(lines, choose).items():
        path = os.path.join(directory, form)
        Path(path).write_text("\n".join(content) + "\n")
        paths[form] = path
    wrong = []
    queries = FIXED + made_queries(spans, choose)
    for span in choose.sample(spans, min(len(spans), 4)):
        queries += asked_of(span, choose)
    for query in queries:
        wanted = None
        for form, path in paths.items():
            for options in ([], ["--strict"]) if form == "canonical" else ([],):
                result = ask(query, path, *options)
                found = ids(result.stdout.decode()) if result.returncode == 0 else result.stderr.decode()
                if isinstance(found, str):
                    wrong.append(f"{query}: {form} {options}: {found}")
                elif wanted is None:
                    wanted = found
                elif found != wanted:
                    wrong.append(f"{query}: {form} {options}: {str(found)[:300]}")
    ok(not wrong, f"{name}: {len(queries)} queries", *wrong[:20])


def main():
    choose = random.Random(setting("SEED", 1))
    for name in FILES:
        with tempfile.TemporaryDirectory() as directory:
            check_file(name, directory, choose)
    done()


if __name__ == "__main__":
    main()
