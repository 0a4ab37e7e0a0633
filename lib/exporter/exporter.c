/* The settings of an exporter, from options and variables. */
#include "spanline/exporter.h"
#include "spanline/text.h"
#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const compressions[] = { "gzip", "none", NULL };

static struct {
	const char *endpoint, *protocol, *compression, *timeout;
	const char *certificate, *client_key, *client_certificate, *unix_socket;
	struct sl_texts headers;
	bool insecure, skip_verify;
} opt;

const struct sl_option sl_exporter_options[] = {
	{ 0, "endpoint", "URL", "where to (http://localhost:4318)", .text = &opt.endpoint },
	{ 0, "protocol", "NAME", "http/protobuf (the usual), http/json or grpc",
	  .text = &opt.protocol, .choices = sl_protocol_names },
	{ 'H', "header", "HEADER", "send 'Name: value' too (@FILE)", .texts = &opt.headers },
	{ 'z', "compression", "CODEC", "compress requests", .text = &opt.compression,
	  .choices = compressions },
	{ 0, "timeout", "DURATION", "of a request (10s); 0s: none", .text = &opt.timeout },
	{ 0, "certificate", "FILE", "trust these authorities (PEM)", .text = &opt.certificate },
	{ 0, "client-certificate", "FILE", "show this certificate (PEM)",
	  .text = &opt.client_certificate },
	{ 0, "client-key", "FILE", "its key (PEM)", .text = &opt.client_key },
	{ 0, "unix-socket", "FILE", "connect to this socket", .text = &opt.unix_socket },
	{ 0, "insecure", NULL, "no TLS for gRPC where the URL has no scheme",
	  .flag = &opt.insecure },
	{ 0, "insecure-skip-verify", NULL, "take any certificate for the server's",
	  .flag = &opt.skip_verify },
	{ 0 },
};

enum setting_name {
	SETTING_ENDPOINT,
	SETTING_PROTOCOL,
	SETTING_HEADERS,
	SETTING_COMPRESSION,
	SETTING_TIMEOUT,
	SETTING_CERTIFICATE,
	SETTING_CLIENT_CERTIFICATE,
	SETTING_CLIENT_KEY,
	SETTING_INSECURE,
	SETTING_COUNT
};

/* Where a setting comes from: the last part of its variable's name, and the option that wins. */
static const struct {
	const char *variable;
	const char *option;
	const char *const *value; /* of the option, or NULL: it is no single text */
} rows[SETTING_COUNT] = {
	[SETTING_ENDPOINT] = { "ENDPOINT", "--endpoint", &opt.endpoint },
	[SETTING_PROTOCOL] = { "PROTOCOL", "--protocol", &opt.protocol },
	[SETTING_HEADERS] = { "HEADERS", "-H", NULL },
	[SETTING_COMPRESSION] = { "COMPRESSION", "--compression", &opt.compression },
	[SETTING_TIMEOUT] = { "TIMEOUT", "--timeout", &opt.timeout },
	[SETTING_CERTIFICATE] = { "CERTIFICATE", "--certificate", &opt.certificate },
	[SETTING_CLIENT_CERTIFICATE] = { "CLIENT_CERTIFICATE", "--client-certificate",
					 &opt.client_certificate },
	[SETTING_CLIENT_KEY] = { "CLIENT_KEY", "--client-key", &opt.client_key },
	[SETTING_INSECURE] = { "INSECURE", "--insecure", NULL },
};

enum origin { ORIGIN_DEFAULT, ORIGIN_VARIABLE, ORIGIN_TRACES_VARIABLE, ORIGIN_OPTION };

static struct setting {
	const char *value; /* NULL: the default */
	enum origin origin;
	char variable[64];
} settings[SETTING_COUNT];

static struct sl_headers headers_of_options;

