/* Requests through libcurl's easy interface. */
#include "probe.h"
#include "reply.h"
#include "spanline/io.h"
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Of a response, which servers keep to 4 MiB (HTTP, "Response size"). */
#define REPLY_LIMIT ((size_t)4 << 20)

static const char export_path[] = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

struct sl_client {
	CURL *curl;
	struct curl_slist *headers;
	const struct sl_client_options *options;
	struct sl_deflater *deflater;
	struct sl_buffer body; /* of the request, where it is not what was given */
	struct sl_slice rest;  /* what is not sent yet */
	bool rewound;	       /* libcurl wanted to send it again */
	bool too_large;	       /* the response */
	struct reply reply;
	struct sl_arena scratch;
	char problem[CURL_ERROR_SIZE];
};

enum sl_status sl_net_start(struct sl_error *err)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
		       ? SL_OK
		       : sl_fail(err, "libcurl cannot run");
}

static size_t give_body(char *into, size_t size, size_t count, void *context)
{
	struct sl_client *client = context;
	size_t room = size * count;
	size_t len = client->rest.len < room ? client->rest.len : room;

	if (len != 0)
		memcpy(into, client->rest.data, len);
	client->rest.data += len;
	client->rest.len -= len;
	return len;
}

/* On a dead connection libcurl would send the body again by itself; whether that may be is not its
 * to say. */
static int refuse_rewind(void *context, curl_off_t offset, int origin)
{
	struct sl_client *client = context;

	(void)offset;
	(void)origin;
	client->rewound = true;
	return CURL_SEEKFUNC_FAIL;
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
	struct sl_client *client = context;

	if (client->reply.body.len + size * count > REPLY_LIMIT) {
		client->too_large = true;
		return 0;
	}
	sl_buffer_add(&client->reply.body, data, size * count);
	return client->reply.body.failed ? 0 : size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
	struct sl_client *client = context;

	reply_header(&client->reply, (struct sl_slice){ data, size * count });
	return size * count;
}

static int look_for_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct sl_client *client = context;

	(void)a, (void)b, (void)c, (void)d;
	return client->options->stop != NULL && *client->options->stop != 0;
}

static bool add_header(struct sl_client *client, const char *line)
{
	struct curl_slist *longer = curl_slist_append(client->headers, line);

	if (longer != NULL)
		client->headers = longer;
	return longer != NULL;
}

/* A value that is empty is sent, too: "Name:" would be one of libcurl's own that is left out. */
static bool add_header_of_user(struct sl_client *client, const char *line)
{
	size_t name_len = strcspn(line, ":");
	struct sl_buffer bare = { 0 };
	bool added;

	if (line[name_len + 1 + strspn(line + name_len + 1, " \t")] != '\0')
		return add_header(client, line);
	sl_buffer_printf(&bare, "%.*s;", (int)name_len, line);
	sl_buffer_add_byte(&bare, '\0');
	added = !bare.failed && add_header(client, bare.data);
	sl_buffer_free(&bare);
	return added;
}

static bool add_headers(struct sl_client *client)
{
	static const char *const of_protocol[SL_PROTOCOL_COUNT] = {
		[SL_PROTOCOL_HTTP_PROTOBUF] = "Content-Type: application/x-protobuf",
		[SL_PROTOCOL_HTTP_JSON] = "Content-Type: application/json",
		[SL_PROTOCOL_GRPC] = "content-type: application/grpc",
	};
	const struct sl_client_options *options = client->options;
	bool grpc = options->protocol == SL_PROTOCOL_GRPC;
	/* without a value libcurl sends none of its own */
	bool added = add_header(client, of_protocol[options->protocol]) &&
		     add_header(client, "Expect:") && add_header(client, "Accept:");

	if (grpc)
		added = added && add_header(client, "te: trailers") &&
			add_header(client, "grpc-accept-encoding: identity");
	if (options->gzip)
		added = added &&
			add_header(client, grpc ? "grpc-encoding: gzip" : "Content-Encoding: gzip");
	if (grpc && options->timeout_ms != 0) {
		char line[64];

		/* eight digits at most */
		snprintf(line, sizeof(line), "grpc-timeout: %um",
			 (unsigned)(options->timeout_ms < 99999999 ? options->timeout_ms
								   : 99999999));
		added = added && add_header(client, line);
	}
	for (size_t i = 0; added && i < options->headers->count; i++)
		added = add_header_of_user(client, options->headers->items[i]);
	return added;
}

static bool set_url(struct sl_client *client)
{
	const struct sl_client_options *options = client->options;
	const char *own = options->endpoint->url;
	struct sl_buffer url = { 0 };
	bool set;

	sl_buffer_add(&url, own, strlen(own));
	if (options->protocol == SL_PROTOCOL_GRPC) {
		while (url.len != 0 && url.data[url.len - 1] == '/')
			url.len--;
		sl_buffer_add(&url, export_path, sizeof(export_path) - 1);
	}
	sl_buffer_add_byte(&url, '\0');
	set = !url.failed && curl_easy_setopt(client->curl, CURLOPT_URL, url.data) == CURLE_OK;
	sl_buffer_free(&url);
	return set;
}

