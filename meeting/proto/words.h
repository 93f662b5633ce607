/* The closed vocabularies of the record, with the words that stand for them in JSON
 * (docs/protocol.md). The order of each list is that of its enum. */
#ifndef MEETING_PROTO_WORDS_H
#define MEETING_PROTO_WORDS_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

/* Where a meeting stands.
 *
 *   draft ─► submitted ─► approved ─► invited ─► checking_in ─► live ⇄ paused
 *     ▲──return──┘                                               └──┬───┘
 *   (cancelled: from any state before live)                       ended ─► minutes_signed
 *                                                                              └─► published */
enum meeting_phase {
    PHASE_DRAFT,
    PHASE_SUBMITTED,
    PHASE_APPROVED,
    PHASE_INVITED,
    PHASE_CHECKING_IN,
    PHASE_LIVE,
    PHASE_PAUSED,
    PHASE_ENDED,
    PHASE_MINUTES_SIGNED,
    PHASE_PUBLISHED,
    PHASE_CANCELLED,
    PHASE_COUNT,
};

/* In which quality somebody takes part. */
enum capacity {
    CAPACITY_CHAIR,      /* chủ tọa */
    CAPACITY_SECRETARY,  /* thư ký */
    CAPACITY_MEMBER,     /* đại biểu */
    CAPACITY_INVITED,    /* khách mời */
    CAPACITY_OBSERVER,   /* dự thính */
    CAPACITY_TECHNICIAN, /* kỹ thuật */
    CAPACITY_COUNT,
};

enum choice { CHOICE_AGREE, CHOICE_DISAGREE, CHOICE_ABSTAIN, CHOICE_COUNT };

enum vote_phase { VOTE_OPEN, VOTE_CLOSED, VOTE_PHASE_COUNT };

enum minutes_stage {
    MINUTES_NONE,
    MINUTES_DRAFT,
    MINUTES_FINAL,
    MINUTES_SECRETARY_SIGNED,
    MINUTES_CHAIR_SIGNED,
    MINUTES_STAGE_COUNT,
};

/* How a presence came to begin or to end. */
enum presence_method {
    PRESENCE_ONLINE,  /* a live connection came or went */
    PRESENCE_RESTART, /* the server was restarted and the participant did not come back in time */
    PRESENCE_METHOD_COUNT,
};

enum minutes_field { MINUTES_FIELD_SECRETARY, MINUTES_FIELD_CHAIR, MINUTES_FIELD_COUNT };

enum block_type { BLOCK_HEADING, BLOCK_PARAGRAPH, BLOCK_ITEM, BLOCK_TYPE_COUNT };

enum unit_kind { UNIT_PROVINCE, UNIT_DEPARTMENT, UNIT_COMMUNE, UNIT_KIND_COUNT };

/* A kind of paper that gets a number, by its abbreviation (Nghị định 30/2020, App. III). */
enum issue_type {
    ISSUE_MINUTES,    /* biên bản */
    ISSUE_INVITATION, /* giấy mời */
    ISSUE_NOTICE,     /* thông báo */
    ISSUE_RESOLUTION, /* nghị quyết */
    ISSUE_TYPE_COUNT,
};

/* How far an outgoing paper (văn bản đi) has come on the clerk's desk.
 *
 *   numbered ─► written ─► sealed ─► distributed
 *      └───────────┴─────────┴───────────┴─► recalled */
enum issue_stage {
    ISSUE_NUMBERED,    /* đã cấp số, đã vào sổ */
    ISSUE_WRITTEN,     /* số và ngày đã ghi vào tệp */
    ISSUE_SEALED,      /* đã đóng dấu */
    ISSUE_DISTRIBUTED, /* đã phát hành */
    ISSUE_RECALLED,    /* đã thu hồi: the number stays used */
    ISSUE_STAGE_COUNT,
};

/* What a recipient confirms. */
enum receipt_of { RECEIPT_OF_ISSUE, RECEIPT_OF_RECALL, RECEIPT_OF_COUNT };

/* What a user is in the province; a set is a mask of 1 << role. */
enum user_role {
    ROLE_LEADER,     /* lãnh đạo */
    ROLE_SECRETARY,  /* thư ký */
    ROLE_MEMBER,     /* đại biểu, điểm cầu xã */
    ROLE_CLERK,      /* văn thư */
    ROLE_TECHNICIAN, /* kỹ thuật */
    ROLE_ADMIN,      /* quản trị */
    ROLE_OBSERVER,   /* dự thính */
    ROLE_CERTIFIER,  /* cán bộ chứng thực: vouches for people's signing keys */
    ROLE_COUNT,
};

/* What became of somebody's request to have their key certified. */
enum key_request_state {
    KEY_REQUEST_PENDING,  /* chờ duyệt */
    KEY_REQUEST_APPROVED, /* đã cấp chứng thư số */
    KEY_REQUEST_REJECTED, /* bị từ chối */
    KEY_REQUEST_REPLACED, /* người dùng đã gửi yêu cầu khác */
    KEY_REQUEST_STATE_COUNT,
};

/* A closed list of words; `word[value]` stands for `value`. */
struct word_list {
    uint32_t count;
    const char *const *word;
};

extern const struct word_list phase_words;
extern const struct word_list capacity_words;
extern const struct word_list choice_words;
extern const struct word_list vote_phase_words;
extern const struct word_list minutes_stage_words;
extern const struct word_list presence_method_words;
extern const struct word_list minutes_field_words;
extern const struct word_list block_type_words;
extern const struct word_list unit_kind_words;
extern const struct word_list user_role_words;
extern const struct word_list issue_type_words;
extern const struct word_list issue_stage_words;
extern const struct word_list receipt_of_words;
extern const struct word_list key_request_state_words;

/* Needs: value < list->count. */
const char *words_name(const struct word_list *list, uint32_t value);
/* ERR_UNKNOWN when the list does not hold `word`. */
MUST_USE enum err words_find(const struct word_list *list, struct bytes word, uint32_t *ret_value);

#endif
