/* What a kernel or a line may refuse, by a stand-in for sendmmsg(2) that refuses it to some. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "sfu/edge/udp_system.h"
#include "tests/support/udp_pair.h"

/* What the stand-in refuses, and what it saw. Only one test runs at a time. */
static struct {
    uint16_t port;    /* of the destination; 0: any */
    int trains_error; /* for sends with UDP_SEGMENT */
    int probes_error; /* for sends that must not be fragmented */
    int error;        /* for all */
    uint32_t after;   /* sends that are let through before */
    uint32_t trains_seen;
} line;

static uint16_t port_of(const struct msghdr *header)
{
    struct sockaddr_storage to = {0};
    memcpy(&to, header->msg_name, header->msg_namelen);
    return udp_address_of(&to).port;
}

static bool may_fragment(int fd)
{
    int how = 0;
    socklen_t size = sizeof how;
    assert_int_equal(getsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &how, &size), 0);
    return how == IP_PMTUDISC_DONT;
}

static int refusal_of(int fd, const struct msghdr *header)
{
    if (line.port && port_of(header) != line.port)
        return 0;
    bool train = header->msg_controllen > 0;
    line.trains_seen += train;
    if (line.error && line.after == 0)
        return line.error;
    line.after -= line.after > 0;
    if (train && line.trains_error)
        return line.trains_error;
    return line.probes_error && !may_fragment(fd) ? line.probes_error : 0;
}

static int refusing_line(int fd, struct mmsghdr *messages, unsigned int count, int flags)
{
    unsigned int fine = 0;
    int refusal = 0;
    while (fine < count && (refusal = refusal_of(fd, &messages[fine].msg_hdr)) == 0)
        fine++;
    if (fine > 0)
        return sendmmsg(fd, messages, fine, flags);
    errno = refusal;
    return -1;
}

static void a_path_that_refuses_trains_leaves_the_trains_of_others_alone(void **state)
{
    (void)state;
    static const int refusals[] = {EIO, EINVAL, EMSGSIZE};
    for (uint32_t i = 0; i < 3; i++) {
        struct udp *from = open_one(refusing_line);
        struct udp *poor = open_one(NULL);
        struct udp *rich = open_one(NULL);
        memset(&line, 0, sizeof line);
        line.trains_error = refusals[i];
        line.port = udp_facts(poor).port;
        struct udp_address to_poor = address_of(poor, v4_loopback);
        struct udp_address to_rich = address_of(rich, v4_loopback);
        uint8_t *train = make_train();
        const struct worker_send sends[] = {
            to_endpoint(0, to_rich, train, TRAIN_BYTES, SEGMENT_BYTES),
            to_endpoint(1, to_poor, train, TRAIN_BYTES, SEGMENT_BYTES),
            to_endpoint(0, to_rich, train, TRAIN_BYTES, SEGMENT_BYTES),
            to_endpoint(1, to_poor, train, TRAIN_BYTES, SEGMENT_BYTES)};
        send_all(from, sends, 4);
        expect_trains(poor, 2);
        expect_trains(rich, 2);
        const struct udp_counters *counters = udp_counters(from);
        assert_int_equal(counters->trains, 2);
        assert_int_equal(counters->split, 2);
        assert_int_equal(counters->paths_slow, 1);
        assert_in_range(line.trains_seen, 1, 2); /* EMSGSIZE may be about another, at first */
        udp_destroy(from);
        udp_destroy(poor);
        udp_destroy(rich);
    }
}

static void a_slow_path_is_tried_again_after_a_while(void **state)
{
    (void)state;
    struct udp *from = open_one(refusing_line);
    struct udp *to = open_one(NULL);
    memset(&line, 0, sizeof line);
    line.trains_error = EIO;
    struct worker_send send =
        to_endpoint(0, address_of(to, v4_loopback), make_train(), TRAIN_BYTES, SEGMENT_BYTES);
    send_all(from, &send, 1);
    expect_trains(to, 1);
    line.trains_error = 0;
    assert_int_equal(udp_send(from, begin + UDP_SLOW_PATH_US - 1, &send, 1), 1);
    expect_trains(to, 1);
    assert_int_equal(line.trains_seen, 1);
    assert_int_equal(udp_send(from, begin + UDP_SLOW_PATH_US, &send, 1), 1);
    expect_trains(to, 1);
    assert_int_equal(line.trains_seen, 2);
    assert_int_equal(udp_counters(from)->trains, 1);
    udp_destroy(from);
    udp_destroy(to);
}

