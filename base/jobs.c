#include "base/jobs.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct job {
    void (*run)(void *argument);
    void *argument;
};

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t waiting;
    bool closing;
    uint32_t capacity;
    uint32_t first;
    uint32_t count;
    struct job *queue;
    uint32_t threads;
    pthread_t thread[];
};

/* Blocks for the next job; false when the owner is closing and the queue is empty. */
static bool jobs_next(struct jobs *jobs, struct job *ret_job)
{
    pthread_mutex_lock(&jobs->lock);
    while (jobs->count == 0 && !jobs->closing)
        pthread_cond_wait(&jobs->waiting, &jobs->lock);
    bool any = jobs->count > 0;
    if (any) {
        *ret_job = jobs->queue[jobs->first];
        jobs->first = (jobs->first + 1) % jobs->capacity;
        jobs->count--;
    }
    pthread_mutex_unlock(&jobs->lock);
    return any;
}

static void *jobs_run(void *argument)
{
    struct jobs *jobs = argument;
    struct job job;
    while (jobs_next(jobs, &job))
        job.run(job.argument);
    return NULL;
}

enum err jobs_create(uint32_t threads, uint32_t queue_capacity, struct jobs **ret_jobs)
{
    struct jobs *jobs = calloc(1, sizeof *jobs + threads * sizeof jobs->thread[0]);
    struct job *queue = calloc(queue_capacity ? queue_capacity : 1, sizeof *queue);
    if (!jobs || !queue) {
        free(jobs);
        free(queue);
        return ERR_NO_MEMORY;
    }
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->waiting, NULL);
    jobs->capacity = queue_capacity ? queue_capacity : 1;
    jobs->queue = queue;
    for (; jobs->threads < threads; jobs->threads++)
        if (pthread_create(&jobs->thread[jobs->threads], NULL, jobs_run, jobs) != 0) {
            jobs_destroy(jobs);
            return ERR_NO_MEMORY;
        }
    *ret_jobs = jobs;
    return ERR_OK;
}

void jobs_destroy(struct jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->closing = true;
    pthread_cond_broadcast(&jobs->waiting);
    pthread_mutex_unlock(&jobs->lock);
    for (uint32_t i = 0; i < jobs->threads; i++)
        pthread_join(jobs->thread[i], NULL);
    pthread_cond_destroy(&jobs->waiting);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs->queue);
    free(jobs);
}

enum err jobs_submit(struct jobs *jobs, void (*run)(void *argument), void *argument)
{
    pthread_mutex_lock(&jobs->lock);
    bool full = jobs->count == jobs->capacity;
    if (!full) {
        uint32_t place = (jobs->first + jobs->count) % jobs->capacity;
        jobs->queue[place] = (struct job){run, argument};
        jobs->count++;
        pthread_cond_signal(&jobs->waiting);
    }
    pthread_mutex_unlock(&jobs->lock);
    return full ? ERR_FULL : ERR_OK;
}
