#!/usr/bin/env python3
"""otlp-send to servers that nobody here wrote: nginx with TLS and client certificates, grpcio,
@grpc/grpc-js and OpenTelemetry's packages (in $SPANLINE_NODE_MODULES).  What arrives is what
otlp-encode writes."""

import os
import sys

try:
    import grpc
except ImportError:
    # A python3 in PATH may not be the one that the system's packages are for.
    if os.path.exists("/usr/bin/python3") and sys.executable != "/usr/bin/python3":
        os.execv("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv)
    grpc = None

import gzip
import socket
import subprocess
import tempfile
import time
from concurrent import futures

import harness
import otlp_server
from harness import encode, ok, skip
from otlp_server import Server, response

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.environ.get("SPANLINE_NODE_MODULES", "")
CAPTURES = os.environ.get("SPANLINE_CAPTURES")
METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def capture():
    """The largest capture there is, and how many spans it holds."""
    if CAPTURES is not None:
        return os.path.join(CAPTURES, "collector", "collector-real.json"), 4904
    return os.path.join(os.environ["DATA"], "auth_expired.jsonl"), 42


def lines_of(data):
    """Spans as lines, attributes and all, in one order."""
    return sorted(harness.decode(data=data).out.splitlines())


PATH, COUNT = capture()
EXPECTED = lines_of(encode("--to", "pb", PATH).out)


def check(name, url, bodies, *arguments):
    """Sends all of it in batches; `bodies` are the messages that arrived, emptied first."""
    del bodies[:]
    result = harness.run("otlp-send", "--endpoint", url, "--batch-spans", 500,
                         "--retry-for", "20s", *arguments, PATH)
    arrived = sorted(line for body in bodies for line in lines_of(body))
    ok(result.status == 0 and len(bodies) == -(-COUNT // 500), f"{name}: all is accepted", result,
       len(bodies))
    ok(len(EXPECTED) == COUNT and arrived == EXPECTED, f"{name}: {COUNT} spans, to the attribute",
       len(arrived))


def with_and_without_gzip(name, url, bodies, *arguments):
    check(name, url, bodies, *arguments)
    check(f"{name}, gzip", url, bodies, "-z", "gzip", *arguments)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


NGINX = """
daemon off; worker_processes 1; pid {place}/pid; error_log {place}/errors;
events {{ worker_connections 64; }}
http {{
    access_log off; client_max_body_size 64m; client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/a; uwsgi_temp_path {place}/b;
    scgi_temp_path {place}/c;
    server {{
        listen 127.0.0.1:{port} ssl http2; ssl_certificate {place}/server.pem;
        ssl_certificate_key {place}/server.key; ssl_client_certificate {place}/ca.pem;
        ssl_verify_client on;
        location / {{ proxy_pass {url}; }}
    }}
    server {{
        listen unix:{place}/socket;
        location / {{ proxy_pass {url}; }}
    }}
}}
"""


def wait_for(port, process):
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        except OSError:
            if process.poll() is not None:
                return False
            time.sleep(0.05)
    return False


def through_nginx(place, certificates):
    ca, _, _, client, client_key = certificates
    port, bodies = free_port(), []

    def answer(request, _):
        if request is not None:
            coded = request.headers.get("content-encoding") == "gzip"
            bodies.append(gzip.decompress(request.body) if coded else request.body)
        return response(200)

    with Server(answer) as behind:
        with open(os.path.join(place, "nginx.conf"), "w", encoding="ascii") as file:
            file.write(NGINX.format(place=place, port=port, url=behind.url))
        program = harness.shutil.which("nginx") or "/usr/sbin/nginx"
        with subprocess.Popen([program, "-p", place, "-c", file.name],
                              stderr=subprocess.PIPE) as nginx:
            try:
                if not ok(wait_for(port, nginx), "nginx is there"):
                    return
                url = f"https://127.0.0.1:{port}"
                mine = ["--client-certificate", client, "--client-key", client_key]
                for protocol in ("http/protobuf", "http/json"):
                    with_and_without_gzip(f"nginx, {protocol}", url, bodies, "--protocol", protocol,
                                          "--certificate", ca, *mine)
                check("nginx, --insecure-skip-verify", url, bodies, "--insecure-skip-verify", *mine)
                check("nginx, a socket", "http://localhost", bodies, "--unix-socket",
                      os.path.join(place, "socket"))
                for name, arguments in (("no certificate of a client", ["--certificate", ca]),
                                        ("an unknown authority", mine)):
                    result = harness.run("otlp-send", "--endpoint", url, *arguments, PATH)
                    ok(result.status == 4 and "accepted 0 " in result.err, f"nginx, {name}", result)
            finally:
                nginx.terminate()


def through_grpcio(certificates):
    ca, certificate, key, client, client_key = certificates
    bodies = []

    def export(body, _):
        bodies.append(body)
        return b""

    service, method = METHOD.strip("/").split("/")
    handler = grpc.method_handlers_generic_handler(
        service, {method: grpc.unary_unary_rpc_method_handler(export)})
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((handler,))
    chain = [(read(key), read(certificate))]
    ports = {
        "": server.add_insecure_port("127.0.0.1:0"),
        "TLS": server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(chain)),
        "client certificate": server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(
            chain, read(ca), require_client_auth=True)),
    }
    server.start()
    for name, port in ports.items():
        url = f"{'https' if name else 'http'}://127.0.0.1:{port}"
        arguments = ["--protocol", "grpc"]
        arguments += ["--certificate", ca] if name else []
        if name == "client certificate":
            arguments += ["--client-certificate", client, "--client-key", client_key]
        with_and_without_gzip(f"grpcio {name}", url, bodies, *arguments)
    url = f"http://127.0.0.1:{ports['']}"
    result = harness.run("otlp-send", "--protocol", "grpc", "--endpoint", url, "--batch-spans",
                         "100000", "--batch-bytes", "60M", PATH, PATH, PATH, PATH, PATH, PATH)
    ok(result.status == 0, "grpcio: more than its 4 MiB is cut in pieces", result)
    server.stop(0)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def through_node(place, certificates):
    ca, certificate, key, _, _ = certificates
    with subprocess.Popen(["node", os.path.join(HERE, "interop.cjs"), certificate, key, place],
                          stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
                          env={**os.environ, "NODE_PATH": MODULES}) as node:
        said = node.stdout.readline().split()
        try:
            if not ok(len(said) == 4, "@grpc/grpc-js is there", said):
                return
            types = " as OpenTelemetry's packages read it" if said[0] == "types" else ""
            for name, port in zip(("@grpc/grpc-js", "@grpc/grpc-js TLS", "node"), said[1:]):
                for codec in ("none", "gzip"):
                    bodies = Bodies(place)
                    url = f"{'https' if 'TLS' in name else 'http'}://127.0.0.1:{port}"
                    protocol = "http/protobuf" if name == "node" else "grpc"
                    check(f"{name} {codec}{types}", url, bodies, "--protocol", protocol, "-z",
                          codec, "--certificate", ca)
        finally:
            node.terminate()


class Bodies:
    """Files that another process writes."""

    def __init__(self, place):
        self.place = place

    def _files(self):
        return [os.path.join(self.place, name) for name in os.listdir(self.place)
                if name.startswith("body.")]

    def __delitem__(self, _):
        for path in self._files():
            os.remove(path)

    def __iter__(self):
        return iter([read(path) for path in self._files()])

    def __len__(self):
        return len(self._files())


with tempfile.TemporaryDirectory() as directory:
    os.chmod(directory, 0o755)  # nginx's worker is another user
    made = otlp_server.make_certificates(directory) if harness.installed("openssl") else None
    if made is None:
        skip("servers of others", "openssl is not installed")
    else:
        if harness.installed("nginx") or os.path.exists("/usr/sbin/nginx"):
            through_nginx(directory, made)
        else:
            skip("nginx", "nginx is not installed")
        if grpc is not None:
            through_grpcio(made)
        else:
            skip("grpcio", "python3-grpcio is not installed")
        if harness.installed("node") and os.path.isdir(os.path.join(MODULES, "@grpc", "grpc-js")):
            through_node(directory, made)
        else:
            skip("@grpc/grpc-js", "no node packages here")
harness.done()
