"""What can go wrong between otlp-send and a server, as rows: for HTTP, for gRPC, and for both."""

import base64
import gzip
import time
from email.utils import formatdate

from grpc_server import DATA, frame, goaway, headers, message, reply, rst
from otlp_server import PROTOBUF, Fault, partial, response

NOW = time.time()
BIG = 2**63 - 1


def length_delimited(number, data):
    return bytes([number << 3 | 2]) + varint(len(data)) + data


def varint(number):
    number &= 2**64 - 1
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def status_message(code, text=b"no", delay=None, kind=b"type.googleapis.com/google.rpc.RetryInfo"):
    """google.rpc.Status, with RetryInfo of (seconds, nanos)."""
    out = b"\x08" + varint(code) + length_delimited(2, text)
    if delay is not None:
        duration = b"\x08" + varint(delay[0]) + b"\x10" + varint(delay[1])
        info = length_delimited(1, duration)
        out += length_delimited(3, length_delimited(1, kind) + length_delimited(2, info))
    return out


def details(*arguments, **options):
    data = base64.b64encode(status_message(*arguments, **options)).decode()
    return [("grpc-status-details-bin", data.rstrip("="))]


def partial_message(count, text=b"no"):
    inner = b"\x08" + varint(count) + length_delimited(2, text)
    return length_delimited(1, inner)


def of_connections():
    return [
        Fault("accept then close", "early", "again"),
        Fault("accept then reset", "early-reset", "again"),
        Fault("close in the request", "half", "again"),
        Fault("reset in the request", "half-reset", "again"),
        Fault("close behind the request", "close", "again"),
        Fault("reset behind the request", "reset", "again"),
        Fault("close behind the answer", "last", "accepted"),
    ]


def that_take_time(protocol):
    """For a client that waits a second at most."""
    rows = [Fault("nothing is read", "stall", "again"),
            Fault("an answer, a byte a second", "drip", "again")]
    if protocol == "grpc":
        rows.append(Fault("RetryInfo of a second", reply(14, trailers=details(14, delay=(1, 0))),
                          "again", 1.0))
    else:
        rows += [Fault(f"{status} Retry-After: 1", response(status, Retry_After="1"), "again", 1.0)
                 for status in (429, 503)]
    return rows


def that_never_end(protocol):
    """They ask for a wait that is longer than any client has."""
    if protocol == "grpc":
        return [Fault("RetryInfo of decades", reply(14, trailers=details(14, delay=(10**9, 0))),
                      "never"),
                Fault("RetryInfo of ages", reply(8, trailers=details(8, delay=(BIG, 0))), "never")]
    far = formatdate(NOW + 10**8, usegmt=True)
    return [Fault(f"Retry-After: {value}", response(503, Retry_After=value), "never")
            for value in ("1000000000", "99999999999999999999", far)]


