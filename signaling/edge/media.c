#include "signaling/edge/media.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "signaling/edge/api_session.h"
#include "signaling/edge/meeting_json.h"
#include "signaling/edge/presence.h"
#include "signaling/edge/seat.h"

enum { SWEEP_MS = 5000 };

struct media {
    struct door *door;
    struct room *rooms;
    struct presence presence;
    struct seat *seats;
    uint32_t seat_count;
    struct pool endpoints;
    struct media_peer **peers; /* by endpoint; NULL once given up, until the worker says gone */
    utc_ms_t swept_at;
    char *answer; /* LIMIT_SDP_BYTES */
};

/* An endpoint's number is its handle in one word. */
static uint64_t number_of(struct handle handle)
{
    return (uint64_t)handle.generation << 32 | handle.index;
}

static struct handle handle_of(uint64_t number)
{
    return (struct handle){(uint32_t)number, (uint32_t)(number >> 32)};
}

/* -- opening ---------------------------------------------------------------------------------- */

static enum err addresses_read(const char *text, struct sfu_config *config)
{
    char part[INET6_ADDRSTRLEN];
    while (*text) {
        size_t size = strcspn(text, " ,");
        struct udp_address *address = &config->addresses[config->address_count];
        struct in_addr v4;
        if (size == 0) {
            text++;
            continue;
        }
        if (size >= sizeof part || config->address_count == SFU_ADDRESSES_MAX)
            return ERR_LIMIT;
        memcpy(part, text, size);
        part[size] = 0;
        memset(address, 0, sizeof *address);
        if (inet_pton(AF_INET, part, &v4) == 1) {
            address->ip[10] = address->ip[11] = 0xff;
            memcpy(address->ip + 12, &v4, 4);
        } else if (inet_pton(AF_INET6, part, address->ip) != 1) {
            return ERR_FORMAT;
        }
        config->address_count++;
        text += size;
    }
    return ERR_OK;
}

static enum err workers_start(struct door *door, const char *certs_folder)
{
    char certificate[DOOR_PATH_BYTES], key[DOOR_PATH_BYTES];
    snprintf(certificate, sizeof certificate, "%.4000s/dtls.pem", certs_folder);
    snprintf(key, sizeof key, "%.4000s/dtls-key.pem", certs_folder);
    struct sfu_config config = {
        .workers = (uint32_t)settings_number(&door->settings, SETTING_WORKERS),
        .first_port = (uint16_t)settings_number(&door->settings, SETTING_MEDIA_PORT),
        .endpoints = (uint32_t)settings_number(&door->settings, SETTING_ENDPOINTS),
        .certificate_path = certificate,
        .key_path = key,
        .jobs = door->media_jobs,
        .cipher = (enum sfu_cipher)settings_choice(&door->settings, SETTING_CIPHER),
    };
    enum err err = addresses_read(settings_text(&door->settings, SETTING_ADDRESSES), &config);
    if (err == ERR_OK)
        err = certs_dtls_ensure(certificate, key, clock_utc_ms());
    if (err == ERR_OK)
        err = sfu_create(&config, &door->sfu);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.media", "started=no err=%s", err_name(err));
    return err;
}

enum err media_open(struct door *door, const char *certs_folder, struct media **ret_media)
{
    struct media *media = calloc(1, sizeof *media);
    if (!media)
        return ERR_NO_MEMORY;
    media->door = door;
    media->presence = (struct presence){
        .meetings = door->meetings,
        .grace_ms = settings_number(&door->settings, SETTING_LEAVE_GRACE) * 1000,
    };
    media->peers = calloc(LIMIT_CONNECTIONS, sizeof(struct media_peer *));
    media->answer = malloc(LIMIT_SDP_BYTES);
    enum err err = ERR_NO_MEMORY;
    if (media->peers && media->answer)
        err = pool_init(&media->endpoints, LIMIT_CONNECTIONS);
    if (err == ERR_OK)
        err = workers_start(door, certs_folder);
    if (err != ERR_OK) {
        media_free(media);
        return err;
    }
    *ret_media = media;
    return ERR_OK;
}

