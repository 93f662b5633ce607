#include "sfu/core/loudness.h"

#include <string.h>

enum {
    SCORE_SPEAKS = 16 * (127 - 50), /* louder than -50 dBov begins to speak … */
    SCORE_STOPS = 16 * (127 - 60),  /* … and below -60 dBov has stopped */
    SCORE_GONE = 16 * 8,
    SCORE_CLEARLY = 16 * 6, /* 6 dB */
    AHEAD_UPDATES = 3,
    SMOOTHING = 8, /* packets of 20 ms */
    QUIET_US = 200000,
};

static struct loudness_candidate *find(struct loudness *loudness, uint32_t source)
{
    for (int i = 0; i < LOUDNESS_CANDIDATES; i++)
        if (loudness->candidates[i].source == source)
            return &loudness->candidates[i];
    return NULL;
}

/* Its place, a free one, or that of the quietest if that is quieter than `score`. */
static struct loudness_candidate *place_for(struct loudness *loudness, uint32_t source,
                                            uint16_t score)
{
    struct loudness_candidate *found = find(loudness, source);
    if (found)
        return found;
    if (score < SCORE_STOPS)
        return NULL; /* silence never makes a candidate */
    struct loudness_candidate *place = find(loudness, 0);
    if (!place) {
        place = &loudness->candidates[0];
        for (int i = 1; i < LOUDNESS_CANDIDATES; i++)
            if (loudness->candidates[i].score < place->score)
                place = &loudness->candidates[i];
        if (place->score >= score)
            return NULL;
    }
    *place = (struct loudness_candidate){.source = source};
    return place;
}

static uint16_t score_of(uint8_t level)
{
    return (uint16_t)(16 * (LOUDNESS_SILENCE - (level & 0x7f)));
}

void loudness_on_level(struct loudness *loudness, usec_t now, uint32_t source, uint8_t level)
{
    uint16_t score = score_of(level);
    struct loudness_candidate *candidate = place_for(loudness, source, score);
    if (!candidate)
        return;
    int step = ((int)score - (int)candidate->score) / SMOOTHING;
    candidate->score = (uint16_t)(candidate->score + step);
    candidate->heard = now;
}

void loudness_on_relayed(struct loudness *loudness, usec_t now, uint32_t source, uint8_t level)
{
    struct loudness_candidate *candidate = place_for(loudness, source, score_of(level));
    if (!candidate)
        return;
    candidate->score = score_of(level);
    candidate->heard = now;
}

uint8_t loudness_level(const struct loudness *loudness, uint32_t source)
{
    for (int i = 0; i < LOUDNESS_CANDIDATES; i++)
        if (source && loudness->candidates[i].source == source)
            return (uint8_t)(LOUDNESS_SILENCE - loudness->candidates[i].score / 16);
    return LOUDNESS_SILENCE;
}

void loudness_forget(struct loudness *loudness, uint32_t source)
{
    struct loudness_candidate *candidate = source ? find(loudness, source) : NULL;
    if (candidate)
        *candidate = (struct loudness_candidate){0};
    for (int i = 0; i < LOUDNESS_LOUD; i++)
        if (loudness->loud[i] == source)
            loudness->loud[i] = 0;
    if (loudness->spare == source)
        loudness->spare = 0;
}

static void decay(struct loudness *loudness, usec_t now)
{
    for (int i = 0; i < LOUDNESS_CANDIDATES; i++) {
        struct loudness_candidate *candidate = &loudness->candidates[i];
        if (!candidate->source)
            continue;
        if (now - candidate->heard > QUIET_US)
            candidate->score = (uint16_t)(candidate->score * 2 / 3);
        candidate->speaks = candidate->score >= (candidate->speaks ? SCORE_STOPS : SCORE_SPEAKS);
        if (candidate->score < SCORE_GONE)
            *candidate = (struct loudness_candidate){0};
    }
}

