"""OTLP traces as protobuf, written and read with nothing but the public field numbers: the oracle.

A request is a list of (resource, scope, span) records.  Resource, scope and span are dicts with
only what is not default; None is a message that is absent.  Strings and ids are bytes.  A value is
a pair (type, content); attributes are lists of (key, value), in order, repeated keys included.
"""

import struct

EMPTY = ("empty", None)


# Encoding


def varint(number):
    out = bytearray()
    number &= (1 << 64) - 1
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field_varint(field, number):
    return varint(field << 3) + varint(number)


def field_bytes(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def field_fixed64(field, number):
    return varint(field << 3 | 1) + struct.pack("<Q", number)


def field_fixed32(field, number):
    return varint(field << 3 | 5) + struct.pack("<I", number)


def encode_value(value):
    kind, content = value
    if kind == "empty":
        return b""
    if kind == "string":
        return field_bytes(1, content)
    if kind == "bool":
        return field_varint(2, int(content))
    if kind == "int":
        return field_varint(3, content)
    if kind == "double":
        return varint(4 << 3 | 1) + struct.pack("<d", content)
    if kind == "array":
        return field_bytes(5, b"".join(field_bytes(1, encode_value(item)) for item in content))
    if kind == "kvlist":
        return field_bytes(6, encode_attributes(1, content))
    if kind == "bytes":
        return field_bytes(7, content)
    raise ValueError(kind)


def encode_attributes(field, attributes):
    return b"".join(
        field_bytes(field, field_bytes(1, key) + field_bytes(2, encode_value(value)))
        for key, value in attributes
    )


# Each row: key of the dict, field number, how it is encoded.  Read and written by the same table,
# which is that of the .proto files.

ENTITY_REF = [
    ("schema_url", 1, "bytes"),
    ("type", 2, "bytes"),
    ("id_keys", 3, "many bytes"),
    ("description_keys", 4, "many bytes"),
]
RESOURCE = [
    ("attributes", 1, "attributes"),
    ("dropped_attributes_count", 2, "varint"),
    ("entity_refs", 3, "many messages", ENTITY_REF),
]
SCOPE = [
    ("name", 1, "bytes"),
    ("version", 2, "bytes"),
    ("attributes", 3, "attributes"),
    ("dropped_attributes_count", 4, "varint"),
]
EVENT = [
    ("time_unix_nano", 1, "fixed64"),
    ("name", 2, "bytes"),
    ("attributes", 3, "attributes"),
    ("dropped_attributes_count", 4, "varint"),
]
LINK = [
    ("trace_id", 1, "bytes"),
    ("span_id", 2, "bytes"),
    ("trace_state", 3, "bytes"),
    ("attributes", 4, "attributes"),
    ("dropped_attributes_count", 5, "varint"),
    ("flags", 6, "fixed32"),
]
STATUS = [("message", 2, "bytes"), ("code", 3, "varint")]
SPAN = [
    ("trace_id", 1, "bytes"),
    ("span_id", 2, "bytes"),
    ("trace_state", 3, "bytes"),
    ("parent_span_id", 4, "bytes"),
    ("name", 5, "bytes"),
    ("kind", 6, "varint"),
    ("start_time_unix_nano", 7, "fixed64"),
    ("end_time_unix_nano", 8, "fixed64"),
    ("attributes", 9, "attributes"),
    ("dropped_attributes_count", 10, "varint"),
    ("events", 11, "many messages", EVENT),
    ("dropped_events_count", 12, "varint"),
    ("links", 13, "many messages", LINK),
    ("dropped_links_count", 14, "varint"),
    ("status", 15, "message", STATUS),
    ("flags", 16, "fixed32"),
]
SIGNED = {"kind", "code"}


def encode_message(table, message):
    out = bytearray()
    for key, field, how, *inner in table:
        content = message.get(key)
        if content is None:
            continue
        if how == "bytes":
            out += field_bytes(field, content)
        elif how == "varint":
            out += field_varint(field, content)
        elif how == "fixed64":
            out += field_fixed64(field, content)
        elif how == "fixed32":
            out += field_fixed32(field, content)
        elif how == "attributes":
            out += encode_attributes(field, content)
        elif how == "many bytes":
            out += b"".join(field_bytes(field, item) for item in content)
        elif how == "message":
            out += field_bytes(field, encode_message(inner[0], content))
        else:
            out += b"".join(field_bytes(field, encode_message(inner[0], item)) for item in content)
    return bytes(out)


def without(message, key):
    """The message's own fields, or None where there is none but `key`."""
    rest = {name: content for name, content in message.items() if name != key}
    return None if rest.pop("absent", False) else rest


def encode_group(table, header, number, inside):
    own = without(header, "schema_url")
    out = b"" if own is None else field_bytes(1, encode_message(table, own))
    out += b"".join(field_bytes(number, item) for item in inside)
    if "schema_url" in header:
        out += field_bytes(3, header["schema_url"])
    return out


def encode_request(records):
    """One ResourceSpans and ScopeSpans for each run of records with the same two."""
    resources = []
    for resource, scope, span in records:
        if not resources or resources[-1][0] is not resource:
            resources.append((resource, []))
        scopes = resources[-1][1]
        if not scopes or scopes[-1][0] is not scope:
            scopes.append((scope, []))
        scopes[-1][1].append(encode_message(SPAN, span))
    return b"".join(
        field_bytes(
            1,
            encode_group(
                RESOURCE, resource, 2, [encode_group(SCOPE, scope, 2, spans) for scope, spans in scopes]
            ),
        )
        for resource, scopes in resources
    )


# Decoding


def read_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number & (1 << 64) - 1, at
        shift += 7
        if shift > 63:
            raise ValueError("varint too long")


def fields(data):
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        field, wire_type = tag >> 3, tag & 7
        if wire_type == 0:
            content, at = read_varint(data, at)
        elif wire_type == 1:
            (content,), at = struct.unpack_from("<Q", data, at), at + 8
        elif wire_type == 2:
            size, at = read_varint(data, at)
            if at + size > len(data):
                raise ValueError("cut")
            content, at = data[at : at + size], at + size
        elif wire_type == 5:
            (content,), at = struct.unpack_from("<I", data, at), at + 4
        else:
            raise ValueError(f"wire type {wire_type}")
        yield field, wire_type, content


def signed(number, bits):
    number &= (1 << bits) - 1
    return number - (1 << bits) if number >> (bits - 1) else number


def decode_value(data):
    value = EMPTY
    for field, _, content in fields(data):
        if field == 1:
            value = ("string", content)
        elif field == 2:
            value = ("bool", content != 0)
        elif field == 3:
            value = ("int", signed(content, 64))
        elif field == 4:
            value = ("double", struct.unpack("<d", struct.pack("<Q", content))[0])
        elif field == 5:
            value = ("array", [decode_value(item) for _, _, item in fields(content)])
        elif field == 6:
            value = ("kvlist", [decode_key_value(item) for _, _, item in fields(content)])
        elif field == 7:
            value = ("bytes", content)
    return value


def decode_key_value(data):
    key, value = b"", EMPTY
    for field, _, content in fields(data):
        if field == 1:
            key = content
        elif field == 2:
            value = decode_value(content)
    return key, value


def decode_message(table, data):
    rows = {row[1]: row for row in table}
    message = {}
    for number, _, content in fields(data):
        key, _, how, *inner = rows[number]
        if how == "attributes":
            message.setdefault(key, []).append(decode_key_value(content))
        elif how == "many bytes":
            message.setdefault(key, []).append(content)
        elif how == "many messages":
            message.setdefault(key, []).append(decode_message(inner[0], content))
        elif how == "message":
            message[key] = decode_message(inner[0], content)
        else:
            message[key] = signed(content, 32) if key in SIGNED else content
    return message


def decode_group(table, data):
    header, inside = None, []
    schema_url = b""
    for field, _, content in fields(data):
        if field == 1:
            header = decode_message(table, content)
        elif field == 2:
            inside.append(content)
        elif field == 3:
            schema_url = content
    header = {"absent": True} if header is None else header
    header["schema_url"] = schema_url
    return header, inside


def decode_request(data):
    records = []
    for field, _, content in fields(data):
        if field != 1:
            raise ValueError(f"field {field} in a request")
        resource, scopes = decode_group(RESOURCE, content)
        for scope_spans in scopes:
            scope, spans = decode_group(SCOPE, scope_spans)
            records += [(resource, scope, decode_message(SPAN, span)) for span in spans]
    return records


# Comparing


def freeze(content):
    """Hashable, equal where the protocol says equal: attributes in any order, defaults absent."""
    if isinstance(content, dict):
        items = {key: freeze(item) for key, item in content.items()}
        return tuple(sorted((k, v) for k, v in items.items() if v not in (b"", 0, (), False)))
    if isinstance(content, tuple):
        kind, inner = content
        if kind == "double":
            return (kind, struct.pack(">d", inner) if inner == inner else b"nan")
        if kind == "kvlist":
            return (kind, freeze_attributes(inner))
        if kind == "array":
            return (kind, tuple(freeze(item) for item in inner))
        return (kind, repr(inner))
    if isinstance(content, list):
        if content and isinstance(content[0], tuple):
            return freeze_attributes(content)
        return tuple(freeze(item) for item in content)
    return content


def freeze_attributes(attributes):
    return tuple(sorted(((key, freeze(value)) for key, value in attributes), key=repr))


def freeze_record(record):
    resource, scope, span = record
    return freeze(resource), freeze(scope), freeze(span)
