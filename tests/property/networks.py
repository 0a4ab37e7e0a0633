#!/usr/bin/env python3
"""otlp-send in networks as they are: proxies, servers that restart, ports where another protocol is
spoken, names that nobody knows, connections that end before they began.

RESTART_SPANS: how many spans go to a server that restarts every 300."""

import collections
import json
import os
import socket
import subprocess
import tempfile
import threading
import time

import harness
import otlp_server
from grpc_server import SETTINGS, GrpcServer, frame, message, reply
from harness import ok
from otlp_server import Fault, Server, response

COUNT, BATCH = harness.setting("RESTART_SPANS", 2000), 10
IDS = {(f"{i // 5 + 1:032x}", f"{i + 1:016x}") for i in range(COUNT)}
SPANS = b"".join(json.dumps({
    "trace_id": trace, "span_id": span, "name": "a", "start": "2026-11-21T10:00:00Z",
    "duration_ms": 1}).encode() + b"\n" for trace, span in sorted(IDS, key=lambda one: one[1]))
ONE = SPANS[:SPANS.index(b"\n") + 1]
SECRET = "c2VjcmV0"


def good(_, __):
    return response(200)


def good_grpc(_, __):
    return Fault("good", reply(0, message(b"")), "accepted")


def without_proxies():
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


def send(url, *arguments, data=ONE, **variables):
    result = harness.run("otlp-send", "--endpoint", url, "--retry-pause", "5ms", "--summary",
                         "-H", f"Authorization: Bearer {SECRET}", *arguments, data=data,
                         env={**without_proxies(), **variables})
    lines = result.err.strip().splitlines()
    result.summary = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else None
    return result


class Proxy:
    """Forwards requests, or with CONNECT whatever comes; `refusal` answers the latter instead."""

    def __init__(self, refusal=None):
        self.heads, self.refusal = [], refusal
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65536)
            if not piece:
                return
            head += piece
        self.heads.append(head.decode("latin-1"))
        method, target = head.split()[:2]
        tunnel = method == b"CONNECT"
        host, _, port = (target if tunnel else target.split(b"/")[2]).decode().rpartition(":")
        if tunnel and self.refusal is not None:
            client.sendall(self.refusal)
            client.close()
            return
        with client, socket.create_connection((host, int(port))) as server:
            if tunnel:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(head)
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join(20)


