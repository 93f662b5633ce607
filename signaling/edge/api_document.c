#include "signaling/edge/api_document.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "signaling/edge/api.h"
#include "signaling/edge/meeting_json.h"

void api_document_forget_old(struct door *door)
{
    DIR *folder = opendir(door->uploads_folder);
    if (!folder)
        return;
    int64_t now = clock_utc_ms() / 1000;
    const struct dirent *entry;
    while ((entry = readdir(folder))) {
        struct stat facts;
        if (fstatat(dirfd(folder), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(facts.st_mode) && now - facts.st_mtime > UPLOAD_LIFETIME_SECONDS)
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
}

/* -- receiving -------------------------------------------------------------------------------- */

/* The part's file; false when the id is not 32 hexadecimal digits (answered). */
static bool part_path(struct request *request)
{
    uint8_t id[16];
    char text[33];
    if (hex_parse(request->match.token, id, sizeof id) != ERR_OK) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return false;
    }
    hex_write(id, sizeof id, text);
    snprintf(request->body_path, sizeof request->body_path,
             "%.3900s/%" PRIu64 "-%" PRIu64 "-%s.part", request->door->uploads_folder,
             request->match.id, request->user->id, text);
    return true;
}

static void reply_received(struct request *request, uint16_t status, uint64_t received)
{
    reply_json(request, status, json_pack("{s:I}", "received", (json_int_t)received));
}

void api_document_upload_get(struct request *request)
{
    struct stat facts;
    if (!api_meeting_of(request) || !part_path(request))
        return;
    bool known = stat(request->body_path, &facts) == 0;
    reply_received(request, 200, known ? (uint64_t)facts.st_size : 0);
}

/* Opens and locks the part's file at exactly `offset`; false: answered. */
static bool part_open(struct request *request, uint64_t offset)
{
    struct stat facts;
    int fd = open(request->body_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || fstat(fd, &facts) != 0) {
        log_line(LOG_ERROR, "door.upload", "meeting=%" PRIu64 " err=%s", request->match.id,
                 strerror(errno));
        reply_refusal(request, DOOR_BROKEN);
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        reply_refusal(request, DOOR_UPLOAD_BUSY);
    } else if ((uint64_t)facts.st_size != offset) {
        reply_refusal(request, DOOR_UPLOAD_GAP);
    } else {
        request->body_fd = fd;
        request->body_fd_offset = offset;
        return true;
    }
    if (fd >= 0)
        close(fd);
    return false;
}

struct upload_facts {
    uint64_t offset;
    uint64_t size;
    uint64_t agenda_id;
    const char *title;
};

static enum err upload_facts_read(const struct request *request, struct upload_facts *ret_facts)
{
    struct upload_facts facts = {.title = request_argument(request, "title")};
    enum err err = request_argument_number(request, "offset", 0, &facts.offset);
    if (err == ERR_OK)
        err = request_argument_number(request, "size", 0, &facts.size);
    if (err == ERR_OK)
        err = request_argument_number(request, "agendaId", 0, &facts.agenda_id);
    if (err == ERR_OK && (!facts.title || facts.size == 0))
        err = ERR_FORMAT;
    *ret_facts = facts;
    return err;
}

bool api_document_upload_begin(struct request *request)
{
    struct upload_facts facts;
    const struct meeting_state *state = api_meeting_of(request);
    if (!state)
        return false;
    const struct refusal *refusal = guard_check(state, request->user->id, ACTION_DOCUMENT_ADD);
    if (refusal) {
        reply_refusal_as(request, refusal);
        return false;
    }
    if (upload_facts_read(request, &facts) != ERR_OK) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return false;
    }
    if (facts.size > LIMIT_DOCUMENT_BYTES) {
        reply_refusal(request, DOOR_DOCUMENT_TOO_LARGE);
        return false;
    }
    if (request->body_expected == 0 || facts.offset > facts.size ||
        request->body_expected > facts.size - facts.offset) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return false;
    }
    return part_path(request) && part_open(request, facts.offset);
}

/* -- recording -------------------------------------------------------------------------------- */

static void on_document_added(struct request *request, const struct meeting_output *output)
{
    if (reply_failed_output(request, output))
        return;
    const struct state_document *document = NULL;
    uint64_t meeting = 0;
    if (meeting_document_find(request->door->meetings, output->id, &meeting, &document) == ERR_OK)
        reply_json(request, 201, json_pack("{s:o}", "document", meeting_json_document(document)));
    else
        reply_refusal(request, DOOR_BROKEN);
}

/* The whole file is here: from now on it is the record's, which judges it in the sandboxed child.
 */
static void document_add(struct request *request, const struct upload_facts *facts)
{
    /* Under another name, so that no further part can be written into what is being judged. */
    char whole[DOOR_PATH_BYTES];
    snprintf(whole, sizeof whole, "%.4000s.%" PRIu32 "-%" PRIu32 ".whole", request->body_path,
             request->self.index, request->self.generation);
    if (rename(request->body_path, whole) != 0) {
        reply_refusal(request, DOOR_BROKEN);
        return;
    }
    struct meeting_receipt receipt =
        meeting_document_add(request->door->meetings, request->match.id, request->user->id, whole,
                             facts->title, facts->agenda_id, clock_utc_ms());
    request_await(request, &receipt, on_document_added);
}

void api_document_upload_end(struct request *request)
{
    struct upload_facts facts;
    if (upload_facts_read(request, &facts) != ERR_OK || request->body_fd < 0) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return;
    }
    close(request->body_fd);
    request->body_fd = -1;
    uint64_t received = request->body_fd_offset;
    if (received < facts.size)
        reply_received(request, 202, received);
    else
        document_add(request, &facts);
}

/* -- reading ---------------------------------------------------------------------------------- */

void api_document_file(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    const struct state_document *document = NULL;
    uint64_t meeting = 0;
    char path[MEETING_PATH_BYTES];
    if (meeting_document_find(meetings, request->match.id, &meeting, &document) != ERR_OK ||
        !meeting_is_visible(meetings, meeting, request->user->id)) {
        reply_refusal_as(request, refusal_of(REFUSAL_NO_DOCUMENT));
        return;
    }
    char sha256[sizeof document->sha256];
    memcpy(sha256, document->sha256, sizeof sha256);
    if (meeting_file_path(meetings, sha256, path) != ERR_OK)
        reply_refusal_as(request, refusal_of(REFUSAL_FILE_LOST));
    else
        reply_file(request, path, "application/pdf", sha256);
}
