#include "meeting/edge/preserving.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "meeting/edge/paper/pdf_verify.h"
#include "meeting/edge/service.h"

struct preserving {
    struct work work; /* first: the functions cast back */
    uint64_t meeting;
    utc_ms_t at;
    char base_sha256[HASH_HEX_BYTES];
    struct preserve_facts facts; /* failures and attempts before; afterwards of the new file */
    bool tried;
    enum err err;
    char sha256[HASH_HEX_BYTES]; /* of the new file; "": none was made */
};

/* -- on Jobs ------------------------------------------------------------------------------------
 */

/* The longer file must be valid to a stranger, too, before it takes the other's place. */
static enum err check(const struct preserving *preserving, struct bytes base, struct bytes file)
{
    if (file.size < base.size || memcmp(file.data, base.data, base.size) != 0)
        return ERR_FORMAT;
    struct verify_report *report = malloc(sizeof *report);
    if (!report)
        return ERR_NO_MEMORY;
    pdf_verify(file, preserving->work.service->trust, preserving->at, report);
    enum err err = report->verdict == VERIFY_VALID ? ERR_OK : ERR_AUTH;
    if (err != ERR_OK)
        log_line(LOG_ERROR, "meeting.preserving", "meeting=%llu reason=%s",
                 (unsigned long long)preserving->meeting,
                 report->reason ? report->reason->code : "none");
    free(report);
    return err;
}

static enum err add(struct preserving *preserving, struct bytes base)
{
    struct meeting_service *service = preserving->work.service;
    struct buffer file = {0};
    enum err err = preserve_add(base, service->ask, preserving->at, &file);
    if (err == ERR_OK)
        err = check(preserving, base, buffer_bytes(&file));
    if (err == ERR_OK)
        err = preserve_read(buffer_bytes(&file), &preserving->facts);
    if (err == ERR_OK)
        err = files_put(service->data_folder, buffer_bytes(&file), preserving->sha256);
    buffer_done(&file);
    return err;
}

static void preserving_run(struct work *work)
{
    struct preserving *preserving = (struct preserving *)work;
    struct preserve_facts facts;
    struct buffer base = {0};
    preserving->err = files_get(work->service->data_folder, preserving->base_sha256, &base);
    if (preserving->err == ERR_OK)
        preserving->err = preserve_read(buffer_bytes(&base), &facts);
    if (preserving->err == ERR_OK) {
        facts.failures = preserving->facts.failures;
        facts.tried_at = preserving->facts.tried_at;
        preserving->facts = facts;
        preserving->tried = preserve_due_at(&facts, preserving->at) <= preserving->at;
        if (preserving->tried)
            preserving->err = add(preserving, buffer_bytes(&base));
    }
    buffer_done(&base);
}

/* -- on the control thread ----------------------------------------------------------------------
 */

/* Whether a longer file may take the place of the minutes' now. */
static bool may_change(const struct meeting_service *service, const struct meeting_state *state,
                       utc_ms_t now)
{
    const struct state_issue *issue = state_issue_now(state);
    if (state->minutes.stage < MINUTES_SECRETARY_SIGNED)
        return false;
    if (issue && (issue->stage == ISSUE_NUMBERED || issue->stage == ISSUE_WRITTEN))
        return false;
    if (service_meeting_find(service, state->id)->away_until > now)
        return false;
    for (uint32_t i = 0; i < service->signing_count; i++)
        if (service->signings[i].signing.meeting == state->id &&
            service->signings[i].signing.expires_at > now)
            return false;
    return true;
}

static bool is_known(const struct service_meeting *meeting)
{
    return strcmp(meeting->keeping.sha256, meeting->state.minutes.sha256) == 0;
}

static void keep_facts(struct service_meeting *meeting, const char *sha256,
                       const struct preserve_facts *facts)
{
    memcpy(meeting->keeping.sha256, sha256, sizeof meeting->keeping.sha256);
    meeting->keeping.facts = *facts;
}