/* From the variables, from the first one on that may count. */
static void find_variable(enum setting_name name, enum origin first)
{
	static const char *const prefixes[] = {
		[ORIGIN_VARIABLE] = "OTEL_EXPORTER_OTLP_",
		[ORIGIN_TRACES_VARIABLE] = "OTEL_EXPORTER_OTLP_TRACES_",
	};
	struct setting *setting = &settings[name];

	for (enum origin origin = first; origin != ORIGIN_DEFAULT; origin--) {
		snprintf(setting->variable, sizeof(setting->variable), "%s%s", prefixes[origin],
			 rows[name].variable);
		setting->value = sl_cli_environment(setting->variable);
		setting->origin = origin;
		if (setting->value != NULL)
			return;
	}
	setting->value = NULL;
	setting->origin = ORIGIN_DEFAULT;
}

static void find(enum setting_name name)
{
	if (rows[name].value != NULL && *rows[name].value != NULL)
		settings[name] =
			(struct setting){ .value = *rows[name].value, .origin = ORIGIN_OPTION };
	else
		find_variable(name, ORIGIN_TRACES_VARIABLE);
}

/* The variable's value has no effect, as if it were not set ("Configuration: common"). */
static void pass_over(enum setting_name name, const char *expected)
{
	struct setting *setting = &settings[name];

	sl_warn("%s: '%s' is not %s, and has no effect", setting->variable, setting->value,
		expected);
	find_variable(name, setting->origin - 1);
}

static enum sl_protocol read_protocol(void)
{
	const struct setting *setting = &settings[SETTING_PROTOCOL];

	while (setting->value != NULL) {
		enum sl_protocol protocol = sl_protocol_find(sl_slice_of(setting->value));

		if (protocol != SL_PROTOCOL_COUNT)
			return protocol;
		pass_over(SETTING_PROTOCOL, "grpc, http/protobuf or http/json");
	}
	return SL_PROTOCOL_HTTP_PROTOBUF;
}

static uint64_t read_timeout(void)
{
	const struct setting *setting = &settings[SETTING_TIMEOUT];
	uint64_t timeout_ms = 10000;
	int64_t timeout_ns;

	if (setting->origin == ORIGIN_OPTION) {
		if (!sl_parse_duration(sl_slice_of(setting->value), &timeout_ns))
			sl_die_usage("option '--timeout': '%s' is no duration as 10s",
				     setting->value);
		/* what is not 0 is no "none" */
		return timeout_ns == 0 ? 0 : ((uint64_t)timeout_ns + 999999) / 1000000;
	}
	while (setting->value != NULL) {
		if (sl_parse_u64(sl_slice_of(setting->value), &timeout_ms))
			return timeout_ms;
		pass_over(SETTING_TIMEOUT, "a number of milliseconds");
	}
	return 10000;
}

static bool read_insecure(void)
{
	struct setting *setting = &settings[SETTING_INSECURE];

	if (opt.insecure) {
		*setting = (struct setting){ .value = "true", .origin = ORIGIN_OPTION };
		return true;
	}
	if (setting->value == NULL || strcasecmp(setting->value, "true") == 0)
		return setting->value != NULL;
	/* of what is true or false, anything else is false, and counts */
	if (strcasecmp(setting->value, "false") != 0)
		sl_warn("%s: '%s' is neither true nor false, and taken for false",
			setting->variable, setting->value);
	return false;
}

static bool read_compression(void)
{
	const struct setting *setting = &settings[SETTING_COMPRESSION];

	while (setting->value != NULL) {
		if (strcasecmp(setting->value, "gzip") == 0)
			return true;
		if (strcasecmp(setting->value, "none") == 0)
			return false;
		pass_over(SETTING_COMPRESSION, "gzip or none");
	}
	return false;
}

