#!/usr/bin/env python3
"""trace-graph against the rules of its manual page, written down a second time: edge by edge on the
captures, in JSON and protobuf, and on made traces; and the same answer in any order, on any number
of workers, in little memory."""

import collections
import json
import os
import random
import tempfile
import xml.etree.ElementTree

import harness
import hostile_trace

DATA = os.environ["DATA"]
CAPTURES = os.environ.get("SPANLINE_CAPTURES", "")
SEED = harness.setting("GRAPH_SEED", 7)
ROUNDS = harness.setting("GRAPH_ROUNDS", 12)
CALLS, ANSWERS = ("client", "producer"), ("server", "consumer")
ROUNDING = 2_000_000


def text(value):
    """A string or a whole number, as text."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return str(value)


def first(attributes, *keys):
    return next((text(attributes[key]) for key in keys if text(attributes.get(key, "")) != ""), "")


def address(attributes, *hosts):
    host = first(attributes, *hosts)
    port = first(attributes, "server.port", hosts[1].replace("name", "port"))
    return host + ":" + port if host and port else host


def peer_of(span):
    """(kind, text) of what the span says of the other side, or a root server of itself."""
    attributes, kind = span["attributes"], span["kind"]
    if kind == "internal":
        return "external", ""
    if kind == "server" and first(attributes, "peer.service"):
        return "caller", first(attributes, "peer.service")
    if kind == "server":
        return "external", "" if span["parent"] else address(attributes, "server.address", "net.host.name")
    is_database = first(attributes, "db.system.name", "db.system")
    broker = first(attributes, "messaging.system")
    if first(attributes, "peer.service"):
        named = "database" if is_database else "messaging" if broker else "external"
        return named, first(attributes, "peer.service")
    if is_database and kind == "client":
        space = first(attributes, "db.namespace", "db.name", "db.redis.database_index")
        return "database", (is_database + " " + space).strip()
    if broker:
        space = first(attributes, "messaging.destination.name", "messaging.destination")
        return "messaging", (broker + " " + space).strip()
    if first(attributes, "server.address", "net.peer.name"):
        return "external", address(attributes, "server.address", "net.peer.name")
    return "external", first(attributes, "http.host")


class Trace:
    """The spans of one trace with their parents, and where services are entered and left."""

    def __init__(self, spans):
        self.spans = spans
        ids = {}
        for span in sorted(spans, key=lambda span: span["start"]):
            ids.setdefault(span["id"], span)
        for span in spans:
            span["up"] = ids.get(span["parent"]) if span["parent"] else None
            span["orphan"] = bool(span["parent"]) and span["up"] is None
            span["told"] = span["called"] = False
        for span in spans:
            span["entry"], span["request"] = self.entry(span), self.request(span)

    @staticmethod
    def goes_on(span):
        up = span["up"]
        return up is not None and up["service"] == span["service"] and span["kind"] not in ANSWERS

    def entry(self, span):
        while self.goes_on(span):
            span = span["up"]
        return span

    def request(self, span):
        """The call of its service that the span is part of."""
        while span["kind"] not in CALLS:
            if not self.goes_on(span):
                return None
            span = span["up"]
        return span

    def crossings(self):
        """(span, the request above it in its caller's service or None) of all calls told by who
        answered."""
        for span in self.spans:
            up = span["up"]
            if up is None:
                continue
            request, other = up["request"], up["service"] != span["service"]
            if request is not None and (other or span["kind"] in CALLS + ANSWERS):
                request["told"] = True
            if other or (span["kind"] in ANSWERS and request is not None):
                span["called"] = True
                yield span, request


class Model:
    """The graph by its rules."""

    def __init__(self, spans, by_name, chosen=lambda span: True):
        self.by_name, self.chosen = by_name, chosen
        self.edges = collections.defaultdict(lambda: {"calls": 0, "errors": 0, "times": [], "gaps": [],
                                                      "lost": 0, "open": 0, "inferred": 0, "traces": set()})  # fmt: skip
        self.answered = collections.defaultdict(collections.Counter)
        self.unanswered = collections.Counter()
        self.stated = collections.defaultdict(set)
        self.links, self.targets = [], {}
        self.services = {span["service"] for span in spans}
        self.unknown = collections.Counter()
        traces = collections.defaultdict(list)
        for span in spans:
            traces[span["trace"]].append(span)
        for trace in traces.values():
            self.add(Trace(trace))
        self.follow_links()
        self.resolve()

    def node(self, span):
        entry = span["entry"]
        return "service", entry["service"], entry["name"] if self.by_name else ""

    def count(self, start, end, span, request=None, message=False, via="", kind="call", **marks):
        if not self.chosen(span) and (request is None or not self.chosen(request)):
            return
        edge = self.edges[start, end, "message" if message else kind, via]
        took = span["end"] - span["start"]
        edge["calls"] += 1
        edge["errors"] += span["error"] or (request is not None and request["error"])
        edge["traces"].add(span["trace"])
        edge["times"].append(request["end"] - request["start"] if request and not message else took)
        if request is not None:
            gap = span["start"] - request["end"] if message else request["end"] - request["start"] - took
            edge["gaps"].append(gap)
        for mark, value in marks.items():
            edge[mark] += value

    def add(self, trace):
        for span, request in trace.crossings():
            message = span["kind"] == "consumer" or (request is not None and request["kind"] == "producer")
            via = ""
            if message:
                said = [peer_of(side) for side in (request, span) if side is not None]
                via = next((name for kind, name in said if kind == "messaging" and name), "")
            self.count(self.node(span["up"]), self.node(span), span, request, message, via)
            kind, name = peer_of(request) if request is not None else ("", "")
            if request is not None and request["kind"] == "client" and kind == "external" and name:
                self.answered[name][span["service"]] += 1
        silent = [self.leaf(span) for span in trace.spans]
        self.infer(trace, [found for found in silent if found])

    def leaf(self, span):
        kind, name = peer_of(span)
        node = self.node(span)
        self.unknown["orphans"] += span["orphan"]
        self.unknown["without_service"] += span["service"] == ""
        if kind == "caller" and span["up"] is None:
            self.count(("external", name, ""), node, span)
        elif span["kind"] == "server" and kind != "caller" and name:
            self.stated[name].add(span["service"])
        sends = span["kind"] == "producer" or (span["kind"] == "client" and kind == "messaging" and name)
        found = None
        if span["kind"] == "client" and not span["told"] and not sends:
            self.unknown["without_peer"] += not name
            if name:
                self.count(node, (kind, name, ""), span, open=not span["error"] and kind == "external")
            if name and kind == "external":
                found = span, name
                self.unanswered[name] += not span["error"]
        elif span["kind"] == "consumer" and not span["called"] and not span["links"]:
            self.unknown["without_peer"] += not name
            if name:
                self.count((kind, name, ""), node, span, message=True)
        self.targets.setdefault((span["trace"], span["id"]), (span, bool(sends) and not span["told"]))
        for link in span["links"]:
            if link == (span["trace"], span["parent"]) and span["called"]:
                continue
            self.links.append((link, span))
        return found

    def infer(self, trace, silent):
        for span in trace.spans:
            if not span["orphan"] or span["kind"] != "server" or peer_of(span)[0] == "caller":
                continue
            names = {name for call, name in silent
                     if call["start"] - ROUNDING <= span["start"] and span["end"] <= call["end"] + ROUNDING}  # fmt: skip
            if len(names) == 1:
                self.count(("external", names.pop(), ""), self.node(span), span, kind="inferred", inferred=1)

    def half(self, span, is_target):
        kind, name = peer_of(span)
        if kind != "messaging" or not name:
            self.unknown["without_peer"] += 1
            return
        ends = (self.node(span), (kind, name, ""))
        self.count(*(ends if is_target else ends[::-1]), span, message=True)

    def follow_links(self):
        linked = set()
        for link, span in self.links:
            linked.add(link)
            target, sends = self.targets.get(link, (None, False))
            if target is None:
                self.unknown["links"] += 1
                if span["kind"] == "consumer":
                    self.half(span, False)
            elif (sends or target["kind"] == "producer" or span["kind"] == "consumer"
                  or self.node(target) != self.node(span)):  # fmt: skip
                said = [peer_of(side) for side in (target, span)]
                via = next((name for kind, name in said if kind == "messaging" and name), "")
                self.count(self.node(target), self.node(span), span, target, True, via)
        for ids, (span, sends) in self.targets.items():
            if sends and ids not in linked:
                self.half(span, True)

    def owner(self, name):
        """The service at an address, or None."""
        answers = self.answered[name]
        most = max(answers.values(), default=0)
        best = [service for service, count in answers.items() if count == most]
        if best and most > (sum(answers.values()) + self.unanswered[name]) // 2:
            return best[0]
        if len(self.stated[name]) == 1 and (not best or best == list(self.stated[name])):
            return next(iter(self.stated[name]))
        return name if name in self.services else None

    def resolve(self):
        names = {end[1] for key in self.edges for end in key[:2] if end[0] == "external"}
        owners = {("external", name, ""): ("service", self.owner(name), "") for name in names
                  if self.owner(name) is not None}  # fmt: skip
        for key in list(self.edges):
            ends = [owners.get(end, end) for end in key[:2]]
            inferred = key[2] == "inferred"
            if tuple(ends) == key[:2] and not inferred:
                continue
            edge = self.edges.pop(key)
            # what is missing stands before the service, as a proxy does
            if inferred and ends[0][:2] == ends[1][:2]:
                continue
            into = self.edges[(*ends, "call" if inferred else key[2], key[3])]
            into["lost"] += edge["lost"] + edge["open"]
            for part in ("calls", "errors", "times", "gaps", "inferred"):
                into[part] += edge[part]
            into["traces"] |= edge["traces"]


def rank(values, numerator, denominator):
    """The nearest rank, in ms."""
    return sorted(values)[-(-len(values) * numerator // denominator) - 1] / 1e6


def expected(model):
    return {key: {"calls": edge["calls"], "errors": edge["errors"], "traces": len(edge["traces"]),
                  "p50_ms": rank(edge["times"], 1, 2), "p95_ms": rank(edge["times"], 19, 20),
                  "p99_ms": rank(edge["times"], 99, 100), "total_ms": sum(edge["times"]) / 1e6,
                  "gap_ms": rank(edge["gaps"], 1, 2) if edge["gaps"] else None,
                  "lost": edge["lost"], "inferred": edge["inferred"]}
            for key, edge in model.edges.items()}  # fmt: skip


def shown(graph):
    """The same of what trace-graph has written."""
    nodes = {node["id"]: (node["kind"], node["service"], node.get("name", "")) for node in graph["nodes"]}
    assert len(nodes) == len(graph["nodes"])
    edges = {}
    for edge in graph["edges"]:
        key = nodes[edge["from"]], nodes[edge["to"]], edge["kind"], edge.get("via", "")
        assert key not in edges
        edges[key] = {name: edge.get(name) for name in ("calls", "errors", "traces", "p50_ms", "p95_ms",
                                                        "p99_ms", "total_ms", "gap_ms")}  # fmt: skip
        edges[key].update(lost=edge.get("lost", 0), inferred=edge.get("inferred", 0))
    return edges


def run(*arguments, data=b""):
    result = harness.run("trace-graph", "--to", "json", *arguments, data=data)
    return (json.loads(result.out) if result.status == 0 else None), result


def self_of(span, children):
    """Its duration without what its children cover of it."""
    covered, at = 0, span["start"]
    for child in sorted(children, key=lambda child: child["start"]):
        start, end = max(child["start"], at), min(child["end"], span["end"])
        if end > start:
            covered, at = covered + end - start, end
    return span["end"] - span["start"] - covered


def check_nodes(graph, spans, name):
    """Each service has its own spans; what was waited for is divided among all of them."""
    children, sums = collections.defaultdict(list), collections.defaultdict(lambda: [0, 0, 0])
    for span in spans:
        if span["up"] is not None:
            children[span["trace"], span["up"]["id"]].append(span)
    for span in spans:
        counts = sums[span["service"]]
        counts[0] += 1
        counts[1] += span["error"]
        counts[2] += self_of(span, children[span["trace"], span["id"]])
    got = {node["service"]: [node["spans"], node["errors"], round(node["self_ms"] * 1e6)]
           for node in graph["nodes"] if node["kind"] == "service"}  # fmt: skip
    harness.ok(got == dict(sums), f"{name}: spans, errors and self time of services", got, dict(sums))
    waited = sum(round(node["critical_ms"] * 1e6) for node in graph["nodes"] if node["kind"] == "service")
    harness.ok(waited == round(graph["critical_ms"] * 1e6), f"{name}: critical paths are divided whole", waited)


def check(graph, spans, by_name, name):
    model = Model(spans, by_name)
    want, got = expected(model), shown(graph)
    wrong = [(key, want.get(key), got.get(key)) for key in want.keys() | got.keys() if want.get(key) != got.get(key)]
    harness.ok(not wrong, f"{name}: {len(want)} edges", *wrong[:5])
    unknown = {key: model.unknown[key] for key in ("orphans", "without_service", "without_peer", "links")}
    unknown["lost_context"] = sum(edge["lost"] for edge in want.values())
    told = {key: graph["unknown"][key] for key in unknown}
    harness.ok(told == unknown, f"{name}: what is not known", told, unknown)


KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"]


def value_of(value):
    kind, inner = next(iter(value.items()), ("", None))
    return int(inner) if kind == "intValue" and isinstance(inner, str) else inner


def spans_of_capture(path):
    """Read by nothing of the toolkit."""
    spans = []
    for line in open(path, encoding="utf-8"):
        for group in json.loads(line)["resourceSpans"]:
            resource = {a["key"]: value_of(a["value"]) for a in group["resource"].get("attributes", [])}
            for span in (span for scope in group["scopeSpans"] for span in scope["spans"]):
                spans.append({"trace": span["traceId"], "id": span["spanId"], "parent": span.get("parentSpanId", ""),
                              "service": resource.get("service.name", ""), "name": span.get("name", ""),
                              "kind": KINDS[span.get("kind", 0)], "start": int(span["startTimeUnixNano"]),
                              "end": int(span["endTimeUnixNano"]), "error": span["status"].get("code", 0) == 2,
                              "attributes": {a["key"]: value_of(a["value"]) for a in span.get("attributes", [])},
                              "links": [(link["traceId"], link["spanId"]) for link in span.get("links", [])]})  # fmt: skip
    return spans


def lines_of(spans):
    lines = []
    for span in spans:
        line = {"trace_id": span["trace"], "span_id": span["id"], "parent_span_id": span["parent"], "name": span["name"],
                "service": span["service"], "kind": span["kind"], "status": "error" if span["error"] else "unset",
                "start_unix_nano": str(span["start"]), "end_unix_nano": str(span["end"]), "attributes": span["attributes"],
                "links": [{"trace_id": trace, "span_id": linked} for trace, linked in span["links"]]}  # fmt: skip
        if not span["service"]:
            del line["service"]
        lines.append(json.dumps(line))
    return lines


PEERS = [{}, {"server.address": "host0", "server.port": 80}, {"server.address": "host1"}, {"peer.service": "service1"},
         {"db.system": "mysql"}, {"db.system.name": "postgresql", "db.namespace": "shop", "server.address": "host0"},
         {"net.peer.name": "host2", "net.peer.port": 1}, {"messaging.system": "kafka", "messaging.destination.name": "jobs"},
         {"peer.service": "partner"}]  # fmt: skip


def make_trace(draw, number, made):
    """Spans of any kind in any service below each other, some of them linked with others."""
    spans, trace = [], f"{number + 1:032x}"
    for index in range(draw.randint(1, 14)):
        up = draw.choice(spans) if spans and draw.random() < 0.9 else None
        parent = up["id"] if up else f"{draw.randint(1, 99):016x}" if draw.random() < 0.3 else ""
        # no two spans start at once: which of them is first would depend on their order
        start = (up["start"] if up else 10**18) + draw.randint(0, 10**9) * 100 + index
        spans.append({"trace": trace, "id": f"{(number + 1) * 1000 + index:016x}", "parent": parent,
                      "service": draw.choice(["service0", "service1", "service2", "service3", ""]),
                      "name": draw.choice(["get", "put"]), "kind": draw.choice(KINDS[1:]), "start": start,
                      "end": start + draw.randint(0, 10**11), "error": draw.random() < 0.2,
                      "attributes": draw.choice(PEERS), "up": None,
                      "links": [(linked["trace"], linked["id"]) for linked in draw.sample(made, min(2, len(made)))]
                      if draw.random() < 0.15 else []})  # fmt: skip
    return spans


def check_made(draw, number):
    spans = []
    for trace in range(40):
        spans += make_trace(draw, trace, spans)
    lines = lines_of(spans)
    data = ("\n".join(lines) + "\n").encode()
    for by in ("service", "service,name"):
        graph, result = run("--by", by, data=data)
        check(graph, spans, by != "service", f"made {number} by {by}")
        chosen, _ = run("--by", by, "--where", "status = error", data=data)
        want, got = expected(Model(spans, by != "service", lambda span: span["error"])), shown(chosen)
        harness.ok(want == got, f"made {number} by {by}: of what is chosen", want, got)
        if by == "service":
            check_nodes(graph, spans, f"made {number}")
        draw.shuffle(lines)
        shuffled = ("\n".join(lines) + "\n").encode()
        ways = [("--by", by, "-j", "2"), ("--by", by, "--mem-limit", "64k"), ("--by", by, "--where", "{ true } || { false }")]
        others = [harness.run("trace-graph", "--to", "json", *way, data=shuffled).out for way in ways]
        harness.ok(all(other == result.out for other in others), f"made {number} by {by}: the same in any order and way")


def check_large_texts():
    """More bytes of texts than are remembered as numbers: what has none is told apart all the same."""
    spans = []
    for trace in range(24):
        service = "s" * 1_000_000 + str(trace % 12)
        for index, kind in enumerate(("server", "internal", "client", "server")):
            start = 10**18 + trace * 10**9 + index
            spans.append({"trace": f"{trace + 1:032x}", "id": f"{trace + 1:08x}{index:08x}",
                          "parent": f"{trace + 1:08x}{index - 1:08x}" if index else "",
                          "service": "late" if index == 3 else service, "name": "get", "kind": kind, "start": start,
                          "end": start + 1000, "error": False, "attributes": {}, "up": None, "links": []})  # fmt: skip
    for by in ("service", "service,name"):
        graph, _ = run("--by", by, "-j", "1", data=("\n".join(lines_of(spans)) + "\n").encode())
        check(graph, spans, by != "service", f"large texts by {by}")


def check_shop():
    spans = spans_of_capture(os.path.join(CAPTURES, "collector", "collector-real.json"))
    names = ["collector/collector-real.json", "collector/collector-real-proto.bin", "collector/collector-real-proto-zstd.bin",
             "collector/collector-real-native.jsonl.zst", "shop/collector-file.json", "shop/delimited.pb", "shop/grpc-frames.bin",
             "shop/sdk-lines.jsonl.gz"]  # fmt: skip
    for by in ("service", "service,name"):
        graphs = [harness.run("trace-graph", "--to", "json", "--by", by, os.path.join(CAPTURES, name)).out for name in names]
        graph = json.loads(graphs[0])
        check(graph, spans, by != "service", f"shop by {by}")
        for name, other in zip(names[1:], graphs[1:]):
            harness.ok(other == graphs[0], f"shop by {by}: {name} gives the same graph")
    graph = json.loads(harness.run("trace-graph", "--to", "json", os.path.join(CAPTURES, names[0])).out)
    check_nodes(graph, spans, "shop")
    kinds = collections.defaultdict(set)
    for node in graph["nodes"]:
        kinds[node["kind"]].add(node["id"])
    harness.ok(dict(kinds) == {
        "service": {"auth", "carrier", "catalog", "checkout", "gateway", "inventory", "payment", "pricing", "shipping", "tax",
                    "worker"},
        "database": {"postgresql shop", "redis"},
        # the third party, and the service that exports nothing
        "external": {"127.0.0.1:28111", "127.0.0.1:28108"}}, "the shop has what it has", dict(kinds))  # fmt: skip
    edges = {(edge["from"], edge["to"]): edge for edge in graph["edges"]}
    jobs, legacy = edges["checkout", "worker"], edges["127.0.0.1:28108", "inventory"]
    harness.ok(jobs["kind"] == "message" and jobs["calls"] == 8 and jobs["via"] == "redis orders", "jobs by their links", jobs)
    harness.ok(legacy["inferred"] == 3 and edges["gateway", "127.0.0.1:28108"]["calls"] == 3, "what calls through legacy", legacy)


def check_pictures():
    """Names that mean something to programs: graphviz draws what there is, and nothing else."""
    for by in ("service", "service,name"):
        data = hostile_trace.lines()
        graph, result = run("--by", by, data=data)
        harness.ok(result.status == 0 and len(graph["nodes"]) > 20, f"hostile names by {by}", result)
        drawn = harness.run("trace-graph", "--to", "dot", "--by", by, data=data).out
        harness.ok(b"\x1b" not in drawn and b"\x00" not in drawn, f"hostile names by {by}: dot is safe to show")
        plain = harness.run("dot", "-Tplain", data=drawn)
        words = [line.split(" ", 1)[0] for line in plain.out.decode(errors="replace").splitlines()]
        harness.ok(plain.status == 0 and words.count("node") == len(graph["nodes"])
                   and words.count("edge") == len(graph["edges"]), f"hostile names by {by}: graphviz draws them", plain)  # fmt: skip
    page = xml.etree.ElementTree.fromstring(harness.run("dot", "-Tsvg", data=drawn).out)
    texts = [text.text for text in page.iter("{http://www.w3.org/2000/svg}text")]
    harness.ok("&amp;&lt; &amp;&lt;" in texts and "back\\slash\\ back\\slash\\" in texts, "graphviz shows names as they are", texts)


def check_long_diagram():
    """Mermaid draws no text of more than 50,000 characters, nor more than 500 edges."""
    draw, lines = random.Random(SEED), []
    name = "a.long.service-name/of-some-team/in_region-{:03}"
    for trace in range(900):
        for number, service in enumerate(draw.sample(range(110), 2)):
            lines.append(json.dumps({"trace_id": f"{trace + 1:032x}", "span_id": f"{number + 1:016x}",
                                     "parent_span_id": f"{number:016x}" if number else "", "name": "work",
                                     "service": name.format(service), "kind": ("client", "server")[number],
                                     "status": ("error", "unset")[trace % 2], "start_unix_nano": "1000", "end_unix_nano": "123456789"}))  # fmt: skip
    drawn = harness.run("trace-graph", "--to", "mermaid", data="\n".join(lines).encode()).out.decode()
    edges = drawn.count("-->")
    harness.ok(len(drawn) < 50000 and drawn.count("linkStyle") == edges > 300 and "edges more" in drawn,
               "a diagram is no longer than mermaid draws", len(drawn), edges)  # fmt: skip


for number in range(ROUNDS):
    check_made(random.Random(SEED * 1000 + number), number)
def on_curve(numbers):
    """Points of the curves of a path."""
    at = numbers[:2]
    for i in range(2, len(numbers), 6):
        one, two, end = (numbers[i + k : i + k + 2] for k in (0, 2, 4))
        for part in (k / 16 for k in range(17)):
            rest = 1 - part
            weights = rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3
            yield tuple(sum(w * p[k] for w, p in zip(weights, (at, one, two, end))) for k in (0, 1))
        at = end


def numbers_of(element, *names):
    return [float(element.get(name)) for name in names]


def check_page(number):
    """Neither labels nor lines lie over boxes, nor labels over each other."""
    draw, lines = random.Random(SEED * 100 + number), []
    count = 2 + 6 * number
    for trace in range(10 * count):
        calls = sorted(draw.sample(range(count), min(count, draw.randint(2, 4))), key=lambda _: draw.random() < 0.1)
        for depth, service in enumerate(calls):
            name = f"service {service}" * (1 + service % 3)
            up = f"{2 * depth:016x}" if depth else ""
            rest = {"trace_id": f"{trace + 1:032x}", "name": "work", "service": name,
                    "status": draw.choice(["unset", "unset", "error"]), "start_unix_nano": "1000", "end_unix_nano": "2000"}  # fmt: skip
            for kind, offset in (("server", 1), ("client", 2)):
                lines.append(json.dumps({**rest, "span_id": f"{2 * depth + offset:016x}", "kind": kind,
                                         "parent_span_id": up if offset == 1 else f"{2 * depth + 1:016x}"}))  # fmt: skip
    page = harness.run("trace-graph", "--to", "html", data="\n".join(lines).encode()).out.decode()
    picture = xml.etree.ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    boxes = [(x, y, x + width, y + height) for x, y, width, height in
             (numbers_of(box, "x", "y", "width", "height") for box in picture.iter("rect"))]  # fmt: skip
    labels = []
    for label in picture.findall("text"):
        (x, y), half = numbers_of(label, "x", "y"), 3.4 * len(label.text)
        labels.append((x - half, y - 11, x + half, y + 3))
    pairs = [(a, b) for i, a in enumerate(labels) for b in labels[:i] + boxes]
    over = [(a, b) for a, b in pairs if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]
    harness.ok(labels and not over, f"page {number}: {len(labels)} labels lie over nothing", over[:3])
    paths = [[float(word.lstrip("MC")) for word in path.get("d").split()] for path in picture.findall("path")]
    crossed = [(box, point) for box in boxes for path in paths for point in on_curve(path)
               if box[0] + 1 < point[0] < box[2] - 1 and box[1] + 1 < point[1] < box[3] - 1]  # fmt: skip
    harness.ok(paths and not crossed, f"page {number}: {len(paths)} lines pass between {len(boxes)} boxes", crossed[:3])


check_long_diagram()
for number in range(5):
    check_page(number)
check_large_texts()
if harness.installed("dot"):
    check_pictures()
else:
    harness.skip("graphviz draws graphs", "dot is not installed")
if CAPTURES:
    check_shop()
else:
    harness.skip("the shop's graph", "SPANLINE_CAPTURES is not set")
with tempfile.TemporaryDirectory() as directory:
    saved = os.path.join(directory, "graph.json")
    capture = os.path.join(DATA, "n_plus_one_checkout.pb")
    harness.run("trace-graph", "--to", f"json:{saved}", capture)
    result = harness.run("trace-graph", "--diff", saved, "--to", "json", capture)
    harness.ok(json.loads(result.out)["changes"] == [], "a graph has not changed since it was written", result)
harness.done()
