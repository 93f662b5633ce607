#include "sfu/core/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/core/endpoint.h"
#include "sfu/core/ice.h"

enum { ENDPOINTS = 3, ROOM = 5 };

static const usec_t start = 10 * USEC_PER_SEC;

static struct worker *make_worker(void)
{
    struct worker *worker;
    struct worker_config config = {
        .workers = 1, .seed = 1, .endpoints = ENDPOINTS, .rooms = 2, .packets = 64};
    assert_int_equal(worker_create(&config, &worker), ERR_OK);
    return worker;
}

static struct worker_join make_join(uint64_t endpoint, const char *ufrag)
{
    struct worker_join join = {.room = ROOM, .endpoint = endpoint, .local_pwd = "password"};
    memcpy(join.local_ufrag, ufrag, strlen(ufrag));
    return join;
}

static struct handle join_as(struct worker *worker, usec_t now, uint64_t endpoint,
                             const char *ufrag)
{
    struct worker_join join = make_join(endpoint, ufrag);
    struct handle handle;
    const char *pwd;
    assert_int_equal(worker_on_join(worker, now, &join), ERR_OK);
    assert_int_equal(worker_find_ufrag(worker, bytes_of(ufrag), &handle, &pwd), ERR_OK);
    assert_string_equal(pwd, "password");
    return handle;
}

static struct udp_address at_port(uint16_t port)
{
    return (struct udp_address){.ip = {[15] = 1}, .port = port};
}

static void check_gone(struct worker *worker, uint64_t endpoint, enum sfu_gone_reason reason)
{
    struct sfu_event event;
    assert_true(worker_next_event(worker, &event));
    assert_int_equal(event.kind, SFU_GONE);
    assert_int_equal(event.room, ROOM);
    assert_int_equal(event.endpoint, endpoint);
    assert_int_equal(event.reason, reason);
    assert_false(worker_next_event(worker, &event));
}

static void sizes_out_of_bounds_are_refused(void **state)
{
    (void)state;
    struct worker *worker = NULL;
    struct worker_config config = {
        .workers = 1, .endpoints = LIMIT_ENDPOINTS_PER_WORKER + 1, .rooms = 1, .packets = 1};
    assert_int_equal(worker_create(&config, &worker), ERR_LIMIT);
    config.endpoints = 0;
    assert_int_equal(worker_create(&config, &worker), ERR_LIMIT);
    assert_null(worker);
    worker_destroy(NULL);
}

static void an_endpoint_or_ufrag_that_is_here_is_refused(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    (void)join_as(worker, start, 1, "abcd");
    struct worker_join same_endpoint = make_join(1, "efgh");
    struct worker_join same_ufrag = make_join(2, "abcd");
    assert_int_equal(worker_on_join(worker, start, &same_endpoint), ERR_CONFLICT);
    assert_int_equal(worker_on_join(worker, start, &same_ufrag), ERR_CONFLICT);
    worker_destroy(worker);
}

static void a_full_worker_says_so_and_takes_the_next_when_one_left(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    (void)join_as(worker, start, 1, "one");
    (void)join_as(worker, start, 2, "two");
    (void)join_as(worker, start, 3, "three");
    struct worker_join fourth = make_join(4, "four");
    assert_int_equal(worker_on_join(worker, start, &fourth), ERR_FULL);
    struct sfu_command leave = {.kind = SFU_LEAVE, .endpoint = 2};
    assert_int_equal(worker_on_command(worker, start, &leave), ERR_OK);
    assert_int_equal(worker_on_command(worker, start, &leave), ERR_UNKNOWN);
    /* Its place is kept until the door was told. */
    assert_int_equal(worker_on_join(worker, start, &fourth), ERR_FULL);
    check_gone(worker, 2, SFU_GONE_LEFT);
    assert_int_equal(worker_on_join(worker, start, &fourth), ERR_OK);
    worker_destroy(worker);
}

