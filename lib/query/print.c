/* The tree as text that gives the same tree again, every operation in brackets. */
#include "parser.h"
#include "spanline/span.h"
#include "spanline/text.h"
#include <stdio.h>

static void add_text(struct sl_buffer *out, const char *text)
{
	sl_buffer_add(out, text, strlen(text));
}

/* "36h0m0s", "1h30m0.5s", "100ms", "5µs", "0s": as Go writes durations. */
static void print_duration(struct sl_buffer *out, int64_t ns)
{
	static const struct {
		uint64_t ns;
		int places; /* behind the point */
		const char *name;
	} units[] = { { 1000000000, 9, "s" },
		      { 1000000, 6, "ms" },
		      { 1000, 3, "\xc2\xb5s" },
		      { 1, 0, "ns" } };
	uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	char places[16];
	size_t unit = 0;

	if (ns < 0)
		sl_buffer_add_byte(out, '-');
	while (left > 0 && left < units[unit].ns)
		unit++;
	if (left >= UINT64_C(3600000000000))
		sl_buffer_printf(out, "%lluh", (unsigned long long)(left / 3600000000000));
	if (left >= UINT64_C(60000000000))
		sl_buffer_printf(out, "%llum", (unsigned long long)(left / 60000000000 % 60));
	left %= UINT64_C(60000000000);
	sl_buffer_printf(out, "%llu", (unsigned long long)(left / units[unit].ns));
	left %= units[unit].ns;
	if (left > 0) { /* as many places as the unit has, less the zeros behind */
		int len = snprintf(places, sizeof(places), ".%0*llu", units[unit].places,
				   (unsigned long long)left);
		while (places[len - 1] == '0')
			len--;
		sl_buffer_add(out, places, (size_t)len);
	}
	add_text(out, units[unit].name);
}

/* As in JSON, but integral ones like integers where those fit. */
static void print_float(struct sl_buffer *out, double number)
{
	char text[SL_DOUBLE_TEXT];
	size_t len;

	if (number == 0)
		number = 0; /* no sign */
	len = sl_write_double(text, number);
	if (len > 2 && memcmp(text + len - 2, ".0", 2) == 0 && number < 9.2e18 && number > -9.2e18)
		len -= 2;
	sl_buffer_add(out, text, len);
}

