/*
 * sink PORT-FILE [TIMES-FILE]: an HTTP server on loopback that reads requests with Content-Length,
 * counts them and answers 200.  It writes its port to the file, and ends with its standard input;
 * then it prints how many requests and bytes of bodies there were.  When each request was whole, in
 * ms of a clock that never goes back, goes to TIMES-FILE.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 512 * 1024 };

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

static atomic_ullong request_count, body_bytes;
static FILE *times; /* or NULL */

static void note_time(void)
{
	struct timespec now;

	if (times == NULL)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	fprintf(times, "%.3f\n", (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6);
}

static int listen_on_loopback(const char *port_file)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	FILE *file;

	if (listener < 0 || bind(listener, (struct sockaddr *)&address, len) != 0 ||
	    listen(listener, 16) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) != 0)
		return -1;
	file = fopen(port_file, "w");
	if (file == NULL)
		return -1;
	fprintf(file, "%u\n", (unsigned)ntohs(address.sin_port));
	return fclose(file) == 0 ? listener : -1;
}

/* The value of Content-Length in a head that is ended by a NUL. */
static size_t find_length(const char *head)
{
	static const char name[] = "\ncontent-length:";

	for (; *head != '\0'; head++)
		if (strncasecmp(head, name, sizeof(name) - 1) == 0)
			return strtoul(head + sizeof(name) - 1, NULL, 10);
	return 0;
}

/* Reads one request; `filled` bytes of it are in `room` already.  False: the connection ended. */
static int read_request(int peer, char *room, size_t filled)
{
	size_t length, body = 0;
	char *end = NULL;
	ssize_t got = 0;

	room[filled] = '\0';
	while ((end = strstr(room, "\r\n\r\n")) == NULL) {
		got = filled < ROOM ? read(peer, room + filled, ROOM - filled) : 0;
		if (got <= 0)
			return 0;
		filled += (size_t)got;
		room[filled] = '\0';
	}
	end[2] = '\0';
	length = find_length(room);
	body = filled - (size_t)(end + 4 - room);
	while (body < length) {
		size_t left = length - body;

		got = read(peer, room, left < ROOM ? left : ROOM);
		if (got <= 0)
			return 0;
		body += (size_t)got;
	}
	note_time();
	atomic_fetch_add(&request_count, 1);
	atomic_fetch_add(&body_bytes, length);
	return write(peer, answer, sizeof(answer) - 1) == (ssize_t)sizeof(answer) - 1;
}

static void *serve(void *context)
{
	int peer = (int)(intptr_t)context;
	char *room = malloc(ROOM + 1);

	while (room != NULL && read_request(peer, room, 0))
		;
	free(room);
	close(peer);
	return NULL;
}

static void *accept_all(void *context)
{
	int listener = *(const int *)context;
	int peer;

	while ((peer = accept(listener, NULL, NULL)) >= 0) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)peer) == 0)
			pthread_detach(thread);
		else
			close(peer);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int listener = argc == 2 || argc == 3 ? listen_on_loopback(argv[1]) : -1;
	pthread_t thread;
	char byte;

	if (argc == 3)
		times = fopen(argv[2], "w");
	if (listener < 0 || pthread_create(&thread, NULL, accept_all, &listener) != 0) {
		fputs("usage: sink PORT-FILE [TIMES-FILE]\n", stderr);
		return 2;
	}
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	if (times != NULL && fclose(times) != 0)
		return 2;
	printf("%llu %llu\n", atomic_load(&request_count), atomic_load(&body_bytes));
	return 0;
}
