#include "tests/support/crowd_room.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { PATIENCE_US = 20 * 1000 * 1000, STAGE_LINES = 720, LOOK_MS = 10, QUIET_LOOKS = 30 };

static void drain_events(struct media_house *house)
{
    struct sfu_event ignored;
    while (sfu_poll(house->sfu, &ignored))
        ;
}

bool crowd_room_join(struct media_house *house, struct load *load, const struct load_peer *peer,
                     uint32_t *ret_peer)
{
    char *text = malloc(LIMIT_SDP_BYTES);
    char *answer = malloc(LIMIT_SDP_BYTES);
    struct sfu_refusal refusal = {0};
    bool done = text && answer && load_add(load, peer, ret_peer) == ERR_OK &&
                load_offer(load, *ret_peer, text, LIMIT_SDP_BYTES) == ERR_OK;
    if (done) {
        struct sfu_join join = {.room = CROWD_ROOM,
                                .endpoint = (uint64_t)*ret_peer + 1,
                                .source = peer->sends ? peer->source : 0,
                                .rights = CROWD_RIGHTS,
                                .offer = bytes_of(text)};
        struct sfu_command view = {
            .kind = SFU_SET_VIEW, .endpoint = join.endpoint, .view = {.stage_height = STAGE_LINES}};
        enum err err = sfu_join(house->sfu, &join, answer, LIMIT_SDP_BYTES, &refusal);
        if (err != ERR_OK)
            fprintf(stderr, "join refused: %s line %u\n", err_name(err), refusal.line);
        done = err == ERR_OK && sfu_command(house->sfu, &view) == ERR_OK &&
               load_answer(load, *ret_peer, bytes_of(answer)) == ERR_OK;
    }
    free(text);
    free(answer);
    drain_events(house);
    return done;
}

bool crowd_room_fill(struct media_house *house, struct load *load, uint32_t senders,
                     uint32_t receivers)
{
    for (uint32_t i = 0; i < senders + receivers; i++) {
        struct load_peer peer = {.audio_slots = 1, .video_slots = 1};
        uint32_t number = 0;
        if (i < senders)
            peer = (struct load_peer){.sends = true, .source = CROWD_SOURCE + i};
        if (!crowd_room_join(house, load, &peer, &number))
            return false;
    }
    return true;
}

bool crowd_room_order(struct media_house *house, enum sfu_command_kind kind, uint32_t source)
{
    struct sfu_command command = {.kind = kind, .room = CROWD_ROOM, .source = source};
    return sfu_command(house->sfu, &command) == ERR_OK;
}

bool crowd_room_await_at(struct media_house *house, struct load *load, size_t offset,
                         uint64_t least)
{
    struct load_stats *stats = malloc(sizeof *stats);
    usec_t deadline = clock_now_us() + PATIENCE_US;
    uint64_t count = 0;
    while (stats && count < least && clock_now_us() < deadline) {
        struct pollfd readable = {.fd = sfu_fd(house->sfu), .events = POLLIN};
        (void)poll(&readable, 1, LOOK_MS);
        drain_events(house);
        load_stats(load, stats);
        memcpy(&count, (const char *)stats + offset, sizeof count);
    }
    free(stats);
    return count >= least;
}

void crowd_room_rest(struct media_house *house, struct load *load, struct load_stats *ret_stats)
{
    uint64_t last = UINT64_MAX;
    load_send(load, false);
    for (int quiet = 0; quiet < QUIET_LOOKS;) {
        (void)poll(NULL, 0, LOOK_MS);
        drain_events(house);
        load_stats(load, ret_stats);
        bool still = ret_stats->packets == last && ret_stats->missing == 0;
        quiet = still ? quiet + 1 : 0;
        last = ret_stats->packets;
    }
}
