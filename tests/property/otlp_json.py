"""Strict OTLP/JSON into the records of otlp.py: any liberty that the specification does not give
is an error here."""

import base64
import json

import otlp


class NotStrict(ValueError):
    pass


def check(claim, what):
    if not claim:
        raise NotStrict(what)


def text(content):
    check(isinstance(content, str), f"{content!r} is no string")
    return content.encode()


def hexadecimal(content):
    check(isinstance(content, str) and content == content.lower(), f"id {content!r}")
    return bytes.fromhex(content)


def long(content, least, most):
    check(isinstance(content, str) and content == str(int(content)), f"64 bits as {content!r}")
    check(least <= int(content) <= most, f"{content} is out of range")
    return int(content)


def unsigned64(content):
    return long(content, 0, 2**64 - 1)


def number(content):
    check(type(content) is int and -(2**31) <= content < 2**32, f"32 bits as {content!r}")
    return content


def double(content):
    if content in ("NaN", "Infinity", "-Infinity"):
        return float(content)
    check(type(content) in (int, float), f"double as {content!r}")
    return float(content)


def boolean(content):
    check(type(content) is bool, f"bool as {content!r}")
    return content


VALUES = {
    "stringValue": lambda content: ("string", text(content)),
    "boolValue": lambda content: ("bool", boolean(content)),
    "intValue": lambda content: ("int", long(content, -(2**63), 2**63 - 1)),
    "doubleValue": lambda content: ("double", double(content)),
    "bytesValue": lambda content: ("bytes", base64.b64decode(text(content), validate=True)),
    "arrayValue": lambda content: ("array", [value(item) for item in listed(content, "values")]),
    "kvlistValue": lambda content: ("kvlist", attributes(listed(content, "values"))),
}


def listed(content, key):
    check(isinstance(content, dict) and set(content) <= {key}, f"list as {content!r}")
    return content.get(key, [])


def value(content):
    check(isinstance(content, dict) and len(content) <= 1, f"value {content!r}")
    for key, inner in content.items():
        check(key in VALUES, f"value {key}")
        return VALUES[key](inner)
    return otlp.EMPTY


def attributes(items):
    check(isinstance(items, list), "attributes are no array")
    for item in items:
        check(set(item) <= {"key", "value"}, f"attribute {item!r}")
    return [(text(item.get("key", "")), value(item.get("value", {}))) for item in items]


def many(reader):
    return lambda items: [reader(item) for item in items]


def message(**rows):
    """A reader of objects; each row names a key, ours and its reader."""

    def read(content):
        check(isinstance(content, dict), f"{content!r} is no object")
        out = {}
        for key, inner in content.items():
            check(key in rows, f"unknown field {key}")
            name, reader = rows[key]
            out[name] = reader(inner)
        return out

    return read


ATTRIBUTES = {
    "attributes": ("attributes", attributes),
    "droppedAttributesCount": ("dropped_attributes_count", number),
}
ENTITY_REF = message(
    schemaUrl=("schema_url", text),
    type=("type", text),
    idKeys=("id_keys", many(text)),
    descriptionKeys=("description_keys", many(text)),
)
RESOURCE = message(entityRefs=("entity_refs", many(ENTITY_REF)), **ATTRIBUTES)
SCOPE = message(name=("name", text), version=("version", text), **ATTRIBUTES)
EVENT = message(
    timeUnixNano=("time_unix_nano", unsigned64),
    name=("name", text),
    **ATTRIBUTES,
)
LINK = message(
    traceId=("trace_id", hexadecimal),
    spanId=("span_id", hexadecimal),
    traceState=("trace_state", text),
    flags=("flags", number),
    **ATTRIBUTES,
)
STATUS = message(message=("message", text), code=("code", number))
SPAN = message(
    traceId=("trace_id", hexadecimal),
    spanId=("span_id", hexadecimal),
    traceState=("trace_state", text),
    parentSpanId=("parent_span_id", hexadecimal),
    name=("name", text),
    kind=("kind", number),
    startTimeUnixNano=("start_time_unix_nano", unsigned64),
    endTimeUnixNano=("end_time_unix_nano", unsigned64),
    events=("events", many(EVENT)),
    droppedEventsCount=("dropped_events_count", number),
    links=("links", many(LINK)),
    droppedLinksCount=("dropped_links_count", number),
    status=("status", STATUS),
    flags=("flags", number),
    **ATTRIBUTES,
)


def unique(pairs):
    keys = [key for key, _ in pairs]
    check(len(set(keys)) == len(keys), f"repeated keys in {keys}")
    return dict(pairs)


def header(content, key, reader):
    out = reader(content[key]) if key in content else {"absent": True}
    out["schema_url"] = text(content.get("schemaUrl", ""))
    return out


def decode_document(line):
    """One request, as bytes."""
    document = json.loads(line.decode(), object_pairs_hook=unique)
    check(set(document) == {"resourceSpans"}, f"keys {set(document)}")
    records = []
    for resource_spans in document["resourceSpans"]:
        check(set(resource_spans) <= {"resource", "scopeSpans", "schemaUrl"}, "ResourceSpans")
        resource = header(resource_spans, "resource", RESOURCE)
        for scope_spans in resource_spans["scopeSpans"]:
            check(set(scope_spans) <= {"scope", "spans", "schemaUrl"}, "ScopeSpans")
            scope = header(scope_spans, "scope", SCOPE)
            records += [(resource, scope, SPAN(span)) for span in scope_spans["spans"]]
    return records


def replaced(content):
    """What is left of a record in JSON: invalid UTF-8 as U+FFFD.  Ids and bytes keep theirs."""
    if isinstance(content, dict):
        return {
            key: item if key.endswith("_id") else replaced(item) for key, item in content.items()
        }
    if isinstance(content, list):
        return [replaced(item) for item in content]
    if isinstance(content, tuple):
        first, second = content
        if isinstance(first, bytes):
            return replaced(first), replaced(second)
        return first, second if first == "bytes" else replaced(second)
    if isinstance(content, bytes):
        return content.decode(errors="replace").encode()
    return content
