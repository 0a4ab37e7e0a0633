/* Spans as they wait for their traces: nothing but what the graph is made of. */
#include "graph.h"

/* Before the texts, in this order; in this process's order of bytes. */
struct head {
	uint64_t start_ns, end_ns;
	uint32_t id_len, parent_len, service_len, name_len, peer_len, links_len;
	uint32_t link_count;
	uint8_t kind, peer_kind;
	uint8_t failed, chosen;
};

struct link_head {
	uint32_t trace_len, span_len;
};

const unsigned fact_needs = SL_NEED_TRACE_ID | SL_NEED_SPAN_ID | SL_NEED_PARENT_SPAN_ID |
			    SL_NEED_SERVICE | SL_NEED_KIND | SL_NEED_STATUS | SL_NEED_TIMES |
			    SL_NEED_ATTRIBUTES;

/* Spans of sources that know no kinds: who names the other side is its client. */
static uint8_t kind_of(const struct sl_span *span)
{
	struct sl_value ignored;

	if (span->kind > SL_KIND_UNSPECIFIED && span->kind < SL_KIND_COUNT)
		return (uint8_t)span->kind;
	if (sl_span_attribute(span, SL_OWNER_SPAN, SL_SLICE("peer.service"), &ignored) ||
	    sl_span_attribute(span, SL_OWNER_SPAN, SL_SLICE("db.system"), &ignored) ||
	    sl_span_attribute(span, SL_OWNER_SPAN, SL_SLICE("db.system.name"), &ignored))
		return SL_KIND_CLIENT;
	return SL_KIND_UNSPECIFIED;
}

/* The span with its links, or NULL: it has none. */
static const struct sl_span *with_links(const struct sl_span *span)
{
	if (!sl_span_has_links(span))
		return NULL;
	span = sl_span_whole(span);
	return span != NULL && span->link_count != 0 ? span : NULL;
}

static void add_links(const struct sl_span *span, struct sl_buffer *out)
{
	for (size_t i = 0; i < span->link_count; i++) {
		const struct sl_link *link = &span->links[i];
		struct link_head head = { (uint32_t)link->trace_id.len,
					  (uint32_t)link->span_id.len };

		sl_buffer_add(out, &head, sizeof(head));
		sl_buffer_add_slice(out, link->trace_id);
		sl_buffer_add_slice(out, link->span_id);
	}
}

/*
 * What it says of another side.  What a server says of itself counts only where nobody called it,
 * and else whom it names as its caller, of which there may be no span: the call tells of the
 * others.
 */
static void find_peer(const struct sl_span *span, uint8_t kind, struct sl_buffer *buffer,
		      struct sl_peer *peer)
{
	struct sl_value caller;

	if (kind == SL_KIND_SERVER && span->parent_span_id.len != 0) {
		if (sl_span_attribute(span, SL_OWNER_SPAN, SL_SLICE("peer.service"), &caller))
			sl_peer_of(span, buffer, peer);
		if (peer->kind != SL_NODE_SERVICE)
			peer->text.len = 0;
	} else if (kind > SL_KIND_INTERNAL) {
		sl_peer_of(span, buffer, peer);
	}
}

void fact_pack(const struct sl_span *span, bool chosen, bool with_name, struct sl_buffer *buffer,
	       struct sl_buffer *out)
{
	struct sl_slice service = sl_span_service(span);
	struct sl_peer peer = { 0 };
	const struct sl_span *linking;
	struct head head = {
		.start_ns = span->start_unix_nano,
		.end_ns = span->end_unix_nano,
		.id_len = (uint32_t)span->span_id.len,
		.parent_len = (uint32_t)span->parent_span_id.len,
		.service_len = (uint32_t)service.len,
		.name_len = with_name ? (uint32_t)span->name.len : 0,
		.kind = kind_of(span),
		.failed = span->status_code == SL_STATUS_ERROR,
		.chosen = chosen,
	};
	size_t at = out->len, links_at;

	find_peer(span, head.kind, buffer, &peer);
	/* behind the attributes, which were gone through */
	linking = with_links(span);
	head.link_count = linking != NULL ? (uint32_t)linking->link_count : 0;
	head.peer_kind = (uint8_t)peer.kind;
	head.peer_len = (uint32_t)peer.text.len;
	sl_buffer_add(out, &head, sizeof(head));
	sl_buffer_add_slice(out, span->span_id);
	sl_buffer_add_slice(out, span->parent_span_id);
	sl_buffer_add_slice(out, service);
	if (with_name)
		sl_buffer_add_slice(out, span->name);
	sl_buffer_add_slice(out, peer.text);
	links_at = out->len;
	if (linking != NULL)
		add_links(linking, out);
	head.links_len = (uint32_t)(out->len - links_at);
	out->failed |= buffer->failed;
	if (!out->failed)
		memcpy(out->data + at, &head, sizeof(head));
}

static struct sl_slice take(struct sl_slice *from, size_t len)
{
	struct sl_slice taken = { from->data, len };

	from->data += len;
	from->len -= len;
	return taken;
}

void fact_unpack(struct sl_slice record, struct sl_span *span, struct fact *fact)
{
	struct head head;

	memcpy(&head, take(&record, sizeof(head)).data, sizeof(head));
	span->span_id = take(&record, head.id_len);
	span->parent_span_id = take(&record, head.parent_len);
	span->kind = head.kind;
	span->status_code = head.failed ? SL_STATUS_ERROR : SL_STATUS_UNSET;
	span->start_unix_nano = head.start_ns;
	span->end_unix_nano = head.end_ns;
	fact->service = take(&record, head.service_len);
	fact->name = take(&record, head.name_len);
	fact->peer = take(&record, head.peer_len);
	fact->links = take(&record, head.links_len);
	fact->link_count = head.link_count;
	fact->peer_kind = head.peer_kind;
	fact->kind = head.kind;
	fact->failed = head.failed != 0;
	fact->chosen = head.chosen != 0;
}

struct sl_slice fact_links(struct sl_slice record)
{
	struct head head;

	memcpy(&head, record.data, sizeof(head));
	return (struct sl_slice){ record.data + record.len - head.links_len, head.links_len };
}

struct packed_link link_unpack(struct sl_slice *links)
{
	struct packed_link link;
	struct link_head head;

	memcpy(&head, take(links, sizeof(head)).data, sizeof(head));
	link.trace_id = take(links, head.trace_len);
	link.span_id = take(links, head.span_len);
	return link;
}
