#!/usr/bin/env python3
"""otlp-send against servers that fail in every way: each span is accounted for."""

import base64
import collections
import json
import os
import random
import shutil
import subprocess
import tempfile
from urllib.parse import unquote

import harness
import otlp_server
from harness import ok
from otlp_server import PROTOBUF, Server, partial, response

COLUMNS = ["accepted", "rejected", "refused", "undelivered", "oversize", "invalid"]
SEEDS = harness.setting("FAULT_SEEDS", 6)


def spans(count):
    return b"".join(
        json.dumps({
            "trace_id": f"{i // 5 + 1:032x}", "span_id": f"{i + 1:016x}", "name": f"span {i}",
            "service": f"service {i % 3}", "start": "2026-11-21T10:00:00Z", "duration_ms": 1.5,
            "attributes": {"number": i},
        }).encode() + b"\n"
        for i in range(count)
    )


COUNT = 230
SPANS = spans(COUNT)
IDS = [(f"{i // 5 + 1:032x}", f"{i + 1:016x}") for i in range(COUNT)]


def send(url, *arguments, data=SPANS, **options):
    result = harness.run("otlp-send", "--endpoint", url, "--retry-pause", "10ms", "--batch-spans",
                         "40", "--summary", "--timeout", "2s", *arguments, data=data, **options)
    lines = result.err.strip().splitlines()
    try:
        result.summary = json.loads(lines[-1])
    except (ValueError, IndexError):
        result.summary = None
    return result


def holds(result, server, name):
    """The invariants of every run; true where all hold."""
    account = result.summary
    if account is None:
        return ok(False, f"{name}: there is a summary", result)
    seen = collections.Counter(server.seen())
    accepted = set(server.accepted)
    lost = account["refused"] + account["undelivered"] + account["oversize"]
    faults = []
    if account["read"] != sum(account[column] for column in COLUMNS):
        faults.append("the account does not add up")
    if account["read"] != len(set(IDS)):
        faults.append("not all was read")
    if account["accepted"] + account["rejected"] > len(accepted):
        faults.append(f"accepted {account['accepted']}, the server {len(accepted)}")
    if any(number > 1 for number in seen.values()) and account["retries"] == 0 \
            and account["requests"] <= 6:
        faults.append("spans came twice, and nothing was retried")
    if len(set(IDS) - set(seen)) > lost:
        faults.append(f"{len(set(IDS) - set(seen))} spans never came, {lost} are told of")
    if result.status != (0 if account["accepted"] == account["read"] else 4):
        faults.append(f"exit {result.status}")
    return ok(not faults, name, *faults, result)


def plain_delivery():
    for arguments in (["--protocol", "http/json"], [], ["-z", "gzip"],
                      ["--protocol", "http/json", "-z", "gzip"], ["--concurrency", "4"]):
        with Server(lambda request, index: response(200)) as server:
            result = send(server.url, *arguments)
        name = " ".join(arguments) or "plain"
        holds(result, server, name)
        ok(sorted(server.accepted) == sorted(IDS), f"{name}: all arrived, once")
        ok(all(request.path == "/v1/traces" for request in server.requests), f"{name}: the path")
        ok(all(len(request.ids) <= 40 for request in server.requests), f"{name}: the batches")
        if "--concurrency" not in arguments:
            ok([one for request in server.requests for one in sorted(request.ids)] ==
               sorted(IDS), f"{name}: batches in the order of the input")


def connections():
    """One for all batches, while the server keeps it."""
    for arguments in ([], ["-z", "gzip"]):
        with Server(lambda request, index: response(200)) as server:
            result = send(server.url, "--batch-spans", "23", *arguments)
        ok(result.status == 0 and len(server.requests) == 10 and len(server.connections) == 1,
           f"ten batches over one connection {' '.join(arguments)}", result,
           len(server.connections))
    with Server(lambda request, index: response(400 if index % 2 else 200)) as server:
        result = send(server.url, "--batch-spans", "23")
    ok(len(server.requests) == 10 and len(server.connections) == 1, "a refusal ends none", result,
       len(server.connections))


