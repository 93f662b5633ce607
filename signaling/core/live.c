#include "signaling/core/live.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void live_ring_init(struct live_ring *ring)
{
    memset(ring, 0, sizeof *ring);
}

void live_ring_done(struct live_ring *ring)
{
    for (size_t n = 0; n < LIVE_RING_TEXTS; n++)
        free(ring->texts[n].text);
    memset(ring, 0, sizeof *ring);
}

enum err live_ring_put(struct live_ring *ring, struct bytes text)
{
    assert(text.size > 0);
    char *copy = malloc(text.size);
    if (!copy) {
        ring->next += LIVE_RING_TEXTS + 1; /* nobody's place is inside the ring any more */
        for (size_t n = 0; n < LIVE_RING_TEXTS; n++) {
            free(ring->texts[n].text);
            ring->texts[n] = (struct live_text){0};
        }
        return ERR_NO_MEMORY;
    }
    memcpy(copy, text.data, text.size);
    struct live_text *place = &ring->texts[ring->next % LIVE_RING_TEXTS];
    free(place->text);
    *place = (struct live_text){copy, text.size};
    ring->next++;
    return ERR_OK;
}

void live_init(struct live *live)
{
    memset(live, 0, sizeof *live);
}

static void replies_drop(struct live *live)
{
    while (live->reply_count > 0) {
        free(live->replies[live->reply_first].text);
        live->reply_first = (live->reply_first + 1) % LIVE_REPLIES;
        live->reply_count--;
    }
}

void live_done(struct live *live)
{
    replies_drop(live);
    live->state = LIVE_OVER;
}

static void set_state(struct live *live, enum live_state to)
{
    enum live_state from = live->state;
    bool legal = (from == LIVE_NEW && (to == LIVE_HERE || to == LIVE_ENDING)) ||
                 (from == LIVE_HERE && (to == LIVE_MEDIA || to == LIVE_ENDING)) ||
                 (from == LIVE_MEDIA && (to == LIVE_HERE || to == LIVE_ENDING)) ||
                 (from == LIVE_ENDING && to == LIVE_OVER);
    assert(legal);
    (void)legal;
    live->state = to;
}

static void reply_put(struct live *live, struct live_text text)
{
    assert(live->reply_count < LIVE_REPLIES);
    live->replies[(live->reply_first + live->reply_count) % LIVE_REPLIES] = text;
    live->reply_count++;
}

void live_welcome(struct live *live, const struct live_ring *ring, struct live_text hello)
{
    set_state(live, LIVE_HERE);
    live->next = ring->next;
    reply_put(live, hello);
}

enum err live_reply(struct live *live, struct live_text text)
{
    bool speaking = live->state == LIVE_HERE || live->state == LIVE_MEDIA;
    if (!speaking || live->reply_count == LIVE_REPLIES) {
        free(text.text);
        return speaking ? ERR_FULL : ERR_WRONG_STATE;
    }
    reply_put(live, text);
    return ERR_OK;
}

void live_on_joined(struct live *live)
{
    if (live->state != LIVE_MEDIA)
        set_state(live, LIVE_MEDIA);
}

void live_on_media_gone(struct live *live)
{
    if (live->state == LIVE_MEDIA)
        set_state(live, LIVE_HERE);
}

void live_mark(struct live *live, uint32_t marks)
{
    if (live->state == LIVE_HERE || live->state == LIVE_MEDIA)
        live->marks |= marks;
}

void live_end(struct live *live, struct live_text last)
{
    if (live->state == LIVE_ENDING || live->state == LIVE_OVER) {
        free(last.text);
        return;
    }
    set_state(live, LIVE_ENDING);
    replies_drop(live);
    live->marks = 0;
    reply_put(live, last);
}

enum live_silence live_silence(usec_t silent_us)
{
    if (silent_us >= LIVE_SILENCE_LOST_SECONDS * USEC_PER_SEC)
        return LIVE_SILENCE_LOST;
    return silent_us >= LIVE_SILENCE_ASK_SECONDS * USEC_PER_SEC ? LIVE_SILENCE_ASK
                                                                : LIVE_SILENCE_FINE;
}

static enum live_turn mark_take(struct live *live)
{
    static const struct {
        uint32_t mark;
        enum live_turn turn;
    } ORDER[] = {{LIVE_MARK_MAY, LIVE_MAY},       {LIVE_MARK_SLOTS, LIVE_SLOTS},
                 {LIVE_MARK_LAYERS, LIVE_LAYERS}, {LIVE_MARK_SPEAKERS, LIVE_SPEAKERS},
                 {LIVE_MARK_OTHERS, LIVE_OTHERS}, {LIVE_MARK_ASK, LIVE_ASK}};
    for (size_t n = 0; n < sizeof ORDER / sizeof ORDER[0]; n++)
        if (live->marks & ORDER[n].mark) {
            live->marks &= ~ORDER[n].mark;
            return ORDER[n].turn;
        }
    return LIVE_NOTHING;
}

enum live_turn live_next(struct live *live, const struct live_ring *ring,
                         struct live_text *ret_text)
{
    if (live->state == LIVE_NEW || live->state == LIVE_OVER)
        return LIVE_NOTHING;
    if (live->reply_count > 0) {
        *ret_text = live->replies[live->reply_first];
        live->reply_first = (live->reply_first + 1) % LIVE_REPLIES;
        live->reply_count--;
        return LIVE_REPLY;
    }
    if (live->state == LIVE_ENDING) {
        set_state(live, LIVE_OVER);
        return LIVE_CLOSE;
    }
    if (ring->next - live->next > LIVE_RING_TEXTS)
        return LIVE_BEHIND;
    if (live->next < ring->next) {
        *ret_text = ring->texts[live->next % LIVE_RING_TEXTS];
        live->next++;
        return LIVE_BROADCAST;
    }
    return mark_take(live);
}

bool live_has_turn(const struct live *live, const struct live_ring *ring)
{
    if (live->state == LIVE_NEW || live->state == LIVE_OVER)
        return false;
    return live->reply_count > 0 || live->state == LIVE_ENDING || live->marks != 0 ||
           (ring && live->next < ring->next);
}
