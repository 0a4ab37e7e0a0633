/* The forms of a verdict, in the order of --help. */
#include "forms.h"

static const struct verdict_form forms[] = {
	{ "text", "for a person; 15 differences", 15, verdict_text },
	{ "json", "one document, all differences; times in ms", 0, verdict_json },
	{ "markdown", "tables for an issue; 15 differences", 15, verdict_markdown },
	{ "html", "a page that loads nothing; 50 differences", 50, verdict_html },
};

const char *sl_verdict_form(size_t index, const char **help)
{
	if (index >= SL_COUNT(forms))
		return NULL;
	*help = forms[index].help;
	return forms[index].name;
}

enum sl_status sl_verdict_write(const char *form, const struct sl_verdict_options *options,
				const struct sl_contrast_result *result, struct sl_buffer *out,
				struct sl_error *err)
{
	struct verdict verdict = { .options = options, .result = result };
	size_t i = 0;

	while (strcmp(forms[i].name, form) != 0)
		i++;
	verdict.top = options->top == UINT64_MAX ? forms[i].top : options->top;
	forms[i].write(&verdict, out);
	return out->failed ? sl_fail_memory(err) : SL_OK;
}
