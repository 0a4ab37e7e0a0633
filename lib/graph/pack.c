/* Spans as they wait for their traces: nothing but what the graph is made of. */
#include "graph.h"

/* Before the texts, in this order; in this process's order of bytes.  It is longer than what is
 * usual of a span, by which the two are told apart. */
struct head {
	uint64_t start_ns, end_ns, links_len;
	uint32_t id_len, parent_len, service_len, name_len, peer_len, link_count;
	uint8_t kind, peer_kind;
	uint8_t failed, chosen;
};

_Static_assert(sizeof(struct head) > sizeof(struct usual_fact), "records are told apart");

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

static inline char *put(char *at, struct sl_slice text)
{
	if (text.len == 8)
		memcpy(at, text.data, 8);
	else if (text.len != 0)
		memcpy(at, text.data, text.len);
	return at + text.len;
}

/* The texts are those of the head's lengths. */
static void add_head(const struct sl_span *span, const struct head *head, struct sl_slice peer,
		     struct sl_buffer *out)
{
	size_t len = sizeof(*head) + head->id_len + head->parent_len + head->service_len +
		     head->name_len + head->peer_len;
	char *at = sl_buffer_reserve(out, len + TEXT_PADDING);

	if (at == NULL)
		return;
	memcpy(at, head, sizeof(*head));
	at = put(at + sizeof(*head), span->span_id);
	at = put(at, span->parent_span_id);
	at = put(at, (struct sl_slice){ sl_span_service(span).data, head->service_len });
	at = put(at, (struct sl_slice){ span->name.data, head->name_len });
	(void)put(at, peer);
	out->len += len;
}

void fact_pack(const struct sl_span *span, bool chosen, bool with_name, struct sl_buffer *buffer,
	       struct sl_buffer *out)
{
	struct sl_peer peer = { 0 };
	const struct sl_span *linking;
	struct head head = {
		.start_ns = span->start_unix_nano,
		.end_ns = span->end_unix_nano,
		.id_len = (uint32_t)span->span_id.len,
		.parent_len = (uint32_t)span->parent_span_id.len,
		.service_len = (uint32_t)sl_span_service(span).len,
		.name_len = with_name ? (uint32_t)span->name.len : 0,
		.kind = kind_of(span),
		.failed = span->status_code == SL_STATUS_ERROR,
		.chosen = chosen,
	};
	size_t at = out->len, links_at;

	find_peer(span, head.kind, buffer, &peer);
	head.peer_kind = (uint8_t)peer.kind;
	head.peer_len = (uint32_t)peer.text.len;
	/* behind the attributes, which were gone through */
	linking = with_links(span);
	add_head(span, &head, peer.text, out);
	out->failed |= buffer->failed;
	if (SL_LIKELY(linking == NULL) || out->failed)
		return;
	links_at = out->len;
	add_links(linking, out);
	head.link_count = (uint32_t)linking->link_count;
	head.links_len = out->len - links_at;
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

static inline bool is_usual(const struct head *head)
{
	return head->id_len == sizeof(((struct usual_fact *)0)->span_id) &&
	       (head->parent_len == 0 || head->parent_len == head->id_len) && head->links_len == 0;
}

struct sl_slice fact_shorten(struct sl_slice record, struct texts *texts, struct usual_fact *usual)
{
	struct sl_slice rest = record;
	struct head head;

	memcpy(&head, take(&rest, sizeof(head)).data, sizeof(head));
	if (SL_UNLIKELY(!is_usual(&head)))
		return record;
	*usual = (struct usual_fact){ .start_ns = head.start_ns,
				      .end_ns = head.end_ns,
				      .kind = head.kind,
				      .peer_kind = head.peer_kind,
				      .failed = head.failed != 0,
				      .chosen = head.chosen != 0,
				      .has_parent = head.parent_len != 0 };
	memcpy(usual->span_id, take(&rest, 8).data, 8);
	if (usual->has_parent)
		memcpy(usual->parent_span_id, take(&rest, 8).data, 8);
	usual->service = texts_number(texts, take(&rest, head.service_len));
	usual->name = texts_number(texts, take(&rest, head.name_len));
	usual->peer = texts_number(texts, take(&rest, head.peer_len));
	if (SL_UNLIKELY(usual->service == NO_TEXT || usual->name == NO_TEXT ||
			usual->peer == NO_TEXT))
		return record;
	return (struct sl_slice){ (const char *)usual, sizeof(*usual) };
}

static void unpack_usual(struct sl_slice record, const struct texts *texts, struct sl_span *span,
			 struct fact *fact)
{
	struct usual_fact usual;

	memcpy(&usual, record.data, sizeof(usual));
	record.data += offsetof(struct usual_fact, span_id);
	span->span_id = take(&record, sizeof(usual.span_id));
	span->parent_span_id = take(&record, usual.has_parent ? sizeof(usual.parent_span_id) : 0);
	span->kind = usual.kind;
	span->status_code = usual.failed ? SL_STATUS_ERROR : SL_STATUS_UNSET;
	span->start_unix_nano = usual.start_ns;
	span->end_unix_nano = usual.end_ns;
	*fact = (struct fact){
		.service = texts->items[usual.service].text,
		.name = texts->items[usual.name].text,
		.peer = texts->items[usual.peer].text,
		.service_text = usual.service,
		.name_text = usual.name,
		.peer_text = usual.peer,
		.peer_kind = usual.peer_kind,
		.kind = usual.kind,
		.failed = usual.failed,
		.chosen = usual.chosen,
	};
}

void fact_unpack(struct sl_slice record, const struct texts *texts, struct sl_span *span,
		 struct fact *fact)
{
	struct head head;

	if (SL_LIKELY(record.len == sizeof(struct usual_fact))) {
		unpack_usual(record, texts, span, fact);
		return;
	}
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
	fact->service_text = fact->name_text = fact->peer_text = NO_TEXT;
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