/* Before 8.0 libcurl fails at the second request of an HTTP/2 connection without TLS. */
static bool can_reuse(const struct sl_client_options *options)
{
	return options->protocol != SL_PROTOCOL_GRPC || options->endpoint->tls ||
	       curl_version_info(CURLVERSION_NOW)->version_num >= 0x080000;
}

static long http_version(const struct sl_client_options *options)
{
	if (options->endpoint->tls)
		return CURL_HTTP_VERSION_2TLS;
	return options->protocol == SL_PROTOCOL_GRPC ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
						     : CURL_HTTP_VERSION_1_1;
}

static void set_callbacks(struct sl_client *client)
{
	CURL *curl = client->curl;

	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, client);
	curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, refuse_rewind);
	curl_easy_setopt(curl, CURLOPT_SEEKDATA, client);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, client);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, client);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_for_stop);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, client);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->problem);
}

static bool configure(struct sl_client *client)
{
	const struct sl_client_options *options = client->options;
	CURL *curl = client->curl;
	long timeout = options->timeout_ms < LONG_MAX ? (long)options->timeout_ms : LONG_MAX;

	set_callbacks(client);
	client_secure(curl, options);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, http_version(options));
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, can_reuse(options) ? 0L : 1L);
	curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, options->user_agent);
	curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 timeout != 0 && timeout < 10000 ? timeout : 10000L);
	if (options->protocol == SL_PROTOCOL_GRPC)
		curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
	if (options->unix_socket != NULL)
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->unix_socket);
	return set_url(client) && add_headers(client) &&
	       curl_easy_setopt(curl, CURLOPT_HTTPHEADER, client->headers) == CURLE_OK;
}

enum sl_status sl_client_open(struct sl_client **client, const struct sl_client_options *options,
			      struct sl_error *err)
{
	struct sl_client *made = calloc(1, sizeof(*made));

	*client = made;
	if (made == NULL)
		return sl_fail_memory(err);
	made->options = options;
	made->curl = curl_easy_init();
	if (made->curl != NULL && configure(made))
		return SL_OK;
	*client = NULL;
	sl_client_close(made);
	return sl_fail_memory(err);
}

/* The request as it goes out: compressed, framed, or as it is. */
static enum sl_status make_body(struct sl_client *client, struct sl_slice request,
				struct sl_error *err)
{
	struct sl_buffer *body = &client->body;
	bool grpc = client->options->protocol == SL_PROTOCOL_GRPC;
	enum sl_status status = SL_OK;
	size_t len;

	client->rest = request;
	if (!grpc && !client->options->gzip)
		return SL_OK;
	body->len = 0;
	if (grpc)
		sl_buffer_add(body, client->options->gzip ? "\1\0\0\0" : "\0\0\0\0", 5);
	if (client->options->gzip)
		status = sl_deflate_message(&client->deflater, SL_CODEC_GZIP, request, body, err);
	else
		sl_buffer_add_slice(body, request);
	if (status != SL_OK || body->failed)
		return status != SL_OK ? status : sl_fail_memory(err);
	len = body->len - 5;
	for (size_t i = 0; grpc && i < 4; i++)
		body->data[1 + i] = (char)(len >> (24 - 8 * i));
	client->rest = sl_buffer_slice(body);
	return SL_OK;
}

/* How far a request came that broke off: to the server, TLS or a proxy in between, or out. */
static enum transport judge_break(const struct sl_client *client)
{
	curl_off_t connected_us = 0, ready_us = 0;
	long connections = 0;

	if (client->rewound)
		return TRANSPORT_RESENT;
	/* a request on an old connection makes none */
	curl_easy_getinfo(client->curl, CURLINFO_NUM_CONNECTS, &connections);
	curl_easy_getinfo(client->curl, CURLINFO_CONNECT_TIME_T, &connected_us);
	curl_easy_getinfo(client->curl, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
	if (connections == 0 || ready_us != 0)
		return TRANSPORT_LOST;
	return connected_us != 0 ? TRANSPORT_UNSENT : TRANSPORT_NOBODY;
}

/* What a proxy answered that was asked for a tunnel; it may be of another mind later. */
static bool is_shut_out(CURL *curl)
{
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &status);
	return status != 0 && status / 100 != 2 && status != 429 && status / 100 != 5;
}

/* A refusal says so in its head: where only its text broke off, it has come.  Servers that do not
 * read a request to its end often leave no time for that. */
static bool has_refused(const struct sl_client *client)
{
	return client->reply.head_ended && client->reply.http_status >= 300 && !client->rewound &&
	       !client->too_large;
}

/* libcurl repeats the whole of it, password and all. */
static bool has_bad_proxy(const struct sl_client *client)
{
	static const char words[] = "Unsupported proxy ";

	return strncmp(client->problem, words, sizeof(words) - 1) == 0;
}

static enum transport judge(const struct sl_client *client, CURLcode code)
{
	long version = 0, number = 0;

