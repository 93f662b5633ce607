#include "signaling/core/line_test.h"

#include <assert.h>

static bool meetings_need_it(const struct line_test_load *load)
{
    return load->meetings > load->capacity / 2;
}

enum door_refusal line_test_check(const struct line_test_load *load, uint32_t receivers,
                                  uint32_t senders)
{
    if (senders == 0 || senders > LIMIT_LINE_TEST_SENDERS || receivers > LIMIT_LINE_TEST_RECEIVERS)
        return DOOR_BAD_REQUEST;
    if (meetings_need_it(load))
        return DOOR_LINE_TEST_MEETINGS;
    if (load->meetings + receivers + senders > load->capacity)
        return DOOR_LINE_TEST_LARGE;
    return DOOR_REFUSAL_COUNT;
}

void line_test_start(struct line_test *test, uint64_t id, uint32_t receivers, uint32_t senders,
                     utc_ms_t now)
{
    assert(id > 0 && senders > 0 && senders <= LIMIT_LINE_TEST_SENDERS);
    *test = (struct line_test){
        .id = id,
        .receivers = receivers,
        .senders = senders,
        .expires_at = now + (utc_ms_t)LIMIT_LINE_TEST_SECONDS * 1000,
        .empty_since = now,
    };
}

static bool sender_take(struct line_test *test, uint32_t *ret_source)
{
    for (uint32_t n = 0; n < test->senders; n++) {
        uint64_t bit = UINT64_C(1) << n;
        if (test->senders_open & bit)
            continue;
        test->senders_open |= bit;
        *ret_source = n + 1;
        return true;
    }
    return false;
}

enum err line_test_take(struct line_test *test, bool sends, uint32_t *ret_source,
                        uint32_t *ret_number)
{
    uint32_t source = 0;
    if (sends ? !sender_take(test, &source) : test->receivers_open == test->receivers)
        return ERR_FULL;
    if (!sends)
        test->receivers_open++;
    test->empty_since = 0;
    *ret_source = source;
    *ret_number = ++test->seats_ever;
    return ERR_OK;
}

void line_test_give(struct line_test *test, uint32_t source, utc_ms_t now)
{
    if (source) {
        uint64_t bit = UINT64_C(1) << (source - 1);
        assert(source <= test->senders && (test->senders_open & bit));
        test->senders_open &= ~bit;
    } else {
        assert(test->receivers_open > 0);
        test->receivers_open--;
    }
    if (test->receivers_open == 0 && test->senders_open == 0)
        test->empty_since = now;
}

uint32_t line_test_open(const struct line_test *test)
{
    uint32_t open = test->receivers_open;
    for (uint64_t left = test->senders_open; left; left &= left - 1)
        open++;
    return open;
}

bool line_test_is_over(const struct line_test *test, const struct line_test_load *load,
                       utc_ms_t now)
{
    bool deserted = test->empty_since && now - test->empty_since >= LINE_TEST_EMPTY_MS;
    return now >= test->expires_at || deserted || meetings_need_it(load);
}
