/* Connections that only find out what is spoken where nothing came back. */
#include "probe.h"
#include <curl/curl.h>
#include <poll.h>

/* Of a connection, and of an answer on it. */
enum { CONNECT_MS = 2000, ANSWER_MS = 500, ANSWERS = 4 };

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
		curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)CONNECT_MS);
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

/* The first bytes of what comes; false: not so many do. */
static bool hear(CURL *curl, char *into, size_t wanted)
{
	struct pollfd socket = { .events = POLLIN };
	curl_socket_t number = CURL_SOCKET_BAD;
	size_t len = 0, got = 0;

	if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &number) != CURLE_OK)
		return false;
	socket.fd = number;
	for (int i = 0; i < ANSWERS && len < wanted; i++) {
		CURLcode code;

		(void)poll(&socket, 1, ANSWER_MS);
		code = curl_easy_recv(curl, into + len, wanted - len, &got);
		if (code == CURLE_OK && got != 0)
			len += got;
		else if (code != CURLE_AGAIN)
			return false;
	}
	return len == wanted;
}

/* "HTTP/1.1 400": not one that is only busy, or stands before who is not there now. */
static bool is_final_http1(const char answer[12])
{
	static const char *const passing[] = { "429", "502", "503", "504" };

	if (memcmp(answer, "HTTP/1.", 7) != 0)
		return false;
	for (size_t i = 0; i < SL_COUNT(passing); i++)
		if (memcmp(answer + 9, passing[i], 3) == 0)
			return false;
	return true;
}

bool sl_net_meets_http1(const struct sl_client_options *options)
{
	/* how every client begins: the preface, and settings that are none (RFC 9113, 3.4) */
	static const char begin[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0";
	CURL *curl = options->endpoint->tls ? NULL : connect_to(options, "http");
	char answer[12];
	bool met = false;
	size_t sent;

	if (curl != NULL && curl_easy_send(curl, begin, sizeof(begin), &sent) == CURLE_OK &&
	    sent == sizeof(begin) && hear(curl, answer, sizeof(answer)))
		met = is_final_http1(answer);
	curl_easy_cleanup(curl);
	return met;
}
