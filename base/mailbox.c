#include "base/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mailbox {
    pthread_mutex_t lock;
    size_t item_size;
    uint32_t capacity;
    uint32_t first; /* index of the oldest item */
    uint32_t count;
    int fd; /* an eventfd: above zero exactly while count is */
    uint8_t items[];
};

enum err mailbox_create(size_t item_size, uint32_t capacity, struct mailbox **ret_box)
{
    size_t bytes;
    if (__builtin_mul_overflow(item_size, (size_t)capacity, &bytes))
        return ERR_LIMIT;
    struct mailbox *box = calloc(1, sizeof *box + bytes);
    if (!box)
        return ERR_NO_MEMORY;
    box->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (box->fd < 0) {
        free(box);
        return ERR_IO;
    }
    pthread_mutex_init(&box->lock, NULL);
    box->item_size = item_size;
    box->capacity = capacity;
    *ret_box = box;
    return ERR_OK;
}

void mailbox_destroy(struct mailbox *box)
{
    if (!box)
        return;
    close(box->fd);
    pthread_mutex_destroy(&box->lock);
    free(box);
}

static uint8_t *mailbox_slot(struct mailbox *box, uint32_t place)
{
    return box->items + (size_t)(place % box->capacity) * box->item_size;
}

enum err mailbox_send(struct mailbox *box, const void *item)
{
    pthread_mutex_lock(&box->lock);
    bool full = box->count == box->capacity;
    if (!full) {
        memcpy(mailbox_slot(box, box->first + box->count), item, box->item_size);
        /* Only the step from empty needs a wake-up: the receiver drains until empty. */
        if (box->count++ == 0)
            (void)eventfd_write(box->fd, 1);
    }
    pthread_mutex_unlock(&box->lock);
    return full ? ERR_FULL : ERR_OK;
}

bool mailbox_receive(struct mailbox *box, void *ret_item)
{
    pthread_mutex_lock(&box->lock);
    bool any = box->count > 0;
    if (any) {
        memcpy(ret_item, mailbox_slot(box, box->first), box->item_size);
        box->first = (box->first + 1) % box->capacity;
        if (--box->count == 0) {
            eventfd_t ignored;
            (void)eventfd_read(box->fd, &ignored);
        }
    }
    pthread_mutex_unlock(&box->lock);
    return any;
}

int mailbox_fd(const struct mailbox *box)
{
    return box->fd;
}