def pump(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of them has gone


def proxies(certificates):
    tls = certificates[1:3] if certificates else None
    rows = [("http", "http/protobuf", None, "http_proxy", "POST"),
            ("gRPC", "grpc", None, "http_proxy", "CONNECT"),
            ("all", "http/json", None, "all_proxy", "POST")]
    if tls:
        rows += [("https", "http/protobuf", tls, "https_proxy", "CONNECT"),
                 ("gRPC with TLS", "grpc", tls, "HTTPS_PROXY", "CONNECT")]
    for name, protocol, certificate, variable, method in rows:
        kind, answer = (GrpcServer, good_grpc) if protocol == "grpc" else (Server, good)
        trust = ["--certificate", certificates[0]] if certificate else []
        with kind(answer, certificate) as server, Proxy() as proxy:
            result = send(server.url, "--protocol", protocol, *trust, **{variable: proxy.url})
            direct = send(server.url, "--protocol", protocol, *trust,
                          **{variable: proxy.url, "no_proxy": "127.0.0.1"})
        ok(result.status == 0 and direct.status == 0 and len(server.accepted) == 2 and
           len(proxy.heads) == 1 and proxy.heads[0].startswith(method + " "),
           f"a proxy for {name}, and none where no_proxy says so", result, direct, proxy.heads)
        ok(method == "POST" or SECRET not in proxy.heads[0],
           f"{name}: a tunnel's proxy is told no secret", proxy.heads)
    with GrpcServer(good_grpc) as server, \
            Proxy(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        result = send(server.url, "--protocol", "grpc", http_proxy=proxy.url)
    ok(result.status == 4 and "407" in result.err and result.summary["retries"] == 0,
       "a proxy that refuses is told of at once", result)
    for proxy in ("http://me:s3cret@[bad", "http://me:s3cret@h:99999", "ftp://me:s3cret@h"):
        result = send("http://127.0.0.1:1", http_proxy=proxy)
        ok(result.status == 4 and "is no URL of one" in result.err and
           "s3cret" not in result.err and "nobody is there" not in result.err,
           "a proxy that is none is told of without its password", result)
    result = send("http://127.0.0.1:4318", http_proxy="http://127.0.0.1:1")
    ok(result.status == 4 and "nobody is there" in result.err and
       "127.0.0.1 port 1 " in result.err, "nor is a proxy there", result)


def restarts():
    """Nothing is lost, and what comes twice is what was on its way."""
    for arguments in ([], ["--concurrency", "4"], ["--protocol", "grpc"]):
        kind, good_one = (GrpcServer, good_grpc) if "grpc" in arguments else (Server, good)
        threads = []

        def answer(request, index, good_one=good_one, threads=threads):
            # every 30 requests it goes away for a moment
            if request is not None and index // 30 > len(threads):
                threads.append(threading.Thread(target=server.restart, args=(0.02,)))
                threads[-1].start()
            return good_one(request, index)

        with kind(answer) as server:
            result = send(server.url, "--batch-spans", BATCH, *arguments, data=SPANS)
            for thread in threads:
                thread.join()
        account = result.summary
        seen = collections.Counter(server.accepted)
        twice = sum(number - 1 for number in seen.values())
        ok(result.status == 0 and set(seen) == IDS and account["accepted"] == account["read"] ==
           COUNT and twice <= account["unanswered"] * BATCH and threads and account["retries"] > 0,
           f"a server that restarts {len(threads)} times, {' '.join(arguments)}", result, twice)


def misdirected(certificates):
    """What is wrong is told, and not tried for long."""
    def told(name, result, text, requests=1):
        ok(result.status == 4 and text in result.err and
           result.summary["requests"] == requests and result.summary["undelivered"] == 1, name,
           result)

    with Server(good, certificates[1:3]) as tls, Server(good) as plain:
        for protocol in ("http/protobuf", "grpc"):
            told(f"{protocol} without TLS to who speaks it",
                 send(tls.url.replace("https", "http"), "--protocol", protocol),
                 "the server speaks TLS: its URL begins with https://")
        with Polite(good, certificates[1:3]) as polite:
            told("HTTP to who answers it with 400, and speaks TLS",
                 send(polite.url.replace("https", "http")),
                 "the server speaks TLS: its URL begins with https://")
        told("gRPC to who has no HTTP/2",
             send(tls.url, "--protocol", "grpc", "--certificate", certificates[0]),
             "the server does not speak HTTP/2")
        told("an authority that is not trusted", send(tls.url), "certificate")
        result = send(tls.url, "--insecure-skip-verify")
        first, second = result.err.splitlines()[:2]
        ok(result.status == 0 and first == f"otlp-send: http/protobuf to {tls.url}/v1/traces" and
           "not verified" in second, "but it can be, behind the line that says where to", result)
        result = send(plain.url, "--protocol", "grpc", "--retry-for", "20ms")
        ok("is this the server's port for gRPC?" in result.err, "gRPC to a port for HTTP", result)
    with Clear() as clear:
        told("gRPC to who answers in HTTP/1",
             send(f"http://127.0.0.1:{clear.port}", "--protocol", "grpc"),
             "the server does not speak HTTP/2: is this its port for gRPC?")
        check_probe(clear, told)
        told("TLS to who speaks none", send(f"https://127.0.0.1:{clear.port}"),
             "the server speaks no TLS (wrong version number): its URL begins with http://")
    with Clear(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n") as clear:
        result = send(f"http://127.0.0.1:{clear.port}", "--protocol", "grpc", "--retry-for", "20ms")
        ok("nothing came back: is this the server's port for gRPC?" in result.err and
           "does not speak" not in result.err, "but who may do better later is no such", result)
    with Clear(frame(SETTINGS, 0, 0)) as clear:
        told("HTTP/1 to who answers in HTTP/2", send(f"http://127.0.0.1:{clear.port}"),
             "what answers speaks no HTTP/1: is this the server's port for gRPC?")
    told("a name that nobody knows", send("http://nobody.invalid:4318"),
         "Could not resolve host: nobody.invalid")
    told("nobody listens", send("http://127.0.0.1:1"), "nobody is there: --endpoint URL")
    told("no such socket", send("http://localhost", "--unix-socket", "/nonexistent/socket"),
         "cannot connect to /nonexistent/socket: No such file or directory")
    with Server(lambda request, index: "early-reset" if index == 0 else response(200)) as server:
        result = send(server.url)
    ok(result.status == 0 and result.summary["retries"] == 1 and
       "nobody is there" not in result.err, "a first connection that is reset is tried again",
       result)


def check_probe(clear, told):
    """Neither an answer without a status line is HTTP/2, nor is one waited for without an end."""
    clear.answer, before = b"<!DOCTYPE HTML>\n<h1>Error response</h1>\n", clear.answer
    told("gRPC to who answers without a status line",
         send(f"http://127.0.0.1:{clear.port}", "--protocol", "grpc"),
         "the server does not speak HTTP/2: is this its port for gRPC?")
    clear.answer, clear.delay = before, 1
    result = send(f"http://127.0.0.1:{clear.port}", "--protocol", "grpc", "--timeout", "100ms",
                  "--retry-for", "20ms")
    ok("nothing came back: is this the server's port for gRPC?" in result.err and
       result.status == 4, "a probe waits no longer than a request", result)
    clear.delay = 0


class Clear:
    """Answers in the clear, whatever it is sent."""

    def __init__(self, answer=b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"):
        self.answer, self.delay = answer, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                try:
                    if client.recv(65536)[:1] != b"\x16":
                        time.sleep(self.delay)
                    client.sendall(self.answer)
                except OSError:
                    pass  # who asked has gone


class Polite(Server):
    """Answers in the clear that this is a port for TLS, as web servers do."""

    def _serve(self, connection):
        if connection.recv(1, socket.MSG_PEEK) == b"\x16":
            super()._serve(connection)
            return
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\nThis is a port for HTTPS.\n")


def without_alpn(certificates):
    """Who offers no HTTP/2 gets HTTP/1.1."""
    class Old(Server):
        alpn = []

    with Old(good, certificates[1:3]) as server:
        result = send(server.url, "--certificate", certificates[0])
    ok(result.status == 0 and len(server.accepted) == 1, "TLS without ALPN", result)


def known_later(place):
    """A name that nobody knows yet, with files of hosts and servers of names that only it sees."""
    own = ["unshare", "-rm", "sh", "-c",
           "mount --bind \"$1/hosts\" /etc/hosts && mount --bind \"$1/resolv\" /etc/resolv.conf && "
           "shift && exec \"$@\"", "sh", place]
    for name, text in (("hosts", ""), ("resolv", "nameserver 127.0.0.1\n")):
        with open(os.path.join(place, name), "w", encoding="ascii") as file:
            file.write(text)
    if not harness.installed("unshare") or harness.run(*own, "true").status != 0:
        harness.skip("a name that is known later", "no mounts of one's own here")
        return
    with Server(good) as server:
        port = server.url.rpartition(":")[2]
        with subprocess.Popen(
                own + ["otlp-send", "--endpoint", f"http://late.spanline.test:{port}", "--wait",
                       "20s"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                env=without_proxies()) as process:
            process.stdin.write(ONE)
            process.stdin.close()
            process.stderr.readline()
            time.sleep(0.5)
            still = process.poll() is None
            with open(os.path.join(place, "hosts"), "w", encoding="ascii") as file:
                file.write("127.0.0.1 late.spanline.test\n")
            said = process.stderr.read()
    ok(still and process.returncode == 0 and len(server.accepted) == 1,
       "a name that is known later", said)


with tempfile.TemporaryDirectory() as directory:
    known_later(directory)
    if harness.installed("openssl"):
        made = otlp_server.make_certificates(directory)
        misdirected(made)
        without_alpn(made)
    else:
        made = None
        harness.skip("ports of another protocol", "openssl is not installed")
    proxies(made)
    restarts()
harness.done()
