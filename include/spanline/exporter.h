/*
 * Where spans are sent and how, as a user says it: options, and the variables
 * OTEL_EXPORTER_OTLP_[TRACES_]* of the OpenTelemetry specification ("OpenTelemetry Protocol
 * Exporter"), which options win over.
 */
#ifndef SPANLINE_EXPORTER_H
#define SPANLINE_EXPORTER_H

#include "spanline/cli.h"
#include "spanline/net.h"

extern const struct sl_option sl_exporter_options[];

struct sl_exporter {
	enum sl_protocol protocol;
	struct sl_endpoint endpoint;
	struct sl_headers headers;
	struct sl_client_options client;
};
/* How many things are to be read from standard input: -H @-. */
size_t sl_exporter_count_stdin(void);
/* After sl_cli_parse.  Dies of what cannot be understood, but of variables only where nothing else
 * could be done: others are warned of and have no effect. */
void sl_exporter_fill(struct sl_exporter *exporter);
/* A line for each setting on stdout: name, value, where it came from; of headers only the names. */
void sl_exporter_print(const struct sl_exporter *exporter);
/* Dies where a certificate or key cannot be read; of variables, only where there is TLS. */
void sl_exporter_check_certificates(const struct sl_exporter *exporter);
/* Of what is dangerous: no verification, secrets in the clear. */
void sl_exporter_warn(const struct sl_exporter *exporter);
/*
 * Dies where the files of dead letters or of a checkpoint (NULL: there are none) cannot be written,
 * are one and the same, or are among the inputs; and where a checkpoint would take the place of
 * what is no file.
 */
void sl_exporter_check_files(const char *dead_letter, const char *checkpoint, char **inputs);
void sl_exporter_free(struct sl_exporter *exporter);

#endif
