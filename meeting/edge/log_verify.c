#include "meeting/edge/log_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meeting/core/chain.h"
#include "meeting/core/fold.h"
#include "meeting/edge/hash.h"
#include "meeting/edge/sqlite_open.h"
#include "meeting/proto/event_json.h"

enum { VERIFY_PATH_BYTES = 4096 };

/* A number that an event took. */
struct taken_number {
    uint32_t year;
    enum issue_type type;
    char symbol[LIMIT_SYMBOL_BYTES + 1];
    uint32_t number;
    uint64_t meeting;
    uint64_t seq;
};

/* A walk over all chains, row by row. */
struct walk {
    struct log_report *report;
    struct meeting_state state; /* of the meeting whose rows are walked */
    uint8_t head[CHAIN_HASH_BYTES];
    bool begun;
    size_t number_count;
    struct taken_number *numbers; /* of all meetings */
};

static void walk_break(struct walk *walk, uint64_t meeting, uint64_t seq, const char *why)
{
    walk->report->intact = false;
    walk->report->broken_meeting = meeting;
    walk->report->broken_seq = seq;
    snprintf(walk->report->why, sizeof walk->report->why, "%s", why);
}

static struct bytes column(sqlite3_stmt *stmt, int index)
{
    const uint8_t *data = sqlite3_column_blob(stmt, index);
    return (struct bytes){data, (size_t)sqlite3_column_bytes(stmt, index)};
}

/* Whether the row's hash is that of its bytes and of the row before. */
static bool link_holds(struct walk *walk, sqlite3_stmt *stmt)
{
    struct chain_row row = {
        .meeting = (uint64_t)sqlite3_column_int64(stmt, 0),
        .seq = (uint64_t)sqlite3_column_int64(stmt, 1),
        .epoch = (uint64_t)sqlite3_column_int64(stmt, 2),
        .at = sqlite3_column_int64(stmt, 3),
        .actor = (uint64_t)sqlite3_column_int64(stmt, 4),
        .kind = column(stmt, 5),
        .version = (uint32_t)sqlite3_column_int64(stmt, 6),
        .body = column(stmt, 7),
    };
    struct bytes stored = column(stmt, 8);
    struct buffer bytes = {0};
    uint8_t hash[HASH_BYTES] = {0};
    memcpy(row.previous, walk->head, sizeof row.previous);
    bool hashed =
        chain_write(&row, &bytes) == ERR_OK && hash_sha256(buffer_bytes(&bytes), hash) == ERR_OK;
    buffer_done(&bytes);
    memcpy(walk->head, hash, sizeof walk->head);
    return hashed && bytes_equal(stored, (struct bytes){hash, sizeof hash});
}

static enum err number_note(struct walk *walk, uint64_t seq)
{
    const struct state_issue *issue = state_issue_now(&walk->state);
    struct taken_number *grown =
        realloc(walk->numbers, (walk->number_count + 1) * sizeof *walk->numbers);
    if (!grown)
        return ERR_NO_MEMORY;
    walk->numbers = grown;
    struct taken_number *taken = &grown[walk->number_count++];
    *taken = (struct taken_number){.year = issue->year,
                                   .type = issue->type,
                                   .number = issue->number,
                                   .meeting = walk->state.id,
                                   .seq = seq};
    memcpy(taken->symbol, issue->symbol, sizeof taken->symbol);
    return ERR_OK;
}

/* Whether the row is an event that can follow the ones before it. */
static bool row_folds(struct walk *walk, sqlite3_stmt *stmt)
{
    struct arena arena = {0};
    struct event_row row = {
        .seq = (uint64_t)sqlite3_column_int64(stmt, 1),
        .at = sqlite3_column_int64(stmt, 3),
        .actor = (uint64_t)sqlite3_column_int64(stmt, 4),
    };
    uint32_t kind;
    enum err err = words_find(&event_kind_words, column(stmt, 5), &kind);
    if (err == ERR_OK)
        err = event_json_parse((enum event_kind)kind, column(stmt, 7), &arena, &row.event);
    if (err == ERR_OK)
        err = fold(&walk->state, &row);
    if (err == ERR_OK && kind == EVENT_ISSUE_NUMBERED)
        err = number_note(walk, row.seq);
    arena_done(&arena);
    return err == ERR_OK;
}

