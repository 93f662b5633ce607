#include "signaling/edge/media.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "signaling/edge/api_session.h"
#include "signaling/edge/live_socket.h"
#include "signaling/edge/media_parts.h"
#include "signaling/edge/meeting_json.h"
#include "signaling/edge/seat.h"

enum { SWEEP_MS = 5000, TELL_MS = 2000 /* those whose join waits */ };

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

static enum err ports_read(const char *text, struct sfu_config *config)
{
    uint32_t count = 0;
    while (*(text += strspn(text, " ,"))) {
        char *end;
        unsigned long port = strtoul(text, &end, 10);
        if (end == text || (*end && *end != ' ' && *end != ','))
            return ERR_FORMAT;
        if (port == 0 || port > UINT16_MAX || count == LIMIT_WORKERS)
            return ERR_LIMIT;
        config->ports[count++] = (uint16_t)port;
        text = end;
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
        .segment_offload =
            (enum sfu_offload)settings_choice(&door->settings, SETTING_SEGMENT_OFFLOAD),
        .tick_us = (uint32_t)settings_number(&door->settings, SETTING_TICK),
        .spread_percent = (uint32_t)settings_number(&door->settings, SETTING_SPREAD),
        .pin_cpus = settings_flag(&door->settings, SETTING_PIN_CPUS),
    };
    enum err err = addresses_read(settings_text(&door->settings, SETTING_ADDRESSES), &config);
    if (err == ERR_OK)
        err = ports_read(settings_text(&door->settings, SETTING_MEDIA_PORTS), &config);
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
    int64_t capacity = settings_number(&door->settings, SETTING_WORKERS) *
                       settings_number(&door->settings, SETTING_ENDPOINTS);
    media->capacity = capacity < LIMIT_CONNECTIONS ? (uint32_t)capacity : LIMIT_CONNECTIONS;
    media->endpoint_list = calloc(LIMIT_CONNECTIONS, sizeof media->endpoint_list[0]);
    media->answer = malloc(LIMIT_SDP_BYTES);
    media_joins_open(media);
    enum err err = ERR_NO_MEMORY;
    if (media->endpoint_list && media->answer)
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
    media_joins_close(media);
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
    media_seats_free(media);
    line_test_room_free(media->line_test);
    pool_done(&media->endpoints);
    free(media->endpoint_list);
    free(media->answer);
    free(media);
}

/* -- rooms ------------------------------------------------------------------------------------ */

struct room *media_room_find(const struct media *media, uint64_t number)
{
    struct room *room = media->rooms;
    while (room && room->meeting != number)
        room = room->next;
    return room;
}

struct room *media_room(struct media *media, uint64_t meeting)
{
    struct room *room = media_room_find(media, meeting);
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

bool media_end_room(struct media *media, struct room *room)
{
    struct sfu_command command = {.kind = SFU_CLOSE_ROOM, .room = room->meeting};
    if (room->is_ended)
        return true;
    if (sfu_command(media->door->sfu, &command) != ERR_OK)
        return false;
    for (struct connection *at = room->connections; at; at = at->next) {
        media_forget(media, &at->peer);
        live_on_media_gone(&at->live);
    }
    for (struct seat *at = room->seats; at; at = at->next_in_room)
        media_forget(media, &at->peer);
    room->is_ended = true;
    return true;
}

struct media_load media_load(const struct media *media)
{
    return (struct media_load){
        .capacity = media->capacity,
        .meetings = media->endpoints.taken - media->line_test_endpoints,
        .line_test = media->line_test_endpoints,
        .joins_waiting = media->joins_waiting,
        .totals = media->totals,
    };
}

static void empty_rooms_close(struct media *media)
{
    for (struct room **at = &media->rooms; *at;) {
        struct room *room = *at;
        bool stays = room->connections || room->seats || room->line_test;
        if (stays || !media_end_room(media, room)) {
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
    struct room *room = media_room_find(media, event->meeting);
    if (!room)
        return;
    room_on_event(room, event);
}

void media_on_reset(struct media *media, uint64_t meeting)
{
    struct room *room = media_room_find(media, meeting);
    if (!room)
        return;
    crowd_clear(&room->crowd);
    for (struct connection *at = room->connections; at; at = at->next)
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
static void connections_sweep(struct media *media)
{
    usec_t now = clock_now_us();
    for (struct room *room = media->rooms; room; room = room->next)
        for (struct connection *at = room->connections; at; at = at->next) {
            if (at->has_session && !api_session_touch(media->door, at->session_hash))
                connection_end(at, DOOR_NO_SESSION, true);
            live_socket_sweep(at, now);
        }
}

void media_tick(struct media *media, utc_ms_t now)
{
    presence_tick(&media->presence, now);
    line_test_room_tick(media, now);
    if (now - media->told_at >= TELL_MS || now < media->told_at) {
        media->told_at = now;
        media_joins_tell(media);
    }
    for (struct room *room = media->rooms; room; room = room->next)
        room_pace(room, clock_now_us());
    media_settle(media);
    if (now - media->swept_at < SWEEP_MS && now >= media->swept_at)
        return;
    media->swept_at = now;
    connections_sweep(media);
    media_seats_sweep(media, now);
    empty_rooms_close(media);
}

/* -- what the workers say --------------------------------------------------------------------- */

static void on_gone(struct media *media, const struct sfu_event *event, struct media_peer *peer)
{
    struct handle handle = media_handle_of(event->endpoint);
    if (media->endpoint_list[handle.index].is_line_test)
        media->line_test_endpoints--;
    media->endpoint_list[handle.index] = (struct media_endpoint){0};
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
    struct room *room = media_room_find(media, event->room);
    if (!room)
        return;
    uint32_t count = event->of.speakers.count;
    room->speaker_count = count < SFU_SPEAKERS_MAX ? count : SFU_SPEAKERS_MAX;
    memcpy(room->speakers, event->of.speakers.sources, sizeof room->speakers);
    room->speakers_changed = true;
}

static void on_endpoint(const struct sfu_event *event, struct connection *connection)
{
    if (event->kind == SFU_SLOTS) {
        connection->slots = event->of.slots;
        live_mark(&connection->live, LIVE_MARK_SLOTS | LIVE_MARK_OTHERS);
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
    struct handle handle = media_handle_of(event->endpoint);
    if (!pool_has(&media->endpoints, handle))
        return;
    struct media_endpoint *endpoint = &media->endpoint_list[handle.index];
    struct media_peer *peer = endpoint->peer;
    if (event->kind == SFU_CONNECTED)
        endpoint->is_connected = true;
    else if (event->kind == SFU_GONE)
        on_gone(media, event, peer);
    else if (peer && peer->connection)
        on_endpoint(event, peer->connection);
}
