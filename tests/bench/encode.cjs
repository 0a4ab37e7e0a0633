// What encoding is measured against: span lines to OTLP requests of 8,192 spans, by protobufjs;
// prints how many spans and bytes there were.
//
// usage: node encode.cjs PROTO FILE      protobufjs is in $SPANLINE_NODE_MODULES
'use strict';
const fs = require('fs');
const path = require('path');
const modules = process.env.SPANLINE_NODE_MODULES;
const protobuf = require(path.join(modules, 'protobufjs'));
const Long = require(path.join(modules, 'long'));

const Request = protobuf.parse(fs.readFileSync(process.argv[2], 'utf8')).root
	.lookupType('spanline.ExportTraceServiceRequest');
const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const codes = { unset: 0, ok: 1, error: 2 };

function valueOf(value) {
	switch (typeof value) {
	case 'string':
		return { stringValue: value };
	case 'boolean':
		return { boolValue: value };
	case 'number':
		return Number.isInteger(value) ? { intValue: Long.fromNumber(value) }
			: { doubleValue: value };
	default:
		if (value === null)
			return {};
		return Array.isArray(value) ? { arrayValue: { values: value.map(valueOf) } }
			: { kvlistValue: { values: attributesOf(value) } };
	}
}

function attributesOf(attributes) {
	const list = [];
	for (const key in attributes)
		list.push({ key, value: valueOf(attributes[key]) });
	return list;
}

const bytes = hex => Buffer.from(hex, 'hex');
const time = text => Long.fromString(text, true);

function spanOf(line) {
	const span = {
		traceId: bytes(line.trace_id),
		spanId: bytes(line.span_id),
		name: line.name,
		kind: kinds[line.kind] || 0,
		startTimeUnixNano: time(line.start_unix_nano),
		endTimeUnixNano: time(line.end_unix_nano),
		attributes: attributesOf(line.attributes),
	};
	if (line.parent_span_id)
		span.parentSpanId = bytes(line.parent_span_id);
	if (line.trace_state)
		span.traceState = line.trace_state;
	if (line.flags)
		span.flags = line.flags;
	if (line.events)
		span.events = line.events.map(event => ({
			timeUnixNano: time(event.time_unix_nano), name: event.name,
			attributes: attributesOf(event.attributes),
		}));
	if (line.links)
		span.links = line.links.map(link => ({
			traceId: bytes(link.trace_id), spanId: bytes(link.span_id),
			attributes: attributesOf(link.attributes),
		}));
	if (line.status !== 'unset')
		span.status = { code: codes[line.status], message: line.status_message };
	return span;
}

let request, resources, scopes, count, spans = 0, size = 0;

function begin() {
	request = { resourceSpans: [] };
	resources = new Map();
	scopes = new Map();
	count = 0;
}

function scopeOf(line) {
	const ofResource = line.service + JSON.stringify(line.resource);
	const key = ofResource + JSON.stringify(line.scope);
	let scope = scopes.get(key), resource = resources.get(ofResource);
	if (scope)
		return scope;
	if (!resource) {
		const attributes = attributesOf((line.resource || {}).attributes);
		if (line.service !== undefined)
			attributes.unshift({ key: 'service.name', value: valueOf(line.service) });
		resource = { resource: { attributes }, scopeSpans: [] };
		resources.set(ofResource, resource);
		request.resourceSpans.push(resource);
	}
	scope = { scope: line.scope, spans: [] };
	scopes.set(key, scope);
	resource.scopeSpans.push(scope);
	return scope;
}

function take(text) {
	const line = JSON.parse(text);
	scopeOf(line).spans.push(spanOf(line));
	spans++;
	if (++count === 8192)
		flush();
}

function flush() {
	size += Request.encode(request).finish().length;
	begin();
}

const file = fs.openSync(process.argv[3]);
const room = Buffer.allocUnsafe(1 << 20);
let rest = Buffer.alloc(0);
begin();
for (let got; (got = fs.readSync(file, room)) > 0;) {
	let from = 0, end;
	const piece = Buffer.concat([rest, room.subarray(0, got)]);
	while ((end = piece.indexOf(10, from)) >= 0) {
		take(piece.toString('utf8', from, end));
		from = end + 1;
	}
	rest = piece.subarray(from);
}
flush();
console.log(`${spans} ${size}`);
