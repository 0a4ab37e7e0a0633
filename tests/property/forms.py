#!/usr/bin/env python3
"""Every form of trace-tree is what its readers expect, whatever the names of the input are."""

import base64
import hashlib
import html.parser
import json
import os
import re
import unicodedata
import xml.etree.ElementTree

import harness
import hostile_trace

DATA = os.environ["DATA"]
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


INPUTS = {"hostile names": hostile_trace.lines()}
for name in ("auth_expired.pb", "n_plus_one_checkout.pb", "odd_values.pb"):
    with open(os.path.join(DATA, name), "rb") as file:
        INPUTS[name] = file.read()


def shown(what, data, *arguments):
    result = harness.run("trace-tree", *arguments, data=data)
    try:
        text = result.out.decode()
    except UnicodeDecodeError as error:
        harness.ok(False, f"{what}: UTF-8", error)
        return ""
    unsafe = UNSAFE.search(text)
    harness.ok(result.status == 0 and not unsafe, f"{what}: done, and safe to print", result,
               unsafe and ascii(text[max(unsafe.start() - 40, 0):unsafe.end() + 40]))
    return text


def spans_of(data):
    return [json.loads(line) for line in harness.decode(data=data).out.decode().splitlines()]


def cells(text):
    """An upper bound would do, but this agrees for all that the inputs hold."""
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else
               2 if unicodedata.east_asian_width(c) in "WF" and c < "\ufff0" else 1 for c in text)


def check_text(what, data, count):
    for width in (40, 80, 133):
        text = shown(f"{what}, text of {width}", data, "--width", width, "--all", "--no-findings",
                     "--no-fold", "--attrs", "*", "--events", "--links")
        wide = [line for line in text.splitlines() if cells(line) > width and " spans, " not in line]
        harness.ok(not wide, f"{what}: no line is wider than {width}", *wide[:3])
    plain = shown(what + ", ASCII", data, "--ascii", "--all")
    harness.ok(plain.isascii(), f"{what}: ASCII is ASCII")
    text = shown(what + ", rows", data, "--all", "--no-findings", "--no-fold")
    # headers have two lines each and a blank between them, titles one
    rows = [line for line in text.splitlines() if re.search(r"[0-9] +-?[0-9.]+( +-?[0-9<]+%)?$", line)]
    harness.ok(len(rows) >= count, f"{what}: a row for each span", len(rows), count)


def once(pairs):
    """An object, no key of which may come twice: readers keep the last only."""
    harness.ok(len(dict(pairs)) == len(pairs), "no key comes twice", pairs)
    return dict(pairs)


def check_json(what, data, spans):
    traces = [json.loads(line, object_pairs_hook=once)
              for line in shown(what + ", json", data, "--to", "json").splitlines()]  # fmt: skip
    seen = []

    def walk(nodes):
        for node in nodes:
            seen.append(node["span_id"])
            walk(node.get("children", []))

    for trace in traces:
        walk(trace["tree"])
        seen += [node["span_id"] for node in trace.get("deeper", [])]
        total = sum(round(1e6 * part["self_ms"]) for part in trace["critical_path"])
        harness.ok(total == max(round(1e6 * trace["duration_ms"]), 0),
                   f"{what}: the critical path is the root's time", total, trace["duration_ms"])
        known = {span["span_id"] for span in spans if span["trace_id"] == trace["trace_id"]}
        harness.ok(all(set(found["span_ids"]) <= known for found in trace["findings"]),
                   f"{what}: findings name spans of their trace")
    harness.ok(sorted(seen) == sorted(span["span_id"] for span in spans),
               f"{what}: each span stands in the tree once")


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.blocks, self.policy, self.inside = [], [], None, None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append(tag)
        self.inside = (tag, values.get("type")) if tag in ("script", "style") else None
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        assert not any(key.startswith("on") or key in ("src", "href", "style") for key in values)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.blocks.append((*self.inside, data))


def check_html(what, data, spans):
    text = shown(what + ", html", data, "--to", "html", "--all")
    page = Page()
    page.feed(text)
    blocks = [json.loads(block) for tag, kind, block in page.blocks if kind]
    harness.ok(set(page.tags) == {"html", "head", "meta", "title", "style", "body", "noscript", "script"}
               and page.tags.count("script") == len(blocks) + 1, f"{what}: no markup from names", page.tags)
    hashes = [base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
              for tag, kind, block in page.blocks if not kind]
    harness.ok(len(hashes) == 2 and all(f"'sha256-{digest}'" in page.policy for digest in hashes)
               and page.policy.startswith("default-src 'none';") and "unsafe" not in page.policy,
               f"{what}: the policy allows what is there, and nothing else", page.policy, hashes)
    names = sorted(span["name"] for block in blocks for span in block["spans"])
    harness.ok(names == sorted(span["name"] for span in spans), f"{what}: the page has every name as it is")
    harness.ok(all(len(block["colours"]) == len(block["services"]) and max(block["colours"]) < 12
                   for block in blocks), f"{what}: every service has a colour of the page")


