/*
 * Attributes of OTLP/JSON straight into the plain object of a span line, for a command that wants
 * nothing else of them: keys and values are found and copied in one go, and no record is made.
 *
 * It is done for lists of the usual form of which nothing needs `exact`; all others are left to
 * decode_attributes.
 */
#include "otlp_record.h"
#include "write_string.h"
#include "write_value.h"

enum {
	/* bytes at the end in which no attribute may begin: with SL_PADDING, heads and numbers fit
	 */
	BEHIND = 128,
	LONGEST_LIST = 32 * 1024, /* bytes of JSON that are looked at */
	MORE_FOR_ODD = 4 * 1024,  /* bytes by which escapes may lengthen the text */
	PLAIN_DIGITS = 15,	  /* more of them may not be plain */
};

/*
 * What is usual gets shorter, so that room for the bytes that are looked at is room for what they
 * become.
 */
struct transcoder {
	struct decoder *decoder;
	const char *end; /* BEHIND bytes before the last one */
	size_t more;	 /* of MORE_FOR_ODD that are left */
};

/*
 * Both ends of a copy; `at` is NULL where what stands there is not usual, or needs `exact`.  Passed
 * by value, so that both stay in registers.
 */
struct copy {
	const char *at;
	char *to;
};

static const struct copy not_usual = { NULL, NULL };

/* Copies up to the first byte that is not plain; up to 15 bytes more are read and written. */
static inline struct copy copy_text(struct copy copy, const char *end)
{
	const char *stop = sl_copy_plain(copy.to, copy.at, end);

	return (struct copy){ stop, copy.to + (stop - copy.at) };
}

/* `len` of the 16 bytes that are copied. */
static inline struct copy copy_few_bytes(struct copy copy, size_t len)
{
	memcpy(copy.to, copy.at, 16);
	return (struct copy){ copy.at + len, copy.to + len };
}

/* How many digits there are at `at`, of 16 at most. */
static inline size_t count_digits(const char *at)
{
#ifdef SL_SSE2
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	/* signed: '0' to '9' are moved to the least ten numbers */
	__m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8((char)(0x80 - '0')));
	__m128i digits = _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(0x80 + 10)));

	return (size_t)__builtin_ctz(~(unsigned)_mm_movemask_epi8(digits));
#else
	size_t count = 0;

	while (count < 16 && (unsigned char)(at[count] - '0') <= 9)
		count++;
	return count;
#endif
}

/*
 * Each of these copies a value, from what stands in the JSON to what stands in a span line.
 */

/* A backslash and a letter, which mean the same in a span line and are not written otherwise. */
static inline bool is_short_escape(const char *at)
{
	switch (at[1]) {
	case '"':
	case '\\':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return *at == '\\';
	default:
		return false;
	}
}

/* From behind the quote of a string with other escapes or beyond ASCII. */
static struct copy transcode_odd_text(struct transcoder *coder, struct copy copy)
{
	struct sl_cursor *cursor = &coder->decoder->cursor;
	struct sl_buffer *odd = &coder->decoder->odd;
	const char *quote = copy.at - 1;
	struct sl_slice text = { NULL, 0 };
	size_t read;

	cursor->at = quote;
	odd->len = 0;
	if (!sl_cursor_string(cursor, &text) || !sl_json_write_string(odd, text) || odd->failed)
		return not_usual;
	read = (size_t)(cursor->at - quote);
	if (cursor->at >= coder->end || odd->len > read + coder->more)
		return not_usual;
	coder->more -= odd->len > read ? odd->len - read : 0;
	memcpy(copy.to, odd->data, odd->len);
	return (struct copy){ cursor->at, copy.to + odd->len };
}

/* From behind the quote of a string that is not plain. */
static struct copy transcode_escapes(struct transcoder *coder, struct copy start)
{
	struct copy copy = copy_text((struct copy){ start.at, start.to + 1 }, coder->end);

	while (coder->end - copy.at >= 2 && is_short_escape(copy.at)) {
		memcpy(copy.to, copy.at, 2);
		copy = copy_text((struct copy){ copy.at + 2, copy.to + 2 }, coder->end);
	}
	if (*copy.at != '"')
		return transcode_odd_text(coder, start);
	*start.to = '"';
	*copy.to = '"';
	return (struct copy){ copy.at + 1, copy.to + 1 };
}

/* From behind the quote on. */
static inline struct copy transcode_text(struct transcoder *coder, struct copy copy)
{
	struct copy behind = copy_text((struct copy){ copy.at, copy.to + 1 }, coder->end);

	if (SL_UNLIKELY(*behind.at != '"'))
		return transcode_escapes(coder, copy);
	*copy.to = '"';
	*behind.to = '"';
	return (struct copy){ behind.at + 1, behind.to + 1 };
}

/* The digits are those of the line: no leading zeros, no "-0". */
static inline struct copy transcode_int(struct copy copy)
{
	bool quoted = *copy.at == '"';
	const char *start = copy.at + quoted;
	size_t sign = *start == '-', count = count_digits(start + sign);

	if (count - 1 >= PLAIN_DIGITS || (start[sign] == '0' && sign + count > 1) ||
	    (quoted && start[sign + count] != '"'))
		return not_usual;
	copy = copy_few_bytes((struct copy){ start, copy.to }, sign + count);
	copy.at += quoted;
	return copy;
}

