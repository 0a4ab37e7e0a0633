"""An OTLP server on loopback that answers as a script says, and remembers what it was sent."""

import gzip
import json
import os
import socket
import ssl
import struct
import subprocess
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


def make_certificates(place):
    """Files in `place`: an authority, and certificates of it for a server on loopback and for a
    client: (certificate of the authority, server's, its key, client's, its key)."""
    names = ["ca.pem", "server.pem", "server.key", "client.pem", "client.key"]
    ca, server, server_key, client, client_key = (os.path.join(place, name) for name in names)
    ca_key = os.path.join(place, "ca.key")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=place)

    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new_key, "-keyout", ca_key, "-out", ca, "-days", "2",
            "-subj", "/CN=spanline test authority")
    for certificate, key, names in ((server, server_key, "IP:127.0.0.1,DNS:localhost"),
                                    (client, client_key, "DNS:client")):
        extensions = certificate + ".ext"
        with open(extensions, "w", encoding="ascii") as file:
            file.write(f"subjectAltName={names}\n")
        openssl("req", *new_key, "-keyout", key, "-out", certificate + ".csr", "-subj", "/CN=test")
        openssl("x509", "-req", "-in", certificate + ".csr", "-CA", ca, "-CAkey", ca_key,
                "-CAcreateserial", "-out", certificate, "-days", "2", "-extfile", extensions)
    return ca, server, server_key, client, client_key


class Fault:
    """How a request is answered, and what that means for its spans.

    `what` is a string, as below, the bytes of an HTTP response, or for gRPC a function that makes
    the frames of a stream.  `meaning`: "accepted", "refused", "large" (cut it), "again".  "early"
    and "early-reset" end a connection that was just opened, or do as "close" and "reset"."""

    def __init__(self, name, what, meaning, wait=0.0, rejected=0, last=False):
        self.name, self.what, self.meaning = name, what, meaning
        self.wait, self.rejected, self.last = wait, rejected, last


class Server:
    """`answer(request, index)` gives a Fault or what it consists of; `index` counts the requests,
    and `request` is None while it has not arrived.  "close", "reset": without a response; "half",
    "half-reset": the same in the middle of the request; "last": a good response, and the connection
    is gone after it; "stall": nothing more is read or said; "drip": a response, a byte a second."""

    def __init__(self, answer, certificate=None, path=None):
        self.answer = answer
        self.requests = []  # that arrived whole
        self.accepted = []  # ids in those that were answered by 200
        self.log = []  # (ids, Fault, time of the request, time of the answer), of all that arrived
        self.attempts = 0  # with those that did not arrive
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.connections = []
        self.tls = None
        if certificate is not None:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
            self.tls.set_alpn_protocols(self.alpn)
        if path is not None:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.bind(path)
            self.socket.listen()
            self.url = "http://localhost"
        else:
            self.socket = socket.create_server(("127.0.0.1", 0))
            scheme = "http" if certificate is None else "https"
            self.url = f"{scheme}://127.0.0.1:{self.socket.getsockname()[1]}"
        self._listen()

    def _listen(self):
        threading.Thread(target=self._accept, args=(self.socket,), daemon=True).start()

    def restart(self, pause):
        """Ends all connections, and is nowhere for a while."""
        address = self.socket.getsockname()
        for one in [self.socket, *self.connections]:
            self._silence(one)
        self.connections = []
        self.socket.close()
        time.sleep(pause)
        self.socket = socket.create_server(address)
        self._listen()

    alpn = ["http/1.1"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        self._silence(self.socket)
        self.socket.close()

    @staticmethod
    def _silence(connection):
        """Ends what other threads do with it: a closed file's number may soon be another's."""
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended by itself

    def seen(self):
        return [one for request in self.requests for one in request.ids]

    def _accept(self, listener):
        while not self.ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(20)
        try:
            with self.lock:
                early = _what(self.answer(None, self.attempts))
                self.attempts += early in ("early", "early-reset")
            if early in ("early", "early-reset"):
                reset(connection) if early == "early-reset" else connection.close()
                return
            if self.tls is None and connection.recv(1, socket.MSG_PEEK) == b"\x16":
                connection.close()  # it asks whether this is TLS
                return
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as stream:
                self.converse(connection, stream)
        except OSError:
            connection.close()

    def converse(self, connection, stream):
        while self._one(connection, stream):
            pass

    def begin(self):
        """Another request: its index, and the action that does not wait for all of it."""
        with self.lock:
            index = self.attempts
            self.attempts += 1
        return index, _what(self.answer(None, index))

    def cut(self, connection, action):
        """What is to be done in the middle of a request; false: nothing."""
        if action == "stall":
            self.ended.wait(20)
        elif action in ("half", "half-reset"):
            reset(connection) if action == "half-reset" else connection.close()
        return action in ("half", "half-reset", "stall")

    def finish(self, connection, request, index):
        """The Fault of a request that is there whole; None: the connection is gone."""
        begun = time.monotonic()
        fault = self.answer(request, index)
        fault = fault if isinstance(fault, Fault) else Fault("", fault, _meaning(fault))
        with self.lock:
            self.requests.append(request)
            if fault.meaning == "accepted":
                self.accepted += request.ids
            self.log.append((request.ids, fault, begun, time.monotonic()))
        if fault.what in ("close", "reset", "early", "early-reset"):
            reset(connection) if fault.what.endswith("reset") else connection.close()
            return None
        return fault

    def say(self, connection, stream, data, last):
        """False: that was the last answer, which the client can still read."""
        connection.sendall(data)
        if not last:
            return True
        if self.tls is None:
            connection.shutdown(socket.SHUT_WR)
        else:
            connection = connection.unwrap()
        connection.settimeout(1)
        while stream.read(1 << 16):
            pass
        return False

    def drip(self, connection, data):
        for byte in data:
            connection.sendall(bytes([byte]))
            if self.ended.wait(1):
                break
        return False

    def _one(self, connection, stream):
        line = stream.readline()
        if not line or line.startswith(b"PRI "):  # HTTP/2 is not spoken here
            return False
        index, early = self.begin()
        headers = {}
        while (header := stream.readline().strip()):
            name, _, value = header.decode().partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        if early in ("half", "half-reset", "stall"):
            stream.read(length // 2)
        if self.cut(connection, early):
            return False
        request = Request(line.split()[1].decode(), headers, stream.read(length))
        fault = self.finish(connection, request, index)
        if fault is None:
            return False
        if fault.what == "drip":
            return self.drip(connection, response(200, b"x" * 100))
        last = fault.what == "last"
        return self.say(connection, stream, response(200) if last else fault.what,
                        last or fault.last)


def _what(answer):
    return answer.what if isinstance(answer, Fault) else answer


def _meaning(what):
    good = what == "last" or isinstance(what, bytes) and what.startswith(b"HTTP/1.1 20")
    return "accepted" if good else "other"
