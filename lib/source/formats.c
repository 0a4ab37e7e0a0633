/* The table of input formats.  A new one: a row here, its rule in sniff.c, its framer. */
#include "source.h"

const struct sl_format_row sl_formats[] = {
	[SL_FORMAT_AUTO] = { "auto", "found by the first bytes" },
	[SL_FORMAT_JSON] = { "json", "JSON in any layout: OTLP requests and span lines" },
	[SL_FORMAT_PB] = { "pb", "one protobuf request, or several without anything between" },
	[SL_FORMAT_BE32] = { "be32", "requests behind a 4-byte big-endian length (Collector)" },
	[SL_FORMAT_VARINT] = { "varint", "requests behind a varint length" },
	[SL_FORMAT_GRPC] = { "grpc", "requests in gRPC's frames" },
	[SL_FORMAT_HTTP] = { "http", "raw HTTP/1.1 requests" },
	[SL_FORMAT_LOGS] = { "logs", "requests in the lines of a log (Docker, CRI, Java, stdout)" },
	[SL_FORMAT_FOREIGN + SL_FOREIGN_JAEGER] = { "jaeger", "Jaeger's JSON, any of its forms" },
	[SL_FORMAT_FOREIGN + SL_FOREIGN_ZIPKIN] = { "zipkin", "Zipkin's JSON, v2 or v1" },
	[SL_FORMAT_FOREIGN +
		SL_FOREIGN_STDOUTTRACE] = { "stdouttrace", "what Go's stdouttrace prints" },
	[SL_FORMAT_FOREIGN +
		SL_FOREIGN_CONSOLE] = { "console", "what Python's ConsoleSpanExporter prints" },
	[SL_FORMAT_FOREIGN +
		SL_FOREIGN_DATADOG] = { "datadog", "JSON of Datadog's agent and tracers" },
	[SL_FORMAT_FOREIGN + SL_FOREIGN_TEMPO_SEARCH] = { "tempo-search",
							  "spans in an answer of Tempo's search" },
	[SL_FORMAT_FOREIGN +
		SL_FOREIGN_FLAT] = { "flat", "flat records, as Honeycomb's; see --map" },
	[SL_FORMAT_FOREIGN + SL_FOREIGN_EVENT] = { "event", "requests in events of AWS" },
};

framer *const framers[] = {
	[SL_FORMAT_JSON] = frame_json,
	[SL_FORMAT_PB] = frame_fields,
	[SL_FORMAT_BE32] = frame_length,
	[SL_FORMAT_VARINT] = frame_length,
	[SL_FORMAT_GRPC] = frame_length,
	[SL_FORMAT_HTTP] = frame_http,
	[SL_FORMAT_LOGS] = frame_logs,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_JAEGER] = frame_foreign,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_ZIPKIN] = frame_foreign,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_STDOUTTRACE] = frame_foreign,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_CONSOLE] = frame_foreign,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_DATADOG] = frame_foreign,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_TEMPO_SEARCH] = frame_foreign,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_FLAT] = frame_foreign,
	[SL_FORMAT_FOREIGN + SL_FOREIGN_EVENT] = frame_foreign,
};

enum sl_format sl_format_find(const char *name)
{
	for (unsigned i = 0; i < SL_FORMAT_COUNT; i++)
		if (strcmp(sl_formats[i].name, name) == 0)
			return (enum sl_format)i;
	return SL_FORMAT_COUNT;
}
