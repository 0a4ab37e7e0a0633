#!/usr/bin/env python3
"""otlp-send that is killed, interrupted, left alone by its server or its disk: nothing is lost.

KILLS: how often it is killed at some moment and goes on by its checkpoint."""

import collections
import json
import os
import random
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import time

import harness
from harness import ok
from otlp_server import Server, response

KILLS = harness.setting("KILLS", 10)
COUNT, BATCH = 300, 10
IDS = {(f"{i // 5 + 1:032x}", f"{i + 1:016x}") for i in range(COUNT)}
SPANS = b"".join(json.dumps({
    "trace_id": trace, "span_id": span, "name": "a", "start": "2026-11-21T10:00:00Z",
    "duration_ms": 1}).encode() + b"\n" for trace, span in sorted(IDS, key=lambda one: one[1]))
ONE = SPANS[:SPANS.index(b"\n") + 1]


def command(url, *arguments):
    return ["otlp-send", "--endpoint", url, "--retry-pause", "5ms", "--batch-spans", str(BATCH),
            "--summary", *[str(word) for word in arguments]]


def start(url, *arguments, **options):
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command(url, *arguments), **options)


def send(url, *arguments, data=b"", **options):
    result = harness.run(*command(url, *arguments), data=data, **options)
    lines = result.err.strip().splitlines()
    result.summary = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else None
    return result


def good(_, __):
    return response(200)


def until(condition, seconds=20):
    """Waits, not longer than something that hangs would take."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
    return condition()


def killed(place):
    """At a random number of requests, some of them never answered."""
    chance = random.Random(harness.setting("FAULT_SEED", 1))
    path = os.path.join(place, "spans")
    with open(path, "wb") as file:
        file.write(SPANS)
    lost = repeated = 0
    for _ in range(KILLS):
        mark = os.path.join(place, "mark")
        if os.path.exists(mark):
            os.remove(mark)
        connections = chance.choice((1, 3))
        bad = chance.choice((0, 0.2))

        def answer(request, _, bad=bad):
            time.sleep(0.0005 if request is None else 0)
            return response(503) if request is not None and chance.random() < bad \
                else response(200)

        with Server(answer) as server:
            deaths = 0
            for _ in range(20):
                process = start(server.url, "--concurrency", connections, "--checkpoint", mark,
                                "--resume", path)
                goal = len(server.requests) + chance.randrange(1, 14)
                until(lambda process=process, goal=goal, server=server:
                      process.poll() is not None or len(server.requests) >= goal)
                if process.poll() is None:
                    process.kill()
                deaths += process.wait() == -signal.SIGKILL
                process.stderr.close()
                if process.returncode == 0:
                    break
            last = send(server.url, "--checkpoint", mark, "--resume", path)
        lost += set(server.accepted) != IDS or last.status != 0
        more = sum(collections.Counter(server.accepted).values()) - COUNT
        # as many may be in flight as connections, and about as many wait for one before them
        repeated += more > deaths * BATCH * (2 * connections - 1)
    ok(lost == 0, f"{KILLS} times killed again and again: nothing is lost", lost)
    ok(repeated == 0, "what comes twice was in flight", repeated)


def held_up(place):
    """While one batch is retried, others do not go on without end."""
    path, mark = os.path.join(place, "spans"), os.path.join(place, "held")
    first = min(IDS, key=lambda one: one[1])
    retried = []

    def answer(request, _):
        if request is None or first not in request.ids:
            return response(200)
        retried.append(request)
        return response(503)

    with Server(answer) as server:
        process = start(server.url, "--concurrency", 3, "--checkpoint", mark, path)
        until(lambda: len(retried) >= 8)
        process.kill()
        process.communicate()
    ok(len(server.accepted) <= 4 * BATCH, "no more are ahead of a retry than connections allow",
       len(server.accepted))


def begun_anew(place):
    """The checkpoint of a run that ended says nothing of the next one, killed before its first
    answer."""
    path, mark = os.path.join(place, "spans"), os.path.join(place, "anew")
    with Server(good) as server:
        first = send(server.url, "--checkpoint", mark, "--resume", path)
    told = first.err.splitlines()
    ok(told[0] == f"otlp-send: http/protobuf to {server.url}/v1/traces" and
       told[1] == f"otlp-send: there is no checkpoint {mark}: all is sent",
       "the first line says where to", first)
    with Server(good) as server:
        first = send(server.url, "--checkpoint", mark, path)
    with Server(lambda request, index: None if request is None else "stall") as server:
        process = start(server.url, "--checkpoint", mark, path)
        until(lambda: server.attempts == 1)
        process.kill()
        process.communicate()
    with Server(good) as server:
        last = send(server.url, "--checkpoint", mark, "--resume", path)
    ok(first.status == last.status == 0 and set(server.accepted) == IDS,
       "a checkpoint of an earlier run is not gone on from", last)
    done = send("http://127.0.0.1:1", "--checkpoint", mark, "--resume", path)
    ok(f"{COUNT} spans are older" in last.err and done.status == 0 and "older" not in done.err,
       "what is settled is not told to be old", done)


def hear(process, data, word):
    """Gives it the data, and reads what it says up to the word."""
    process.stdin.write(data)
    process.stdin.close()
    process.stdin = None
    for line in process.stderr:
        if word in line:
            return True
    return False


def end(process):
    """Its exit status and the rest of what it says; it does not hang for long."""
    try:
        _, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        _, err = process.communicate()
    return process.returncode, err.decode()


def catches(process, number):
    """Whether another signal of this kind would be caught."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        caught = next(line for line in file if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> number - 1 & 1)


