#include "sfu/edge/ring.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CACHE_LINE_BYTES = 64 };

/* Writer and reader each own one line, so that neither's counter drags the other's along. */
struct ring {
    _Alignas(CACHE_LINE_BYTES) _Atomic uint64_t written;
    uint64_t read_seen; /* the writer's last look at `read` */
    _Alignas(CACHE_LINE_BYTES) _Atomic uint64_t read;
    uint64_t written_seen; /* the reader's last look at `written` */
    _Alignas(CACHE_LINE_BYTES) uint32_t capacity;
    int fd;
    struct relay_message *messages;
};

enum err ring_create(uint32_t capacity, struct ring **ret_ring)
{
    assert(capacity > 0 && (capacity & (capacity - 1)) == 0);
    struct ring *ring = aligned_alloc(CACHE_LINE_BYTES, sizeof *ring);
    if (!ring)
        return ERR_NO_MEMORY;
    *ring = (struct ring){.capacity = capacity, .fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    ring->messages = calloc(capacity, sizeof ring->messages[0]);
    if (!ring->messages || ring->fd < 0) {
        enum err err = ring->messages ? ERR_IO : ERR_NO_MEMORY;
        ring_destroy(ring);
        return err;
    }
    *ret_ring = ring;
    return ERR_OK;
}

void ring_destroy(struct ring *ring)
{
    if (!ring)
        return;
    if (ring->fd >= 0)
        close(ring->fd);
    free(ring->messages);
    free(ring);
}

struct relay_message *ring_place(struct ring *ring)
{
    uint64_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    if (written - ring->read_seen == ring->capacity) {
        /* Acquire: the reader is done with the place before we write into it again. */
        ring->read_seen = atomic_load_explicit(&ring->read, memory_order_acquire);
        if (written - ring->read_seen == ring->capacity)
            return NULL;
    }
    return &ring->messages[written & (ring->capacity - 1)];
}

void ring_commit(struct ring *ring)
{
    uint64_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    atomic_store_explicit(&ring->written, written + 1, memory_order_release);
}

void ring_wake(struct ring *ring)
{
    (void)eventfd_write(ring->fd, 1);
}

void ring_quiet(struct ring *ring)
{
    eventfd_t ignored;
    (void)eventfd_read(ring->fd, &ignored);
}

const struct relay_message *ring_front(struct ring *ring)
{
    uint64_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
    if (read == ring->written_seen) {
        ring->written_seen = atomic_load_explicit(&ring->written, memory_order_acquire);
        if (read == ring->written_seen)
            return NULL;
    }
    return &ring->messages[read & (ring->capacity - 1)];
}

void ring_pop(struct ring *ring)
{
    uint64_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
    atomic_store_explicit(&ring->read, read + 1, memory_order_release);
}

int ring_fd(const struct ring *ring)
{
    return ring->fd;
}
