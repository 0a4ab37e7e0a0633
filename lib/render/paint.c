/* Numbers, colours and fitting pieces of text for a terminal. */
#include "paint.h"
#include "spanline/text.h"

struct unit unit_for(uint64_t longest_ns, bool ascii)
{
	double longest = (double)longest_ns;

	if (longest < 1e4)
		return (struct unit){ "ns", 1, 0 };
	if (longest < 1e6)
		return (struct unit){ ascii ? "us" : "\xc2\xb5s", 1e3, 1 };
	if (longest < 1e7)
		return (struct unit){ "ms", 1e6, 3 };
	if (longest < 1e9)
		return (struct unit){ "ms", 1e6, 2 };
	if (longest < 1e10)
		return (struct unit){ "ms", 1e6, 1 };
	if (longest < 1e11)
		return (struct unit){ "s", 1e9, 3 };
	return (struct unit){ "s", 1e9, 1 };
}

void add_time(struct sl_buffer *out, struct unit unit, double ns)
{
	sl_buffer_printf(out, "%.*f", unit.decimals, ns / unit.ns);
}

void add_duration(struct sl_buffer *out, uint64_t ns, bool ascii)
{
	sl_show_duration(out, ns, ascii);
}

void paint(struct sl_buffer *out, bool colour, enum paint what)
{
	static const char *const codes[] = { "\x1b[0m",	 "\x1b[2m",  "\x1b[1m",
					     "\x1b[31m", "\x1b[33m", "\x1b[36m" };

	if (colour)
		add_text(out, codes[what]);
}

unsigned service_colour(struct sl_slice service, unsigned count)
{
	return (unsigned)(sl_hash64(service.data, service.len, 0) % count);
}

void paint_service(struct sl_buffer *out, bool colour, unsigned which, bool dim)
{
	/* of the 256 colours those that can be read on black and on white */
	static const unsigned char codes[SERVICE_COLOURS] = { 33,  35,	37,  61,  64,  67,
							      71,  72,	97,  103, 107, 130,
							      133, 136, 139, 166, 168, 172 };

	if (colour)
		sl_buffer_printf(out, "\x1b[%s38;5;%um", dim ? "2;" : "", codes[which]);
}

void add_blanks(struct sl_buffer *out, size_t count)
{
	char *at = sl_buffer_reserve(out, count);

	if (at == NULL)
		return;
	memset(at, ' ', count);
	out->len += count;
}

void add_text(struct sl_buffer *out, const char *text)
{
	sl_buffer_add(out, text, strlen(text));
}

struct sl_slice ellipsis_of(bool ascii)
{
	return ascii ? SL_SLICE("..") : SL_SLICE("\xe2\x80\xa6");
}

void add_fitted(struct sl_buffer *out, struct sl_slice safe, size_t cells, bool ascii, bool right)
{
	size_t total = sl_text_cells(safe), taken;

	if (right && total < cells)
		add_blanks(out, cells - total);
	taken = sl_text_fit(out, safe, cells, ellipsis_of(ascii));
	if (!(right && total < cells) && taken < cells)
		add_blanks(out, cells - taken);
}

bool glob_matches(const char *glob, struct sl_slice text)
{
	const char *star = NULL;
	size_t at = 0, from = 0;

	while (at < text.len) {
		if (*glob == '*') {
			star = glob++;
			from = at;
		} else if (*glob == '?' || (*glob != '\0' && *glob == text.data[at])) {
			glob++;
			at++;
		} else if (star != NULL) {
			glob = star + 1;
			at = ++from;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}