static void read_endpoint(struct sl_exporter *exporter)
{
	static const enum sl_endpoint_form forms[] = {
		[ORIGIN_DEFAULT] = SL_ENDPOINT_BASE,
		[ORIGIN_VARIABLE] = SL_ENDPOINT_BASE,
		[ORIGIN_TRACES_VARIABLE] = SL_ENDPOINT_EXACT,
		[ORIGIN_OPTION] = SL_ENDPOINT_PLAIN,
	};
	const struct setting *setting = &settings[SETTING_ENDPOINT];
	struct sl_endpoint_rules rules = { .protocol = exporter->protocol,
					   .form = forms[setting->origin],
					   .insecure = read_insecure() };
	const char *value = setting->value;
	struct sl_error err;

	if (value == NULL)
		value = exporter->protocol == SL_PROTOCOL_GRPC ? "http://localhost:4317"
							       : "http://localhost:4318";
	/* the URL is not repeated, since there may be a password in it */
	if (sl_endpoint_parse(&exporter->endpoint, value, &rules, &err) != SL_OK)
		sl_die("%s: %s",
		       setting->origin == ORIGIN_OPTION ? "option '--endpoint'" : setting->variable,
		       err.text);
}

/* What options say wins, and is remembered to have been theirs. */
static enum sl_status add_header(struct sl_headers *headers, const char *line, struct sl_error *err)
{
	enum sl_status status = sl_headers_add(headers, sl_slice_of(line), err);

	return status == SL_OK ? sl_headers_add(&headers_of_options, sl_slice_of(line), err)
			       : status;
}

/* A file of them, as it is read. */
struct header_file {
	const char *path;
	struct sl_headers *headers;
};

static void add_header_of_file(void *context, const char *text, size_t line)
{
	static struct sl_texts lines; /* which live as long as the program */
	const struct header_file *file = context;
	struct sl_error err;

	sl_texts_add(&lines, text);
	if (add_header(file->headers, text, &err) != SL_OK)
		sl_die("%s:%zu: %s", file->path, line, err.text);
}

static void read_headers(struct sl_headers *headers)
{
	const struct setting *setting = &settings[SETTING_HEADERS];
	struct sl_slice list = { NULL, 0 };
	enum sl_status status;
	struct sl_error err;

	if (setting->value != NULL)
		list = sl_slice_of(setting->value);
	while ((status = sl_headers_add_pair(headers, &list, &err)) != SL_END)
		if (status != SL_OK)
			sl_warn("%s: %s, and has no effect", setting->variable, err.text);
	for (size_t i = 0; i < opt.headers.count; i++) {
		const char *item = opt.headers.items[i];
		struct header_file file = { item + 1, headers };

		if (item[0] == '@')
			sl_texts_read_each(file.path, add_header_of_file, &file);
		else if (add_header(headers, item, &err) != SL_OK)
			sl_die_usage("option '-H': %s", err.text);
	}
}

size_t sl_exporter_count_stdin(void)
{
	size_t count = 0;

	for (size_t i = 0; i < opt.headers.count; i++)
		count += strcmp(opt.headers.items[i], "@-") == 0;
	return count;
}

void sl_exporter_fill(struct sl_exporter *exporter)
{
	struct sl_client_options *client = &exporter->client;

	if (opt.unix_socket != NULL && opt.unix_socket[0] == '\0')
		sl_die_usage("option '--unix-socket': '' names no file");
	for (enum setting_name name = 0; name < SETTING_COUNT; name++)
		find(name);
	exporter->protocol = read_protocol();
	read_endpoint(exporter);
	read_headers(&exporter->headers);
	*client = (struct sl_client_options){
		.endpoint = &exporter->endpoint,
		.protocol = exporter->protocol,
		.headers = &exporter->headers,
		.user_agent = "spanline/" SL_VERSION " OTel-OTLP-Exporter-C/" SL_VERSION,
		.gzip = read_compression(),
		.timeout_ms = read_timeout(),
		.certificate_authority = settings[SETTING_CERTIFICATE].value,
		.client_certificate = settings[SETTING_CLIENT_CERTIFICATE].value,
		.client_key = settings[SETTING_CLIENT_KEY].value,
		.unix_socket = opt.unix_socket,
		.skip_verify = opt.skip_verify,
	};
}

static const char *origin_of(enum setting_name name)
{
	const struct setting *setting = &settings[name];

	switch (setting->origin) {
	case ORIGIN_OPTION:
		return rows[name].option;
	case ORIGIN_DEFAULT:
		return "default";
	case ORIGIN_VARIABLE:
	case ORIGIN_TRACES_VARIABLE:
		break;
	}
	return setting->variable;
}

