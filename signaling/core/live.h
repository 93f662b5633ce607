/* What one live connection is sent, and in which order (docs/protocol.md, Live).
 *
 *   NEW ──welcome──► HERE ──joined──► MEDIA        any ──fatal──► ENDING ──last byte──► OVER
 *
 * What goes to everybody in a room stands once, in the room's ring; a connection only remembers how
 * far it has read. What only the newest of counts (slots, layers, speakers, may) is a mark that it
 * is due, and is written when its turn comes. So a slow receiver costs others nothing and holds no
 * memory: when the ring has passed it, it is told so and closed, and reads again.
 *
 *   ring   │ n-1023 … │ n-2 │ n-1 │ n │     one text each, numbered for ever upward
 *                  ▲ a slow reader  ▲ a quick one
 *
 * Order of turns: replies, broadcasts, marks. Owner: the control thread. No clock. */
#ifndef SIGNALING_CORE_LIVE_H
#define SIGNALING_CORE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

enum {
    LIVE_RING_TEXTS = 1024,
    LIVE_REPLIES = 8, /* a client that asks without reading the answers is closed */
};

/* A text owned by whoever holds the struct. */
struct live_text {
    char *text; /* not terminated; NULL when empty */
    size_t size;
};

struct live_ring {
    struct live_text texts[LIVE_RING_TEXTS];
    uint64_t next; /* number of the next text; the ring holds the last LIVE_RING_TEXTS before it */
};

void live_ring_init(struct live_ring *ring);
void live_ring_done(struct live_ring *ring);
/* Copies `text` in, over the oldest. ERR_NO_MEMORY: the ring is as if it had come and gone, so that
 * everybody who has not read so far is closed rather than left with a gap. */
MUST_USE enum err live_ring_put(struct live_ring *ring, struct bytes text);

enum live_state { LIVE_NEW, LIVE_HERE, LIVE_MEDIA, LIVE_ENDING, LIVE_OVER };

enum live_mark {
    LIVE_MARK_MAY = 1,
    LIVE_MARK_SLOTS = 2,
    LIVE_MARK_LAYERS = 4,
    LIVE_MARK_SPEAKERS = 8,
    LIVE_MARK_OTHERS = 16, /* what others send; marked again while there are more of them */
    LIVE_MARK_ASK = 32,    /* whether it is still there */
};

struct live {
    enum live_state state;
    uint64_t next; /* of the ring */
    uint32_t marks;
    uint32_t reply_first;
    uint32_t reply_count;
    struct live_text replies[LIVE_REPLIES];
};

void live_init(struct live *live);
void live_done(struct live *live);

/* What comes next on the wire. */
enum live_turn {
    LIVE_NOTHING,
    LIVE_REPLY,     /* the text is the caller's now */
    LIVE_BROADCAST, /* the text stays the ring's; valid until the ring is written to */
    LIVE_MAY,       /* to be written anew from the present state, likewise those up to LIVE_ASK */
    LIVE_SLOTS,
    LIVE_LAYERS,
    LIVE_SPEAKERS,
    LIVE_OTHERS,
    LIVE_ASK,
    LIVE_BEHIND, /* the ring has passed this connection: end it with live_end() */
    LIVE_CLOSE,  /* all is said: close the connection */
};

/* Greets: `hello` goes out first, then everything that is put into the ring or marked from now on.
 * Needs: LIVE_NEW. Takes `hello` over. */
void live_welcome(struct live *live, const struct live_ring *ring, struct live_text hello);
/* Queues an answer to this connection alone and takes the text over, whatever comes of it.
 * ERR_FULL: its owner should be closed. ERR_WRONG_STATE when it is ending. */
MUST_USE enum err live_reply(struct live *live, struct live_text text);
/* Media are connected or connected anew. Needs: HERE or MEDIA. */
void live_on_joined(struct live *live);
/* Media are lost. */
void live_on_media_gone(struct live *live);
/* Marks are kept only while welcomed. */
void live_mark(struct live *live, uint32_t marks);
/* Says `last` and closes; everything else that waits is dropped. Takes the text over. */
void live_end(struct live *live, struct live_text last);

/* What to do about a connection that has said nothing for so long. */
enum live_silence { LIVE_SILENCE_FINE, LIVE_SILENCE_ASK, LIVE_SILENCE_LOST };

enum {
    LIVE_SILENCE_ASK_SECONDS = 15,
    LIVE_SILENCE_LOST_SECONDS = 30,
};

enum live_silence live_silence(usec_t silent_us);

/* The next turn; `ring` is the room's (NULL before one is known). */
enum live_turn live_next(struct live *live, const struct live_ring *ring,
                         struct live_text *ret_text);
bool live_has_turn(const struct live *live, const struct live_ring *ring);

#endif
