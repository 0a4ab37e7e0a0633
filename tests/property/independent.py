#!/usr/bin/env python3
"""What otlp-encode writes, read by Google's protobuf with the public field numbers."""

import gzip
import os
import struct
import sys

try:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError:
    # A python3 in PATH may not be the one that the system's packages are for.
    if os.path.exists("/usr/bin/python3") and sys.executable != "/usr/bin/python3":
        os.execv("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv)
    descriptor_pb2 = None

import otlp
from adversary import Adversary
from harness import decode, done, encode, ok, setting, skip

SPANS = setting("INDEPENDENT_SPANS", 1000)
TYPES = {"bytes": 12, "fixed64": 6, "fixed32": 7, "int32": 5, "uint32": 13, "bool": 8, "int64": 3,
         "double": 1, "message": 11}  # fmt: skip

# The values; what holds spans; all else is in the tables of otlp.py.  Strings are declared bytes,
# which is the same on the wire and shows what is not UTF-8.
VALUES = {
    "AnyValue": [("string", 1, "bytes"), ("bool", 2, "bool"), ("int", 3, "int64"),
                 ("double", 4, "double"), ("array", 5, "ArrayValue"), ("kvlist", 6, "KvList"),
                 ("bytes", 7, "bytes")],
    "ArrayValue": [("values", 1, "many AnyValue")],
    "KvList": [("values", 1, "many KeyValue")],
    "KeyValue": [("key", 1, "bytes"), ("value", 2, "AnyValue")],
    "Request": [("resource_spans", 1, "many ResourceSpans")],
    "ResourceSpans": [("resource", 1, "Resource"), ("scope_spans", 2, "many ScopeSpans"),
                      ("schema_url", 3, "bytes")],
    "ScopeSpans": [("scope", 1, "Scope"), ("spans", 2, "many Span"), ("schema_url", 3, "bytes")],
}  # fmt: skip
TABLES = {"Resource": otlp.RESOURCE, "EntityRef": otlp.ENTITY_REF, "Scope": otlp.SCOPE,
          "Span": otlp.SPAN, "Event": otlp.EVENT, "Link": otlp.LINK, "Status": otlp.STATUS}  # fmt: skip


def own_kind(key, how, inner):
    """The type of a row of otlp.py as a row of VALUES names it."""
    if how == "attributes":
        return "many KeyValue"
    if inner:
        name = next(name for name, table in TABLES.items() if table is inner[0])
        return name if how == "message" else f"many {name}"
    if how == "varint":
        return "int32" if key in otlp.SIGNED else "uint32"
    return how


def request_class():
    file = descriptor_pb2.FileDescriptorProto(name="otlp.proto", package="otlp", syntax="proto3")
    rows = dict(VALUES)
    for name, table in TABLES.items():
        rows[name] = [(key, number, own_kind(key, how, inner)) for key, number, how, *inner in table]
    for name, fields in rows.items():
        message = file.message_type.add(name=name)
        if name == "AnyValue":
            message.oneof_decl.add(name="value")
        for key, number, kind in fields:
            field = message.field.add(name=key, number=number)
            field.label = 3 if kind.startswith("many ") else 1
            kind = kind.removeprefix("many ")
            field.type = TYPES.get(kind, TYPES["message"])
            if kind not in TYPES:
                field.type_name = f".otlp.{kind}"
            if name == "AnyValue":
                field.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(
        pool.FindMessageTypeByName("otlp.Request")
    )


def value_of(any_value):
    kind = any_value.WhichOneof("value")
    if kind is None:
        return otlp.EMPTY
    content = getattr(any_value, kind)
    if kind == "array":
        content = [value_of(item) for item in content.values]
    elif kind == "kvlist":
        content = attributes_of(content.values)
    return kind, content


def attributes_of(items):
    return [(item.key, value_of(item.value)) for item in items]


def message_of(table, message):
    out = {}
    for key, _, how, *inner in table:
        content = getattr(message, key)
        if how == "attributes":
            out[key] = attributes_of(content)
        elif how == "many bytes":
            out[key] = list(content)
        elif how == "many messages":
            out[key] = [message_of(inner[0], item) for item in content]
        elif how == "message":
            out[key] = message_of(inner[0], content)
        else:
            out[key] = content
    return out


def header_of(group, field, table):
    present = group.HasField(field)
    out = message_of(table, getattr(group, field)) if present else {"absent": True}
    out["schema_url"] = group.schema_url
    return out


def records_of(request):
    return [
        (header_of(resource, "resource", otlp.RESOURCE), header_of(scope, "scope", otlp.SCOPE),
         message_of(otlp.SPAN, span))
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]  # fmt: skip


def be32_messages(data):
    at = 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 4 + size]
        at += 4 + size


def varint_messages(data):
    at = 0
    while at < len(data):
        size, at = otlp.read_varint(data, at)
        yield data[at : at + size]
        at += size


def grpc_messages(data):
    at = 0
    while at < len(data):
        flag, size = struct.unpack_from(">BI", data, at)
        body = data[at + 5 : at + 5 + size]
        yield gzip.decompress(body) if flag else body
        at += 5 + size


FORMS = [
    ("pb", [], lambda data: [data]),
    ("be32", [], be32_messages),
    ("varint", [], varint_messages),
    ("grpc", [], grpc_messages),
    ("pb", ["-z", "gzip"], lambda data: [gzip.decompress(data)]),
]


def main():
    if descriptor_pb2 is None:
        skip("Google's protobuf", "python3-protobuf is not installed")
        done()
    request = request_class()
    records = Adversary(3).records(SPANS)
    own = otlp.encode_request(records)
    expected = sorted(map(repr, map(otlp.freeze_record, records)))
    got = sorted(map(repr, map(otlp.freeze_record, records_of(request.FromString(own)))))
    ok(got == expected, "the two independent readers agree")
    lines = decode("--from", "pb", data=own).out
    for form, options, split in FORMS:
        out = encode("--to", form, *options, data=lines)
        messages = [request.FromString(message) for message in split(out.out)]
        got = sorted(repr(otlp.freeze_record(r)) for m in messages for r in records_of(m))
        ok(out.status == 0 and got == expected, f"{' '.join([form] + options)}: read back equal", out)
    done()


main()