static void print_row(const char *shown, const char *value, const char *origin)
{
	printf("%-20s %-40s %s\n", shown, value != NULL ? value : "-", origin);
}

static void print(enum setting_name name, const char *shown, const char *value)
{
	print_row(shown, value, origin_of(name));
}

static void print_headers(const struct sl_headers *headers)
{
	for (size_t i = 0; i < headers->count; i++) {
		struct sl_slice name = { headers->items[i], strcspn(headers->items[i], ":") };
		bool of_options = sl_headers_find(&headers_of_options, name).data != NULL;
		char shown[41];

		snprintf(shown, sizeof(shown), "%.*s: (hidden)",
			 (int)(name.len < 30 ? name.len : 30), name.data);
		print_row("header", shown, of_options ? "-H" : origin_of(SETTING_HEADERS));
	}
}

void sl_exporter_print(const struct sl_exporter *exporter)
{
	char timeout[32];

	if (exporter->client.timeout_ms != 0)
		snprintf(timeout, sizeof(timeout), "%llu ms",
			 (unsigned long long)exporter->client.timeout_ms);
	else
		snprintf(timeout, sizeof(timeout), "none");
	print(SETTING_ENDPOINT, "endpoint", exporter->endpoint.shown);
	print(SETTING_PROTOCOL, "protocol", sl_protocol_names[exporter->protocol]);
	print(SETTING_COMPRESSION, "compression", exporter->client.gzip ? "gzip" : "none");
	print(SETTING_TIMEOUT, "timeout", timeout);
	print(SETTING_CERTIFICATE, "certificate", exporter->client.certificate_authority);
	print(SETTING_CLIENT_CERTIFICATE, "client certificate",
	      exporter->client.client_certificate);
	print(SETTING_CLIENT_KEY, "client key", exporter->client.client_key);
	if (settings[SETTING_INSECURE].value != NULL)
		print(SETTING_INSECURE, "insecure", settings[SETTING_INSECURE].value);
	if (exporter->client.unix_socket != NULL)
		print_row("unix socket", exporter->client.unix_socket, "--unix-socket");
	if (exporter->client.skip_verify)
		print_row("certificates", "not verified", "--insecure-skip-verify");
	print_headers(&exporter->headers);
}

static void check_certificate(enum setting_name name)
{
	const struct setting *setting = &settings[name];
	struct stat status;

	if (setting->value == NULL)
		return;
	/* not opened: what is read of a pipe is gone */
	if (access(setting->value, R_OK) == 0 && stat(setting->value, &status) == 0) {
		if (!S_ISDIR(status.st_mode))
			return;
		errno = EISDIR;
	}
	sl_die("%s: %s: %s", origin_of(name), setting->value[0] != '\0' ? setting->value : "''",
	       strerror(errno));
}

void sl_exporter_check_certificates(const struct sl_exporter *exporter)
{
	static const enum setting_name names[] = { SETTING_CERTIFICATE, SETTING_CLIENT_CERTIFICATE,
						   SETTING_CLIENT_KEY };

	for (size_t i = 0; i < SL_COUNT(names); i++)
		if (exporter->endpoint.tls || settings[names[i]].origin == ORIGIN_OPTION)
			check_certificate(names[i]);
}

void sl_exporter_warn(const struct sl_exporter *exporter)
{
	bool has_secret =
		sl_headers_find(&exporter->headers, SL_SLICE("authorization")).data != NULL;

	if (exporter->client.skip_verify)
		sl_warn("the server's certificate is not verified: anybody on the way can read and "
			"change what is sent");
	if (has_secret && !exporter->endpoint.tls && !exporter->endpoint.local &&
	    exporter->client.unix_socket == NULL)
		sl_warn("the header 'Authorization' goes to %s in the clear: use https",
			exporter->endpoint.shown);
}

void sl_exporter_free(struct sl_exporter *exporter)
{
	sl_endpoint_free(&exporter->endpoint);
	sl_headers_free(&exporter->headers);
	sl_headers_free(&headers_of_options);
}