def interrupted():
    for number in (signal.SIGTERM, signal.SIGINT):
        held = threading.Event()

        def answer(request, index, held=held):
            if request is not None and index == 1:
                held.wait(20)
            return response(200)

        with Server(answer) as server:
            with start(server.url, "--grace", "20s", "-", stdin=subprocess.PIPE) as process:
                process.stdin.write(SPANS)
                process.stdin.flush()
                until(lambda server=server: server.attempts == 2)
                process.send_signal(number)
                held.set()
                err = process.stderr.read().decode()
                status = process.wait()
        account = json.loads(err.strip().splitlines()[-1])
        ok(account["read"] == account["accepted"] + account["undelivered"] and
           account["accepted"] == len(set(server.accepted)) >= 2 * BATCH and
           status == 128 + number, f"{number.name}: what is in flight is finished", status, err)
    asks = response(503, Retry_After="1000")
    for number in (signal.SIGTERM, signal.SIGINT):
        with Server(lambda request, index: asks if request is not None else None) as server:
            process = start(server.url, "--grace", "500s", "--retry-for", "0s", "-",
                            stdin=subprocess.PIPE)
            heard = hear(process, SPANS, b"again in")
            process.send_signal(number)
            status, err = end(process)
        ok(heard and status == 128 + number and "again in" not in err, f"{number.name}: no retry "
           "is waited for that would come too late", status, err)
    process = start("http://127.0.0.1:1", "--wait", "500s", "--grace", "500s", "-",
                    stdin=subprocess.PIPE)
    hear(process, SPANS, b"to http://127.0.0.1:1")
    until(lambda: catches(process, signal.SIGTERM))
    process.terminate()
    status, err = end(process)
    ok(status == 143 and "undelivered" in err, "nor a server that nobody has seen", status, err)
    for first, second in ((signal.SIGINT, signal.SIGTERM), (signal.SIGTERM, signal.SIGTERM)):
        with Server(lambda request, index: None if request is None else "stall") as server:
            process = start(server.url, "--grace", "500s", "-", stdin=subprocess.PIPE)
            hear(process, SPANS, b"\n")
            until(lambda server=server: server.attempts == 1)
            process.send_signal(first)
            until(lambda process=process, first=first: not catches(process, first))
            process.send_signal(second)
            status, err = end(process)
        ok(status == -second, f"{first.name}, and {second.name} at once", status, err)
    with Server(lambda request, index: None if request is None else time.sleep(20)) as server:
        with start(server.url, "--grace", "0s", "-", stdin=subprocess.PIPE) as process:
            process.stdin.write(SPANS)
            process.stdin.flush()
            until(lambda: server.attempts == 1)
            process.terminate()
            err = process.stderr.read().decode()
    account = json.loads(err.strip().splitlines()[-1])
    ok(account["accepted"] == 0 and account["undelivered"] == account["read"] > 0 and
       "are undelivered: the run ended before the answer came" in err and "again" not in err,
       "no grace: what is in flight is undelivered", err)