void media_close_all(struct media *media)
{
    if (!media)
        return;
    for (struct room *room = media->rooms; room; room = room->next)
        for (struct connection *at = room->connections; at; at = at->next)
            connection_end(at, DOOR_LIVE_RESET, false);
}

void media_free(struct media *media)
{
    if (!media)
        return;
    while (media->rooms) {
        struct room *room = media->rooms;
        media->rooms = room->next;
        room_done(room);
        free(room);
    }
    presence_done(&media->presence);
    while (media->seats) {
        struct seat *seat = media->seats;
        media->seats = seat->next;
        free(seat);
    }
    pool_done(&media->endpoints);
    free(media->peers);
    free(media->answer);
    free(media);
}

/* -- rooms ------------------------------------------------------------------------------------ */

static struct room *room_find(const struct media *media, uint64_t meeting)
{
    struct room *room = media->rooms;
    while (room && room->meeting != meeting)
        room = room->next;
    return room;
}

struct room *media_room(struct media *media, uint64_t meeting)
{
    struct room *room = room_find(media, meeting);
    if (room)
        return room;
    room = malloc(sizeof *room);
    if (!room)
        return NULL;
    room_init(room, media->door, meeting);
    room->next = media->rooms;
    media->rooms = room;
    return room;
}

uint32_t media_room_count(const struct media *media)
{
    uint32_t count = 0;
    for (const struct room *room = media->rooms; room; room = room->next)
        count++;
    return count;
}

static void empty_rooms_close(struct media *media)
{
    for (struct room **at = &media->rooms; *at;) {
        struct room *room = *at;
        if (room->connections || room->seats) {
            at = &room->next;
            continue;
        }
        *at = room->next;
        room_done(room);
        free(room);
    }
}

void media_on_event(struct media *media, const struct meeting_output *event)
{
    struct room *room = room_find(media, event->meeting);
    if (!room)
        return;
    struct buffer text = {0};
    if (meeting_json_event(event, &text) == ERR_OK)
        room_broadcast(room, buffer_bytes(&text));
    buffer_done(&text);
    room->has_changed = true;
}

void media_on_reset(struct media *media, uint64_t meeting)
{
    struct room *room = room_find(media, meeting);
    for (struct connection *at = room ? room->connections : NULL; at; at = at->next)
        connection_end(at, DOOR_LIVE_RESET, false);
}

void media_settle(struct media *media)
{
    for (struct room *room = media->rooms; room; room = room->next)
        room_settle(room);
}

/* -- presence ---------------------------------------------------------------------------------- */

void media_enter(struct media *media, struct room *room, struct media_peer *peer)
{
    if (!peer->is_entered)
        peer->is_entered =
            presence_enter(&media->presence, room->meeting, peer->user, clock_utc_ms());
}

void media_leave(struct media *media, struct room *room, struct media_peer *peer, bool at_once)
{
    if (peer->is_entered)
        presence_leave(&media->presence, room->meeting, peer->user, at_once, clock_utc_ms());
    peer->is_entered = false;
}

/* A live connection keeps its session alive, and ends with it. */
static void sessions_sweep(struct media *media)
{
    for (struct room *room = media->rooms; room; room = room->next)
        for (struct connection *at = room->connections; at; at = at->next)
            if (!api_session_touch(media->door, at->session_hash))
                connection_end(at, DOOR_NO_SESSION, true);
}

static void seats_sweep(struct media *media, utc_ms_t now)
{
    for (struct seat **at = &media->seats; *at;) {
        struct seat *seat = *at;
        if (seat->expires_at > now) {
            at = &seat->next;
            continue;
        }
        media_seat_part(media, seat);
        *at = seat->next;
        media->seat_count--;
        free(seat);
    }
}