def check_perfetto(what, data, count):
    events = json.loads(shown(what + ", perfetto", data, "--to", "perfetto"))["traceEvents"]
    slices = [event for event in events if event["ph"] == "X"]
    harness.ok(len(slices) == count, f"{what}: a slice for each span", len(slices), count)
    lanes, bad = {}, []
    for event in slices:
        start = round(event["ts"] * 1000)
        lanes.setdefault((event["pid"], event["tid"]), []).append((start, -round(event["dur"] * 1000)))
    for lane in lanes.values():
        open_ends = []
        for start, duration in sorted(lane):
            while open_ends and open_ends[-1] <= start:
                open_ends.pop()
            if open_ends and start - duration > open_ends[-1]:
                bad.append((start, duration))
            open_ends.append(start - duration)
    harness.ok(not bad, f"{what}: slices of a lane nest", bad[:3])
    begun = sorted(event["id"] for event in events if event["ph"] == "s")
    harness.ok(begun == sorted(event["id"] for event in events if event["ph"] == "f")
               and len(set(begun)) == len(begun), f"{what}: every arrow has two ends")


def check_markup(what, data, form, allowed):
    text = shown(f"{what}, {form}", data, "--to", form)
    try:
        tags = {node.tag.split("}")[-1] for node in xml.etree.ElementTree.fromstring(text).iter()}
    except xml.etree.ElementTree.ParseError as error:
        tags = {str(error)}
    harness.ok(tags <= allowed, f"{what}: {form} is well-formed, with its own elements alone", tags)


def check_lines(what, data, form, pattern):
    lines = shown(f"{what}, {form}", data, "--to", form).splitlines()
    odd = [line for line in lines if not re.fullmatch(pattern, line)]
    harness.ok(not odd, f"{what}: {form} has lines of its own alone", *odd[:3])


def check_markdown(what, data):
    lines = shown(what + ", markdown", data, "--to", "markdown").splitlines()
    fences = [line for line in lines if re.fullmatch("`{3,}", line)]
    longest = max(len(run) for line in lines[3:-1] for run in re.findall("`+", line) + [""])
    harness.ok(lines[2] == lines[-1] and set(lines[2]) == {"`"} and longest < len(lines[2]),
               f"{what}: nothing ends the block of markdown", fences, longest)


def check_dot(what, data):
    text = shown(what + ", dot", data, "--to", "dot")
    odd = [line for line in text.splitlines()[3:-1] if not re.fullmatch(
        r'  n\d+ (-> n\d+|\[label="([^"\\]|\\.)*"(, style=dashed)?(, color=red)?(, penwidth=2)?\]);', line)]
    harness.ok(not odd, f"{what}: dot has nodes and edges alone", *odd[:3])
    if harness.installed("dot"):
        drawn = harness.run("dot", "-Tplain", data=text.encode())
        harness.ok(drawn.status == 0, f"{what}: graphviz draws it", drawn)


for name, content in INPUTS.items():
    known = spans_of(content)
    check_text(name, content, len(known))
    check_json(name, content, known)
    check_html(name, content, known)
    check_perfetto(name, content, len(known))
    check_markup(name, content, "svg", {"svg", "style", "title", "text", "rect"})
    check_markup(name, content, "junit", {"testsuites", "testsuite", "testcase", "failure", "system-out"})
    check_lines(name, content, "folded", r"[^;]*(;[^;]*)* \d+")
    check_lines(name, content, "mermaid",
                r"sequenceDiagram|    participant s\d+ as ([^;#]|#\d+;)+|    s\d+(->>|-x)s\d+: ([^;#]|#\d+;)+")
    check_lines(name, content, "github", r"::(notice|warning|error) title=[^:,]*::.*")
    check_markdown(name, content)
    check_dot(name, content)
    scope = json.loads(shown(name + ", speedscope", content, "--to", "speedscope"))
    profile = scope["profiles"][0]
    harness.ok(len(profile["samples"]) == len(profile["weights"])
               and sum(profile["weights"]) == profile["endValue"]
               and all(frame < len(scope["shared"]["frames"]) for stack in profile["samples"] for frame in stack),
               f"{name}: speedscope's profile adds up")
harness.done()
