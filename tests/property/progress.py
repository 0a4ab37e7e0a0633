#!/usr/bin/env python3
"""Work that lasts shows how far it is on a terminal, and only there; and SIGINT ends the input."""

import os
import pty
import signal
import subprocess
import time

from harness import done, ok, read_all
from otlp_server import Server, response

DATA = os.environ["DATA"]
LINES = open(os.path.join(DATA, "auth_expired.jsonl"), "rb").read()


def slow_run(stderr):
    """Feeds a decoder for 1.6 seconds."""
    command = subprocess.Popen(["otlp-decode"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=stderr)
    for _ in range(16):
        command.stdin.write(LINES)
        command.stdin.flush()
        time.sleep(0.1)
    command.stdin.close()
    return command.wait()


def test_terminal():
    ours, theirs = pty.openpty()
    status = slow_run(theirs)
    os.close(theirs)
    text = read_all(ours)
    ok(status == 0, "a slow run on a terminal ends with 0")
    ok(b"B, " in text and b"spans/s" in text, "it shows bytes and spans per second")
    ok(1 <= text.count(b"spans/s") <= 8, "not more often than four times a second")
    ok(text.endswith(b" \r"), "and the line is erased at the end")


def test_pipe():
    ours, theirs = os.pipe()
    slow_run(theirs)
    os.close(theirs)
    ok(os.read(ours, 100) == b"", "no progress off a terminal")
    os.close(ours)


def send(*arguments):
    """To a server that takes 0.3 s for each of five requests, and wants the first one again."""
    ours, theirs = pty.openpty()
    path = os.path.join(DATA, "auth_expired.jsonl")

    def answer(request, index):
        time.sleep(0 if request is None else 0.3)
        return response(503 if index == 0 else 200)

    with Server(answer) as server:
        command = subprocess.Popen(["otlp-send", "--endpoint", server.url, "--batch-spans", "10",
                                    "--retry-pause", "1ms", *arguments, path],
                                   stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        text = read_all(ours)
        return command.wait(), text.decode()


def test_sending():
    status, text = send()
    ok(status == 0 and "spans/s, " in text and "B/s, 1 retry, " in text and "s left" in text,
       "sending shows spans and bytes a second, retries and the time left", text)
    ok("B of " in text and "spans of" not in text, "and how much of the input is read", text)
    status, text = send("--shift", "end=now")
    ok(status == 0 and "spans of 42 spans, " in text and "B/s, 1 retry, " in text,
       "what is read first, by spans", text)


def test_usage():
    _, theirs = pty.openpty()
    run = subprocess.run(["otlp-decode"], stdin=theirs, capture_output=True, check=False)
    ok(run.returncode == 2 and run.stderr.startswith(b"usage: otlp-decode"),
       "nothing on a terminal's stdin: the usage")


def test_interrupt():
    command = subprocess.Popen(["otlp-decode"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    command.stdin.write(LINES)
    command.stdin.flush()
    first = command.stdout.readline()
    command.send_signal(signal.SIGINT)
    rest = command.stdout.read()
    ok(command.wait() == 130, "SIGINT ends the input, with 130")
    ok((first + rest).count(b"\n") == 42, "and what is known is written")


test_terminal()
test_pipe()
test_sending()
test_usage()
test_interrupt()
done()
