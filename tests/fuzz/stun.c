/* Whatever the bytes: a check is believed only when it is, byte for byte, one that the password
 * authenticates; and no answer is larger than its buffer. The corpus holds two such checks for the
 * endpoint made here. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sfu/edge/stun.h"

static const char ufrag[] = "fuzzfuzz";
static const char pwd[] = "fuzzfuzzfuzzfuzzfuzzfuzz";
/* The transactions of the corpus' two authentic checks. */
static const uint8_t authentic[][12] = {"nominated...", "not yet....."};

static struct worker *worker_with_one_endpoint(void)
{
    static struct worker_join join = {.room = 1, .endpoint = 1};
    struct worker_config config = {
        .workers = 1, .endpoints = 1, .rooms = 1, .packets = 1, .seed = 1};
    struct worker *worker;
    memcpy(join.local_ufrag, ufrag, sizeof ufrag);
    memcpy(join.local_pwd, pwd, sizeof pwd);
    if (worker_create(&config, &worker) != ERR_OK || worker_on_join(worker, 1, &join) != ERR_OK)
        abort();
    return worker;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct worker *worker;
    static struct stun_responder *responder;
    static const struct udp_address from = {.ip = {0x20, 1, 0xd, 0xb8}, .port = 4000};
    if (!worker)
        worker = worker_with_one_endpoint();
    if (!responder && stun_responder_create(&responder) != ERR_OK)
        abort();
    struct stun_check check = {0};
    struct stun_reply reply;
    enum err err =
        stun_on_datagram(responder, worker, &from, (struct bytes){data, size}, &check, &reply);
    assert(reply.size <= sizeof reply.data);
    assert(err == ERR_OK || check.endpoint.generation == 0);
    if (err != ERR_OK)
        return 0;
    assert(reply.size > 0 && check.endpoint.generation != 0 && size > 20);
    assert(memcmp(data + 8, authentic[0], 12) == 0 || memcmp(data + 8, authentic[1], 12) == 0);
    return 0;
}
