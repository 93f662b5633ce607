/* A crowd of clients (load/load.h) in one room of a media server of the same process: the owner's
 * part, which carries offers and answers, and gives the first sender floor and stage. */
#ifndef TESTS_SUPPORT_CROWD_ROOM_H
#define TESTS_SUPPORT_CROWD_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "load/load.h"
#include "tests/support/media_house.h"

enum {
    CROWD_ROOM = 7,
    CROWD_SOURCE = 100, /* of the first sender; the next ones follow */
    CROWD_RIGHTS = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE | SFU_RIGHT_SCREEN,
};

/* `peer` joins as its number plus one; a sender as CROWD_SOURCE plus its number. */
bool crowd_room_join(struct media_house *house, struct load *load, const struct load_peer *peer,
                     uint32_t *ret_peer);
/* `senders` first, then `receivers`: one audio slot and a stage each, shown at 720 lines. */
bool crowd_room_fill(struct media_house *house, struct load *load, uint32_t senders,
                     uint32_t receivers);
bool crowd_room_order(struct media_house *house, enum sfu_command_kind kind, uint32_t source);

/* Senders fall silent; returns when nothing came for a while and no gap is open. */
void crowd_room_rest(struct media_house *house, struct load *load, struct load_stats *ret_stats);

/* Waits until this count has reached `least`; false after some seconds. Drains the server's
 * events besides. */
#define crowd_room_await(house, load, name, least)                                                 \
    crowd_room_await_at((house), (load), offsetof(struct load_stats, name), (least))
bool crowd_room_await_at(struct media_house *house, struct load *load, size_t offset,
                         uint64_t least);

#endif