/* Speaking candidates, loudest first, by insertion: there are at most sixteen. */
static uint32_t rank(struct loudness *loudness,
                     struct loudness_candidate *ret_ranked[LOUDNESS_CANDIDATES])
{
    uint32_t count = 0;
    for (int i = 0; i < LOUDNESS_CANDIDATES; i++) {
        struct loudness_candidate *candidate = &loudness->candidates[i];
        if (!candidate->source || !candidate->speaks)
            continue;
        uint32_t at = count++;
        for (; at > 0 && ret_ranked[at - 1]->score < candidate->score; at--)
            ret_ranked[at] = ret_ranked[at - 1];
        ret_ranked[at] = candidate;
    }
    return count;
}

static int loud_place(const struct loudness *loudness, uint32_t source)
{
    for (int i = 0; i < LOUDNESS_LOUD; i++)
        if (loudness->loud[i] == source)
            return i;
    return -1;
}

static uint16_t loud_score(struct loudness *loudness, int place)
{
    uint32_t source = loudness->loud[place];
    const struct loudness_candidate *candidate = source ? find(loudness, source) : NULL;
    return candidate && candidate->speaks ? candidate->score : 0;
}

/* Whether this challenger takes the weakest place now. */
static bool takes_place(struct loudness *loudness, struct loudness_candidate *challenger)
{
    int weakest = 0;
    for (int i = 1; i < LOUDNESS_LOUD; i++)
        if (loud_score(loudness, i) < loud_score(loudness, weakest))
            weakest = i;
    uint16_t to_beat = loud_score(loudness, weakest);
    if (to_beat > 0) {
        bool clearly = challenger->score > to_beat + SCORE_CLEARLY;
        challenger->ahead = clearly ? (uint8_t)(challenger->ahead + 1) : 0;
        if (challenger->ahead < AHEAD_UPDATES)
            return false;
    }
    challenger->ahead = 0;
    loudness->loud[weakest] = challenger->source;
    return true;
}

/* A place among the loud is for somebody without a slot of his own. */
static bool vacate(struct loudness *loudness, uint32_t floor)
{
    bool changed = false;
    for (int i = 0; i < LOUDNESS_LOUD; i++)
        if (floor && loudness->loud[i] == floor) {
            loudness->loud[i] = 0;
            changed = true;
        }
    if (floor && loudness->spare == floor)
        loudness->spare = 0;
    return changed;
}

bool loudness_update(struct loudness *loudness, usec_t now, uint32_t floor)
{
    decay(loudness, now);
    struct loudness_candidate *ranked[LOUDNESS_CANDIDATES];
    uint32_t count = rank(loudness, ranked);

    bool changed = vacate(loudness, floor);
    for (uint32_t i = 0; i < count; i++)
        if (ranked[i]->source != floor && loud_place(loudness, ranked[i]->source) < 0 &&
            takes_place(loudness, ranked[i]))
            changed = true;

    uint32_t spare = 0;
    for (uint32_t i = 0; i < count && !spare; i++)
        if (ranked[i]->source != floor && loud_place(loudness, ranked[i]->source) < 0)
            spare = ranked[i]->source;
    if (spare && spare != loudness->spare) { /* an old spare stays until there is a new one */
        loudness->spare = spare;
        changed = true;
    }
    loudness->speaker_count = count < SFU_SPEAKERS_MAX ? count : SFU_SPEAKERS_MAX;
    for (uint32_t i = 0; i < loudness->speaker_count; i++)
        loudness->speakers[i] = ranked[i]->source;
    return changed;
}

bool loudness_idle(const struct loudness *loudness)
{
    for (int i = 0; i < LOUDNESS_CANDIDATES; i++)
        if (loudness->candidates[i].source)
            return false;
    return loudness->speaker_count == 0 && loudness->announced_count == 0;
}

bool loudness_announce(struct loudness *loudness, usec_t now)
{
    bool same = loudness->speaker_count == loudness->announced_count &&
                memcmp(loudness->speakers, loudness->announced,
                       loudness->speaker_count * sizeof loudness->speakers[0]) == 0;
    if (same || (loudness->announced_at && now - loudness->announced_at < LOUDNESS_EVENT_US))
        return false;
    loudness->announced_count = loudness->speaker_count;
    memcpy(loudness->announced, loudness->speakers, sizeof loudness->announced);
    loudness->announced_at = now;
    return true;
}