static void print_string(struct sl_buffer *out, struct sl_slice text)
{
	static const char raw[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
	size_t len;

	sl_buffer_add_byte(out, '"');
	for (size_t at = 0; at < text.len; at += len) {
		const char *from = text.data + at;
		const char *letter = *from != '\0' ? strchr(raw, *from) : NULL;
		size_t rest = text.len - at;
		len = 1;
		if (letter != NULL) {
			sl_buffer_add_byte(out, '\\');
			sl_buffer_add_byte(out, letters[letter - raw]);
		} else if (sl_utf8_prefix((struct sl_slice){ from, rest < 4 ? rest : 4 }) == 0) {
			sl_buffer_printf(out, "\\x%02x", (unsigned char)*from);
		} else {
			uint32_t code = sl_utf8_decode(from, &len);
			if (sl_is_unsafe(code))
				sl_buffer_printf(out, code < 0x80 ? "\\x%02x" : "\\u%04x",
						 (unsigned)code);
			else
				sl_buffer_add(out, from, len);
		}
	}
	sl_buffer_add_byte(out, '"');
}

static void print_value(struct sl_buffer *out, const struct sl_query_value *value)
{
	char text[SL_TIME_TEXT];

	switch (value->type) {
	case SL_TYPE_BOOL:
		add_text(out, value->boolean ? "true" : "false");
		break;
	case SL_TYPE_INT:
		sl_buffer_printf(out, "%lld", (long long)value->integer);
		break;
	case SL_TYPE_FLOAT:
		print_float(out, value->number);
		break;
	case SL_TYPE_STRING:
		print_string(out, value->text);
		break;
	case SL_TYPE_DURATION:
		print_duration(out, value->integer);
		break;
	case SL_TYPE_TIME:
		print_string(out, (struct sl_slice){
					  text, sl_write_time(text, (uint64_t)value->integer) });
		break;
	case SL_TYPE_STATUS:
		add_text(out, sl_status_name((int32_t)value->integer));
		break;
	case SL_TYPE_KIND:
		add_text(out, sl_kind_name((int32_t)value->integer));
		break;
	default:
		add_text(out, "nil");
	}
}

static void print_field(struct sl_buffer *out, const struct field *field, bool tempo)
{
	static const char *const scopes[] = {
		[SCOPE_NONE] = "",
		[SCOPE_SPAN] = "span",
		[SCOPE_RESOURCE] = "resource",
		[SCOPE_EVENT] = "event",
		[SCOPE_LINK] = "link",
		[SCOPE_INSTRUMENTATION] = "instrumentation",
	};

	if (field->scope == SCOPE_INTRINSIC) {
		add_text(out, field->of_parent ? "parent." : "");
		add_text(out, intrinsic_row(field->intrinsic)->name);
		return;
	}
	if (field->of_parent) /* Tempo names the missing scope */
		add_text(out, tempo && field->scope == SCOPE_NONE ? "Noneparent" : "parent");
	if (field->of_parent && field->scope != SCOPE_NONE)
		sl_buffer_add_byte(out, '.');
	add_text(out, scopes[field->scope]);
	add_text(out, ".\"");
	for (size_t i = 0; i < field->name.len; i++) {
		if (field->name.data[i] == '"' || field->name.data[i] == '\\')
			sl_buffer_add_byte(out, '\\');
		sl_buffer_add_byte(out, field->name.data[i]);
	}
	sl_buffer_add_byte(out, '"');
}

static void print_expression(struct sl_buffer *out, const struct expression *expression, bool tempo)
{
	switch (expression->kind) {
	case EXPRESSION_CONSTANT:
		print_value(out, &expression->constant);
		return;
	case EXPRESSION_FIELD:
		print_field(out, &expression->field, tempo);
		return;
	default:
		break;
	}
	sl_buffer_add_byte(out, '(');
	if (expression->op == OP_NOT || expression->op == OP_NEGATE) {
		add_text(out, operator_text(expression->op));
		sl_buffer_add_byte(out, ' ');
		print_expression(out, expression->left, tempo);
	} else {
		print_expression(out, expression->left, tempo);
		sl_buffer_printf(out, " %s ", operator_text(expression->op));
		if (expression->kind == EXPRESSION_UNARY)
			add_text(out, "nil");
		else
			print_expression(out, expression->right, tempo);
	}
	sl_buffer_add_byte(out, ')');
}

static void print_pipeline(struct sl_buffer *out, const struct pipeline *pipeline, bool tempo);

static void print_scalar(struct sl_buffer *out, const struct scalar *scalar, bool tempo)
{
	switch (scalar->kind) {
	case SCALAR_CONSTANT:
		print_value(out, &scalar->constant);
		return;
	case SCALAR_AGGREGATE:
		add_text(out, aggregate_text(scalar->aggregate));
		sl_buffer_add_byte(out, '(');
		if (scalar->argument != NULL)
			print_expression(out, scalar->argument, tempo);
		break;
	case SCALAR_NEGATE:
		add_text(out, "(- ");
		print_scalar(out, scalar->left, tempo);
		break;
	case SCALAR_BINARY:
		sl_buffer_add_byte(out, '(');
		print_scalar(out, scalar->left, tempo);
		sl_buffer_printf(out, " %s ", operator_text(scalar->op));
		print_scalar(out, scalar->right, tempo);
		break;
	case SCALAR_PIPELINE:
		sl_buffer_add_byte(out, '(');
		print_pipeline(out, scalar->pipeline, tempo);
		add_text(out, " | ");
		print_scalar(out, scalar->last, tempo);
		break;
	}
	sl_buffer_add_byte(out, ')');
}

static void print_stage(struct sl_buffer *out, const struct stage *stage, bool tempo)
{
	switch (stage->kind) {
	case STAGE_FILTER:
		sl_buffer_add_byte(out, '{');
		print_expression(out, stage->expression, tempo);
		sl_buffer_add_byte(out, '}');
		return;
	case STAGE_COMPARE:
		print_scalar(out, stage->left_scalar, tempo);
		sl_buffer_printf(out, " %s ", operator_text(stage->comparison));
		print_scalar(out, stage->right_scalar, tempo);
		return;
	case STAGE_OPERATOR:
		sl_buffer_add_byte(out, '(');
		print_stage(out, stage->left, tempo);
		sl_buffer_printf(out, " %s ", operator_text(stage->op));
		print_stage(out, stage->right, tempo);
		break;
	case STAGE_NOT:
		add_text(out, "(! ");
		print_stage(out, stage->left, tempo);
		break;
	case STAGE_PIPELINE:
		sl_buffer_add_byte(out, '(');
		print_pipeline(out, stage->pipeline, tempo);
		break;
	case STAGE_BY:
		add_text(out, "by(");
		print_expression(out, stage->expression, tempo);
		break;
	case STAGE_COALESCE:
		add_text(out, "coalesce(");
		break;
	case STAGE_SELECT:
		add_text(out, "select(");
		for (size_t i = 0; i < stage->field_count; i++) {
			add_text(out, i > 0 ? ", " : "");
			print_expression(out, stage->fields[i], tempo);
		}
		break;
	}
	sl_buffer_add_byte(out, ')');
}

static void print_pipeline(struct sl_buffer *out, const struct pipeline *pipeline, bool tempo)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		add_text(out, i > 0 ? " | " : "");
		print_stage(out, pipeline->stages[i], tempo);
	}
}

void sl_query_print(const struct sl_query *query, struct sl_buffer *out)
{
	if (query->field != NULL)
		print_expression(out, query->field, query->tempo);
	else
		print_pipeline(out, &query->pipeline, query->tempo);
}

void query_print_scalar(const struct scalar *scalar, bool tempo, struct sl_buffer *out)
{
	print_scalar(out, scalar, tempo);
}

void query_print_stage(const struct stage *stage, bool tempo, struct sl_buffer *out)
{
	print_stage(out, stage, tempo);
}
