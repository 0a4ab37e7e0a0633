/* Any text as assertions: they are understood, or refused with a place inside them that can be
 * shown. */
#include "padded.h"
#include "spanline/gate.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + (size == 0)); /* without anything behind it */
	struct sl_slice text = { copy, size };
	struct sl_query_fault fault = { 0 };
	struct sl_gates *gates = NULL;
	struct sl_buffer out = { 0 };
	enum sl_status status;
	struct sl_error err;

	demand(copy != NULL);
	if (size != 0)
		memcpy(copy, data, size);
	demand(sl_gates_open(&gates, &err) == SL_OK);
	status = sl_gates_add_lines(gates, text, &fault);
	demand(status == SL_OK || status == SL_BAD_RECORD);
	if (status != SL_OK) {
		demand(fault.at <= text.len && fault.text[0] != '\0');
		demand(memchr(fault.text, '\n', sizeof(fault.text)) == NULL);
		sl_query_show_fault(&fault, text, &out);
		demand(!out.failed && out.len > 0 && out.data[out.len - 1] == '\n');
	}
	sl_buffer_free(&out);
	sl_gates_close(gates);
	free(copy);
	return 0;
}
