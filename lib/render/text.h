/* The waterfall in the terminal: what its files share. */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include "forms.h"
#include "paint.h"
#include "rows.h"

struct text {
	struct sl_render *render;
	const struct view *view;
	const struct sl_render_options *options;
	struct rows rows;
	struct sl_buffer *out;
	struct sl_buffer *scratch; /* one cell or label at a time */
	struct unit unit;
	size_t label; /* cells of the tree and the names; then a blank */
	size_t bar;   /* and of the bar, if there is one; then a blank before each column */
	size_t columns[SL_COLUMN_LIMIT];
	bool *open;		/* by depth: the line of the tree goes on below this row */
	uint32_t *first_part;	/* by node: of its parts of the path, or UINT32_MAX */
	uint32_t *next_part;	/* by part */
	unsigned char *cells;	/* of one bar */
	unsigned char *colours; /* by service */
};

/* text_label.c: the tree's lines, service and name. */
size_t label_cells(struct text *text, const struct row *row);
void add_label(struct text *text, const struct row *row);
/* The lines that lead to the row, or to what stands below it; gives the cells. */
size_t add_lines(struct text *text, uint32_t depth, bool of_details, bool last);
/* text_column.c: what stands beside the bar, in text->scratch. */
void fill_column(struct text *text, const struct row *row, size_t column);
const char *column_title(const struct text *text, size_t column);
bool column_is_text(const struct text *text, size_t column);
/* text_bar.c */
SL_MUST_USE bool prepare_bars(struct text *text);
void add_bar(struct text *text, const struct row *row);
/* text_details.c: attributes, events and links, a line each. */
void add_details(struct text *text, const struct row *row);
/* text_findings.c */
void add_findings(struct text *text);
#endif