static void an_endpoint_at_another_address_is_tried_afresh(void **state)
{
    (void)state;
    struct udp *from = open_one(refusing_line);
    struct udp *old = open_one(NULL);
    struct udp *new = open_one(NULL);
    memset(&line, 0, sizeof line);
    line.trains_error = EIO;
    line.port = udp_facts(old).port;
    const struct worker_send sends[] = {
        to_endpoint(2, address_of(old, v4_loopback), make_train(), TRAIN_BYTES, SEGMENT_BYTES),
        to_endpoint(2, address_of(new, v4_loopback), make_train(), TRAIN_BYTES, SEGMENT_BYTES)};
    send_all(from, sends, 2);
    expect_trains(old, 1);
    expect_trains(new, 1);
    assert_int_equal(udp_counters(from)->trains, 1);
    assert_int_equal(udp_counters(from)->split, 1);
    udp_destroy(from);
    udp_destroy(old);
    udp_destroy(new);
}

static void without_offload_trains_go_one_by_one_and_nothing_is_asked_of_the_kernel(void **state)
{
    (void)state;
    struct udp_config config = {.endpoints = ENDPOINTS, .send = refusing_line};
    struct udp *from;
    struct udp *to = open_one(NULL);
    memset(&line, 0, sizeof line);
    assert_int_equal(udp_create(&config, &from), ERR_OK);
    assert_false(udp_facts(from).segments);
    struct worker_send send =
        to_endpoint(0, address_of(to, v4_loopback), make_train(), TRAIN_BYTES, SEGMENT_BYTES);
    send_all(from, &send, 1);
    expect_trains(to, 1);
    assert_int_equal(line.trains_seen, 0);
    assert_int_equal(udp_counters(from)->split, 1);
    assert_int_equal(udp_counters(from)->paths_slow, 0);
    udp_destroy(from);
    udp_destroy(to);
}

static void a_path_too_narrow_gets_fragments_and_others_do_not(void **state)
{
    (void)state;
    struct udp *from = open_one(refusing_line);
    struct udp *narrow = open_one(NULL);
    struct udp *wide = open_one(NULL);
    memset(&line, 0, sizeof line);
    line.probes_error = EMSGSIZE;
    line.port = udp_facts(narrow).port;
    uint8_t *train = make_train();
    const struct worker_send sends[] = {
        to_endpoint(0, address_of(narrow, v4_loopback), train, 1400, 0),
        to_endpoint(1, address_of(wide, v4_loopback), train, 1400, 0),
        to_endpoint(0, address_of(narrow, v4_loopback), train, TRAIN_BYTES, SEGMENT_BYTES),
        to_endpoint(1, address_of(wide, v4_loopback), train, TRAIN_BYTES, SEGMENT_BYTES)};
    send_all(from, sends, 4);
    struct udp_datagram datagrams[UDP_BATCH];
    assert_in_range(receive(narrow, datagrams), 1, 1 + TRAIN_SEGMENTS);
    assert_int_equal(datagrams[0].size, 1400);
    assert_int_equal(udp_counters(from)->fragmented, 1 + TRAIN_SEGMENTS);
    assert_int_equal(udp_counters(from)->trains, 1);
    assert_int_equal(udp_counters(from)->lost, 0);
    assert_false(may_fragment(udp_fd(from))); /* only for those */
    udp_destroy(from);
    udp_destroy(narrow);
    udp_destroy(wide);
}

static void what_finds_the_buffer_full_is_sent_later_and_once(void **state)
{
    (void)state;
    static uint8_t data[MANY];
    struct udp *from = open_one(refusing_line);
    struct udp *to = open_one(NULL);
    struct worker_send sends[MANY] = {0};
    memset(&line, 0, sizeof line);
    line.error = EAGAIN;
    line.after = 70;
    for (uint32_t i = 0; i < MANY; i++) {
        data[i] = (uint8_t)i;
        sends[i] = to_endpoint(i % ENDPOINTS, address_of(to, v4_loopback), data + i, 1, 0);
    }
    uint32_t done = udp_send(from, begin, sends, MANY);
    assert_int_equal(done, 70);
    assert_int_equal(udp_send(from, begin, sends + done, MANY - done), 0);
    line.error = 0;
    assert_int_equal(udp_send(from, begin, sends + done, MANY - done), MANY - done);
    assert_int_equal(udp_counters(from)->lost, 0);
    for (uint32_t got = 0; got < MANY;) {
        struct udp_datagram datagrams[UDP_BATCH];
        uint32_t count = receive(to, datagrams);
        assert_true(count > 0);
        for (uint32_t i = 0; i < count; i++, got++)
            assert_int_equal(datagrams[i].data[0], (uint8_t)got);
    }
    udp_destroy(from);
    udp_destroy(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_that_refuses_trains_leaves_the_trains_of_others_alone),
        cmocka_unit_test(a_slow_path_is_tried_again_after_a_while),
        cmocka_unit_test(an_endpoint_at_another_address_is_tried_afresh),
        cmocka_unit_test(without_offload_trains_go_one_by_one_and_nothing_is_asked_of_the_kernel),
        cmocka_unit_test(a_path_too_narrow_gets_fragments_and_others_do_not),
        cmocka_unit_test(what_finds_the_buffer_full_is_sent_later_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
