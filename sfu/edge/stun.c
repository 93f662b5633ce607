#include "sfu/edge/stun.h"

#include <stdlib.h>
#include <string.h>

#include <stun/stunagent.h>
#include <stun/usages/ice.h>

#include "sfu/edge/udp_system.h"

/* Attributes below 0x8000 that we understand; any other such one makes a request unanswerable
 * (RFC 8489, section 14). Zero ends the list. */
static const uint16_t stun_understood[] = {
    STUN_ATTRIBUTE_USERNAME,       STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
    STUN_ATTRIBUTE_PRIORITY,       STUN_ATTRIBUTE_USE_CANDIDATE,
    STUN_ATTRIBUTE_ICE_CONTROLLED, STUN_ATTRIBUTE_ICE_CONTROLLING,
    STUN_ATTRIBUTE_FINGERPRINT,    0};

/* Less than every tie-breaker, so that a role conflict is always the peer's to resolve: a lite
 * agent cannot control (RFC 8445, section 7.3.1.1). */
static const uint64_t stun_tie_breaker = 0;

struct stun_responder {
    StunAgent agent;
    uint16_t understood[sizeof stun_understood / sizeof stun_understood[0]];
};

/* Filled while libnice asks for the password of a request. */
struct stun_lookup {
    const struct worker *worker;
    struct handle endpoint;
    bool found;
    char password[WORKER_ICE_PWD_BYTES];
};

enum err stun_responder_create(struct stun_responder **ret_responder)
{
    struct stun_responder *responder = calloc(1, sizeof *responder);
    if (!responder)
        return ERR_NO_MEMORY;
    memcpy(responder->understood, stun_understood, sizeof stun_understood);
    stun_agent_init(&responder->agent, responder->understood, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
    *ret_responder = responder;
    return ERR_OK;
}

void stun_responder_destroy(struct stun_responder *responder)
{
    free(responder);
}

static bool stun_find_password(StunAgent *agent, StunMessage *message, uint8_t *user_name,
                               uint16_t user_name_size, uint8_t **ret_password,
                               size_t *ret_password_size, void *user_data)
{
    (void)agent;
    (void)message;
    struct stun_lookup *lookup = user_data;
    const uint8_t *colon = memchr(user_name, ':', user_name_size);
    if (!colon)
        return false;
    struct bytes ours = {user_name, (size_t)(colon - user_name)};
    const char *password;
    if (worker_find_ufrag(lookup->worker, ours, &lookup->endpoint, &password) != ERR_OK)
        return false;
    size_t size = strlen(password);
    if (size >= sizeof lookup->password)
        return false;
    memcpy(lookup->password, password, size + 1);
    lookup->found = true;
    *ret_password = (uint8_t *)lookup->password;
    *ret_password_size = size;
    return true;
}

static void stun_refuse(StunAgent *agent, const StunMessage *request, StunError code,
                        struct stun_reply *reply)
{
    StunMessage response;
    if (stun_agent_init_error(agent, &response, reply->data, sizeof reply->data, request, code))
        reply->size = stun_agent_finish_message(agent, &response, NULL, 0);
}

static enum err stun_answer(StunAgent *agent, StunMessage *request, const struct udp_address *from,
                            struct stun_reply *reply)
{
    struct sockaddr_storage mapped;
    socklen_t mapped_size = udp_sockaddr(from, &mapped);
    StunMessage response;
    size_t size = sizeof reply->data;
    bool controlling = false;
    StunUsageIceReturn result = stun_usage_ice_conncheck_create_reply(
        agent, request, &response, reply->data, &size, &mapped, mapped_size, &controlling,
        stun_tie_breaker, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    if (result == STUN_USAGE_ICE_RETURN_SUCCESS) {
        reply->size = size;
        return ERR_OK;
    }
    if (result == STUN_USAGE_ICE_RETURN_ROLE_CONFLICT)
        return ERR_CONFLICT; /* the peer's tie-breaker is 0 as well: it would have us control */
    reply->size = size;
    uint64_t theirs;
    bool controlled = stun_message_find64(request, STUN_ATTRIBUTE_ICE_CONTROLLED, &theirs) ==
                      STUN_MESSAGE_RETURN_SUCCESS;
    return controlled ? ERR_CONFLICT : ERR_FORMAT;
}

enum err stun_on_datagram(struct stun_responder *responder, const struct worker *worker,
                          const struct udp_address *from, struct bytes datagram,
                          struct stun_check *ret_check, struct stun_reply *ret_reply)
{
    StunAgent *agent = &responder->agent;
    StunMessage request;
    struct stun_lookup lookup = {.worker = worker};
    ret_reply->size = 0;
    StunValidationStatus status = stun_agent_validate(agent, &request, datagram.data, datagram.size,
                                                      stun_find_password, &lookup);
    if (status == STUN_VALIDATION_NOT_STUN || status == STUN_VALIDATION_INCOMPLETE_STUN)
        return ERR_FORMAT;
    if (stun_message_get_class(&request) != STUN_REQUEST)
        return ERR_FORMAT;
    if (status == STUN_VALIDATION_UNAUTHORIZED && !lookup.found)
        return ERR_UNKNOWN;
    if (status == STUN_VALIDATION_UNAUTHORIZED) {
        stun_refuse(agent, &request, STUN_ERROR_UNAUTHORIZED, ret_reply);
        return ERR_AUTH;
    }
    if (status != STUN_VALIDATION_SUCCESS || !lookup.found)
        return ERR_FORMAT;

    enum err err = stun_answer(agent, &request, from, ret_reply);
    if (err != ERR_OK)
        return err;
    ret_check->endpoint = lookup.endpoint;
    ret_check->nominated = stun_usage_ice_conncheck_use_candidate(&request);
    return ERR_OK;
}
