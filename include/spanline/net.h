/*
 * OTLP to a server: one request over HTTP or gRPC at a time, and what came of it.  libcurl lives
 * here and nowhere else, and only commands that enter this door are linked with it.
 *
 * Rules: opentelemetry-proto 1.11, docs/specification.md ("HTTP" below), and gRPC's
 * PROTOCOL-HTTP2.md.
 */
#ifndef SPANLINE_NET_H
#define SPANLINE_NET_H

#include "spanline/base.h"
#include <signal.h>

enum sl_protocol {
	SL_PROTOCOL_HTTP_PROTOBUF,
	SL_PROTOCOL_HTTP_JSON,
	SL_PROTOCOL_GRPC,
	SL_PROTOCOL_COUNT
};
/* "http/protobuf", "http/json", "grpc"; NULL behind the last. */
extern const char *const sl_protocol_names[];
/* In either case; SL_PROTOCOL_COUNT: no such name. */
enum sl_protocol sl_protocol_find(struct sl_slice name);

/* Which path a URL gets where it is for HTTP. */
enum sl_endpoint_form {
	SL_ENDPOINT_BASE,  /* v1/traces behind its own */
	SL_ENDPOINT_EXACT, /* its own, and "/" where it has none */
	SL_ENDPOINT_PLAIN, /* its own, or /v1/traces where it has none */
};

struct sl_endpoint {
	char *url;   /* owned: scheme, host, port, path, query; for gRPC without path and query */
	char *shown; /* owned: the same without the query, which may hold secrets */
	bool tls;
	bool local; /* this machine's loopback */
};
struct sl_endpoint_rules {
	enum sl_protocol protocol;
	enum sl_endpoint_form form;
	bool insecure; /* with gRPC a scheme may be missing: then it is http, else https */
};
/* SL_BAD_RECORD: err says what is wrong with it, and does not repeat a password. */
SL_MUST_USE enum sl_status sl_endpoint_parse(struct sl_endpoint *endpoint, const char *text,
					     const struct sl_endpoint_rules *rules,
					     struct sl_error *err);
void sl_endpoint_free(struct sl_endpoint *endpoint);

/* Headers that the user adds.  A zeroed struct is empty. */
struct sl_headers {
	char **items; /* "Name: value" */
	size_t count;
	size_t capacity;
};
/* "Name: value".  One of the same name is replaced.  SL_BAD_RECORD: no such header can be sent;
 * err names the header, never its value. */
SL_MUST_USE enum sl_status sl_headers_add(struct sl_headers *headers, struct sl_slice line,
					  struct sl_error *err);
/* Takes the first pair of "k1=v1,k2=v2", values percent-encoded, off *list.  SL_END: there is none.
 * SL_BAD_RECORD: this one is passed over. */
SL_MUST_USE enum sl_status sl_headers_add_pair(struct sl_headers *headers, struct sl_slice *list,
					       struct sl_error *err);
/* The value, or data NULL. */
struct sl_slice sl_headers_find(const struct sl_headers *headers, struct sl_slice name);
void sl_headers_free(struct sl_headers *headers);

/* What may be done after a request. */
enum sl_answer_kind {
	SL_ANSWER_ACCEPTED,  /* but for `rejected` of its spans, which are lost */
	SL_ANSWER_REFUSED,   /* for ever */
	SL_ANSWER_TOO_LARGE, /* smaller ones may be taken */
	SL_ANSWER_AGAIN,     /* it may be sent again, after a while */
	SL_ANSWER_HOPELESS,  /* nor will any other: wrong certificate, no HTTP/2 */
};

struct sl_answer {
	enum sl_answer_kind kind;
	uint64_t rejected; /* as the server says: perhaps more than were sent */
	bool has_wait;	   /* the server says how long to wait: */
	uint64_t wait_ns;
	bool nobody;	   /* no connection came about: nothing was sent */
	bool unanswered;   /* it may have arrived all the same */
	bool resent;	   /* the connection was dead, and libcurl would have sent it again */
	long http_status;  /* 0: none came */
	int grpc_status;   /* -1: none came */
	char message[400]; /* what the server or the system says of it, as it came; may be "" */
};

struct sl_client_options {
	const struct sl_endpoint *endpoint;
	enum sl_protocol protocol;
	const struct sl_headers *headers;
	const char *user_agent;
	bool gzip;
	uint64_t timeout_ms; /* of a request, connecting included; 0: none */
	/* PEM files, or NULL */
	const char *certificate_authority, *client_certificate, *client_key;
	const char *unix_socket; /* to connect to instead, or NULL */
	bool skip_verify;
	const volatile sig_atomic_t *stop; /* or NULL: once not 0, requests end with an error */
};

/* One connection, for one thread.  *client is owned, the options are borrowed for its life. */
struct sl_client;
SL_MUST_USE enum sl_status sl_client_open(struct sl_client **client,
					  const struct sl_client_options *options,
					  struct sl_error *err);
/*
 * Sends an encoded ExportTraceServiceRequest in the protocol's encoding and waits for the answer.
 * `now_s` is the time of day in seconds since 1970 (for Retry-After).  SL_FAILED: no memory.
 */
SL_MUST_USE enum sl_status sl_client_send(struct sl_client *client, struct sl_slice request,
					  int64_t now_s, struct sl_answer *answer,
					  struct sl_error *err);
void sl_client_close(struct sl_client *client);

/* Where requests without TLS are not answered, a connection of their own finds out what would be:
 * whether TLS is spoken there; */
bool sl_net_meets_tls(const struct sl_client_options *options);
/* whether who is greeted in HTTP/2 answers in another way, and so never in HTTP/2; one in HTTP/1
 * that is busy may do better later. */
bool sl_net_misses_http2(const struct sl_client_options *options);

/* Before the first client is opened, on a program's only thread; SL_FAILED: libcurl cannot run. */
SL_MUST_USE enum sl_status sl_net_start(struct sl_error *err);

#endif
