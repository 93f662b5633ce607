#include "meeting/edge/outbox.h"

#include <stdlib.h>
#include <string.h>

void outbox_done(struct outbox *outbox)
{
    free(outbox->told);
    while (outbox->first) {
        struct outbox_item *next = outbox->first->next;
        free(outbox->first);
        outbox->first = next;
    }
    *outbox = (struct outbox){0};
}

enum err outbox_put(struct outbox *outbox, uint64_t batch, const struct meeting_output *output)
{
    struct outbox_item *item = malloc(sizeof *item + output->body.size);
    if (!item)
        return ERR_NO_MEMORY;
    item->next = NULL;
    item->batch = batch;
    item->output = *output;
    item->body_size = output->body.size;
    if (output->body.size)
        memcpy(item->body, output->body.data, output->body.size);
    item->output.body = (struct bytes){item->body, item->body_size};
    if (outbox->last)
        outbox->last->next = item;
    else
        outbox->first = item;
    outbox->last = item;
    return ERR_OK;
}

bool outbox_take(struct outbox *outbox, struct meeting_output *ret_output)
{
    struct outbox_item *item = outbox->first;
    free(outbox->told);
    outbox->told = NULL;
    if (!item || item->batch > outbox->through)
        return false;
    outbox->first = item->next;
    if (!outbox->first)
        outbox->last = NULL;
    outbox->told = item;
    *ret_output = item->output;
    return true;
}

void outbox_lose(struct outbox *outbox, uint64_t first)
{
    struct outbox_item **link = &outbox->first;
    outbox->last = NULL;
    while (*link) {
        struct outbox_item *item = *link;
        if (item->batch >= first && item->output.kind == MEETING_OUTPUT_EVENT) {
            *link = item->next;
            free(item);
            continue;
        }
        if (item->batch >= first && item->output.kind == MEETING_OUTPUT_DONE) {
            item->output.err = ERR_IO;
            item->output.refusal = refusal_of(REFUSAL_NOT_KEPT);
            item->output.seq = 0;
        }
        outbox->last = item;
        link = &item->next;
    }
}
