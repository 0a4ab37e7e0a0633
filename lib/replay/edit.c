/* What --set says: "resource.k=v", "span.k=v", "name=v", with values as TraceQL writes them. */
#include "spanline/replay.h"
#include "spanline/text.h"
#include <math.h>
#include <stdlib.h>

static bool begins(struct sl_slice text, struct sl_slice start)
{
	return text.len >= start.len && memcmp(text.data, start.data, start.len) == 0;
}

static bool parse_target(struct sl_edit *edit, struct sl_slice left)
{
	static const struct {
		enum sl_edit_target target;
		struct sl_slice prefix;
	} owners[] = {
		{ SL_EDIT_SPAN, { "span.", 5 } },
		{ SL_EDIT_RESOURCE, { "resource.", 9 } },
	};

	edit->target = SL_EDIT_NAME;
	if (sl_slice_equal(left, SL_SLICE("name")))
		return true;
	for (size_t i = 0; i < SL_COUNT(owners); i++) {
		size_t len = owners[i].prefix.len;

		if (!begins(left, owners[i].prefix) || left.len == len)
			continue;
		edit->target = owners[i].target;
		edit->key = (struct sl_slice){ left.data + len, left.len - len };
		return true;
	}
	return false;
}

/* What stands for the byte behind a backslash, or 0. */
static char unescape(char byte)
{
	static const char pairs[] = "n\nt\tr\r\"\"\\\\";

	for (const char *pair = pairs; *pair != '\0'; pair += 2)
		if (*pair == byte)
			return pair[1];
	return '\0';
}

/* Text in quotes of either kind; false: it does not end as it should. */
static bool unquote(struct sl_edit *edit, struct sl_slice text)
{
	char quote = text.data[0];
	size_t len = 0, end = text.len - 1;

	if (text.len < 2 || text.data[end] != quote)
		return false;
	for (size_t i = 1; i < end; i++) {
		char byte = text.data[i];

		if (byte == quote)
			return false;
		if (quote == '"' && byte == '\\') {
			/* the last quote does not end it where this stands before it */
			if (++i == end)
				return false;
			byte = unescape(text.data[i]);
			if (byte == '\0')
				return false;
		}
		edit->unquoted[len++] = byte;
	}
	edit->value = (struct sl_value){ .type = SL_VALUE_STRING, .text = { edit->unquoted, len } };
	return true;
}

static void parse_bare(struct sl_value *value, struct sl_slice text)
{
	bool is_true = sl_slice_equal(text, SL_SLICE("true"));

	*value = (struct sl_value){ .type = SL_VALUE_STRING, .text = text };
	if (is_true || sl_slice_equal(text, SL_SLICE("false")))
		*value = (struct sl_value){ .type = SL_VALUE_BOOL, .boolean = is_true };
	else if (sl_parse_i64(text, &value->integer))
		value->type = SL_VALUE_INT;
	else if (sl_parse_double(text, &value->number) && isfinite(value->number))
		value->type = SL_VALUE_DOUBLE;
	else
		value->text = text;
}

enum sl_status sl_edit_parse(struct sl_edit *edit, struct sl_slice text, struct sl_error *err)
{
	const char *equals = text.len != 0 ? memchr(text.data, '=', text.len) : NULL;
	struct sl_slice left, right;

	*edit = (struct sl_edit){ 0 };
	if (equals == NULL)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "'%.*s' has no '='", (int)text.len,
				 text.data);
	left = (struct sl_slice){ text.data, (size_t)(equals - text.data) };
	right = (struct sl_slice){ equals + 1, text.len - left.len - 1 };
	if (!parse_target(edit, left))
		return sl_reject(err, SL_MALFORMED, left.len,
				 "'%.*s' is none of name, span.KEY and resource.KEY", (int)left.len,
				 left.data);
	if (right.len != 0 && (right.data[0] == '"' || right.data[0] == '`')) {
		edit->unquoted = malloc(right.len);
		if (edit->unquoted == NULL)
			return sl_fail_memory(err);
		if (unquote(edit, right))
			return SL_OK;
		sl_edit_free(edit);
		return sl_reject(err, SL_MALFORMED, left.len + 1,
				 "%.*s is no text in quotes (with \\\", \\\\, \\n, \\r and \\t)",
				 (int)right.len, right.data);
	}
	parse_bare(&edit->value, right);
	if (edit->target == SL_EDIT_NAME)
		edit->value = (struct sl_value){ .type = SL_VALUE_STRING, .text = right };
	return SL_OK;
}

void sl_edit_free(struct sl_edit *edit)
{
	free(edit->unquoted);
	edit->unquoted = NULL;
}
