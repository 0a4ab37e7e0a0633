/* The keys of what stands around records: ResourceSpans, ScopeSpans and their like of logs. */
#include "otlp_walk.h"

/* Offsets only tell the fields apart: the walk itself fills what they are for. */
static const struct field resource_spans_fields[] = {
	FIELD("resource", FIELD_RESOURCE, 0),
	FIELD("scopeSpans", FIELD_SCOPES, 4),
	FIELD("schemaUrl", FIELD_SCHEMA_URL, 8),
	FIELD_ODD("instrumentationLibrarySpans", FIELD_SCOPES, 4, SL_NOTE_OLD_SCOPE_KEY),
	FIELD_ODD("deprecatedScopeSpans", FIELD_SCOPES, 4, SL_NOTE_OLD_SCOPE_KEY),
};
const struct message resource_spans_message = MESSAGE(resource_spans_fields);

static const struct field scope_spans_fields[] = {
	FIELD("scope", FIELD_SCOPE, 0),
	FIELD("spans", FIELD_RECORDS, 4),
	FIELD("schemaUrl", FIELD_SCHEMA_URL, 8),
	FIELD_ODD("instrumentationLibrary", FIELD_SCOPE, 0, SL_NOTE_OLD_SCOPE_KEY),
};
const struct message scope_spans_message = MESSAGE(scope_spans_fields);

static const struct field resource_logs_fields[] = {
	FIELD("resource", FIELD_RESOURCE, 0),
	FIELD("scopeLogs", FIELD_SCOPES, 4),
	FIELD("schemaUrl", FIELD_SCHEMA_URL, 8),
	FIELD_ODD("instrumentationLibraryLogs", FIELD_SCOPES, 4, SL_NOTE_OLD_SCOPE_KEY),
	FIELD_ODD("deprecatedScopeLogs", FIELD_SCOPES, 4, SL_NOTE_OLD_SCOPE_KEY),
};
const struct message resource_logs_message = MESSAGE(resource_logs_fields);

static const struct field scope_logs_fields[] = {
	FIELD("scope", FIELD_SCOPE, 0),
	FIELD("logRecords", FIELD_RECORDS, 4),
	FIELD("schemaUrl", FIELD_SCHEMA_URL, 8),
	FIELD_ODD("instrumentationLibrary", FIELD_SCOPE, 0, SL_NOTE_OLD_SCOPE_KEY),
	FIELD_ODD("logs", FIELD_RECORDS, 4, SL_NOTE_OLD_SCOPE_KEY),
};
const struct message scope_logs_message = MESSAGE(scope_logs_fields);
