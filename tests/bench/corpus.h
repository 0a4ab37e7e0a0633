/*
 * The made world that generate.c draws its spans from: services, scopes, operations with thirteen
 * attributes each, and the shape of a trace.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stddef.h>
#include <stdint.h>

enum { TRACE_SPANS = 13, SPAN_FIELDS = 13, RESOURCE_FIELDS = 8, EVENT_FIELDS = 3 };
enum { SERVER = 2, CLIENT = 3, PRODUCER = 4, CONSUMER = 5, INTERNAL = 1 };

enum field_type {
	CHOICE,	 /* one of `choices` */
	UNIQUE,	 /* choices[0] and 16 hex digits */
	NUMBER,	 /* an integer from `low` to `high` */
	DECIMAL, /* the same in hundredths, never integral */
	TRUTH,
};

struct field {
	const char *key;
	enum field_type type;
	const char *const *choices; /* NULL-terminated */
	int64_t low, high;
};

struct operation {
	const char *const *names;
	int kind;
	unsigned scope;
	struct field fields[SPAN_FIELDS];
};

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *const services[] = { "gateway",  "checkout", "catalog", "inventory", "payment",
					"shipping", "pricing",	"tax",	   "auth",	"recommend",
					"notifier", "worker",	NULL };

static const struct {
	const char *name, *version;
} scopes[] = {
	{ "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp", "0.63.0" },
	{ "@opentelemetry/instrumentation-pg", "0.61.1" },
	{ "io.opentelemetry.kafka-clients-2.6", "2.19.0-alpha" },
	{ "shop/orders", "1.4.2" },
};

static const struct field resource_fields[RESOURCE_FIELDS] = {
	{ "service.name", CHOICE, services, 0, 0 },
	{ "service.version", CHOICE, TEXTS("1.4.2", "2.0.0-rc.1", "0.9.17"), 0, 0 },
	{ "service.namespace", CHOICE, TEXTS("shop"), 0, 0 },
	{ "service.instance.id", UNIQUE, TEXTS("pod-"), 0, 0 },
	{ "deployment.environment.name", CHOICE, TEXTS("production", "staging"), 0, 0 },
	{ "host.name", CHOICE, TEXTS("ip-10-0-3-17.ec2.internal", "ip-10-0-7-121.ec2.internal"), 0,
	  0 },
	{ "process.pid", NUMBER, NULL, 1, 32768 },
	{ "telemetry.sdk.language", CHOICE, TEXTS("go", "java", "nodejs", "python"), 0, 0 },
};

static const char *const routes[] = { "/api/products/:id", "/api/checkout",
				      "/api/cart/items",   "/api/orders/{orderId}/items",
				      "/stock/:sku",	   "/healthz",
				      "/search",	   NULL };
static const char *const methods[] = { "GET", "GET", "POST", "PUT", NULL };
static const char *const addresses[] = { "10.0.3.17", "10.0.7.121", "10.0.12.4", NULL };
static const char *const hosts[] = { "checkout.shop.svc.cluster.local", "catalog.shop.svc",
				     "payment.shop.svc.cluster.local", NULL };
static const char *const agents[] = {
	"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
	"opentelemetry-demo-load-generator/2.1.3 Go-http-client/2.0",
	"okhttp/4.12.0 (shop-android 5.17.2; build 88123)", NULL
};
static const char *const threads[] = { "http-nio-8080-exec-7", "order-processing-worker-12",
				       "grpc-default-executor-3", NULL };
static const char *const topics[] = { "orders.created", "payments.settled", NULL };
static const char *const queries[] = {
	"SELECT sku, stock, reserved, warehouse FROM stock WHERE sku = $1 AND warehouse = $2",
	"SELECT u.id, u.name, u.email FROM users u JOIN carts c ON c.user_id = u.id WHERE c.id = "
	"$1",
	"UPDATE carts SET items = $1, total = $2 WHERE id = $3 RETURNING \"total\"",
	"INSERT INTO orders (id, customer, total) VALUES ($1, $2, $3)", NULL
};
static const char *const tenants[] = { "acme", "Größenwahn GmbH", "globex", "株式会社", NULL };