void media_tick(struct media *media, utc_ms_t now)
{
    presence_tick(&media->presence, now);
    media_settle(media);
    if (now - media->swept_at < SWEEP_MS && now >= media->swept_at)
        return;
    media->swept_at = now;
    sessions_sweep(media);
    seats_sweep(media, now);
    empty_rooms_close(media);
}

/* -- endpoints -------------------------------------------------------------------------------- */

void media_part(struct media *media, struct media_peer *peer)
{
    if (peer->endpoint == 0)
        return;
    media->peers[handle_of(peer->endpoint).index] = NULL;
    struct sfu_command command = {.kind = SFU_LEAVE, .endpoint = peer->endpoint};
    if (sfu_command(media->door->sfu, &command) != ERR_OK)
        log_line(LOG_WARN, "door.media", "endpoint=%llu left=no",
                 (unsigned long long)peer->endpoint);
    peer->endpoint = 0;
}

/* One source, one sender: the newest keeps it. */
static void others_part(struct media *media, struct room *room, const struct media_peer *peer,
                        const char *resume)
{
    for (struct connection *at = room->connections; at; at = at->next) {
        if (&at->peer == peer || at->peer.source != peer->source || at->peer.endpoint == 0)
            continue;
        bool same_page = resume && strcmp(resume, at->resume) == 0;
        media_part(media, &at->peer);
        live_on_media_gone(&at->live);
        connection_end(at, DOOR_LIVE_REPLACED, !same_page);
    }
    for (struct seat *at = room->seats; at; at = at->next_in_room)
        if (&at->peer != peer && at->peer.source == peer->source)
            media_part(media, &at->peer);
}

static enum door_refusal refusal_of_offer(const struct media_peer *peer, enum err err,
                                          const struct sfu_refusal *refusal)
{
    log_line(LOG_INFO, "door.media", "user=%llu offer=refused err=%s code=%s line=%u",
             (unsigned long long)peer->user, err_name(err), refusal->code ? refusal->code : "",
             refusal->line);
    return err == ERR_FULL ? DOOR_BUSY : DOOR_BAD_OFFER;
}

static bool room_is_open(const struct media *media, const struct room *room)
{
    const struct meeting_state *state = meeting_state_of(media->door->meetings, room->meeting);
    return state && state->phase >= PHASE_CHECKING_IN && state->phase <= PHASE_PAUSED;
}

enum door_refusal media_join(struct media *media, struct room *room, struct media_peer *peer,
                             const char *offer, const char *resume, char **ret_answer)
{
    struct handle handle;
    struct sfu_refusal refusal = {0};
    if (!room_is_open(media, room))
        return DOOR_LIVE_EARLY;
    if (pool_take(&media->endpoints, &handle) != ERR_OK)
        return DOOR_BUSY;
    media_part(media, peer);
    if (peer->source)
        others_part(media, room, peer, resume);

    uint32_t rights = peer->source ? room_rights(room, peer->participant) : 0;
    struct sfu_join join = {
        .room = room->meeting,
        .endpoint = number_of(handle),
        .source = peer->source,
        .rights = rights,
        .offer = bytes_of(offer),
    };
    enum err err = sfu_join(media->door->sfu, &join, media->answer, LIMIT_SDP_BYTES, &refusal);
    if (err != ERR_OK) {
        pool_give(&media->endpoints, handle);
        return refusal_of_offer(peer, err, &refusal);
    }
    peer->endpoint = join.endpoint;
    peer->rights = rights;
    media->peers[handle.index] = peer;
    room_settle(room);
    *ret_answer = strdup(media->answer);
    return *ret_answer ? DOOR_REFUSAL_COUNT : DOOR_BUSY;
}

enum door_refusal media_restart(struct media *media, struct media_peer *peer, const char *offer,
                                char **ret_answer)
{
    struct sfu_refusal refusal = {0};
    if (peer->endpoint == 0)
        return DOOR_MEDIA_GONE;
    enum err err = sfu_restart(media->door->sfu, peer->endpoint, bytes_of(offer), media->answer,
                               LIMIT_SDP_BYTES, &refusal);
    if (err != ERR_OK)
        return err == ERR_UNKNOWN ? DOOR_MEDIA_GONE : refusal_of_offer(peer, err, &refusal);
    *ret_answer = strdup(media->answer);
    return *ret_answer ? DOOR_REFUSAL_COUNT : DOOR_BUSY;
}