def coming_and_going():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = start(f"http://127.0.0.1:{port}", "--wait", "20s", "-", stdin=subprocess.PIPE)
    process.stdin.write(ONE)
    process.stdin.close()
    time.sleep(0.3)
    still = process.poll() is None
    with LateServer(port) as server:
        status = process.wait()
    process.stderr.close()
    ok(still and status == 0 and len(server.accepted) == 1, "--wait waits for the server", status)


class LateServer(Server):
    def __init__(self, port):
        real = socket.create_server
        socket.create_server = lambda _: real(("127.0.0.1", port))
        try:
            super().__init__(good)
        finally:
            socket.create_server = real


def flushed():
    """A span of a stream that rests does not wait for others."""
    with Server(good) as server:
        with start(server.url, "--flush", "50ms", "-", stdin=subprocess.PIPE) as process:
            process.stdin.write(ONE)
            process.stdin.flush()
            ok(until(lambda: len(server.accepted) == 1) and process.poll() is None,
               "--flush sends a span while the pipe is open")
            process.stdin.close()
            process.stderr.read()
            ok(process.wait() == 0, "and all ends well")


def full_disks(place):
    path = os.path.join(place, "spans")
    with Server(lambda request, index: response(400)) as server:
        result = send(server.url, "--dead-letter", "/dev/full", path)
    ok(result.status == 2 and "No space left" in result.err and result.summary["read"] ==
       result.summary["refused"] + result.summary["undelivered"], "dead letters on a full disk",
       result)

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

    letters = os.path.join(place, "letters")
    with Server(lambda request, index: response(400)) as server:
        result = send(server.url, "--dead-letter", letters, path, preexec_fn=small_files)
    ok(result.status == 2 and os.path.getsize(letters) == 500, "dead letters that are cut", result)
    with Server(lambda request, index: response(400)) as server:
        send(server.url, "--dead-letter", letters, data=ONE)
    with open(letters, "rb") as file:
        ok(json.loads(file.read().splitlines()[-1]), "the next ones begin on a line of their own")
    mark = os.path.join(place, "full")
    for size in (0, 10):
        def no_files(size=size):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        with Server(good) as server:
            send(server.url, "--checkpoint", mark, path)
            with open(mark, "rb") as file:
                before = file.read()
            result = send(server.url, "--checkpoint", mark, path, preexec_fn=no_files)
        with open(mark, "rb") as file:
            ok(result.status == 2 and f"checkpoint {mark}: " in result.err and
               "Success" not in result.err and file.read() == before and
               not os.path.exists(mark + ".new"), f"a checkpoint with room for {size} bytes", result)
    with Server(good) as server:
        result = send(server.url, "--checkpoint", os.path.join(place, "none", "mark"), path)
    ok(result.status == 2 and "checkpoint" in result.err and not server.requests,
       "a checkpoint that cannot be written is told before anything is sent", result)


def closed_stderr(place):
    """No message finds its way into a file."""
    path, letters = os.path.join(place, "spans"), os.path.join(place, "unheard")
    with Server(lambda request, index: response(400)) as server:
        result = harness.run("sh", "-c", "exec \"$@\" 2>&-", "sh", *command(
            server.url, "--dead-letter", letters, path))
    with open(letters, "rb") as file:
        lines = file.read().splitlines()
    ok(result.status == 4 and len(lines) == COUNT and all(map(json.loads, lines)),
       "dead letters where stderr is closed", result, lines[-3:])


with tempfile.TemporaryDirectory() as directory:
    killed(directory)
    held_up(directory)
    begun_anew(directory)
    interrupted()
    coming_and_going()
    flushed()
    full_disks(directory)
    closed_stderr(directory)
harness.done()
