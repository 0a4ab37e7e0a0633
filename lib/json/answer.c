/* Answers of OTLP servers in JSON: small documents, read by jansson. */
#include "spanline/json.h"
#include "spanline/text.h"
#include <jansson.h>

static const json_t *member(const json_t *object, const char *name, const char *original_name)
{
	const json_t *value = json_object_get(object, name);

	return value != NULL ? value : json_object_get(object, original_name);
}

static int64_t integer(const json_t *value)
{
	int64_t number = 0;

	if (json_is_integer(value))
		return json_integer_value(value);
	if (json_is_string(value) &&
	    !sl_parse_i64((struct sl_slice){ json_string_value(value), json_string_length(value) },
			  &number))
		return 0;
	return number;
}

static struct sl_slice text(const json_t *value)
{
	return json_is_string(value)
		       ? (struct sl_slice){ json_string_value(value), json_string_length(value) }
		       : (struct sl_slice){ NULL, 0 };
}

enum sl_status sl_json_read_answer(struct sl_slice body, struct sl_arena *arena,
				   struct sl_json_answer *answer, struct sl_error *err)
{
	json_t *document = json_loadb(body.data, body.len, JSON_ALLOW_NUL, NULL);
	const json_t *partial;
	struct sl_slice message;
	bool kept;

	*answer = (struct sl_json_answer){ 0 };
	if (!json_is_object(document)) {
		json_decref(document);
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "no JSON object");
	}
	partial = member(document, "partialSuccess", "partial_success");
	answer->rejected_spans = integer(member(partial, "rejectedSpans", "rejected_spans"));
	message = text(partial != NULL ? member(partial, "errorMessage", "error_message")
				       : json_object_get(document, "message"));
	answer->message = sl_arena_copy(arena, message);
	kept = answer->message.data != NULL || message.len == 0;
	json_decref(document);
	return kept ? SL_OK : sl_fail_memory(err);
}
