/* One page without a script, which loads nothing: tables, with what follows from a row folded. */
#include "forms.h"
#include "spanline/text.h"

enum { SHARES = 12, WHAT_CELLS = 240, LEFT_OUT_CELLS = 1000 };

static const char head[] =
	"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	"'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n<title>trace-diff</title>\n<style>\n"
	":root{color-scheme:light dark;--line:#8884;--more:#c2410c;--less:#0f766e}\n"
	"@media(prefers-color-scheme:dark){:root{--more:#fb923c;--less:#2dd4bf}}\n"
	"body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:80em;padding:0 1em}\n"
	"table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}\n"
	"th,td{padding:.3em .6em;text-align:left;vertical-align:top;border-bottom:1px solid "
	"var(--line)}\n"
	"td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
	"code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}\n"
	".bar{height:.5em;border-radius:2px;background:var(--more);margin:.5em 0 0 auto}\n"
	".bar.less{background:var(--less)}\n.mark,.see,summary{opacity:.75;font-size:90%}\n"
	".what{overflow-wrap:anywhere}\n.see "
	"code{font-size:11px;white-space:nowrap}\n.two{display:grid;gap:0 "
	"2em;grid-template-columns:"
	"repeat(auto-fit,minmax(26em,1fr));align-items:start}\n"
	"</style>\n</head>\n<body>\n";

struct page {
	const struct verdict *verdict;
	struct sl_buffer raw, shown;
	struct sl_buffer *out;
};

/* What is in `raw`, safe as text of the page; emptied. */
static void add_shown(struct page *page)
{
	page->shown.len = 0;
	sl_text_show(&page->shown, sl_buffer_slice(&page->raw), page->verdict->options->ascii);
	sl_text_mark_up(page->out, sl_buffer_slice(&page->shown));
	page->out->failed |= page->raw.failed | page->shown.failed;
	page->raw.len = 0;
}

/* The same in so many cells. */
static void add_fit(struct page *page, size_t cells)
{
	struct sl_buffer fit = { 0 };
	bool ascii = page->verdict->options->ascii;

	page->shown.len = 0;
	sl_text_show(&page->shown, sl_buffer_slice(&page->raw), ascii);
	sl_text_fit(&fit, sl_buffer_slice(&page->shown), cells,
		    ascii ? SL_SLICE("...") : SL_SLICE("\xe2\x80\xa6"));
	sl_text_mark_up(page->out, sl_buffer_slice(&fit));
	page->out->failed |= page->raw.failed | page->shown.failed | fit.failed;
	page->raw.len = 0;
	sl_buffer_free(&fit);
}

static void add_cell(struct page *page, bool is_number)
{
	sl_buffer_printf(page->out, is_number ? "<td class=\"n\">" : "<td>");
	add_shown(page);
	sl_buffer_add_literal(page->out, "</td>");
}

static void add_sets(struct page *page)
{
	const struct sl_contrast_result *result = page->verdict->result;

	sl_buffer_add_literal(page->out,
			      "<table>\n<tr><th>set<th>name<th class=\"n\">traces<th "
			      "class=\"n\">spans<th class=\"n\">errors<th class=\"n\">mean<th "
			      "class=\"n\">p95</tr>\n");
	for (unsigned set = 0; set < SL_SET_COUNT; set++) {
		const struct sl_set_figures *figures = &result->sets[set];
		bool is_left = set == SL_SET_LEFT;

		sl_buffer_printf(page->out, "<tr><td>%s</td>", is_left ? "left" : "right");
		sl_buffer_add_slice(&page->raw, page->verdict->options->names[set]);
		add_cell(page, false);
		sl_buffer_printf(page->out,
				 "<td class=\"n\">%llu</td><td class=\"n\">%llu</td><td "
				 "class=\"n\">%llu</td>",
				 (unsigned long long)figures->traces,
				 (unsigned long long)figures->spans,
				 (unsigned long long)figures->errors);
		verdict_root(&page->raw, page->verdict, (enum sl_set)set, true);
		add_cell(page, true);
		verdict_root(&page->raw, page->verdict, (enum sl_set)set, false);
		add_cell(page, true);
		sl_buffer_add_literal(page->out, "</tr>\n");
	}
	sl_buffer_add_literal(page->out, "</table>\n");
}

static void add_what(struct page *page, const struct sl_difference *row)
{
	sl_buffer_printf(page->out, "%s <code>", sl_difference_name(row->kind));
	verdict_what(&page->raw, row);
	add_fit(page, WHAT_CELLS);
	sl_buffer_add_literal(page->out, "</code>");
}

/* What says the same as the row, folded. */
static void add_companions(struct page *page, size_t leader)
{
	const struct sl_contrast_result *result = page->verdict->result;
	size_t count = 0;

	for (size_t i = 0; i < result->count; i++)
		count += result->rows[i].follows == SL_FOLLOWS_ROW &&
			 result->rows[i].leader == leader;
	if (count == 0)
		return;
	sl_buffer_printf(page->out, "<details><summary>%zu more with it</summary>", count);
	for (size_t i = 0; i < result->count; i++) {
		if (result->rows[i].follows != SL_FOLLOWS_ROW || result->rows[i].leader != leader)
			continue;
		sl_buffer_add_literal(page->out, "<div>");
		add_what(page, &result->rows[i]);
		sl_buffer_add_literal(page->out, "</div>");
	}
	sl_buffer_add_literal(page->out, "</details>");
}

