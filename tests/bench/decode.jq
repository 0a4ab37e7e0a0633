# What otlp-decode does, as a user of jq would write it; for timing only: it keeps fewer types.
def plain:
  if has("arrayValue") then .arrayValue.values // [] | map(plain)
  elif has("kvlistValue") then .kvlistValue.values // [] | map({key, value: (.value | plain)}) | from_entries
  elif has("intValue") then .intValue | tonumber
  else to_entries[0].value end;
def attributes: . // [] | map({key, value: (.value | plain)}) | from_entries;
def kinds: ["unspecified", "internal", "server", "client", "producer", "consumer"];
def statuses: ["unset", "ok", "error"];
.resourceSpans[]
| (.resource.attributes | attributes) as $resource
| .scopeSpans[]
| .scope as $scope
| .spans[]
| {
    trace_id: .traceId, span_id: .spanId, parent_span_id: .parentSpanId, name,
    service: $resource["service.name"],
    kind: kinds[.kind], status: statuses[.status.code // 0], status_message: .status.message,
    start: (.startTimeUnixNano[:10] | tonumber | todate),
    duration_ms: (((.endTimeUnixNano | tonumber) - (.startTimeUnixNano | tonumber)) / 1e6),
    start_unix_nano: .startTimeUnixNano, end_unix_nano: .endTimeUnixNano, flags,
    attributes: (.attributes | attributes),
    events: (.events // [] | map({time_unix_nano: .timeUnixNano, name, attributes: (.attributes | attributes)})),
    scope: $scope,
    resource: {attributes: ($resource | del(.["service.name"]))}
  }