def what_is_sent():
    secrets = {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=s%20ecret", **os.environ}
    with Server(lambda request, index: response(200)) as server:
        result = send(server.url, "-H", "X-Team: shop", "-H", "X-Empty:", env=secrets)
        headers = server.requests[0].headers
    ok(headers.get("content-type") == PROTOBUF and headers.get("api-key") == "s ecret" and
       headers.get("x-team") == "shop" and headers.get("x-empty") == "" and "expect" not in headers and
       headers.get("user-agent", "").startswith("spanline/"), "headers", headers)
    ok("ecret" not in result.err, "no value is printed", result)

    check_header_files()

    def parrot(request, _):
        if request is None:
            return None
        return response(401, f"no {request.headers['authorization']}, nor x".encode(),
                        Content_Type="text/plain")

    with Server(parrot) as server, tempfile.TemporaryDirectory() as place:
        result = send(server.url, "-H", "Authorization: Bearer s3cr3t-t0ken", "--dead-letter",
                      os.path.join(place, "letters"))
        with open(os.path.join(place, "letters.reasons"), encoding="utf-8") as file:
            reasons = file.read()
    ok("t0ken" not in result.err + reasons and "no *********" in result.err and
       "nor x" in reasons, "nor what a server repeats of it", result, reasons)
    for name, answer in (
        ("a server that repeats a URL", lambda path: response(404, f"no {path}".encode(),
                                                              Content_Type="text/plain")),
        ("a redirect", lambda path: response(301, Location=f"https://127.0.0.1{path}")),
        ("one that decodes it", lambda path: response(
            404, f"no {unquote(path)}".encode(), Content_Type="text/plain")),
        ("an answer that is cut", lambda path: response(
            404, b"no " + b"x" * (396 - len("s3cr3t")) + path[-14:].encode(),
            Content_Type="text/plain")),
    ):
        with Server(lambda request, index, answer=answer: request and answer(request.path)) \
                as server, tempfile.TemporaryDirectory() as place:
            result = send(server.url + "/v1/traces?key=s3cr3t%2Ft0ken", "--dead-letter",
                          os.path.join(place, "letters"))
            with open(os.path.join(place, "letters.reasons"), encoding="utf-8") as file:
                reasons = file.read()
        ok(server.requests[0].path.endswith("t0ken") and "s3cr" not in result.err + reasons and
           "****" in result.err, f"nor does {name} tell a secret", result, reasons)


def check_header_files():
    """In the order of the options; what is none of them is told with its place."""
    with tempfile.TemporaryDirectory() as place, Server(lambda request, index: response(200)) \
            as server:
        path = os.path.join(place, "headers")
        with open(path, "wb") as file:
            file.write(b"# of a file\r\nX-A: 2\r\n\r\n  X-B:2  \nX-C: 2\n")
        result = send(server.url, "-H", "X-A: 1", "-H", f"@{path}", "-H", "X-C: 3")
        headers = server.requests[0].headers
        ok(result.status == 0 and [headers.get(name) for name in ("x-a", "x-b", "x-c")] ==
           ["2", "2", "3"], "headers of a file", result, headers)
        for more in ([], ["-"], ["-H", "@-", path], ["-t", "@-", path]):
            result = send(server.url, "-H", "@-", *more, data=b"X-A: k\n")
            ok(result.status == 2 and "standard input is wanted" in result.err,
               f"standard input is read once: {more}", result)
        shown = send(server.url, "-H", "@-", "--print-config", data=b"X-A: k\n")
        ok(shown.status == 0 and b"X-A: (hidden)" in shown.out, "where no span is", shown)
        for line in (b"s3cret", b"X-D: a\0s3cret", b"X-D: a\x01s3cret"):
            with open(path, "wb") as file:
                file.write(b"X-A: 2\n" + line + b"\n")
            result = send(server.url, "-H", f"@{path}")
            ok(result.status == 2 and f"{path}:2: " in result.err and "s3cret" not in result.err,
               f"what is no header in a file: {line!r}", result)


def what_servers_refuse():
    """Text that is no UTF-8 would cost its whole request, anywhere in it."""
    bad = "ff" * 3
    exact = f'{{"stringValueBytes":"{base64.b64encode(bytes.fromhex("61" + bad + "62")).decode()}"}}'
    shown = "a\ufffd\ufffd\ufffdb"
    line = (f'{{"trace_id":"{1:032x}","span_id":"{1:016x}","name":"{shown}",'
            f'"start":"2026-11-21T10:00:00Z","duration_ms":1,"attributes":{{"k":"{shown}"}},'
            f'"events":[{{"time_unix_nano":"1","name":"{shown}","exact":{{"/name":{exact}}}}}],'
            f'"exact":{{"/name":{exact},"/attributes/k":{exact}}},'
            f'"scope":{{"name":"{shown}","schema_url":"{shown}","exact":{{"/name":{exact},'
            f'"/schema_url":{exact}}}}}}}\n').encode()
    lossless = harness.encode("--to", "pb", data=line).out
    with Server(lambda request, index: response(200)) as server:
        result = send(server.url, data=line)
    body = server.requests[0].body
    ok(lossless.count(bytes.fromhex(bad)) == 5, "otlp-encode writes what there was", lossless)
    ok(b"\xff" not in body and body.count(shown.encode()) == 5, "otlp-send replaces it", body)
    ok("5 strings with invalid UTF-8, written with U+FFFD" in result.err, "and counts", result)
    for protocol in ("http/protobuf", "http/json"):
        with Server(lambda request, index: response(400)) as server, \
                tempfile.TemporaryDirectory() as place:
            letters = os.path.join(place, "letters")
            send(server.url, "--protocol", protocol, "--dead-letter", letters, data=line + SPANS)
            with open(letters, "rb") as file:
                kept = file.read()
        sent = b"".join(request.body for request in server.requests)
        ok(harness.encode("--to", "pb", data=kept.splitlines(True)[0]).out == lossless and
           b"\xff" not in sent, f"{protocol}: dead letters are as they were", kept[:1000])
        # 413 cuts a batch in two, which are sent, and kept, like the whole
        with Server(lambda request, index: response(413)) as server, \
                tempfile.TemporaryDirectory() as place:
            letters = os.path.join(place, "letters")
            send(server.url, "--protocol", protocol, "--dead-letter", letters,
                 data=line + SPANS[:SPANS.index(b"\n") + 1])
            with open(letters, "rb") as file:
                kept = file.read()
        sent = b"".join(request.body for request in server.requests)
        ok(harness.encode("--to", "pb", data=kept.splitlines(True)[0]).out == lossless and
           len(server.requests) == 3 and b"\xff" not in sent, f"{protocol}: those of a half, too",
           kept[:1000])
    for depth in (31, 32):
        deep = line.replace(f'"k":"{shown}"'.encode(), b'"k":' + b"[" * depth + b"]" * depth)
        with Server(lambda request, index: response(200)) as server:
            result = send(server.url, data=deep)
        ok(("deeper than 31" in result.err) == (depth > 31) and result.status == 0,
           f"a value nested {depth} deep", result)
        value = "[" * depth + "]" * depth
        for owner in ("resource", "scope"):
            nested = SPANS[:SPANS.index(b"\n") - 1] + \
                f',"{owner}":{{"attributes":{{"k":{value}}}}}}}\n'.encode()
            for protocol in ("http/protobuf", "http/json"):
                with Server(lambda request, index: response(200)) as server:
                    result = send(server.url, "--protocol", protocol, data=nested)
                ok(("deeper than 31" in result.err) == (depth > 31) and result.status == 0,
                   f"a value nested {depth} deep in a {owner}, {protocol}", result)


STATUSES = [response(status) for status in (429, 502, 503, 504, 503, 429)]
FOREVER = [response(status) for status in (400, 401, 403, 404, 405, 415, 500, 501)]
FAULTS = (
    STATUSES + ["close", "reset", "half", "half-reset", "last", "last"]
    + [response(503, Retry_After="0"), response(429, Retry_After="-1"),
       response(503, Retry_After="soon"), response(503, Retry_After="Sat, 21 Nov 2020 00:01:00 GMT")]
    + [response(204), response(200, b"\xff\xff", Content_Type=PROTOBUF),
       response(200, b"<html>", Content_Type="text/html")]
)
LOSSES = FOREVER + [response(302, Location="http://127.0.0.1:1/"), partial(3), partial(0),
                    partial(-1), partial(2**63 - 1)]


def random_faults():
    """Faults that pass lose nothing; the others lose what they say."""
    for seed in range(SEEDS):
        for arguments in ([], ["-z", "gzip"], ["--protocol", "http/json"], ["--concurrency", "4"]):
            chance = random.Random(seed)
            script = [chance.choice(FAULTS) for _ in range(chance.randrange(1, 12))]
            with Server(lambda request, index, script=script:
                        script[index] if index < len(script) else response(200)) as server:
                result = send(server.url, *arguments)
            name = f"faults {seed} {' '.join(arguments)}"
            holds(result, server, name)
            ok(result.status == 0 and set(server.accepted) == set(IDS), f"{name}: all arrived",
               result, script)


def losses():
    for number, answer in enumerate(LOSSES):
        with Server(lambda request, index, answer=answer:
                    answer if index == 1 else response(200)) as server, \
                tempfile.TemporaryDirectory() as place:
            letters = os.path.join(place, "letters")
            result = send(server.url, "--dead-letter", letters)
            holds(result, server, f"loss {number}")
            check_letters(server, letters, result, f"loss {number}")


def check_letters(server, letters, result, name):
    """What was refused is among the dead letters, and arrives when they are sent again."""
    account = result.summary
    lost = account["refused"] + account["undelivered"] + account["oversize"]
    with open(letters, "rb") as file:
        lines = file.read()
    ok(lines.count(b"\n") == lost, f"{name}: {lost} dead letters", lines[:300])
    ok(os.stat(letters).st_mode & 0o777 == 0o600, f"{name}: for their owner's eyes")
    with open(letters + ".reasons", encoding="utf-8") as file:
        reasons = [json.loads(line) for line in file]
    ok(sum(reason["spans"] for reason in reasons) == lost, f"{name}: with reasons", reasons)
    if lost != 0:
        with Server(lambda request, index: response(200)) as second:
            again = send(second.url, letters, data=b"")
        ok(again.status == 0 and set(server.accepted) | set(second.accepted) == set(IDS),
           f"{name}: nothing is lost", again)


def too_large():
    for limit in (1, 7, 39):
        with Server(lambda request, index, limit=limit:
                    response(200) if request is None or len(request.ids) <= limit
                    else response(413)) as server:
            result = send(server.url)
        holds(result, server, f"at most {limit} spans")
        ok(sorted(server.accepted) == sorted(IDS), f"at most {limit} spans: all arrived, once")
    with Server(lambda request, index: response(413)) as server:
        result = send(server.url)
    ok(result.status == 4 and result.summary["oversize"] == COUNT, "nothing is small enough",
       result)


def giving_up():
    with Server(lambda request, index: response(503)) as server:
        result = send(server.url, "--retry-for", "100ms")
    ok(result.status == 4 and result.summary["undelivered"] == COUNT, "no retry helps", result)
    with Server(lambda request, index: response(503, Retry_After="1000000000")) as server:
        result = send(server.url, "--retry-for", "10s")
    ok(result.status == 4 and result.summary["retries"] == 0, "nor is one made too late", result)
    refused = send("http://127.0.0.1:1", data=SPANS)
    ok(refused.status == 4 and refused.summary["requests"] == 1 and
       "undelivered" in refused.err, "nobody is there", refused)


def odd_answers():
    details = response(400, b"\x1a\x00" * (2 << 20), Content_Type=PROTOBUF)
    with Server(lambda request, index: details) as server:
        # of the address space that arenas of threads only reserve there may be too little
        result = send(server.url, memory=128, env={**os.environ, "MALLOC_ARENA_MAX": "1"})
    ok(result.status == 4 and result.summary["refused"] == COUNT, "4 MiB of empty details", result)
    big = response(200, bytes(5 << 20), Content_Type=PROTOBUF)
    for name, answer in (("5 MiB", big), ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n")):
        with Server(lambda request, index, answer=answer:
                    answer if index == 1 else response(200)) as server:
            result = send(server.url)
        account = result.summary
        ok(account is not None and account["read"] == sum(account[c] for c in COLUMNS) and
           result.status in (0, 4), f"an answer of {name}", result)
    for name, answer, told in (
        ("a header that is too large", response(200, X="x" * 10**6), "a header of the answer is"),
        ("a connection that had ended", "close", "the connection had ended"),
    ):
        with Server(lambda request, index, answer=answer:
                    answer if request and index == 1 else response(200)) as server:
            result = send(server.url)
        ok(result.status == 0 and told in result.err, f"{name} is told so", result)
    first = response(200)[:-10]
    with Server(lambda request, index: first if index == 0 else response(200)) as server:
        result = send(server.url)
    ok(result.status == 0 and set(server.accepted) == set(IDS), "an answer that is cut", result)


def interruptions():
    with tempfile.TemporaryDirectory() as place:
        path, mark = os.path.join(place, "spans"), os.path.join(place, "mark")
        with open(path, "wb") as file:
            file.write(SPANS)
        with Server(lambda request, index: response(200) if index < 3 else response(400)) \
                as server:
            stopped = send(server.url, "--checkpoint", mark, "--retry-for", "50ms", path, data=b"")
        ok(stopped.status == 4, "a run that lost some", stopped)
        with Server(lambda request, index:
                    response(200) if index < 2 else response(503)) as server:
            first = send(server.url, "--checkpoint", mark, "--retry-for", "50ms", path, data=b"")
        with Server(lambda request, index: response(200)) as second:
            rest = send(second.url, "--checkpoint", mark, "--resume", path, data=b"")
        ok(first.status == 4 and rest.status == 0 and
           rest.summary["resumed"] == 80 and rest.summary["read"] == COUNT - 80 and
           set(server.accepted) | set(second.accepted) == set(IDS) and
           not set(server.accepted) & set(second.accepted), "a checkpoint goes on", first, rest)
        for limits in (["--max-depth", "5"], ["--max-message", "1M"], ["--from", "json"]):
            other = send("http://127.0.0.1:1", "--checkpoint", mark, "--resume", *limits, path,
                         data=b"")
            ok(other.status == 2 and "other inputs or options" in other.err,
               f"not where {limits[0]} may read other spans", other)
        check_options_of_checkpoints(place, path)
        check_given_up(place, path)
        with open(path, "ab") as file:
            file.write(b"\n")
        changed = send("http://127.0.0.1:1", "--checkpoint", mark, "--resume", path, data=b"")
        ok(changed.status == 2, "not with other inputs", changed)
        check_inputs(path)
        check_changed_middle(path)
    piped = send("http://127.0.0.1:1", "--checkpoint", "x")
    ok(piped.status == 2, "nor with a pipe", piped)


def check_given_up(place, path):
    """A batch that no retry helps holds the checkpoint up, and with it the run, unless it is kept."""
    def answer(request, _):
        return response(503 if request and IDS[80] in request.ids else 200)

    for more, resumed in ([], 80), (["--dead-letter", os.path.join(place, "kept")], COUNT):
        arguments = ["--checkpoint", os.path.join(place, "held"), "--retry-for", "50ms", *more]
        with Server(answer) as server:
            first = send(server.url, *arguments, path, data=b"")
        with Server(lambda request, index: response(200)) as second:
            rest = send(second.url, *arguments, "--resume", path, data=b"")
        ok(first.status == 4 and rest.status == 0 and rest.summary["resumed"] == resumed and
           not set(server.accepted) & set(second.accepted) and
           ("the run ends" in first.err) == (not more) and
           len(set(server.accepted) | set(second.accepted)) == COUNT - (40 if more else 0),
           f"a batch is given up {more}", first, rest)


def check_options_of_checkpoints(place, path):
    """What an option means counts: its words may mean something else next time."""
    ids, mark = os.path.join(place, "ids"), os.path.join(place, "other mark")
    for arguments, first, second in (
        (["-t", f"@{ids}"], f"{1:032x}\n", f"{2:032x}\n"),
        (["--since", "now-87600h"], "", ""),
        (["--map", "trace_id=TraceId"], "", None),
    ):
        results = []
        for content in (first, second):
            with open(ids, "w", encoding="ascii") as file:
                file.write(content or "")
            more = [] if content is None else arguments
            with Server(lambda request, index: response(200)) as server:
                results.append(send(server.url, "--checkpoint", mark, *more,
                                    *(["--resume"] if results else []), path, data=b""))
        ok(results[1].status == 2 and "other inputs or options" in results[1].err,
           f"a checkpoint is of what {arguments[0]} means", *results)


def check_changed_middle(path):
    """Not all of a large file is read to tell it from others; a copy of it is no other."""
    mark, copy, data = path + ".large mark", path + ".copy", spans(1500)
    with open(path, "wb") as file:
        file.write(data)
    with Server(lambda request, index: response(200)) as server:
        first = send(server.url, "--checkpoint", mark, path, data=b"")
        shutil.copy2(path, copy)
        os.replace(copy, path)
        same = send(server.url, "--checkpoint", mark, "--resume", path, data=b"")
    with open(path, "wb") as file:
        file.write(data.replace(b'"span 700"', b'"naps 700"'))
    changed = send("http://127.0.0.1:1", "--checkpoint", mark, "--resume", path, data=b"")
    ok(first.status == same.status == 0 and same.summary["resumed"] == 1500,
       "a copy of the input", first, same)
    ok(changed.status == 2 and "other inputs" in changed.err, "an input changed in its middle",
       changed)


def check_inputs(path):
    """Standard input may be a file, and is one of its own; none is written to."""
    mark = path + ".mark"
    for arguments in (["-"], []):
        results = []
        for data in (SPANS, SPANS[::-1].replace(b"\n", b"", 1) + b"\n"):
            with open(path, "wb") as file:
                file.write(data)
            with Server(lambda request, index: response(200)) as server, open(path, "rb") as file:
                results.append(subprocess.run(
                    ["otlp-send", "--endpoint", server.url, "--checkpoint", mark, *arguments,
                     *(["--resume"] if results else [])], stdin=file, capture_output=True,
                    check=False))
        ok(results[0].returncode == 0 and results[1].returncode == 2 and
           b"other inputs" in results[1].stderr, f"a checkpoint of stdin {arguments}", *results)
    for option, suffix in (("--dead-letter", ""), ("--dead-letter", ".reasons"),
                           ("--checkpoint", ""), ("--checkpoint", ".new")):
        same = os.path.join(os.path.dirname(path), ".", os.path.basename(path))
        data = same + suffix
        with open(data, "wb") as file:
            file.write(SPANS)
        with Server(lambda request, index: response(400)) as server:
            result = send(server.url, option, same, data, data=b"")
        with open(data, "rb") as file:
            ok(result.status == 2 and "is an input" in result.err and file.read() == SPANS and
               not server.requests, f"{option} is no input, nor with {suffix!r}", result)


def files_that_are_written():
    """None takes the place of another, of a device or of a link; all is looked at before."""
    with tempfile.TemporaryDirectory() as place, Server(lambda request, index: response(400)) \
            as server:
        path, mark, link, queue = (os.path.join(place, name)
                                   for name in ("spans", "mark", "link", "queue"))
        with open(path, "wb") as file:
            file.write(SPANS)
        os.mkfifo(queue)
        os.mkfifo(mark + ".new")
        before = sorted(os.listdir(place))
        for arguments, told in (
            (["--dead-letter", "f", "--checkpoint", "./f"], "and so does"),
            (["--dead-letter", "k.new", "--checkpoint", "k"], "and so does"),
            (["--dead-letter", "g", "--checkpoint", f"{place}/g.reasons"], "and so does"),
            (["--checkpoint", queue], "is no regular file"),
            (["--checkpoint", mark], "is no regular file"),
            (["--checkpoint", place], "is no regular file"),
            (["--checkpoint", "nowhere/k"], "No such file"),
            (["--dead-letter", "nowhere/f"], "No such file"),
            (["--dead-letter", f"{path}/f"], "Not a directory"),
            (["--dead-letter", place], "Is a directory"),
        ):
            for more in ([], ["--dry-run"]):
                result = send(server.url, *arguments, *more, path, data=b"", cwd=place)
                ok(result.status == 2 and told in result.err and not server.requests and
                   sorted(os.listdir(place)) == before, f"refused: {arguments} {more}", result)
        os.remove(mark + ".new")
        os.symlink("mark", link)
        result = send(server.url, "--checkpoint", link, path, data=b"")
        ok(result.status == 2 and os.path.islink(link), "nor a link that leads nowhere", result)
        with open(mark, "wb"):
            pass
        result = send(server.url, "--checkpoint", link, "--dead-letter", os.path.join(place, "new"),
                      path, data=b"")
        ok(result.status == 4 and os.path.islink(link) and os.path.getsize(mark) > 0,
           "a link is followed", result)


def certificates():
    """Looked at before anything is sent; those of variables only where there is TLS."""
    for option in ("--certificate", "--client-certificate", "--client-key"):
        variable = f"OTEL_EXPORTER_OTLP_{option[2:].upper().replace('-', '_')}"
        for path, told in (("/nonexist/x", "No such file"), ("/", "Is a directory")):
            for more in ([], ["--dry-run"]):
                result = send("http://127.0.0.1:1", option, path, *more)
                ok(result.status == 2 and f"{option}: {path}: {told}" in result.err,
                   f"{option} {path} {more}", result)
            result = send("https://127.0.0.1:1", env={**os.environ, variable: path})
            ok(result.status == 2 and f"{variable}: {path}: {told}" in result.err,
               f"{variable} {path}", result)
        result = send("http://127.0.0.1:1", "--dry-run", env={**os.environ, variable: "/nonexist"})
        ok(result.status == 0, f"{variable} is not wanted", result)
        result = send("https://127.0.0.1:1", "--print-config", option, "/nonexist")
        ok(result.status == 0 and b"/nonexist" in result.out, f"{option} is shown", result)


assert otlp_server
plain_delivery()
connections()
what_is_sent()
what_servers_refuse()
random_faults()
losses()
too_large()
giving_up()
odd_answers()
interruptions()
files_that_are_written()
certificates()
harness.done()