	if (code != CURLE_OK && has_refused(client))
		return TRANSPORT_DONE;
	if (has_bad_proxy(client))
		return TRANSPORT_HOPELESS;
	switch (code) {
	case CURLE_OK:
		/* libcurl is content with a head that breaks off behind the status */
		if (!client->reply.head_ended)
			return TRANSPORT_LOST;
		curl_easy_getinfo(client->curl, CURLINFO_HTTP_VERSION, &version);
		return client->options->protocol == SL_PROTOCOL_GRPC &&
				       version != CURL_HTTP_VERSION_2_0
			       ? TRANSPORT_HOPELESS
			       : TRANSPORT_DONE;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
		return TRANSPORT_NOBODY;
	case CURLE_COULDNT_CONNECT:
		/* somebody took the connection, and ended it so soon that it looks like no other */
		curl_easy_getinfo(client->curl, CURLINFO_OS_ERRNO, &number);
		return number == ECONNRESET ? TRANSPORT_UNSENT : TRANSPORT_NOBODY;
	case CURLE_WRITE_ERROR:
		return client->too_large ? TRANSPORT_REFUSED : TRANSPORT_LOST;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
		return TRANSPORT_HOPELESS;
	case CURLE_SSL_CONNECT_ERROR:
		/* as OpenSSL says it of a server that answers in the clear */
		return strstr(client->problem, "wrong version number") != NULL ? TRANSPORT_HOPELESS
									       : TRANSPORT_UNSENT;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_HTTP_RETURNED_ERROR:
		return TRANSPORT_REFUSED;
	default:
		return is_shut_out(client->curl) ? TRANSPORT_HOPELESS : judge_break(client);
	}
}

/* libcurl names the host, which has no part in it. */
static void name_socket(struct sl_client *client)
{
	long number = 0;

	curl_easy_getinfo(client->curl, CURLINFO_OS_ERRNO, &number);
	snprintf(client->problem, sizeof(client->problem), "cannot connect to %s: %s",
		 client->options->unix_socket, strerror((int)number));
}

/* In words; those of libcurl, where they are not of its own affairs. */
static const char *find_problem(struct sl_client *client, CURLcode code)
{
	const struct reply *reply = &client->reply;

	if (client->too_large)
		return "the answer is larger than 4 MiB";
	if (reply->transport == TRANSPORT_DONE)
		return NULL;
	if (has_bad_proxy(client))
		return "what a variable names as proxy is no URL of one";
	if (reply->transport == TRANSPORT_RESENT)
		return "the connection had ended before the request";
	switch (code) {
	case CURLE_OK:
		return reply->transport == TRANSPORT_HOPELESS ? "the server does not speak HTTP/2"
							      : "the answer broke off";
	case CURLE_UNSUPPORTED_PROTOCOL:
		return "what answers speaks no HTTP/1: is this the server's port for gRPC?";
	case CURLE_ABORTED_BY_CALLBACK:
		return "the run ended before the answer came";
	case CURLE_SSL_CONNECT_ERROR:
		if (reply->transport == TRANSPORT_HOPELESS)
			return "the server speaks no TLS (wrong version number): its URL begins "
			       "with http://";
		break;
	case CURLE_COULDNT_CONNECT:
		if (client->options->unix_socket != NULL)
			name_socket(client);
		break;
	case CURLE_OUT_OF_MEMORY:
		if (reply->http_status != 0)
			return "a header of the answer is too large";
		break;
	default:
		break;
	}
	return client->problem[0] != '\0' ? client->problem : curl_easy_strerror(code);
}

static void exchange(struct sl_client *client, int64_t now_s)
{
	struct reply *reply = &client->reply;
	CURLcode code;

	reply_clear(reply);
	client->rewound = client->too_large = false;
	client->problem[0] = '\0';
	curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)client->rest.len);
	code = curl_easy_perform(client->curl);
	curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &reply->http_status);
	reply->now_s = now_s;
	reply->transport = judge(client, code);
	/* HTTP/2 keeps a connection on which a request timed out, though it may be dead */
	curl_easy_setopt(client->curl, CURLOPT_FRESH_CONNECT,
			 code == CURLE_OK && reply->transport == TRANSPORT_DONE ? 0L : 1L);
	reply->problem = find_problem(client, code);
}

enum sl_status sl_client_send(struct sl_client *client, struct sl_slice request, int64_t now_s,
			      struct sl_answer *answer, struct sl_error *err)
{
	enum sl_status status = make_body(client, request, err);

	if (status != SL_OK)
		return status;
	exchange(client, now_s);
	if (client->reply.body.failed)
		return sl_fail_memory(err);
	status = client->options->protocol == SL_PROTOCOL_GRPC
			 ? answer_grpc(answer, &client->reply, &client->scratch, err)
			 : answer_http(answer, &client->reply, &client->scratch, err);
	if (status != SL_OK)
		return status;
	headers_hide(client->options->headers, answer->message);
	query_hide(client->options->endpoint->url, answer->message);
	return SL_OK;
}

void sl_client_close(struct sl_client *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->curl);
	curl_slist_free_all(client->headers);
	sl_deflater_free(client->deflater);
	sl_buffer_free(&client->body);
	reply_free(&client->reply);
	sl_arena_free(&client->scratch);
	free(client);
}
