/* Sổ đăng ký văn bản đi: in memory for reading, in tables for reports and for the database's own
 * guard against gaps and doubles; both follow the logs. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "meeting/core/search_fold.h"
#include "meeting/edge/register.h"

/* -- in memory ----------------------------------------------------------------------------------
 */

void register_done(struct meeting_service *service)
{
    for (uint32_t i = 0; i < service->register_count; i++)
        free(service->register_entries[i].folded);
    free(service->register_entries);
    service->register_entries = NULL;
    service->register_count = 0;
    number_book_done(&service->numbers);
}

/* Number and title, folded for searching; NULL without memory. */
static char *folded_of(const struct meeting_state *state, const struct state_issue *issue)
{
    char number[NUMBER_TEXT_BYTES];
    struct buffer text = {0};
    number_text(issue->number, issue->type, issue->symbol, number);
    enum err err = search_fold(bytes_of(number), &text);
    if (err == ERR_OK)
        err = buffer_put(&text, bytes_of(" "));
    if (err == ERR_OK)
        err = search_fold(bytes_of(state->title), &text);
    if (err == ERR_OK)
        err = buffer_put(&text, (struct bytes){(const uint8_t *)"", 1});
    if (err == ERR_OK)
        return (char *)text.data;
    buffer_done(&text);
    return NULL;
}

/* Takes the number of the issue, which is the newest of all. */
static enum err entry_add(struct meeting_service *service, const struct meeting_state *state,
                          const struct state_issue *issue)
{
    size_t size = (service->register_count + (size_t)1) * sizeof *service->register_entries;
    struct register_entry *entries = realloc(service->register_entries, size);
    if (!entries)
        return ERR_NO_MEMORY;
    service->register_entries = entries;
    char *folded = folded_of(state, issue);
    if (!folded)
        return ERR_NO_MEMORY;
    enum err err =
        number_book_take(&service->numbers, issue->year, issue->type, issue->symbol, issue->number);
    if (err != ERR_OK) {
        free(folded);
        return err;
    }
    entries[service->register_count++] = (struct register_entry){issue->id, state->id, folded};
    return ERR_OK;
}

/* -- in tables ----------------------------------------------------------------------------------
 */

static void project_number(struct store_batch *batch, const struct meeting_state *state,
                           const struct state_issue *issue)
{
    const char *type = words_name(&issue_type_words, issue->type);
    store_batch_add(batch, STATEMENT_SERIES_TAKE);
    store_batch_int(batch, issue->year);
    store_batch_text(batch, type);
    store_batch_text(batch, issue->symbol);
    store_batch_int(batch, issue->number);
    store_batch_add(batch, STATEMENT_REGISTER_INSERT);
    store_batch_int(batch, (int64_t)issue->id);
    store_batch_int(batch, (int64_t)state->id);
    store_batch_int(batch, issue->year);
    store_batch_text(batch, type);
    store_batch_text(batch, issue->symbol);
    store_batch_int(batch, issue->number);
    store_batch_text(batch, state->title);
    store_batch_text(batch, words_name(&issue_stage_words, issue->stage));
    store_batch_text(batch, issue->sha256);
    store_batch_int(batch, issue->numbered_at);
}

static void project_stage(struct store_batch *batch, const struct state_issue *issue)
{
    store_batch_add(batch, STATEMENT_REGISTER_UPDATE);
    store_batch_int(batch, (int64_t)issue->id);
    store_batch_text(batch, words_name(&issue_stage_words, issue->stage));
    store_batch_text(batch, issue->sha256);
    store_batch_int(batch, issue->sealed_at);
    store_batch_int(batch, issue->distributed_at);
    store_batch_int(batch, issue->recalled_at);
    store_batch_text(batch, issue->reason ? issue->reason : "");
    store_batch_int(batch, (int64_t)issue->replaced_by);
}

static void project_recipients(struct store_batch *batch, const struct state_issue *issue)
{
    for (uint32_t i = 0; i < issue->recipient_count; i++) {
        store_batch_add(batch, STATEMENT_RECIPIENT_INSERT);
        store_batch_int(batch, (int64_t)issue->id);
        store_batch_int(batch, (int64_t)issue->recipients[i].unit_id);
        store_batch_text(batch, issue->recipients[i].name);
    }
}

static void project_receipt(struct store_batch *batch, const struct state_issue *issue,
                            const struct state_recipient *recipient)
{
    store_batch_add(batch, STATEMENT_RECIPIENT_UPDATE);
    store_batch_int(batch, (int64_t)issue->id);
    store_batch_int(batch, (int64_t)recipient->unit_id);
    store_batch_int(batch, recipient->received_at);
    store_batch_int(batch, (int64_t)recipient->received_by);
    store_batch_int(batch, recipient->recall_seen_at);
}

void register_project_file(struct store_batch *batch, const struct state_issue *issue)
{
    if (issue)
        project_stage(batch, issue);
}

enum err register_project(struct meeting_service *service, const struct meeting_state *state,
                          struct store_batch *batch, const struct event_row *row)
{
    /* Every event of an issue names it first. */
    const struct state_issue *issue = state_issue_find(state, row->event.of.numbered.issue_id);
    if (!issue)
        return ERR_UNKNOWN;
    switch ((int)row->event.kind) {
    case EVENT_ISSUE_NUMBERED:
        project_number(batch, state, issue);
        return entry_add(service, state, issue);
    case EVENT_ISSUE_RECEIVED:
        project_receipt(batch, issue, state_recipient_find(issue, row->event.of.received.unit_id));
        return ERR_OK;
    case EVENT_ISSUE_DISTRIBUTED:
        project_recipients(batch, issue);
        project_stage(batch, issue);
        return ERR_OK;
    default:
        project_stage(batch, issue);
        return ERR_OK;
    }
}