/* Traces to look at, on a line of their own. */
static void add_examples(struct page *page, const struct sl_difference *row)
{
	sl_buffer_add_literal(page->out, "<div class=\"see\">");
	for (unsigned set = 0; set < SL_SET_COUNT; set++) {
		const struct sl_difference_side *side = &row->sides[set];

		if (side->example_count != 0)
			sl_buffer_add_slice(page->out, set == SL_SET_LEFT ? SL_SLICE("left")
									  : SL_SLICE(" right"));
		for (size_t i = 0; i < side->example_count; i++) {
			sl_buffer_add_literal(page->out, " <code>");
			verdict_hex(page->out, &side->examples[i], SL_TRACE_LABEL_BYTES);
			sl_buffer_add_literal(page->out, "</code>");
		}
	}
	sl_buffer_add_literal(page->out, "</div>");
}

static void add_row(struct page *page, size_t index)
{
	const struct sl_difference *row = &page->verdict->result->rows[index];
	double width = row->effect < 0 ? -row->effect : row->effect;

	sl_buffer_add_literal(page->out, "<tr><td class=\"n\">");
	verdict_effect(page->out, row->effect);
	sl_buffer_printf(page->out, "<div class=\"bar%s\" style=\"width:%.0f%%\"></div></td>",
			 row->effect < 0 ? " less" : "", 100 * width);
	verdict_chance(&page->raw, row->p);
	add_cell(page, true);
	for (unsigned set = 0; set < SL_SET_COUNT; set++) {
		verdict_side(&page->raw, page->verdict, row, (enum sl_set)set);
		add_cell(page, true);
	}
	sl_buffer_add_literal(page->out, "<td>");
	add_what(page, row);
	if (row->follows == SL_FOLLOWS_SPLIT)
		sl_buffer_add_literal(page->out,
				      " <span class=\"mark\">follows from the split</span>");
	add_examples(page, row);
	add_companions(page, index);
	sl_buffer_add_literal(page->out, "</td></tr>\n");
}

static void add_rows(struct page *page)
{
	const struct sl_contrast_result *result = page->verdict->result;
	size_t leaders, shown = verdict_shown(page->verdict, &leaders);

	if (shown == 0)
		return;
	sl_buffer_add_literal(page->out, "<table>\n<tr><th class=\"n\">effect<th class=\"n\">p<th "
					 "class=\"n\">left<th class=\"n\">right<th>what</tr>\n");
	for (size_t i = 0; i < shown; i++)
		if (result->rows[i].follows != SL_FOLLOWS_ROW)
			add_row(page, i);
	sl_buffer_add_literal(page->out, "</table>\n");
	if (shown < result->count)
		sl_buffer_printf(page->out, "<p>%zu more</p>\n", result->count - shown);
}

static void add_attribution(struct page *page, bool of_mean)
{
	const struct sl_contrast_result *result = page->verdict->result;
	const struct sl_attribution *of = of_mean ? &result->mean : &result->p95;
	size_t shown = of->count > SHARES ? SHARES - 1 : of->count;
	bool ascii = page->verdict->options->ascii;

	sl_buffer_printf(page->out, "<table>\n<tr><th class=\"n\">");
	verdict_change(page->out, of->total_ns, ascii);
	sl_buffer_printf(page->out, "<th>%s of root durations</tr>\n", of_mean ? "mean" : "p95");
	for (size_t i = 0; i <= shown && i < of->count; i++) {
		sl_buffer_add_literal(page->out, "<tr>");
		verdict_change(&page->raw, i < shown ? of->shares[i].ns : verdict_rest(of, i),
			       ascii);
		add_cell(page, true);
		if (i < shown)
			verdict_share(&page->raw, &of->shares[i]);
		else
			sl_buffer_printf(&page->raw, "the rest (%zu operations)", of->count - i);
		sl_buffer_add_literal(page->out, "<td class=\"what\">");
		add_fit(page, WHAT_CELLS);
		sl_buffer_add_literal(page->out, "</td></tr>\n");
	}
	sl_buffer_add_literal(page->out, "</table>\n");
}

void verdict_html(const struct verdict *verdict, struct sl_buffer *out)
{
	struct page page = { .verdict = verdict, .out = out };

	sl_buffer_add_literal(out, head);
	sl_buffer_add_literal(out, "<h1>What is different</h1>\n");
	add_sets(&page);
	sl_buffer_add_literal(out, "<p>");
	verdict_summary(&page.raw, verdict);
	add_shown(&page);
	sl_buffer_add_literal(out, "</p>\n");
	verdict_left_out(&page.raw, verdict, LEFT_OUT_CELLS);
	if (page.raw.len != 0) {
		sl_buffer_add_literal(out, "<p class=\"mark\">");
		add_shown(&page);
		sl_buffer_add_literal(out, "</p>\n");
	}
	add_rows(&page);
	if (verdict_has_both(verdict)) {
		sl_buffer_add_literal(out, "<h2>Where the time went</h2>\n<div class=\"two\">\n");
		add_attribution(&page, true);
		add_attribution(&page, false);
		sl_buffer_add_literal(out, "</div>\n");
	}
	sl_buffer_add_literal(out, "</body>\n</html>\n");
	out->failed |= page.raw.failed | page.shown.failed;
	sl_buffer_free(&page.raw);
	sl_buffer_free(&page.shown);
}
