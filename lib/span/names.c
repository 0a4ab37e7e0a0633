/* The names of SpanKind and StatusCode in span lines, and of signals. */
#include "spanline/span.h"

#define NAME(text)                                                                                 \
	{                                                                                          \
		(text), sizeof(text) - 1                                                           \
	}

static const struct sl_slice kinds[SL_KIND_COUNT] = {
	NAME("unspecified"), NAME("internal"), NAME("server"),
	NAME("client"),	     NAME("producer"), NAME("consumer"),
};

static const struct sl_slice statuses[SL_STATUS_COUNT] = { NAME("unset"), NAME("ok"),
							   NAME("error") };

static const char *name_of(const struct sl_slice *names, int32_t count, int32_t number)
{
	return number >= 0 && number < count ? names[number].data : NULL;
}

static int32_t number_of(const struct sl_slice *names, int32_t count, struct sl_slice name)
{
	for (int32_t number = 0; number < count; number++)
		if (sl_slice_equal(names[number], name))
			return number;
	return -1;
}

const char *sl_kind_name(int32_t kind)
{
	return name_of(kinds, SL_KIND_COUNT, kind);
}

const char *sl_status_name(int32_t code)
{
	return name_of(statuses, SL_STATUS_COUNT, code);
}

int32_t sl_kind_parse(struct sl_slice name)
{
	return number_of(kinds, SL_KIND_COUNT, name);
}

int32_t sl_status_parse(struct sl_slice name)
{
	return number_of(statuses, SL_STATUS_COUNT, name);
}