static struct copy transcode_bool(struct copy copy)
{
	if (sl_load_4(copy.at) == sl_load_4("true"))
		return copy_few_bytes(copy, 4);
	if (sl_load_4(copy.at) == sl_load_4("fals") && copy.at[4] == 'e')
		return copy_few_bytes(copy, 5);
	return not_usual;
}

/*
 * Length of a double whose text is the shortest already: no two decimals of 15 digits are the same
 * double, so that only their form has to be right.  0: another one.
 */
static size_t shortest_double(const char *at)
{
	size_t sign = *at == '-', whole = count_digits(at + sign);
	const char *point = at + sign + whole;
	size_t places;

	if (whole == 0 || *point != '.' || (at[sign] == '0' && (whole > 1 || point[1] == '0')))
		return 0;
	places = count_digits(point + 1);
	if (places == 0 || whole + places > PLAIN_DIGITS || point[places] == '0')
		return 0;
	return point[places + 1] == '}' ? sign + whole + 1 + places : 0;
}

static struct copy transcode_double(struct copy copy)
{
	struct sl_slice text = { copy.at, shortest_double(copy.at) };
	double number;

	if (SL_LIKELY(text.len != 0)) {
		memcpy(copy.to, copy.at, SL_DOUBLE_TEXT);
		return (struct copy){ copy.at + text.len, copy.to + text.len };
	}
	while (text.len < SL_DOUBLE_TEXT && text.data[text.len] != '}')
		text.len++;
	if (!sl_parse_double(text, &number) || !double_is_plain(number))
		return not_usual;
	return (struct copy){ copy.at + text.len, copy.to + sl_write_double(copy.to, number) };
}

/* The same from the name of the type on. */
static inline struct copy transcode_value(struct transcoder *coder, struct copy copy)
{
	switch (usual_type(&copy.at)) {
	case SL_VALUE_STRING:
		return transcode_text(coder, copy);
	case SL_VALUE_INT:
		return transcode_int(copy);
	case SL_VALUE_BOOL:
		return transcode_bool(copy);
	case SL_VALUE_DOUBLE:
		return transcode_double(copy);
	default:
		return not_usual;
	}
}

/* The head of an attribute, with a comma before it. */
static inline struct copy copy_head(const struct head *head, struct copy copy)
{
	size_t len = head->len - HEAD_SHORTER;

	memcpy(copy.to, head->line, 16);
	memcpy(copy.to + 16, head->line + 16, 16);
	if (len > 32)
		memcpy(copy.to + 32, head->line + 32, sizeof(head->line) - 32);
	return (struct copy){ copy.at + head->len, copy.to + len };
}

/* The list from its '[' on; the copy is then behind its ']'. */
static struct copy transcode_list(struct transcoder *coder, struct copy copy)
{
	struct heads *heads = &coder->decoder->heads;
	struct head *head = heads_begin(heads);

	do {
		copy.at++;
		head = heads_next(heads, head, copy.at);
		if (SL_UNLIKELY(head == NULL || head->list == heads->list))
			return not_usual; /* or a repeated key */
		head->list = heads->list;
		copy = transcode_value(coder, copy_head(head, copy));
		if (SL_UNLIKELY(copy.at == NULL || copy.at > coder->end ||
				sl_load_2(copy.at) != sl_load_2("}}")))
			return not_usual;
		copy.at += 2;
	} while (*copy.at == ',');
	if (*copy.at++ != ']')
		return not_usual;
	*copy.to++ = '}';
	return copy;
}

bool transcode_attributes(struct decoder *decoder, struct sl_slice *object)
{
	struct sl_cursor *cursor = &decoder->cursor;
	uint64_t surrogates = cursor->notes->count[SL_NOTE_LONE_SURROGATE];
	size_t left = (size_t)(cursor->end - cursor->at);
	size_t bound = left < LONGEST_LIST ? left : LONGEST_LIST;
	char *room = sl_arena_alloc(cursor->arena, bound + MORE_FOR_ODD);
	const char *start = cursor->at;
	struct copy copy = { start, room };
	struct transcoder coder;

	if (room == NULL || bound < (size_t)2 * BEHIND || *start != '[')
		return false;
	coder.decoder = decoder;
	coder.end = cursor->at + bound - BEHIND;
	coder.more = MORE_FOR_ODD - BEHIND;
	copy = transcode_list(&coder, copy);
	if (copy.at == NULL) {
		/* whatever it was, decode_attributes will find it again */
		sl_arena_trim(cursor->arena, room);
		cursor->at = start;
		cursor->notes->count[SL_NOTE_LONE_SURROGATE] = surrogates;
		cursor->fault = SL_FAULT_NONE;
		return false;
	}
	*room = '{'; /* in the first comma's place */
	*object = (struct sl_slice){ room, (size_t)(copy.to - room) };
	sl_arena_trim(cursor->arena, copy.to);
	cursor->at = copy.at;
	return true;
}
