/* The forms of a report, in the order of --help. */
#include "forms.h"

#define SHORT_LIST "count,error_rate,p50,p95,p99,max,sum"
#define LONG_LIST  "count,errors,error_rate,p50,p95,p99,max,sum"

const struct form report_forms[] = {
	{ "table", "columns for a person; 40 groups", SHORT_LIST, 40, false, false, write_table },
	{ "json", "one document; durations in ms", LONG_LIST, 0, true, false, write_json },
	{ "csv", "comma-separated values, a line for each group", LONG_LIST, 0, true, false,
	  write_csv },
	{ "markdown", "a table for an issue; 40 groups", SHORT_LIST, 40, false, false,
	  write_markdown },
	{ "ndjson", "a JSON object a line", LONG_LIST, 0, true, false, write_ndjson },
	{ "tsv", "tabs between, nothing quoted", LONG_LIST, 0, true, false, write_tsv },
	{ "openmetrics", "counters and histograms as of spanmetrics", "count", 0, false, true,
	  write_openmetrics },
	{ "svg", "a picture: a histogram of each group; 40 groups", "count,p50,p95,p99", 40, false,
	  true, write_svg },
	{ "junit", "gates as tests, for a build's server", "count", 1, false, false, write_junit },
	{ "github", "gates that fail or warn as annotations", "count", 1, false, false,
	  write_github },
};
const size_t report_form_count = SL_COUNT(report_forms);