/* -- loading ------------------------------------------------------------------------------------
 */

/* An issue and where it is, to be put in order. */
struct place {
    const struct meeting_state *state;
    const struct state_issue *issue;
};

static int by_issue(const void *a, const void *b)
{
    uint64_t left = ((const struct place *)a)->issue->id;
    uint64_t right = ((const struct place *)b)->issue->id;
    return (left > right) - (left < right);
}

static enum err entries_load(struct meeting_service *service)
{
    size_t count = 0, at = 0;
    for (uint32_t i = 0; i < service->meeting_count; i++)
        count += service->meetings[i]->state.issue_count;
    struct place *places = calloc(count + 1, sizeof *places);
    if (!places)
        return ERR_NO_MEMORY;
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        const struct meeting_state *state = &service->meetings[i]->state;
        for (uint32_t k = 0; k < state->issue_count; k++)
            places[at++] = (struct place){state, &state->issues[k]};
    }
    qsort(places, count, sizeof *places, by_issue);
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        err = entry_add(service, places[i].state, places[i].issue);
    free(places);
    return err == ERR_CONFLICT ? ERR_FORMAT : err;
}

/* Whether the table of the series says what the logs say. */
static enum err series_agree(struct meeting_service *service)
{
    struct store_query *query = query_begin(service->store, STATEMENT_SERIES_LIST);
    uint32_t agreed = 0, rows = 0;
    enum err step;
    while ((step = query_step(query)) == ERR_OK) {
        rows++;
        for (uint32_t i = 0; i < service->numbers.count; i++) {
            const struct number_series *series = &service->numbers.series[i];
            const char *type = words_name(&issue_type_words, series->type);
            agreed += query_int(query, 0) == series->year &&
                      bytes_equal(query_bytes(query, 1), bytes_of(type)) &&
                      bytes_equal(query_bytes(query, 2), bytes_of(series->symbol)) &&
                      query_int(query, 3) == series->last;
        }
    }
    query_end(query);
    if (step != ERR_AGAIN)
        return step;
    return agreed == service->numbers.count && rows == agreed ? ERR_OK : ERR_FORMAT;
}

enum err register_load(struct meeting_service *service)
{
    register_done(service);
    enum err err = entries_load(service);
    if (err == ERR_OK)
        err = series_agree(service);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "meeting.register", "err=%s papers=%u", err_name(err),
                 service->register_count);
    return err;
}

/* -- reading ------------------------------------------------------------------------------------
 */

/* Where the entry of `issue` stands, or would stand. */
static uint32_t place_of(const struct meeting_service *service, uint64_t issue)
{
    uint32_t low = 0, high = service->register_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (service->register_entries[middle].issue < issue)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum err entry_give(const struct meeting_service *service,
                           const struct register_entry *entry, struct meeting_issue *ret_issue)
{
    const struct meeting_state *state = meeting_state_of(service, entry->meeting);
    const struct state_issue *issue = state ? state_issue_find(state, entry->issue) : NULL;
    if (!issue)
        return ERR_UNKNOWN;
    *ret_issue = (struct meeting_issue){state, issue};
    return ERR_OK;
}

enum err meeting_issue_find(const struct meeting_service *service, uint64_t id,
                            struct meeting_issue *ret_issue)
{
    uint32_t at = place_of(service, id);
    if (at == service->register_count || service->register_entries[at].issue != id)
        return ERR_UNKNOWN;
    return entry_give(service, &service->register_entries[at], ret_issue);
}

static bool entry_fits(const struct register_entry *entry, const struct state_issue *issue,
                       const struct meeting_register_query *query, const struct buffer *wanted)
{
    if ((query->year && issue->year != query->year) ||
        (query->number && issue->number != query->number) ||
        (query->type != ISSUE_TYPE_COUNT && issue->type != query->type))
        return false;
    return wanted->size == 0 ||
           memmem(entry->folded, strlen(entry->folded), wanted->data, wanted->size);
}

uint32_t meeting_register(const struct meeting_service *service,
                          const struct meeting_register_query *query, uint32_t capacity,
                          struct meeting_issue *ret_issues)
{
    struct buffer wanted = {0};
    uint32_t count = 0;
    uint32_t at = query->after ? place_of(service, query->after) : service->register_count;
    if (search_fold(query->text, &wanted) != ERR_OK)
        at = 0;
    while (at-- > 0 && count < capacity) {
        struct meeting_issue found;
        const struct register_entry *entry = &service->register_entries[at];
        if (entry_give(service, entry, &found) == ERR_OK &&
            entry_fits(entry, found.issue, query, &wanted))
            ret_issues[count++] = found;
    }
    buffer_done(&wanted);
    return count;
}

uint32_t meeting_register_years(const struct meeting_service *service, uint32_t capacity,
                                uint32_t *ret_years)
{
    uint32_t count = 0;
    for (uint32_t i = service->numbers.count; i-- > 0;) {
        uint32_t year = service->numbers.series[i].year;
        bool known = false;
        for (uint32_t k = 0; k < count; k++)
            known = known || ret_years[k] == year;
        uint32_t at = count;
        if (known || count == capacity)
            continue;
        for (; at > 0 && ret_years[at - 1] < year; at--)
            ret_years[at] = ret_years[at - 1];
        ret_years[at] = year;
        count++;
    }
    return count;
}
