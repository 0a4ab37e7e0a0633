#!/usr/bin/env python3
"""otlp-send through every fault of the table, each alone and many in a row, over HTTP and gRPC,
plain and TLS, compressed and not, one at a time and several: the account holds to the span.

FAULT_SEEDS: how many rows of faults for each way; FAULT_ALONE=1: each fault alone in each way
(without it, in one); FAULT_WORKERS: how many runs at a time, as most of a run is waiting."""

import collections
import json
import multiprocessing
import os
import random
import tempfile

import fault_table
import harness
import otlp_server
from grpc_server import GrpcServer, message, reply
from otlp_server import Fault, Server, response

SEEDS = harness.setting("FAULT_SEEDS", 1)
FIRST = harness.setting("FAULT_SEED", 1)
EACH_ALONE = harness.setting("FAULT_ALONE", 0)
WORKERS = harness.setting("FAULT_WORKERS", 6)
COUNT, BATCH = 90, 20
COLUMNS = ["accepted", "rejected", "refused", "undelivered", "oversize", "invalid"]
PROTOCOLS = ("http/protobuf", "http/json", "grpc")
WAYS = [(protocol, gzip, concurrency, tls) for protocol in PROTOCOLS for gzip in (False, True)
        for concurrency in (1, 3) for tls in (False, True)]

IDS = [(f"{i // 5 + 1:032x}", f"{i + 1:016x}") for i in range(COUNT)]
SPANS = b"".join(json.dumps({
    "trace_id": trace, "span_id": span, "name": "a", "service": f"s{span[-1]}",
    "start": "2026-11-21T10:00:00Z", "duration_ms": 1.5}).encode() + b"\n" for trace, span in IDS)
GOOD = Fault("good", response(200), "accepted")
GOOD_GRPC = Fault("good", reply(0, message(b"")), "accepted")
CASES = []  # what the processes of a pool inherit: scripts hold functions, which nothing can send


def faults_of(protocol):
    own = fault_table.of_grpc() if protocol == "grpc" else fault_table.of_http()
    return fault_table.of_connections() + own


def serve(protocol, script, certificate):
    """Answers by the script; what was cut to a single span is not told to be cut again."""
    good = GOOD_GRPC if protocol == "grpc" else GOOD

    def answer(_, index):
        return script[index] if index < len(script) else good

    kind = GrpcServer if protocol == "grpc" else Server
    server = kind(answer, certificate)
    server.script = script
    return server