def of_http():
    def with_wait(status, value, wait=0.0):
        return Fault(f"{status} Retry-After: {value}", response(status, Retry_After=value), "again",
                     wait)

    retried = [Fault(f"{status}", response(status), "again") for status in (429, 502, 503, 504)]
    waits = [with_wait(503, "0"), with_wait(429, "-1"), with_wait(503, "soon"), with_wait(503, ""),
             with_wait(503, formatdate(NOW - 86400, usegmt=True)),
             with_wait(429, "Sat, 31 Feb 2026 99:00:00 GMT"), with_wait(503, "0x10"),
             with_wait(503, "1e9"),
             Fault("two Retry-After", response(503, Retry_After="0", retry_after="0"), "again")]
    refused = [Fault(f"{status}", response(status), "refused")
               for status in (400, 401, 403, 404, 405, 415, 500, 501, 505, 599, 600)]
    refused += [Fault(f"{status}", response(status, Location="http://127.0.0.1:1/"), "refused")
                for status in (301, 302, 303, 307, 308)]
    refused += [
        Fault("400 with a Status", response(400, status_message(3, b"bad \x1b[31m"),
                                            Content_Type=PROTOBUF), "refused"),
        Fault("400 with half a Status", response(400, status_message(3)[:-1],
                                                 Content_Type=PROTOBUF), "refused"),
        Fault("400 in JSON", response(400, b'{"message":"no"}', Content_Type="application/json"),
              "refused"),
        Fault("5 MiB", response(200, bytes(5 << 20), Content_Type=PROTOBUF), "refused"),
        Fault("5 MiB of a refusal", response(400, bytes(5 << 20), Content_Type=PROTOBUF),
              "refused"),
        Fault("4 MiB of details", response(400, b"\x1a\x00" * (2 << 20), Content_Type=PROTOBUF),
              "refused"),
        Fault("4 MiB of brackets", response(400, b"[" * (4 << 20), Content_Type="application/json"),
              "refused"),
    ]
    accepted = [
        Fault("204", b"HTTP/1.1 204 None\r\n\r\n", "accepted"),
        Fault("202", response(202), "accepted"),
        Fault("garbage", response(200, b"\xff\xff", Content_Type=PROTOBUF), "accepted"),
        Fault("another type", response(200, b"<html>", Content_Type="text/html"), "accepted"),
        Fault("a type in capitals", response(200, b"", Content_Type="Application/X-Protobuf"),
              "accepted"),
        Fault("1xx storm", b"HTTP/1.1 102 Wait\r\n\r\n" * 300 + response(200), "accepted"),
        Fault("1xx with a status", b"HTTP/1.1 103 Hints\r\nRetry-After: 99\r\n\r\n" +
              response(200), "accepted"),
        Fault("gzip that nobody asked for",
              response(200, gzip.compress(b""), Content_Type=PROTOBUF, Content_Encoding="gzip"),
              "accepted"),
        Fault("gzip bomb", response(200, gzip.compress(bytes(1 << 24)), Content_Type=PROTOBUF,
                                    Content_Encoding="gzip"), "accepted"),
        Fault("chunked", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              "accepted"),
        Fault("Connection: close", response(200, Connection="close"), "accepted", last=True),
        Fault("partial success of nothing", response(200, b"\x0a\x00", Content_Type=PROTOBUF),
              "accepted"),
        Fault("HTTP/1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "accepted", last=True),
    ]
    for count in (3, 0, -1, -BIG - 1, BIG, 10**6):
        accepted.append(Fault(f"{count} rejected", partial(count), "accepted",
                              rejected=max(count, 0)))
        document = f'{{"partialSuccess":{{"rejectedSpans":"{count}","errorMessage":"x"}}}}'
        accepted.append(Fault(f"{count} rejected in JSON",
                              response(200, document.encode(), Content_Type="application/json"),
                              "accepted", rejected=max(count, 0)))
    broken = [
        Fault("a response that is cut", response(200)[:-10], "again", last=True),
        Fault("a body that is cut", response(200, b"abcdef")[:-3], "again", last=True),
        Fault("a header of 1 MB", response(200, X="x" * 10**6), "again"),
        Fault("half-closed behind the request", b"", "again", last=True),
        Fault("a chunk that is cut",
              b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "again", last=True),
    ]
    cut = [Fault(f"{status} that is cut", response(status, b"abcdef")[:-3], meaning, last=True)
           for status, meaning in ((400, "refused"), (302, "refused"), (503, "again"))]
    large = [Fault("413", response(413), "large"),
             Fault("413 that is cut", response(413, b"abcdef")[:-3], "large", last=True)]
    return retried + waits + refused + accepted + broken + cut + large


RETRYABLE = (1, 4, 10, 11, 14, 15)


def of_grpc():
    good = message(b"")
    rows = []
    for code in range(1, 17):
        plain = "again" if code in RETRYABLE else "large" if code == 8 else "refused"
        told = "again" if code == 8 else plain
        rows.append(Fault(f"code {code}", reply(code), plain))
        rows.append(Fault(f"code {code} behind a message", reply(code, good), plain))
        for delay in ((0, 0), (0, 5 * 10**6), (-1, 0), (0, 150 * 10**6)):
            wait = max(delay[0] + delay[1] / 1e9, 0) if told == "again" else 0
            rows.append(Fault(f"code {code} RetryInfo {delay}",
                              reply(code, trailers=details(code, delay=delay)), told, wait))
    unknown = {"kind": b"type.googleapis.com/google.rpc.BadRequest", "delay": (1, 0)}
    rows += [
        Fault("code 17", reply(17), "refused"),
        Fault("code -1", reply("-1"), "again"),
        Fault("code x", reply("x"), "again"),
        Fault("other details", reply(8, trailers=details(8, **unknown)), "large"),
        Fault("bad base64", reply(14, trailers=[("grpc-status-details-bin", "@@@")]), "again"),
        Fault("bad details", reply(8, trailers=[("grpc-status-details-bin", "CP8")]), "large"),
        Fault("bad message", reply(3, trailers=[("grpc-message", "%zz%1b%e2%82")]), "refused"),
        Fault("no trailers", reply(None, good), "again"),
        Fault("no message", reply(0), "accepted"),
        Fault("a status in the head, too", twice, "refused"),
        Fault("two messages", reply(0, good + good), "accepted"),
        Fault("half a message", reply(0, message(b"abc")[:-1]), "accepted"),
        Fault("compressed without a codec", reply(0, message(b"abc", 1)), "accepted"),
        Fault("garbage", reply(0, message(b"\xff\xff")), "accepted"),
        Fault("a subtype", reply(0, good, kind="application/grpc+proto"), "accepted"),
        Fault("503 of a proxy", reply(None, b"<html>", http_status="503", kind="text/html"),
              "again"),
        Fault("429 of a proxy", reply(None, b"", http_status="429", kind="text/html"), "again"),
        Fault("413 of a proxy", reply(None, b"", http_status="413", kind="text/html"), "large"),
        Fault("413 that is cut", cut_page("413"), "large", last=True),
        Fault("404 that is cut", cut_page("404"), "refused", last=True),
        Fault("404 of a proxy", reply(None, b"", http_status="404", kind="text/html"), "refused"),
        Fault("401 of a proxy", reply(None, b"", http_status="401", kind="text/html"), "refused"),
        Fault("302 of a proxy", reply(None, b"", http_status="302", kind="text/html"), "refused"),
        Fault("200 of a page", reply(None, b"<html>", kind="text/html"), "refused"),
        Fault("5 MiB", large_answer, "refused"),
    ]
    for count in (3, 0, -1, BIG, 10**6):
        rows.append(Fault(f"{count} rejected", reply(0, message(partial_message(count))),
                          "accepted", rejected=max(count, 0)))
    rows.append(Fault("half-closed behind the request", lambda _: b"", "again", last=True))
    rows += [Fault(f"RST_STREAM {code}", rst(code), "again") for code in range(14)]
    rows += [
        Fault("GOAWAY before it", goaway(0), "again", last=True),
        Fault("GOAWAY before it, ENHANCE_YOUR_CALM", goaway(0, 11), "again", last=True),
        # not with a message: libcurl 7.88 passes over trailers that come with a GOAWAY
        Fault("GOAWAY behind it", goaway(None, then=reply(0)), "accepted", last=True),
    ]
    return rows


def twice(stream):
    """The trailers count."""
    head = [(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "0")]
    return headers(stream, head) + frame(DATA, 0, stream, message(b"")) + \
        headers(stream, [("grpc-status", "3")], end=True)


def cut_page(status):
    def make(stream):
        head = [(":status", status), ("content-type", "text/html"), ("content-length", "9")]
        return headers(stream, head) + frame(DATA, 0, stream, b"<ht")

    return make


def large_answer(stream):
    """In frames of 16 KiB, up to the window that libcurl grants."""
    out = headers(stream, [(":status", "200"), ("content-type", "application/grpc")])
    body = message(bytes(5 << 20))
    for at in range(0, len(body), 16384):
        out += frame(DATA, 0, stream, body[at:at + 16384])
    return out + headers(stream, [("grpc-status", "0")], end=True)