/* -- what the workers say --------------------------------------------------------------------- */

static void on_gone(struct media *media, const struct sfu_event *event, struct media_peer *peer)
{
    struct handle handle = handle_of(event->endpoint);
    media->peers[handle.index] = NULL;
    pool_give(&media->endpoints, handle);
    if (!peer)
        return;
    peer->endpoint = 0;
    if (peer->seat)
        media_seat_part(media, peer->seat);
    if (!peer->connection)
        return;
    live_on_media_gone(&peer->connection->live);
    connection_refuse(peer->connection, DOOR_MEDIA_GONE);
}

static void on_speakers(struct media *media, const struct sfu_event *event)
{
    struct room *room = room_find(media, event->room);
    if (!room)
        return;
    uint32_t count = event->of.speakers.count;
    room->speaker_count = count < SFU_SPEAKERS_MAX ? count : SFU_SPEAKERS_MAX;
    memcpy(room->speakers, event->of.speakers.sources, sizeof room->speakers);
    room_mark(room, LIVE_MARK_SPEAKERS);
}

static void on_endpoint(const struct sfu_event *event, struct connection *connection)
{
    if (event->kind == SFU_SLOTS) {
        connection->slots = event->of.slots;
        live_mark(&connection->live, LIVE_MARK_SLOTS);
    } else if (event->kind == SFU_LAYERS) {
        connection->layers = event->of.layers;
        live_mark(&connection->live, LIVE_MARK_LAYERS);
    }
    connection_wake(connection);
}

void media_on_sfu(struct media *media, const struct sfu_event *event)
{
    if (event->kind == SFU_SPEAKERS) {
        on_speakers(media, event);
        return;
    }
    struct handle handle = handle_of(event->endpoint);
    if (!pool_has(&media->endpoints, handle))
        return;
    struct media_peer *peer = media->peers[handle.index];
    if (event->kind == SFU_GONE)
        on_gone(media, event, peer);
    else if (peer && peer->connection)
        on_endpoint(event, peer->connection);
}

/* -- standard clients ------------------------------------------------------------------------- */

struct seat *media_seat_create(struct media *media, uint64_t meeting,
                               const struct state_participant *participant, bool is_sender)
{
    struct seat *seat = media->seat_count < SEATS_MAX ? calloc(1, sizeof *seat) : NULL;
    if (!seat)
        return NULL;
    seat->meeting = meeting;
    seat->is_sender = is_sender;
    seat->expires_at = clock_utc_ms() + media->door->sessions.absolute_ms;
    seat->peer = (struct media_peer){.user = participant->user_id,
                                     .participant = participant->id,
                                     .source = is_sender ? participant->source : 0,
                                     .seat = seat};
    seat->next = media->seats;
    media->seats = seat;
    media->seat_count++;
    return seat;
}

struct seat *media_seat_find(struct media *media, struct bytes token, utc_ms_t now)
{
    return seat_find(media->seats, token, now);
}

enum door_refusal media_seat_join(struct media *media, struct seat *seat, const char *offer,
                                  char **ret_answer)
{
    struct room *room = media_room(media, seat->meeting);
    if (!room)
        return DOOR_BUSY;
    seat_attach(seat, room);
    if (seat->is_sender)
        media_enter(media, room, &seat->peer);
    enum door_refusal refusal = media_join(media, room, &seat->peer, offer, NULL, ret_answer);
    if (refusal != DOOR_REFUSAL_COUNT)
        media_seat_part(media, seat);
    return refusal;
}

void media_seat_part(struct media *media, struct seat *seat)
{
    media_part(media, &seat->peer);
    if (seat->room)
        media_leave(media, seat->room, &seat->peer, true);
    seat_detach(seat);
}