static void walk_row(struct walk *walk, sqlite3_stmt *stmt)
{
    uint64_t meeting = (uint64_t)sqlite3_column_int64(stmt, 0);
    uint64_t seq = (uint64_t)sqlite3_column_int64(stmt, 1);
    if (!walk->begun || walk->state.id != meeting) {
        state_done(&walk->state);
        state_init(&walk->state, meeting);
        memset(walk->head, 0, sizeof walk->head);
        walk->begun = true;
        walk->report->meetings++;
    }
    if (seq != walk->state.seq + 1)
        walk_break(walk, meeting, walk->state.seq + 1, "a row is missing");
    else if (!link_holds(walk, stmt))
        walk_break(walk, meeting, seq,
                   "the row's hash is not that of its bytes and the row before");
    else if (!row_folds(walk, stmt))
        walk_break(walk, meeting, seq, "the event cannot follow the ones before it");
    else
        walk->report->events++;
}

/* The lists know how long each log is, so rows cut from its end are missed. */
static void walk_heads(struct walk *walk, sqlite3 *db)
{
    static const char sql[] =
        "SELECT meeting.id, meeting.seq, (SELECT COUNT(*) FROM event WHERE event.meeting ="
        " meeting.id) FROM meeting ORDER BY meeting.id";
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return;
    while (walk->report->intact && sqlite3_step(stmt) == SQLITE_ROW)
        if (sqlite3_column_int64(stmt, 1) != sqlite3_column_int64(stmt, 2))
            walk_break(walk, (uint64_t)sqlite3_column_int64(stmt, 0),
                       (uint64_t)sqlite3_column_int64(stmt, 2) + 1,
                       "the log is shorter than the list of meetings says");
    sqlite3_finalize(stmt);
}

/* Of two in the same series: the same, and 0. */
static int series_compare(const struct taken_number *a, const struct taken_number *b)
{
    if (a->year != b->year)
        return a->year < b->year ? -1 : 1;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return strcmp(a->symbol, b->symbol);
}

static int number_compare(const void *left, const void *right)
{
    const struct taken_number *a = left, *b = right;
    int order = series_compare(a, b);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

/* Every series runs 1, 2, 3 … over all meetings (Nghị định 30/2020, Article 15). */
static void walk_numbers(struct walk *walk)
{
    if (walk->number_count == 0)
        return;
    qsort(walk->numbers, walk->number_count, sizeof *walk->numbers, number_compare);
    for (size_t i = 0; walk->report->intact && i < walk->number_count; i++) {
        const struct taken_number *one = &walk->numbers[i];
        bool first = i == 0 || series_compare(one - 1, one) != 0;
        uint32_t before = first ? 0 : walk->numbers[i - 1].number;
        if (one->number == before)
            walk_break(walk, one->meeting, one->seq, "this number was given to another paper too");
        else if (one->number != before + 1)
            walk_break(walk, one->meeting, one->seq, "the number before this one was never given");
    }
}

static enum err walk_all(sqlite3 *db, struct log_report *report)
{
    static const char sql[] = "SELECT meeting, seq, epoch, utc_ms, actor, kind, version, body, hash"
                              " FROM event ORDER BY meeting, seq";
    sqlite3_stmt *stmt = NULL;
    struct walk walk = {.report = report};
    report->intact = true;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_failed(db, "verify");
    int step = SQLITE_ROW;
    while (report->intact && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        walk_row(&walk, stmt);
    sqlite3_finalize(stmt);
    if (report->intact && step == SQLITE_DONE)
        walk_heads(&walk, db);
    if (report->intact && step == SQLITE_DONE)
        walk_numbers(&walk);
    free(walk.numbers);
    state_done(&walk.state);
    return report->intact && step != SQLITE_DONE ? sqlite_failed(db, "verify") : ERR_OK;
}

enum err meeting_log_verify(const char *data_folder, struct log_report *ret_report)
{
    char path[VERIFY_PATH_BYTES];
    sqlite3 *db = NULL;
    if (snprintf(path, sizeof path, "%s/dienhong.db", data_folder) >= (int)sizeof path)
        return ERR_IO;
    enum err err = sqlite_open(path, false, &db);
    if (err != ERR_OK)
        return err;
    struct log_report report = {0};
    /* One transaction, so that a server that goes on writing is seen at one moment. */
    err = sqlite_run(db, "BEGIN");
    if (err == ERR_OK)
        err = walk_all(db, &report);
    sqlite3_close(db);
    if (err == ERR_OK)
        *ret_report = report;
    return err;
}
