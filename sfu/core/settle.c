#include "sfu/core/settle.h"

#include "sfu/core/link.h"
#include "sfu/core/padding.h"
#include "sfu/core/show.h"
#include "sfu/core/state.h"

enum {
    /* Who joined one after the other stands so in the list and in memory: from two neighbours a
     * later one is guessed and fetched. */
    LINKS_AHEAD = 4,
};

static struct room *room_of(struct worker *worker, const struct stream *stream)
{
    return &worker->rooms[worker->sources[stream->source].room];
}

static void tell_waiters(struct worker *worker, uint32_t index)
{
    for (uint32_t id = worker->streams[index].waiters; id != INDEX_NONE;) {
        struct link_owner owner = link_owner(worker, id);
        id = link_next(worker, id);
        show_on_keyframe(worker, owner.endpoint, owner.slot, index);
    }
}

/* Another height may make another layer the right one, for whoever is tied to any of them. */
static void tell_height(struct worker *worker, uint32_t index)
{
    const struct source *source = &worker->sources[worker->streams[index].source];
    for (int place = 0; place < SOURCE_PLACES; place++) {
        uint32_t sibling = source->streams[place];
        if (sibling != INDEX_NONE && source_kind_of((uint8_t)place) == worker->streams[index].kind)
            stream_choose_anew(worker, sibling);
    }
}

/* From here on the new packets are as everybody gets them. */
static void seal_lengths(struct worker *worker, struct stream *stream)
{
    if (stream->history == INDEX_NONE)
        return;
    struct history *history = &worker->histories[stream->history];
    uint64_t first = stream->settled > history->tail ? stream->settled : history->tail;
    if (stream_is_video(stream))
        padding_even(history, &worker->packets, first);
    stream->settled = history->head;
}

static void settle(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    stream->dirty = false;
    if (stream->keyframe_new)
        tell_waiters(worker, index);
    stream->keyframe_new = false;
    if (stream->height_new)
        tell_height(worker, index);
    stream->height_new = false;
    seal_lengths(worker, stream);
    for (uint32_t id = stream->watchers; id != INDEX_NONE;) {
        uint32_t next = link_next(worker, id);
        link_fetch(worker, next + LINKS_AHEAD * (next - id));
        link_pend(worker, id);
        id = next;
    }
}

/* Until when this sound may wait: now, if there is nothing to wait for. */
static usec_t wait_end(struct worker *worker, const struct stream *stream)
{
    const struct room *room = room_of(worker, stream);
    bool framed_now = room->framed == worker->now;
    bool frames_come = room->framed && worker->now - room->framed < FRAMES_STOPPED_US;
    if (framed_now || !frames_come)
        return worker->now;
    return stream->dirty_since + worker->sound_wait_us;
}

void settle_all(struct worker *worker)
{
    uint32_t index;
    while (fifo_take(&worker->dirty, &index)) {
        struct stream *stream = &worker->streams[index];
        if (!stream_is_video(stream)) {
            fifo_put(&worker->held, index);
            continue;
        }
        if (stream->history != INDEX_NONE)
            room_of(worker, stream)->framed = worker->now;
        settle(worker, index);
    }
    worker->held_until = USEC_NEVER;
    for (uint32_t left = fifo_count(&worker->held); left > 0 && fifo_take(&worker->held, &index);
         left--) {
        usec_t until = wait_end(worker, &worker->streams[index]);
        if (until <= worker->now) {
            settle(worker, index);
            continue;
        }
        fifo_put(&worker->held, index);
        if (until < worker->held_until)
            worker->held_until = until;
    }
}

usec_t settle_deadline(const struct worker *worker)
{
    return worker->held_until;
}
