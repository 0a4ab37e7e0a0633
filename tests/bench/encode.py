#!/usr/bin/python3
"""What encoding is measured against: span lines to OTLP requests of 8,192 spans, by Google's
protobuf; prints how many spans and bytes there were.

usage: encode.py DESCRIPTORS FILE      descriptors of OTLP, as protoc writes them"""

import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
CODES = {"unset": 0, "ok": 1, "error": 2}


def request_class(path):
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        files.ParseFromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for one in files.file:
        pool.Add(one)
    name = pool.FindMessageTypeByName("spanline.ExportTraceServiceRequest")
    return message_factory.MessageFactory(pool).GetPrototype(name)


def fill_value(value, to):
    if isinstance(value, str):
        to.string_value = value
    elif isinstance(value, bool):
        to.bool_value = value
    elif isinstance(value, int):
        to.int_value = value
    elif isinstance(value, float):
        to.double_value = value
    elif isinstance(value, list):
        to.array_value.SetInParent()
        for item in value:
            fill_value(item, to.array_value.values.add())
    elif isinstance(value, dict):
        to.kvlist_value.SetInParent()
        fill_attributes(value, to.kvlist_value.values)


def fill_attributes(attributes, to):
    for key, value in attributes.items():
        item = to.add()
        item.key = key
        fill_value(value, item.value)


def fill_span(line, to):
    to.trace_id = bytes.fromhex(line["trace_id"])
    to.span_id = bytes.fromhex(line["span_id"])
    if "parent_span_id" in line:
        to.parent_span_id = bytes.fromhex(line["parent_span_id"])
    to.name = line["name"]
    to.kind = KINDS.get(line.get("kind"), 0)
    to.start_time_unix_nano = int(line["start_unix_nano"])
    to.end_time_unix_nano = int(line["end_unix_nano"])
    to.trace_state = line.get("trace_state", "")
    to.flags = line.get("flags", 0)
    fill_attributes(line.get("attributes", {}), to.attributes)
    for event in line.get("events", ()):
        item = to.events.add()
        item.time_unix_nano = int(event["time_unix_nano"])
        item.name = event.get("name", "")
        fill_attributes(event.get("attributes", {}), item.attributes)
    for link in line.get("links", ()):
        item = to.links.add()
        item.trace_id = bytes.fromhex(link["trace_id"])
        item.span_id = bytes.fromhex(link["span_id"])
        fill_attributes(link.get("attributes", {}), item.attributes)
    code = CODES[line["status"]]
    if code != 0:
        to.status.code = code
        to.status.message = line.get("status_message", "")


class Batch:
    """A request, its resources and scopes by what they hold."""

    def __init__(self, kind):
        self.request, self.scopes, self.resources = kind(), {}, {}

    def scope_of(self, line):
        resource, scope = line.get("resource", {}), line.get("scope", {})
        of_resource = (line.get("service"), json.dumps(resource))
        key = (of_resource, json.dumps(scope))
        if key not in self.scopes:
            if of_resource not in self.resources:
                made = self.resources[of_resource] = self.request.resource_spans.add()
                attributes = resource.get("attributes", {})
                if "service" in line:
                    attributes = {"service.name": line["service"], **attributes}
                fill_attributes(attributes, made.resource.attributes)
            made = self.scopes[key] = self.resources[of_resource].scope_spans.add()
            made.scope.name = scope.get("name", "")
            made.scope.version = scope.get("version", "")
        return self.scopes[key].spans.add()


def main():
    kind = request_class(sys.argv[1])
    batch, count, spans, size = Batch(kind), 0, 0, 0
    with open(sys.argv[2], "rb") as file:
        for text in file:
            line = json.loads(text)
            fill_span(line, batch.scope_of(line))
            count += 1
            spans += 1
            if count == 8192:
                size += len(batch.request.SerializeToString())
                batch, count = Batch(kind), 0
    size += len(batch.request.SerializeToString())
    print(spans, size)


main()