static void a_ufrag_is_found_by_its_exact_bytes(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    (void)join_as(worker, start, 1, "abcd");
    struct handle handle;
    const char *pwd;
    static const char *const others[] = {"", "abc", "abcde", "abcD", "0123456789abcdef0123"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(worker_find_ufrag(worker, bytes_of(others[i]), &handle, &pwd),
                         ERR_UNKNOWN);
    worker_destroy(worker);
}

static void only_checked_addresses_are_known_and_the_last_to_prove_it_has_them(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    struct handle first = join_as(worker, start, 1, "one");
    struct handle second = join_as(worker, start, 2, "two");
    struct udp_address address = at_port(77);
    struct handle found;
    assert_int_equal(worker_find_address(worker, &address, &found), ERR_UNKNOWN);
    worker_on_binding(worker, start, first, &address, true);
    assert_int_equal(worker_find_address(worker, &address, &found), ERR_OK);
    assert_true(handle_equal(found, first));
    worker_on_binding(worker, start, second, &address, true);
    assert_int_equal(worker_find_address(worker, &address, &found), ERR_OK);
    assert_true(handle_equal(found, second));
    worker_destroy(worker);
}

static void a_swarm_of_addresses_keeps_the_table_bounded(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    struct handle handle = join_as(worker, start, 1, "one");
    struct handle found;
    for (uint16_t port = 1; port <= 2000; port++) {
        struct udp_address address = at_port(port);
        worker_on_binding(worker, start + port, handle, &address, false);
        assert_int_equal(worker_find_address(worker, &address, &found), ERR_OK);
    }
    uint32_t known = 0;
    for (uint16_t port = 1; port <= 2000; port++) {
        struct udp_address address = at_port(port);
        known += worker_find_address(worker, &address, &found) == ERR_OK;
    }
    assert_int_equal(known, ICE_PATHS);
    worker_destroy(worker);
}

static void who_never_comes_is_given_up(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    (void)join_as(worker, start, 1, "one");
    usec_t due = worker_deadline(worker);
    assert_int_equal(due, start + ICE_ARRIVE_S * USEC_PER_SEC);
    struct sfu_event event;
    worker_on_tick(worker, due - 1);
    assert_false(worker_next_event(worker, &event));
    worker_on_tick(worker, due);
    check_gone(worker, 1, SFU_GONE_NEVER_CAME);
    assert_true(worker_deadline(worker) == USEC_NEVER);
    worker_destroy(worker);
}

static void a_failed_handshake_ends_the_endpoint(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    struct handle handle = join_as(worker, start, 1, "one");
    worker_on_handshake_failed(worker, start, handle);
    check_gone(worker, 1, SFU_GONE_HANDSHAKE);
    worker_on_handshake_failed(worker, start, handle); /* a stale handle names nobody */
    struct sfu_event event;
    assert_false(worker_next_event(worker, &event));
    worker_destroy(worker);
}

static void a_restart_changes_the_credentials_and_keeps_the_path(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    struct handle handle = join_as(worker, start, 1, "one");
    struct udp_address address = at_port(9);
    worker_on_binding(worker, start, handle, &address, true);
    (void)join_as(worker, start, 2, "two");
    assert_int_equal(worker_on_restart(worker, start, 1, "two", "new"), ERR_CONFLICT);
    assert_int_equal(worker_on_restart(worker, start, 9, "new", "new"), ERR_UNKNOWN);
    assert_int_equal(worker_on_restart(worker, start, 1, "new", "fresh"), ERR_OK);
    struct handle found;
    const char *pwd;
    assert_int_equal(worker_find_ufrag(worker, bytes_of("one"), &found, &pwd), ERR_UNKNOWN);
    assert_int_equal(worker_find_ufrag(worker, bytes_of("new"), &found, &pwd), ERR_OK);
    assert_string_equal(pwd, "fresh");
    assert_int_equal(worker_find_address(worker, &address, &found), ERR_OK);
    assert_true(handle_equal(found, handle));
    worker_destroy(worker);
}

static enum err refuse_outgoing(void *keys, uint32_t ssrc)
{
    (void)keys;
    (void)ssrc;
    return ERR_NO_MEMORY;
}

static void keys_come_back_whatever_becomes_of_the_endpoint(void **state)
{
    (void)state;
    static const struct srtp_ops refusing = {.add_outgoing = refuse_outgoing};
    struct worker *worker = make_worker();
    struct handle handle = join_as(worker, start, 1, "one");
    int mark;
    struct srtp_pair keys = {{&refusing, &mark}, {&refusing, &mark}};
    struct srtp_pair spent;
    worker_on_keys(worker, start, handle, &keys);
    check_gone(worker, 1, SFU_GONE_HANDSHAKE);
    assert_true(worker_next_spent(worker, &spent));
    assert_ptr_equal(spent.inbound.state, &mark);
    worker_on_keys(worker, start, handle, &keys); /* too late: nobody is there */
    assert_true(worker_next_spent(worker, &spent));
    assert_false(worker_next_spent(worker, &spent));
    worker_destroy(worker);
}

static enum err set_stage(struct worker *worker, usec_t now, uint64_t room, uint32_t source)
{
    struct sfu_command command = {.kind = SFU_SET_STAGE, .room = room, .source = source};
    return worker_on_command(worker, now, &command);
}

static enum err join_room(struct worker *worker, uint64_t room, uint64_t endpoint,
                          const char *ufrag)
{
    struct worker_join join = make_join(endpoint, ufrag);
    join.room = room;
    return worker_on_join(worker, start + 10, &join);
}

static void rooms_are_bounded(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    assert_int_equal(join_room(worker, 1, 1, "one"), ERR_OK);
    assert_int_equal(join_room(worker, 2, 2, "two"), ERR_OK);
    assert_int_equal(join_room(worker, 3, 3, "three"), ERR_FULL);
    assert_int_equal(set_stage(worker, start + 10, 3, 1), ERR_FULL);
    assert_int_equal(set_stage(worker, start + 10, 1, 1), ERR_OK);
    worker_destroy(worker);
}

static void a_room_in_which_nothing_is_and_nothing_was_set_is_given_back(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    struct sfu_command close = {.kind = SFU_CLOSE_ROOM, .room = 1};
    assert_int_equal(set_stage(worker, start, 1, 4), ERR_OK);
    assert_int_equal(set_stage(worker, start, 1, 0), ERR_OK);
    assert_int_equal(worker_on_command(worker, start, &close), ERR_UNKNOWN);
    assert_int_equal(set_stage(worker, start, 1, 4), ERR_OK);
    assert_int_equal(worker_on_command(worker, start, &close), ERR_OK);
    assert_int_equal(worker_on_command(worker, start, &close), ERR_UNKNOWN);
    worker_destroy(worker);
}

static void a_deserted_room_gives_way_the_longest_unmentioned_first(void **state)
{
    (void)state;
    struct worker *worker = make_worker();
    struct sfu_command close = {.kind = SFU_CLOSE_ROOM, .room = 1};
    assert_int_equal(set_stage(worker, start, 1, 4), ERR_OK);
    assert_int_equal(set_stage(worker, start + 1, 2, 4), ERR_OK);
    assert_int_equal(set_stage(worker, start + 2, 1, 5), ERR_OK);
    assert_int_equal(set_stage(worker, start + 3, 3, 4), ERR_OK); /* in the place of room 2 */
    close.room = 2;
    assert_int_equal(worker_on_command(worker, start + 3, &close), ERR_UNKNOWN);
    close.room = 1;
    assert_int_equal(worker_on_command(worker, start + 3, &close), ERR_OK);
    worker_destroy(worker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_out_of_bounds_are_refused),
        cmocka_unit_test(an_endpoint_or_ufrag_that_is_here_is_refused),
        cmocka_unit_test(a_full_worker_says_so_and_takes_the_next_when_one_left),
        cmocka_unit_test(a_ufrag_is_found_by_its_exact_bytes),
        cmocka_unit_test(only_checked_addresses_are_known_and_the_last_to_prove_it_has_them),
        cmocka_unit_test(a_swarm_of_addresses_keeps_the_table_bounded),
        cmocka_unit_test(who_never_comes_is_given_up),
        cmocka_unit_test(a_failed_handshake_ends_the_endpoint),
        cmocka_unit_test(a_restart_changes_the_credentials_and_keeps_the_path),
        cmocka_unit_test(keys_come_back_whatever_becomes_of_the_endpoint),
        cmocka_unit_test(rooms_are_bounded),
        cmocka_unit_test(a_room_in_which_nothing_is_and_nothing_was_set_is_given_back),
        cmocka_unit_test(a_deserted_room_gives_way_the_longest_unmentioned_first),
    };
    return cmocka_run_group_tests_name("sfu worker", tests, NULL, NULL);
}
