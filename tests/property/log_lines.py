#!/usr/bin/env python3
"""Requests in the lines of logs, as container runtimes, Java's logging exporter and serverless
exporters write them: the same spans as those of the requests."""

import base64
import gzip
import json
import os
import random

import harness

DATA = os.environ["DATA"]
TIME = "2026-11-21T03:22:30.680000000Z"
REQUESTS = open(os.path.join(DATA, "auth_expired.jsonl"), encoding="utf-8").read().splitlines()
NOISE = ["starting up \u00e9 \U0001f600", '{"level":"info","resource":"/x","msg":"a \\" b"}', "", "bye {"]


def cut(text, size):
    return [text[at:at + size] for at in range(0, len(text), size)] or [""]


def docker(lines, size=16384, spaces=False):
    separators = None if spaces else (",", ":")
    return [json.dumps({"log": part, "stream": "stdout", "time": TIME}, separators=separators, ensure_ascii=size % 2)
            for line in lines for part in cut(line + "\n", size)]


def cri(lines, size=16384, noise=""):
    made = []
    for line in lines:
        parts = cut(line, size)
        for number, part in enumerate(parts, 1):
            made.append(f"{TIME} stdout {'F' if number == len(parts) else 'P'} {part}")
            if noise and number % 3 == 0:
                made.append(f"{TIME} stderr F {noise}")
    return made


def java(lines):
    return [line for request in lines for spans in json.loads(request)["resourceSpans"]
            for line in ("Nov 21, 2026 3:22:30 AM io.opentelemetry.exporter.logging.otlp.OtlpJsonLoggingSpanExporter "
                         "export", "INFO: " + json.dumps(spans))]


def wrapped(payload, is_base64, **others):
    return json.dumps({"__otel_otlp_stdout": "0.1.0", "source": "svc", "endpoint": "http://localhost:4318/v1/traces",
                       "headers": {"a": "b"}, **others, "payload": payload, "base64": is_base64})


def text(data):
    return base64.b64encode(data).decode()


def decode(data, *arguments):
    result = harness.run("otlp-decode", *arguments, data=data)
    return sorted(result.out.splitlines()), result


def main():
    protobuf = open(os.path.join(DATA, "auth_expired.pb"), "rb").read()
    expected, _ = decode("\n".join(REQUESTS).encode())
    mixed = [NOISE[0], NOISE[1], *REQUESTS, NOISE[2], NOISE[3]]
    logs = {
        "Docker": docker(mixed),
        "Docker, cut small": docker(mixed, 101),
        "Docker, with blanks": docker(mixed, 1000, True),
        "CRI": cri(mixed),
        "CRI, cut small, another stream between": cri(mixed, 99, "some noise"),
        "java.util.logging": java(REQUESTS),
        "stdout, protobuf in base64": ["START RequestId: 1", wrapped(text(gzip.compress(protobuf)), True), "END"],
        "stdout, not compressed": [wrapped(text(protobuf), True)],
        "stdout, objects": [wrapped(json.loads(request), False) for request in REQUESTS],
        "stdout, JSON in text": [wrapped(request, False) for request in REQUESTS],
        "stdout, without saying": [wrapped(text(gzip.compress(request.encode())), None) for request in REQUESTS],
        "stdout in CRI": cri([wrapped(text(protobuf), True)], 500),
        "stdout in Docker": docker([wrapped(text(protobuf), True)], 500),
    }
    for name, lines in logs.items():
        data = ("\n".join(lines) + "\n").encode()
        spans, result = decode(data)
        harness.ok(result.status == 0 and spans == expected, f"{name}: the same spans", result, len(spans))
        for arguments in (("-j", "3"), ("--from", "logs", "-j", "1")):
            spans, result = decode(data, *arguments)
            harness.ok(result.status == 0 and spans == expected, f"{name}: {' '.join(arguments)}", result)
        spans, result = decode(data.rstrip(b"\n"))
        harness.ok(result.status == 0 and spans == expected, f"{name}: without the last newline", result)

    noise = "passed over" in decode(("\n".join(logs["CRI"])).encode())[1].err
    harness.ok(noise, "what is passed over is told with its count")
    _, result = decode("\n".join(NOISE[:1] * 3).encode())
    harness.ok(result.status == 2, "a log without telemetry is refused", result)

    damaged = [wrapped("!!!!", True), wrapped(text(protobuf), True), wrapped("", True), '{"__otel_otlp_stdout":1,']
    spans, result = decode("\n".join(damaged).encode())
    harness.ok(result.status == 3 and spans == expected and "stdin:1: the request in it is not base64" in result.err
               and "there is no request in it" in result.err, "a damaged envelope costs itself", result)
    whole = "\n".join(cri(REQUESTS[:1] * 2, 500))
    spans, result = decode(whole[:len(whole) * 3 // 4].encode())
    first, _ = decode(REQUESTS[0].encode())
    harness.ok(result.status == 3 and set(first) <= set(spans), "a line in parts that is cut is told", result)
    stderr = cri(REQUESTS[:1], 500)
    stderr.insert(3, f"{TIME} stderr F {REQUESTS[1]}")
    spans, result = decode("\n".join(stderr).encode())
    second, _ = decode(REQUESTS[1].encode())
    harness.ok(result.status == 3 and spans == second and "another stream" in result.err,
               "telemetry of the other stream between parts costs the parts, told", result)
    large = f"{TIME} stdout F {'x' * 300000}\n" + "\n".join(cri(REQUESTS)) + "\n" + "\n".join(docker(REQUESTS[:1] * 30, 99)[:-1])
    spans, result = decode(large.encode(), "--max-message", "200k")
    harness.ok(result.status == 3 and set(expected) <= set(spans) and "--max-message" in result.err,
               "what is larger than --max-message is told", result)

    random.seed(7)
    data = "\n".join(logs["Docker, cut small"] + logs["CRI"] + logs["stdout in CRI"]).encode()
    bad = []
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(random.randrange(1, 20)):
            broken[random.randrange(len(broken))] = random.choice(b'{}[]"\\\n\x00P F\xff')
        result = harness.run("otlp-decode", "--from", "logs", data=bytes(broken))
        if result.status not in (0, 3):
            bad.append(str(result))
    harness.ok(not bad, "damage of any kind ends well", *bad[:3])


main()
harness.done()
