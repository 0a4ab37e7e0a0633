"""The same over HTTP/2 as gRPC has it, frame by frame, so that every rule can be broken.

Requests' headers are not looked at: there is one method, and a message says itself whether it is
compressed."""

import gzip
import struct

from otlp_server import Request, Server

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK, PADDED = 1, 4, 1, 8
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
GRPC_TYPE = ("content-type", "application/grpc")


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + \
        struct.pack(">I", stream) + payload


def _string(text):
    data = text if isinstance(text, bytes) else text.encode()
    if len(data) < 127:
        return bytes([len(data)]) + data
    rest, size = len(data) - 127, b"\x7f"
    while rest >= 0x80:
        size += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return size + bytes([rest]) + data


def headers(stream, pairs, end=False):
    """HPACK's literals without indexing (RFC 7541, 6.2.2)."""
    block = b"".join(b"\0" + _string(name) + _string(value) for name, value in pairs)
    return frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, block)


def message(data, flag=0):
    return struct.pack(">BI", flag, len(data)) + data


def reply(status=0, body=None, trailers=(), http_status="200", kind="application/grpc"):
    """A function that makes the frames; `body` None: trailers only; `status` None: none."""
    ending = [] if status is None else [("grpc-status", str(status))]
    ending += list(trailers)
    head = [(":status", http_status), ("content-type", kind)]

    def make(stream):
        if body is None:
            return headers(stream, head + ending, end=True)
        out = headers(stream, head)
        if not ending:
            return out + frame(DATA, END_STREAM, stream, body)
        return out + frame(DATA, 0, stream, body) + headers(stream, ending, end=True)

    return make


def rst(code):
    return lambda stream: frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def goaway(last, code=0, then=None):
    """`last` None: that of the request, which is answered by `then`."""
    def make(stream):
        payload = struct.pack(">II", stream if last is None else last, code)
        return frame(GOAWAY, 0, 0, payload) + (then(stream) if then is not None else b"")

    return make


class GrpcServer(Server):
    alpn = ["h2"]

    def converse(self, connection, stream):
        if stream.read(len(PREFACE)) != PREFACE:
            connection.close()
            return
        settings = struct.pack(">HI", 4, 1 << 24)
        connection.sendall(frame(SETTINGS, 0, 0, settings) +
                           frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 24)))
        bodies, indexes = {}, {}
        while len(head := stream.read(9)) == 9:
            length = int.from_bytes(head[:3], "big")
            kind, flags = head[3], head[4]
            number = int.from_bytes(head[5:], "big")
            payload = stream.read(length)
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(frame(SETTINGS, ACK, 0))
            elif kind == PING and not flags & ACK:
                connection.sendall(frame(PING, ACK, 0, payload))
            elif kind == HEADERS:
                bodies[number] = b""
                indexes[number], early = self.begin()
                if self.cut(connection, early):
                    return
            elif kind == DATA:
                bodies[number] += payload[1:len(payload) - payload[0]] if flags & PADDED else payload
            if kind in (DATA, HEADERS) and flags & END_STREAM and \
                    not self._answer(connection, stream, number, indexes[number],
                                     bodies.pop(number)):
                return

    def _answer(self, connection, rest, stream, index, body):
        plain = gzip.decompress(body[5:]) if body[0] else body[5:]
        if struct.unpack(">I", body[1:5])[0] != len(body) - 5:
            raise OSError("the message is not as long as its frame says")
        request = Request("", {"compressed": bool(body[0])}, plain)
        fault = self.finish(connection, request, index)
        if fault is None:
            return False
        good = reply(0, message(b""))
        if fault.what == "drip":
            return self.drip(connection, good(stream))
        last = fault.what == "last"
        # libcurl 7.88 passes over trailers behind a message where the connection ends with them
        return self.say(connection, rest, (reply(0) if last else fault.what)(stream),
                        last or fault.last)