def account_of(result):
    try:
        return json.loads(result.err.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return None


def send(url, way, certificates, *arguments, data=SPANS):
    protocol, gzip, concurrency, tls = way
    options = ["--endpoint", url, "--protocol", protocol, "--retry-pause", "5ms", "--summary",
               "--batch-spans", BATCH, "--concurrency", concurrency]
    options += ["-z", "gzip"] if gzip else []
    options += ["--certificate", certificates[0]] if tls else []
    return harness.run("otlp-send", *options, *arguments, data=data)


def tally_of(server):
    """What the account has to say, by the server's log."""
    tally = collections.Counter()
    for ids, fault, _, _ in server.log:
        if fault.meaning == "accepted":
            rejected = min(fault.rejected, len(ids))
            tally["rejected"] += rejected
            tally["accepted"] += len(ids) - rejected
        elif fault.meaning == "refused":
            tally["refused"] += len(ids)
        elif fault.meaning == "large" and len(ids) == 1:
            tally["oversize"] += 1
    return tally


def find_violations(result, server, account):
    """Of the invariants I1 to I7."""
    wrong = []
    tally = tally_of(server)
    if account["read"] != sum(account[column] for column in COLUMNS) or account["read"] != COUNT:
        wrong.append("I1: the account does not add up")
    for column in ("accepted", "rejected", "refused", "oversize"):
        if account[column] != tally[column]:
            wrong.append(f"I2: {account[column]} {column}, by the server {tally[column]}")
    settled, ends = set(), {}
    for ids, fault, begun, ended in server.log:
        if settled & set(ids):
            wrong.append(f"I3: sent again behind a final answer, now {fault.name}")
        if fault.meaning in ("accepted", "refused"):
            settled |= set(ids)
        for one in ids:
            if one in ends and begun < ends[one]:
                wrong.append(f"I7: again before the server asked, now {fault.name}")
            ends[one] = ended + fault.wait
    if set(IDS) != settled and account["undelivered"] + account["oversize"] == 0:
        wrong.append("I4: spans that are nowhere")
    if account["undelivered"] != 0:
        wrong.append("I4: given up long before its time")
    if result.status != (0 if account["accepted"] == COUNT else 4):
        wrong.append(f"I6: exit {result.status}")
    broken = sum(fault.what in ("early", "early-reset", "half", "half-reset")
                 for fault in server.script)
    least = account["requests"] - account["unanswered"] - broken
    if not least <= len(server.log) <= account["requests"]:
        wrong.append(f"I3: {account['requests']} requests, by the server {len(server.log)}")
    if account["retries"] > len(server.script):
        wrong.append(f"{account['retries']} retries, {len(server.script)} faults")
    return wrong


def check_letters(letters, account, server, way):
    """I5: what was refused arrives when the dead letters are sent."""
    lost = account["refused"] + account["undelivered"] + account["oversize"]
    with open(letters, "rb") as file:
        lines = file.read()
    if lines.count(b"\n") != lost:
        return [f"I5: {lines.count(b'%c' % 10)} dead letters, {lost} lost"]
    if lost == 0:
        return []
    plain = (*way[:3], False)
    with serve(way[0], [], None) as second:
        again = send(second.url, plain, None, data=lines)
    if again.status != 0 or set(server.accepted) | set(second.accepted) != set(IDS):
        return ["I5: not all arrives when the dead letters are sent", again]
    return []


def run(name, script, way, arguments, certificates):
    """One run; what it shows, where something is wrong."""
    certificate = certificates[1:3] if way[3] else None
    with tempfile.TemporaryDirectory() as place, serve(way[0], script, certificate) as server:
        letters = os.path.join(place, "letters")
        result = send(server.url, way, certificates, "--dead-letter", letters, *arguments)
        account = account_of(result)
        if account is None:
            wrong = ["there is no summary"]
        else:
            wrong = find_violations(result, server, account)
            wrong += check_letters(letters, account, server, way)
    if not wrong:
        return None
    return f"{name}, {way}", [*map(str, wrong), [fault.name for fault in script], str(result)]


def each_alone():
    """Runs: a name, a script, a way, further arguments."""
    chance = random.Random(FIRST)
    for protocol in PROTOCOLS:
        ways = [way for way in WAYS if way[0] == protocol]
        good = GOOD_GRPC if protocol == "grpc" else GOOD
        for fault in faults_of(protocol):
            cases = [(f"{fault.name} alone", [good, fault], way, ()) for way in ways]
            cases += [(f"{fault.name} at first", [fault], way, ()) for way in ways]
            yield from cases if EACH_ALONE else [chance.choice(cases)]
        for fault in fault_table.that_take_time(protocol):
            for way in ways if EACH_ALONE else [chance.choice(ways)]:
                yield f"{fault.name} alone", [good, fault], way, ("--timeout", "1s")


def in_a_row():
    for seed in range(FIRST, FIRST + SEEDS):
        for way in WAYS:
            chance = random.Random(f"{seed} {way}")
            table = faults_of(way[0])
            script = [chance.choice(table) for _ in range(chance.randrange(1, 12))]
            yield f"seed {seed}", script, way, ()


def run_case(index):
    return run(*CASES[index])


def run_all(certificates):
    """Several at a time, each with a server in a process of its own."""
    CASES.extend((*case, certificates) for case in (*each_alone(), *in_a_row()))
    wrong = 0
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        for found in pool.imap_unordered(run_case, range(len(CASES))):
            if found is not None:
                wrong += 1
                harness.ok(False, found[0], *found[1])
    harness.ok(wrong == 0, f"{len(CASES)} runs with faults, {wrong} violations")


def never(certificates):
    """A wait beyond --retry-for is not begun, and all goes to the dead letters."""
    for protocol in PROTOCOLS:
        for fault in fault_table.that_never_end(protocol):
            way = (protocol, False, 1, certificates is not None)
            certificate = certificates[1:3] if way[3] else None
            with tempfile.TemporaryDirectory() as place, \
                    serve(protocol, [fault] * 10, certificate) as server:
                letters = os.path.join(place, "letters")
                result = send(server.url, way, certificates, "--dead-letter", letters)
                account = account_of(result)
                with open(letters, "rb") as file:
                    kept = file.read().count(b"\n")
            harness.ok(account is not None and result.status == 4 and account["retries"] == 0 and
                       account["undelivered"] == account["read"] == kept == COUNT,
                       f"{fault.name}, {protocol}", result)


with tempfile.TemporaryDirectory() as directory:
    if harness.installed("openssl"):
        made = otlp_server.make_certificates(directory)
    else:
        made = None
        WAYS = [way for way in WAYS if not way[3]]
        harness.skip("faults with TLS", "openssl is not installed")
    never(made)
    run_all(made)
harness.done()