static const struct operation operations[] = {
	{ TEXTS("GET /api/products/:id", "POST /api/checkout", "GET /stock/:sku", "PUT /api/cart"),
	  SERVER,
	  0,
	  { { "http.request.method", CHOICE, methods, 0, 0 },
	    { "http.route", CHOICE, routes, 0, 0 },
	    { "url.path", UNIQUE, TEXTS("/api/catalog/v2/products/"), 0, 0 },
	    { "url.scheme", CHOICE, TEXTS("https", "http"), 0, 0 },
	    { "server.address", CHOICE, hosts, 0, 0 },
	    { "server.port", NUMBER, NULL, 8080, 8090 },
	    { "client.address", CHOICE, addresses, 0, 0 },
	    { "network.peer.port", NUMBER, NULL, 32768, 60999 },
	    { "network.protocol.version", CHOICE, TEXTS("1.1", "2"), 0, 0 },
	    { "user_agent.original", CHOICE, agents, 0, 0 },
	    { "http.response.status_code", NUMBER, NULL, 200, 204 },
	    { "http.response.body.size", NUMBER, NULL, 64, 262144 },
	    { "enduser.id", UNIQUE, TEXTS("user-"), 0, 0 } } },
	{ TEXTS("GET", "POST", "PUT"),
	  CLIENT,
	  0,
	  { { "http.request.method", CHOICE, methods, 0, 0 },
	    { "url.full", UNIQUE,
	      TEXTS("http://catalog.shop.svc.cluster.local:8080/api/catalog/v2/products/"), 0, 0 },
	    { "url.template", CHOICE, routes, 0, 0 },
	    { "server.address", CHOICE, hosts, 0, 0 },
	    { "server.port", NUMBER, NULL, 8080, 8090 },
	    { "network.peer.address", CHOICE, addresses, 0, 0 },
	    { "network.peer.port", NUMBER, NULL, 8080, 8090 },
	    { "network.protocol.version", CHOICE, TEXTS("1.1", "2"), 0, 0 },
	    { "http.response.status_code", NUMBER, NULL, 200, 204 },
	    { "http.request.resend_count", NUMBER, NULL, 0, 2 },
	    { "http.connection.reused", TRUTH, NULL, 0, 0 },
	    { "thread.id", NUMBER, NULL, 1, 4096 },
	    { "thread.name", CHOICE, threads, 0, 0 } } },
	{ TEXTS("SELECT shop.stock", "SELECT shop.users", "UPDATE shop.carts",
		"INSERT shop.orders"),
	  CLIENT,
	  1,
	  { { "db.system.name", CHOICE, TEXTS("postgresql"), 0, 0 },
	    { "db.namespace", CHOICE, TEXTS("shop"), 0, 0 },
	    { "db.query.text", CHOICE, queries, 0, 0 },
	    { "db.operation.name", CHOICE, TEXTS("SELECT", "UPDATE", "INSERT"), 0, 0 },
	    { "db.collection.name", CHOICE, TEXTS("stock", "users", "orders"), 0, 0 },
	    { "db.response.returned_rows", NUMBER, NULL, 0, 500 },
	    { "db.client.connection.pool.name", CHOICE, TEXTS("shop-primary"), 0, 0 },
	    { "server.address", CHOICE, TEXTS("pg-0.shop.svc.cluster.local"), 0, 0 },
	    { "server.port", NUMBER, NULL, 5432, 5432 },
	    { "network.peer.address", CHOICE, addresses, 0, 0 },
	    { "app.db.wait_ms", DECIMAL, NULL, 1, 900 },
	    { "thread.id", NUMBER, NULL, 1, 4096 },
	    { "thread.name", CHOICE, threads, 0, 0 } } },
	{ TEXTS("price cart", "reserve stock", "render template", "verify_token"),
	  INTERNAL,
	  3,
	  { { "code.function.name", CHOICE,
	      TEXTS("com.example.shop.orders.CartPricingService.price",
		    "com.example.shop.auth.TokenVerifier.verify"),
	      0, 0 },
	    { "code.file.path", CHOICE,
	      TEXTS("/srv/shop/src/main/java/com/example/shop/orders/CartPricingService.java"), 0,
	      0 },
	    { "code.line.number", NUMBER, NULL, 10, 900 },
	    { "app.tenant", CHOICE, tenants, 0, 0 },
	    { "app.cart.id", UNIQUE, TEXTS("cart-"), 0, 0 },
	    { "app.cart.items", NUMBER, NULL, 1, 40 },
	    { "app.cart.total", DECIMAL, NULL, 100, 100000 },
	    { "app.cache.hit", TRUTH, NULL, 0, 0 },
	    { "app.discount", DECIMAL, NULL, 0, 3000 },
	    { "feature_flag.key", CHOICE, TEXTS("new-checkout", "fast-search"), 0, 0 },
	    { "feature_flag.result.variant", CHOICE, TEXTS("on", "off", "control"), 0, 0 },
	    { "thread.id", NUMBER, NULL, 1, 4096 },
	    { "thread.name", CHOICE, threads, 0, 0 } } },
	{ TEXTS("send orders.created", "send payments.settled"),
	  PRODUCER,
	  2,
	  { { "messaging.system", CHOICE, TEXTS("kafka"), 0, 0 },
	    { "messaging.destination.name", CHOICE, topics, 0, 0 },
	    { "messaging.operation.name", CHOICE, TEXTS("send"), 0, 0 },
	    { "messaging.client.id", UNIQUE, TEXTS("checkout-producer-"), 0, 0 },
	    { "messaging.message.id", UNIQUE, TEXTS("m-"), 0, 0 },
	    { "messaging.message.body.size", NUMBER, NULL, 100, 9000 },
	    { "messaging.kafka.message.offset", NUMBER, NULL, 0, 900000000 },
	    { "messaging.destination.partition.id", CHOICE, TEXTS("0", "1", "2"), 0, 0 },
	    { "server.address", CHOICE, TEXTS("kafka-0.shop.svc.cluster.local"), 0, 0 },
	    { "server.port", NUMBER, NULL, 9092, 9094 },
	    { "app.tenant", CHOICE, tenants, 0, 0 },
	    { "thread.id", NUMBER, NULL, 1, 4096 },
	    { "thread.name", CHOICE, threads, 0, 0 } } },
	{ TEXTS("process orders.created", "process payments.settled"),
	  CONSUMER,
	  2,
	  { { "messaging.system", CHOICE, TEXTS("kafka"), 0, 0 },
	    { "messaging.destination.name", CHOICE, topics, 0, 0 },
	    { "messaging.operation.name", CHOICE, TEXTS("process"), 0, 0 },
	    { "messaging.consumer.group.name", CHOICE, TEXTS("billing", "mailer"), 0, 0 },
	    { "messaging.message.id", UNIQUE, TEXTS("m-"), 0, 0 },
	    { "messaging.message.body.size", NUMBER, NULL, 100, 9000 },
	    { "messaging.kafka.message.offset", NUMBER, NULL, 0, 900000000 },
	    { "messaging.destination.partition.id", CHOICE, TEXTS("0", "1", "2"), 0, 0 },
	    { "server.address", CHOICE, TEXTS("kafka-0.shop.svc.cluster.local"), 0, 0 },
	    { "server.port", NUMBER, NULL, 9092, 9094 },
	    { "app.lag_ms", DECIMAL, NULL, 0, 90000 },
	    { "thread.id", NUMBER, NULL, 1, 4096 },
	    { "thread.name", CHOICE, threads, 0, 0 } } },
};

