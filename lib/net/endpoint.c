/* Where requests go: the rules of OTEL_EXPORTER_OTLP_ENDPOINT and its like. */
#include "spanline/net.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>

static const char traces_path[] = "v1/traces";

static bool has_scheme(const char *text)
{
	return strstr(text, "://") != NULL;
}

/* A part of the URL, owned (curl_free); NULL: it has none. */
static char *part(CURLU *url, CURLUPart which)
{
	char *text = NULL;

	return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool is_local(const char *host)
{
	/* a name may begin as an address does: 127.example.com */
	bool is_address = host[strspn(host, "0123456789.")] == '\0';

	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (is_address && strncmp(host, "127.", 4) == 0);
}

static enum sl_status reject(struct sl_error *err, const char *why)
{
	return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "%s", why);
}

/* Puts the path that the form asks for. */
static bool set_path(CURLU *url, enum sl_endpoint_form form)
{
	char *path = part(url, CURLUPART_PATH);
	const char *own = path != NULL ? path : "/";
	bool bare = strcmp(own, "/") == 0, done;
	struct sl_buffer whole = { 0 };

	if (form == SL_ENDPOINT_EXACT || (form == SL_ENDPOINT_PLAIN && !bare)) {
		curl_free(path);
		return true;
	}
	sl_buffer_printf(&whole, "%s%s%s", own, own[strlen(own) - 1] == '/' ? "" : "/",
			 traces_path);
	sl_buffer_add_byte(&whole, '\0');
	done = !whole.failed && curl_url_set(url, CURLUPART_PATH, whole.data, 0) == CURLUE_OK;
	sl_buffer_free(&whole);
	curl_free(path);
	return done;
}

static char *copy_whole(CURLU *url)
{
	char *text = part(url, CURLUPART_URL);
	char *copy = text != NULL ? strdup(text) : NULL;

	curl_free(text);
	return copy;
}

/* What is left of the URL, as text; `url` loses its query. */
static enum sl_status fill(struct sl_endpoint *endpoint, CURLU *url, struct sl_error *err)
{
	char *host = part(url, CURLUPART_HOST);
	char *scheme = part(url, CURLUPART_SCHEME);

	endpoint->local = host != NULL && is_local(host);
	endpoint->tls = scheme != NULL && strcmp(scheme, "https") == 0;
	endpoint->url = copy_whole(url);
	(void)curl_url_set(url, CURLUPART_QUERY, NULL, 0);
	endpoint->shown = copy_whole(url);
	curl_free(host);
	curl_free(scheme);
	return endpoint->url != NULL && endpoint->shown != NULL ? SL_OK : sl_fail_memory(err);
}

static enum sl_status settle(struct sl_endpoint *endpoint, CURLU *url,
			     const struct sl_endpoint_rules *rules, struct sl_error *err)
{
	char *scheme = part(url, CURLUPART_SCHEME);
	bool known =
		scheme != NULL && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
	char *user = part(url, CURLUPART_USER), *password = part(url, CURLUPART_PASSWORD);
	bool named = user != NULL || password != NULL;

	curl_free(scheme);
	curl_free(user);
	curl_free(password);
	if (!known)
		return reject(err, "its scheme is neither http nor https");
	if (named)
		return reject(err, "it holds a name or a password: send a header instead");
	(void)curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
	if (rules->protocol == SL_PROTOCOL_GRPC) {
		(void)curl_url_set(url, CURLUPART_QUERY, NULL, 0);
		(void)curl_url_set(url, CURLUPART_PATH, NULL, 0);
	} else if (!set_path(url, rules->form)) {
		return sl_fail_memory(err);
	}
	return fill(endpoint, url, err);
}

enum sl_status sl_endpoint_parse(struct sl_endpoint *endpoint, const char *text,
				 const struct sl_endpoint_rules *rules, struct sl_error *err)
{
	const char *scheme = has_scheme(text) ? "" : rules->insecure ? "http://" : "https://";
	struct sl_buffer whole = { 0 };
	enum sl_status status;
	CURLU *url;

	*endpoint = (struct sl_endpoint){ 0 };
	if (rules->protocol != SL_PROTOCOL_GRPC && !has_scheme(text))
		return reject(err, "it has no scheme: it begins with http:// or https://");
	/* as libraries of gRPC name one; it would be a host */
	if (strncmp(text, "unix:", 5) == 0)
		return reject(err, "it names a socket: send there with --unix-socket FILE");
	sl_buffer_printf(&whole, "%s%s", scheme, text);
	sl_buffer_add_byte(&whole, '\0');
	url = curl_url();
	if (url == NULL || whole.failed)
		status = sl_fail_memory(err);
	else if (curl_url_set(url, CURLUPART_URL, whole.data, CURLU_NON_SUPPORT_SCHEME) !=
		 CURLUE_OK)
		status = reject(err, "it is no URL as http://localhost:4318");
	else
		status = settle(endpoint, url, rules, err);
	sl_buffer_free(&whole);
	curl_url_cleanup(url);
	if (status != SL_OK)
		sl_endpoint_free(endpoint);
	return status;
}

void sl_endpoint_free(struct sl_endpoint *endpoint)
{
	free(endpoint->url);
	free(endpoint->shown);
	*endpoint = (struct sl_endpoint){ 0 };
}