static void append_archived(struct preserving *preserving, struct service_meeting *meeting,
                            utc_ms_t now)
{
    struct decision decision = {.event_count = 1};
    decision.events[0].kind = EVENT_MINUTES_ARCHIVED;
    decision.events[0].of.archived.before = preserving->base_sha256;
    decision.events[0].of.archived.sha256 = preserving->sha256;
    struct meeting_receipt receipt =
        append_decision(preserving->work.service, meeting, &decision, 0, 0, now);
    if (receipt.refusal)
        log_line(LOG_WARN, "meeting.preserving", "meeting=%llu refused=%s",
                 (unsigned long long)preserving->meeting, receipt.refusal->code);
    else
        keep_facts(meeting, preserving->sha256, &preserving->facts);
}

static void preserving_done(struct work *work, utc_ms_t now)
{
    struct preserving *preserving = (struct preserving *)work;
    struct meeting_service *service = work->service;
    struct service_meeting *meeting = service_meeting_find(service, preserving->meeting);
    bool stands = meeting && strcmp(meeting->state.minutes.sha256, preserving->base_sha256) == 0;
    service->preserving = false;
    service->preserving_due = now;
    if (preserving->err != ERR_OK) {
        log_line(preserving->err == ERR_AGAIN ? LOG_WARN : LOG_ERROR, "meeting.preserving",
                 "meeting=%llu err=%s failures=%u", (unsigned long long)preserving->meeting,
                 err_name(preserving->err), preserving->facts.failures + 1);
        preserving->facts.failures++;
        preserving->facts.tried_at = now;
    }
    bool made = preserving->sha256[0] != '\0';
    if (stands && made && may_change(service, &meeting->state, now))
        append_archived(preserving, meeting, now);
    else if (made)
        files_remove(service->data_folder, preserving->sha256); /* somebody was faster */
    else if (stands)
        keep_facts(meeting, preserving->base_sha256, &preserving->facts);
    free(preserving);
}

static enum err begin(struct meeting_service *service, struct service_meeting *meeting,
                      utc_ms_t now)
{
    struct preserving *preserving = calloc(1, sizeof *preserving);
    if (!preserving)
        return ERR_NO_MEMORY;
    preserving->work.run = preserving_run;
    preserving->work.done = preserving_done;
    preserving->meeting = meeting->state.id;
    preserving->at = now;
    memcpy(preserving->base_sha256, meeting->state.minutes.sha256, sizeof preserving->base_sha256);
    if (is_known(meeting))
        preserving->facts = meeting->keeping.facts;
    enum err err = service_work(service, &preserving->work);
    if (err != ERR_OK)
        free(preserving);
    else
        service->preserving = true;
    return err;
}

utc_ms_t preserving_deadline(const struct meeting_service *service)
{
    return service->ask && !service->preserving ? service->preserving_due : INT64_MAX;
}

void preserving_tick(struct meeting_service *service, utc_ms_t now)
{
    if (preserving_deadline(service) > now)
        return;
    utc_ms_t next = INT64_MAX;
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        struct service_meeting *meeting = service->meetings[i];
        if (meeting->state.minutes.stage < MINUTES_SECRETARY_SIGNED)
            continue;
        utc_ms_t due = is_known(meeting) ? preserve_due_at(&meeting->keeping.facts, now) : now;
        if (due <= now && !may_change(service, &meeting->state, now))
            due = now + PRESERVE_RETRY_FIRST_MS; /* somebody is at it */
        if (due <= now && begin(service, meeting, now) == ERR_OK)
            return;
        next = due < next ? due : next;
    }
    service->preserving_due = next;
}

enum meeting_keeping meeting_keeping_of(const struct meeting_service *service, uint64_t meeting)
{
    const struct service_meeting *found = service_meeting_find(service, meeting);
    if (!found || found->state.minutes.stage < MINUTES_SECRETARY_SIGNED || !is_known(found))
        return MEETING_KEEPING_NONE;
    const struct preserve_facts *facts = &found->keeping.facts;
    bool pending = facts->untimed > 0 || (facts->ended && facts->unarchived > 0);
    return pending ? MEETING_KEEPING_PENDING : MEETING_KEEPING_KEPT;
}
