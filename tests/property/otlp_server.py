"""An OTLP/HTTP server on loopback that answers as a script says, and remembers what it was sent."""

import gzip
import json
import socket
import struct
import threading
import time


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def fields(data):
    """(number, payload) of the length-delimited fields of a message."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 2:
            length, at = varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        elif tag & 7 == 0:
            _, at = varint(data, at)
        else:
            at += 8 if tag & 7 == 1 else 4


def ids_of_protobuf(body):
    for _, resource_spans in (field for field in fields(body) if field[0] == 1):
        for _, scope_spans in (field for field in fields(resource_spans) if field[0] == 2):
            for _, span in (field for field in fields(scope_spans) if field[0] == 2):
                parts = dict(fields(span))
                yield (parts.get(1, b"").hex(), parts.get(2, b"").hex())


def ids_of_json(body):
    for resource_spans in json.loads(body)["resourceSpans"]:
        for scope_spans in resource_spans["scopeSpans"]:
            for span in scope_spans["spans"]:
                yield (span.get("traceId", ""), span.get("spanId", ""))


def spans_of_json(body):
    """Each span, with the attributes of its resource as "resource"."""
    for resource_spans in json.loads(body)["resourceSpans"]:
        resource = resource_spans.get("resource", {}).get("attributes", [])
        for scope_spans in resource_spans["scopeSpans"]:
            for span in scope_spans["spans"]:
                yield {**span, "resource": resource}


class Request:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body
        plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        is_json = headers.get("content-type") == "application/json"
        self.time_ns = time.time_ns()
        self.plain = plain
        self.ids = list(ids_of_json(plain) if is_json else ids_of_protobuf(plain))


def response(status, body=b"", **headers):
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


PROTOBUF = "application/x-protobuf"


def partial(count, message=b"no"):
    inner = b"\x08" + _write_varint(count & (2**64 - 1)) + b"\x12" + bytes([len(message)]) + message
    return response(200, b"\x0a" + bytes([len(inner)]) + inner, Content_Type=PROTOBUF)


def _write_varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def reset(connection):
    """Ends it with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Server:
    """`answer(request, index)` gives the bytes of a response, or one of the strings below; `index`
    counts the requests.  "close", "reset": without a response; "last": a good response, and the
    connection is gone after it."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []  # that arrived whole
        self.accepted = []  # ids in those that were answered by 200
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.open = False
        self.socket.close()

    def seen(self):
        return [one for request in self.requests for one in request.ids]

    def _accept(self):
        while self.open:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            connection.settimeout(20)
            stream = connection.makefile("rb")
            try:
                while self._one(connection, stream):
                    pass
            except OSError:
                pass

    def _one(self, connection, stream):
        line = stream.readline()
        if not line:
            return False
        headers = {}
        while (header := stream.readline().strip()):
            name, _, value = header.decode().partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        with self.lock:
            index = len(self.requests)
        early = self.answer(None, index)
        if early in ("half", "half-reset"):
            stream.read(length // 2)
            reset(connection) if early == "half-reset" else connection.close()
            with self.lock:
                self.requests.append(Request("", {"content-type": "application/json"},
                                             b'{"resourceSpans":[]}'))
            return False
        request = Request(line.split()[1].decode(), headers, stream.read(length))
        with self.lock:
            index = len(self.requests)
            self.requests.append(request)
        answer = self.answer(request, index)
        if answer in ("close", "reset"):
            reset(connection) if answer == "reset" else connection.close()
            return False
        last = answer == "last"
        answer = response(200) if last else answer
        if answer.startswith(b"HTTP/1.1 20"):
            with self.lock:
                self.accepted += request.ids
        connection.sendall(answer)
        return not last
