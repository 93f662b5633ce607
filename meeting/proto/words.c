#include "meeting/proto/words.h"

#include <assert.h>
#include <string.h>

#include "meeting/proto/event.h"

#define WORDS(name, size, ...)                                                                     \
    static const char *const name##_list[] = {__VA_ARGS__};                                        \
    const struct word_list name = {sizeof name##_list / sizeof name##_list[0], name##_list};       \
    _Static_assert(sizeof name##_list / sizeof name##_list[0] == (size), "one word a value")

WORDS(phase_words, PHASE_COUNT, "draft", "submitted", "approved", "invited", "checking_in", "live",
      "paused", "ended", "minutes_signed", "published", "cancelled");
WORDS(capacity_words, CAPACITY_COUNT, "chair", "secretary", "member", "invited", "observer",
      "technician");
WORDS(choice_words, CHOICE_COUNT, "agree", "disagree", "abstain");
WORDS(vote_phase_words, VOTE_PHASE_COUNT, "open", "closed");
WORDS(minutes_stage_words, MINUTES_STAGE_COUNT, "none", "draft", "final", "secretary_signed",
      "chair_signed");
WORDS(presence_method_words, PRESENCE_METHOD_COUNT, "online", "restart");
WORDS(minutes_field_words, MINUTES_FIELD_COUNT, "secretary", "chair");
WORDS(block_type_words, BLOCK_TYPE_COUNT, "heading", "paragraph", "item");
WORDS(unit_kind_words, UNIT_KIND_COUNT, "province", "department", "commune");
WORDS(user_role_words, ROLE_COUNT, "leader", "secretary", "member", "clerk", "technician", "admin",
      "observer", "certifier");
WORDS(key_request_state_words, KEY_REQUEST_STATE_COUNT, "pending", "approved", "rejected",
      "replaced");
WORDS(issue_type_words, ISSUE_TYPE_COUNT, "BB", "GM", "TB", "NQ");
WORDS(issue_stage_words, ISSUE_STAGE_COUNT, "numbered", "written", "sealed", "distributed",
      "recalled");
WORDS(receipt_of_words, RECEIPT_OF_COUNT, "distribution", "recall");

#define X(kind, member, word) word,
WORDS(event_kind_words, EVENT_KIND_COUNT, EVENT_KINDS(X));
#undef X

const char *words_name(const struct word_list *list, uint32_t value)
{
    assert(value < list->count);
    return list->word[value];
}

enum err words_find(const struct word_list *list, struct bytes word, uint32_t *ret_value)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (bytes_equal(bytes_of(list->word[i]), word)) {
            *ret_value = i;
            return ERR_OK;
        }
    return ERR_UNKNOWN;
}
