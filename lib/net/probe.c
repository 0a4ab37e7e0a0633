/* Connections that only find out what is spoken where nothing came back. */
#include "probe.h"
#include <curl/curl.h>
#include <poll.h>

/* Of a connection, and of an answer on it; so often is looked whether it is still wanted. */
enum { CONNECT_MS = 2000, ANSWER_MS = 2000, LOOK_MS = 50 };

static bool is_stopped(const struct sl_client_options *options)
{
	return options->stop != NULL && *options->stop != 0;
}

static int look_for_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)a, (void)b, (void)c, (void)d;
	return is_stopped(context);
}

/* No longer than a request may take. */
static long at_most(long usual_ms, const struct sl_client_options *options)
{
	return options->timeout_ms != 0 && options->timeout_ms < (uint64_t)usual_ms
		       ? (long)options->timeout_ms
		       : usual_ms;
}

void client_secure(void *curl, const struct sl_client_options *options)
{
	if (options->certificate_authority != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, options->certificate_authority);
	if (options->client_certificate != NULL)
		curl_easy_setopt(curl, CURLOPT_SSLCERT, options->client_certificate);
	if (options->client_key != NULL)
		curl_easy_setopt(curl, CURLOPT_SSLKEY, options->client_key);
	if (options->skip_verify) {
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

/* NULL: none came about.  `scheme` is http or https. */
static CURL *connect_to(const struct sl_client_options *options, const char *scheme)
{
	CURL *curl = curl_easy_init();
	CURLU *url = curl_url();
	bool met = false;

	if (curl != NULL && url != NULL &&
	    curl_url_set(url, CURLUPART_URL, options->endpoint->url, 0) == CURLUE_OK &&
	    curl_url_set(url, CURLUPART_SCHEME, scheme, 0) == CURLUE_OK) {
		client_secure(curl, options);
		curl_easy_setopt(curl, CURLOPT_CURLU, url);
		curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
		curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, at_most(CONNECT_MS, options));
		curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_for_stop);
		curl_easy_setopt(curl, CURLOPT_XFERINFODATA, options);
		curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
		if (options->protocol == SL_PROTOCOL_GRPC)
			curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
		if (options->unix_socket != NULL)
			curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->unix_socket);
		met = curl_easy_perform(curl) == CURLE_OK;
	}
	/* the handle looks into it until it has performed */
	curl_url_cleanup(url);
	if (met)
		return curl;
	curl_easy_cleanup(curl);
	return NULL;
}

bool sl_net_meets_tls(const struct sl_client_options *options)
{
	/* nothing is sent behind the handshake, so that it matters to nobody whose certificate it
	 * is */
	CURL *curl = options->endpoint->tls ? NULL : connect_to(options, "https");

	curl_easy_cleanup(curl);
	return curl != NULL;
}

/* The first bytes of what comes, up to its end: so many. */
static size_t hear(CURL *curl, const struct sl_client_options *options, char *into, size_t wanted)
{
	struct pollfd socket = { .events = POLLIN };
	curl_socket_t number = CURL_SOCKET_BAD;
	long left_ms = at_most(ANSWER_MS, options);
	size_t len = 0, got = 0;

	if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &number) != CURLE_OK)
		return 0;
	socket.fd = number;
	while (len < wanted && left_ms > 0 && !is_stopped(options)) {
		CURLcode code;

		if (poll(&socket, 1, LOOK_MS) <= 0)
			left_ms -= LOOK_MS;
		code = curl_easy_recv(curl, into + len, wanted - len, &got);
		if (code == CURLE_OK && got != 0)
			len += got;
		else if (code != CURLE_AGAIN)
			break;
	}
	return len;
}

/* "HTTP/1.1 503": one that is only busy, or stands before who is not there now. */
static bool is_passing(struct sl_slice answer)
{
	static const char *const passing[] = { "429", "502", "503", "504" };

	if (answer.len < 12 || memcmp(answer.data, "HTTP/1.", 7) != 0)
		return false;
	for (size_t i = 0; i < SL_COUNT(passing); i++)
		if (memcmp(answer.data + 9, passing[i], 3) == 0)
			return true;
	return false;
}

/* All of the head of a frame of SETTINGS, of the whole connection (RFC 9113, 4.1 and 6.5). */
static bool is_settings(struct sl_slice answer)
{
	return memcmp(answer.data + 3, "\4", 1) == 0 && memcmp(answer.data + 5, "\0\0\0\0", 4) == 0;
}

bool sl_net_misses_http2(const struct sl_client_options *options)
{
	/* how every client begins: the preface, and settings that are none (RFC 9113, 3.4) */
	static const char begin[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0";
	CURL *curl = options->endpoint->tls ? NULL : connect_to(options, "http");
	char bytes[12];
	struct sl_slice answer = { bytes, 0 };
	size_t sent;

	if (curl != NULL && curl_easy_send(curl, begin, sizeof(begin), &sent) == CURLE_OK &&
	    sent == sizeof(begin))
		answer.len = hear(curl, options, bytes, sizeof(bytes));
	curl_easy_cleanup(curl);
	return answer.len >= 9 && !is_settings(answer) && !is_passing(answer);
}