static const struct field exception_fields[EVENT_FIELDS] = {
	{ "exception.type", CHOICE, TEXTS("PaymentError", "java.net.SocketTimeoutException"), 0,
	  0 },
	{ "exception.message", CHOICE, TEXTS("payment declined", "read timed out\n\tat connect"), 0,
	  0 },
	{ "exception.escaped", TRUTH, NULL, 0, 0 },
};

static const struct field log_fields[EVENT_FIELDS] = {
	{ "log.severity", CHOICE, TEXTS("INFO", "WARN"), 0, 0 },
	{ "log.message", CHOICE, TEXTS("cache miss", "retrying after backoff"), 0, 0 },
	{ "retry.attempt", NUMBER, NULL, 1, 5 },
};

/* Each span's parent in the trace, and who does what. */
static const struct {
	int parent;	  /* -1: none */
	unsigned service; /* counted from the trace's first */
	unsigned operation;
} shape[TRACE_SPANS] = {
	{ -1, 0, 0 }, { 0, 0, 3 },  { 0, 0, 1 },  { 2, 1, 0 }, { 3, 1, 3 },
	{ 3, 1, 2 },  { 3, 1, 1 },  { 6, 2, 0 },  { 7, 2, 2 }, { 7, 2, 2 },
	{ 3, 1, 4 },  { 10, 5, 5 }, { 11, 5, 2 },
};

#endif
