/*
 * Workers: the calling thread fills jobs and writes what is done, in the order of filling; stations
 * take the jobs between.  With one worker all is done on the calling thread, without locks.
 */
#include "flow.h"
#include <stdlib.h>

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work;	 /* something to take, or the end */
	pthread_cond_t progress; /* a job is done */
	pthread_t *threads;
	unsigned thread_count;
	unsigned next_station;
	bool closing;
};

static struct job *job_at(struct flow *flow, uint64_t number)
{
	return &flow->jobs[number % flow->job_count];
}

static void *work_on_jobs(void *context)
{
	struct flow *flow = context;
	struct pool *pool = flow->pool;
	struct station *station;

	pthread_mutex_lock(&pool->lock);
	station = &flow->stations[pool->next_station++];
	for (;;) {
		struct job *job;

		while (flow->taken == flow->filled && !pool->closing)
			pthread_cond_wait(&pool->work, &pool->lock);
		if (flow->taken == flow->filled)
			break;
		job = job_at(flow, flow->taken++);
		pthread_mutex_unlock(&pool->lock);
		station_process(flow, station, job);
		pthread_mutex_lock(&pool->lock);
		job->done = true;
		pthread_cond_signal(&pool->progress);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

enum sl_status pool_open(struct flow *flow, struct sl_error *err)
{
	struct pool *pool;

	if (flow->station_count == 1)
		return SL_OK;
	pool = calloc(1, sizeof(*pool));
	if (pool == NULL)
		return sl_fail_memory(err);
	pool->threads = calloc(flow->station_count, sizeof(*pool->threads));
	if (pool->threads == NULL) {
		free(pool);
		return sl_fail_memory(err);
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->progress, NULL);
	flow->pool = pool;
	while (pool->thread_count < flow->station_count) {
		if (pthread_create(&pool->threads[pool->thread_count], NULL, work_on_jobs, flow) !=
		    0)
			break;
		pool->thread_count++;
	}
	/* where no thread may be started, one worker does it all */
	if (pool->thread_count == 0)
		pool_close(flow);
	return SL_OK;
}

/* Retires the oldest job; with `wait` even if it is not done yet.  False: none was. */
static bool retire_oldest(struct flow *flow, bool wait)
{
	struct job *job = job_at(flow, flow->retired);
	bool done;

	if (flow->retired == flow->filled)
		return false;
	if (flow->pool != NULL) {
		pthread_mutex_lock(&flow->pool->lock);
		while (wait && !job->done)
			pthread_cond_wait(&flow->pool->progress, &flow->pool->lock);
		done = job->done;
		pthread_mutex_unlock(&flow->pool->lock);
		if (!done)
			return false;
	}
	flow_retire(flow, job);
	return true;
}

struct job *pool_next_job(struct flow *flow)
{
	if (flow->filled - flow->retired == flow->job_count)
		retire_oldest(flow, true);
	return job_at(flow, flow->filled);
}

void pool_submit(struct flow *flow, struct job *job)
{
	if (flow->pool == NULL) {
		flow->filled++;
		/* before its output, which this thread may hand on in the midst of it */
		flow_place(flow, job);
		station_process(flow, &flow->stations[0], job);
	} else {
		pthread_mutex_lock(&flow->pool->lock);
		flow->filled++;
		pthread_cond_signal(&flow->pool->work);
		pthread_mutex_unlock(&flow->pool->lock);
	}
	while (retire_oldest(flow, false))
		;
}

void pool_drain(struct flow *flow)
{
	while (retire_oldest(flow, true))
		;
}

void pool_close(struct flow *flow)
{
	struct pool *pool = flow->pool;

	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->closing = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->thread_count; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->progress);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool);
	flow->pool = NULL;
}
