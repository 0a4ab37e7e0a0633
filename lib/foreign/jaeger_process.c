/* What Jaeger calls a process: the resource of its spans. */
#include "jaeger.h"

struct process {
	struct sl_slice service;
	bool has_service;
};

static bool read_service(struct sl_foreign_reader *reader, void *process)
{
	struct process *read = process;

	read->has_service = sl_cursor_peek(&reader->cursor) == '"';
	return foreign_slice(reader, &read->service);
}

static bool read_process_tags(struct sl_foreign_reader *reader, void *unused)
{
	struct jaeger_tags tags = { .hex = false };

	(void)unused;
	return jaeger_read_tags(reader, JAEGER_PROCESS, &tags);
}

static const struct foreign_member process_members[] = {
	{ FOREIGN_KEY("serviceName"), read_service, 0 },
	{ FOREIGN_KEY("tags"), read_process_tags, 0 },
	{ FOREIGN_KEY("tag"), read_process_tags, 0 },
};
static const struct foreign_shape process_shape = { process_members, SL_COUNT(process_members) };

static bool make_process(struct sl_foreign_reader *reader, struct sl_resource *resource)
{
	struct sl_builder *builder = &reader->builder;
	size_t height = builder->height;
	struct process process = { .has_service = false };
	struct sl_value none = { .type = SL_VALUE_EMPTY };

	/* its name comes first, wherever it stands */
	if (!foreign_attribute(reader, SL_SLICE("service.name"), &none))
		return false;
	if (!foreign_members(reader, &process_shape, &process)) {
		builder->height = height;
		return false;
	}
	builder->stack[height].value = foreign_string(process.service);
	if (!process.has_service) {
		builder->height--;
		memmove(&builder->stack[height], &builder->stack[height + 1],
			(builder->height - height) * sizeof(*builder->stack));
	}
	return sl_builder_finish(builder, height, &resource->attributes) ||
	       sl_cursor_memory(&reader->cursor);
}

const struct sl_resource *jaeger_resource(struct sl_foreign_reader *reader, struct sl_slice text)
{
	return foreign_resource(reader, text, make_process);
}
