/* For a pull request: what the terminal shows, in a block that nothing inside it can end. */
#include "spanline/text.h"
#include "text.h"

/* Longer than any run of backticks in the text. */
static size_t fence_length(struct sl_slice text)
{
	size_t longest = 2, run = 0;

	for (size_t i = 0; i < text.len; i++) {
		run = text.data[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest + 1;
}

static void add_fence(struct sl_buffer *out, size_t length)
{
	for (; length != 0; length--)
		sl_buffer_add_byte(out, '`');
	sl_buffer_add_byte(out, '\n');
}

enum sl_status markdown_trace(struct sl_render *render, const struct view *view,
			      struct sl_buffer *out, struct sl_error *err)
{
	struct sl_render_options plain = *view->options;
	struct view seen = *view;
	struct sl_buffer block = { 0 };
	size_t fence, drawn = render->drawn;
	enum sl_status status;

	plain.colour = false;
	seen.options = &plain;
	render->drawn = 0;
	status = text_trace(render, &seen, &block, err);
	render->drawn = drawn;
	fence = fence_length(sl_buffer_slice(&block));
	add_text(out, drawn != 0 ? "\n#### Trace `" : "#### Trace `");
	sl_buffer_add_hex(out, view->trace->trace_id);
	add_text(out, "`\n\n");
	add_fence(out, fence);
	sl_buffer_add_slice(out, sl_buffer_slice(&block));
	add_fence(out, fence);
	out->failed |= block.failed;
	sl_buffer_free(&block);
	return status;
}
