/*
 * Parts and samples of a stream, by trace: `ot=th:...;rv:...` in trace_state, of which th is the
 * rejection threshold, 1 to 14 hex digits that zeros on the right make 56 bits, and rv 14 digits of
 * randomness in place of the last 7 bytes of the trace id.
 */
#include "spanline/select.h"
#include "spanline/text.h"

enum { DIGITS = 14, MOST_MEMBERS = 32 };

uint64_t sl_shard_of(struct sl_slice trace_id, uint64_t count)
{
	return sl_fnv1a(trace_id) % count;
}

bool sl_parse_probability(struct sl_slice text, uint64_t *threshold)
{
	const char *slash = text.len != 0 ? memchr(text.data, '/', text.len) : NULL;
	double part, whole = 1.0;

	if (slash != NULL) {
		struct sl_slice below = { slash + 1, text.len - (size_t)(slash + 1 - text.data) };

		text.len = (size_t)(slash - text.data);
		if (!sl_parse_double(below, &whole) || !(whole > 0))
			return false;
	} else if (text.len != 0 && text.data[text.len - 1] == '%') {
		text.len--;
		whole = 100.0;
	}
	if (!sl_parse_double(text, &part) || !(part > 0) || part > whole)
		return false;
	*threshold = (uint64_t)((1.0 - part / whole) * (double)SL_SAMPLE_ALL + 0.5);
	return *threshold < SL_SAMPLE_ALL;
}

/* What trace_state says of sampling. */
struct ot {
	struct sl_slice member; /* "ot=...", with nothing around it; data is NULL: there is none */
	bool has_threshold, has_random;
	uint64_t threshold, random;
};

/* The part of *rest up to `separator`, which goes off it. */
static struct sl_slice take_part(struct sl_slice *rest, char separator)
{
	struct sl_slice part = *rest;
	const char *end = rest->len != 0 ? memchr(rest->data, separator, rest->len) : NULL;

	if (end == NULL) {
		rest->data += rest->len;
		rest->len = 0;
		return part;
	}
	part.len = (size_t)(end - part.data);
	rest->data = end + 1;
	rest->len -= part.len + 1;
	return part;
}

/* Hex digits as the first of 14. */
static bool parse_digits(struct sl_slice text, size_t least, uint64_t *number)
{
	uint64_t value = 0;

	if (text.len < least || text.len > DIGITS)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];
		bool is_digit = byte >= '0' && byte <= '9';

		if (!is_digit && (byte < 'a' || byte > 'f'))
			return false;
		value = value << 4 | (uint64_t)(is_digit ? byte - '0' : byte - 'a' + 10);
	}
	*number = value << 4 * (DIGITS - text.len);
	return true;
}

static bool is_threshold(struct sl_slice part)
{
	return part.len >= 3 && memcmp(part.data, "th:", 3) == 0;
}

static void parse_member(struct sl_slice member, struct ot *ot)
{
	struct sl_slice rest = { member.data + 3, member.len - 3 };

	ot->member = member;
	while (rest.len != 0) {
		struct sl_slice part = take_part(&rest, ';');
		struct sl_slice value = { part.data + 3, part.len - (part.len < 3 ? part.len : 3) };

		if (is_threshold(part) && !ot->has_threshold)
			ot->has_threshold = parse_digits(value, 1, &ot->threshold);
		else if (part.len >= 3 && memcmp(part.data, "rv:", 3) == 0 && !ot->has_random)
			ot->has_random = parse_digits(value, DIGITS, &ot->random);
	}
}

static struct ot parse_state(struct sl_slice state)
{
	struct ot ot = { 0 };

	while (state.len != 0 && ot.member.data == NULL) {
		struct sl_slice member = sl_trim(take_part(&state, ','));

		if (member.len >= 3 && memcmp(member.data, "ot=", 3) == 0)
			parse_member(member, &ot);
	}
	return ot;
}

/* The last 7 bytes of the id. */
static uint64_t randomness(struct sl_slice trace_id)
{
	uint64_t random = 0;

	for (size_t i = trace_id.len > 7 ? trace_id.len - 7 : 0; i < trace_id.len; i++)
		random = random << 8 | (unsigned char)trace_id.data[i];
	return random;
}

/* "th:fd70a" without the zeros at its end. */
static void add_threshold(struct sl_buffer *out, uint64_t threshold)
{
	sl_buffer_add_literal(out, "th:");
	do {
		sl_buffer_add_byte(out, "0123456789abcdef"[threshold >> (4 * (DIGITS - 1))]);
		threshold = threshold << 4 & (SL_SAMPLE_ALL - 1);
	} while (threshold != 0);
}

/* The member with another threshold, or without one where `threshold` is SL_SAMPLE_ALL, in front of
 * the others: W3C Trace Context, 3.5. */
static void rewrite(struct sl_buffer *out, struct sl_slice state, const struct ot *ot,
		    uint64_t threshold)
{
	struct sl_slice rest = { NULL, 0 };
	size_t members = 1;

	out->len = 0;
	sl_buffer_add_literal(out, "ot=");
	if (threshold != SL_SAMPLE_ALL)
		add_threshold(out, threshold);
	if (ot->member.data != NULL)
		rest = (struct sl_slice){ ot->member.data + 3, ot->member.len - 3 };
	while (rest.len != 0) {
		struct sl_slice part = take_part(&rest, ';');

		if (is_threshold(part) || part.len == 0)
			continue;
		if (out->len > 3)
			sl_buffer_add_byte(out, ';');
		sl_buffer_add_slice(out, part);
	}
	if (out->len == 3) {
		out->len = 0;
		members = 0;
	}
	while (state.len != 0 && members < MOST_MEMBERS) {
		struct sl_slice member = sl_trim(take_part(&state, ','));

		if (member.len == 0 || member.data == ot->member.data)
			continue;
		if (out->len != 0)
			sl_buffer_add_byte(out, ',');
		sl_buffer_add_slice(out, member);
		members++;
	}
}

bool sl_sampled_at(const struct sl_span *span, uint64_t *threshold)
{
	struct ot ot = parse_state(span->trace_state);
	uint64_t random = ot.has_random ? ot.random : randomness(span->trace_id);

	*threshold = ot.threshold;
	return ot.has_threshold && random >= ot.threshold;
}

enum sl_sample sl_sample(uint64_t threshold, const struct sl_span *span, struct sl_buffer *state)
{
	struct ot ot = parse_state(span->trace_state);
	uint64_t random = ot.has_random ? ot.random : randomness(span->trace_id);
	bool contradicts = ot.has_threshold && random < ot.threshold;

	if (ot.has_threshold && !contradicts && ot.threshold >= threshold)
		return SL_SAMPLE_AS_IT_IS;
	if (random < threshold)
		return SL_SAMPLE_OUT;
	rewrite(state, span->trace_state, &ot, contradicts ? SL_SAMPLE_ALL : threshold);
	return SL_SAMPLE_MARKED;
}
