#include "load/edge/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stun/stunagent.h>
#include <stun/usages/ice.h>

enum { PRIORITY = 0x7effffff, TIE = 1, USER_NAME_BYTES = 160 };

_Static_assert(CHECK_TRANSACTION_BYTES == sizeof(StunTransactionId), "it is one");

struct checker {
    StunAgent agent;
};

static const uint16_t understood[] = {
    STUN_ATTRIBUTE_USERNAME,   STUN_ATTRIBUTE_MESSAGE_INTEGRITY, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
    STUN_ATTRIBUTE_ERROR_CODE, STUN_ATTRIBUTE_FINGERPRINT,       0};

enum err checker_create(struct checker **ret_checker)
{
    struct checker *checker = calloc(1, sizeof *checker);
    if (!checker)
        return ERR_NO_MEMORY;
    stun_agent_init(&checker->agent, understood, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
    *ret_checker = checker;
    return ERR_OK;
}

void checker_destroy(struct checker *checker)
{
    free(checker);
}

void check_forget(struct checker *checker, struct check *check)
{
    if (check->waiting)
        (void)stun_agent_forget_transaction(&checker->agent, check->transaction);
    check->waiting = false;
}

size_t check_write(struct checker *checker, struct check *check, const char *remote_ufrag,
                   const char *remote_pwd, const char *local_ufrag, uint8_t out[CHECK_BYTES])
{
    StunMessage request;
    char user_name[USER_NAME_BYTES];
    int length = snprintf(user_name, sizeof user_name, "%s:%s", remote_ufrag, local_ufrag);
    check_forget(checker, check);
    if (length < 0 || (size_t)length >= sizeof user_name)
        return 0;
    size_t size = stun_usage_ice_conncheck_create(
        &checker->agent, &request, out, CHECK_BYTES, (const uint8_t *)user_name, (size_t)length,
        (const uint8_t *)remote_pwd, strlen(remote_pwd), true, true, PRIORITY, TIE, NULL,
        STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    if (size == 0)
        return 0;
    stun_message_id(&request, check->transaction);
    check->waiting = true;
    return size;
}

enum err check_read(struct checker *checker, struct check *check, const char *remote_pwd,
                    struct bytes datagram)
{
    enum { TRANSACTION_AT = 4 };
    StunMessage response;
    char user_name[1] = "";
    char password[USER_NAME_BYTES];
    if (!check->waiting || datagram.size < TRANSACTION_AT + CHECK_TRANSACTION_BYTES ||
        memcmp(datagram.data + TRANSACTION_AT, check->transaction, CHECK_TRANSACTION_BYTES) != 0)
        return ERR_UNKNOWN;
    (void)snprintf(password, sizeof password, "%s", remote_pwd);
    StunDefaultValidaterData credentials[] = {
        {(uint8_t *)user_name, 0, (uint8_t *)password, strlen(password)}, {NULL, 0, NULL, 0}};
    StunValidationStatus status =
        stun_agent_validate(&checker->agent, &response, datagram.data, datagram.size,
                            stun_agent_default_validater, credentials);
    if (status == STUN_VALIDATION_SUCCESS && stun_message_get_class(&response) == STUN_RESPONSE) {
        check->waiting = false; /* the agent has forgotten it */
        return ERR_OK;
    }
    if (status == STUN_VALIDATION_SUCCESS || status == STUN_VALIDATION_UNAUTHORIZED) {
        check_forget(checker, check);
        return ERR_AUTH;
    }
    return ERR_UNKNOWN;
}
