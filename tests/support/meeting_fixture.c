#include "tests/support/meeting_fixture.h"

#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tests' own assertion: always on, and it says what failed. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static void service_open(struct meeting_fixture *fixture)
{
    char trust_path[128];
    snprintf(trust_path, sizeof trust_path, "%s/ca/root.pem", fixture->folder);
    struct meeting_config config = {
        .data_folder = fixture->folder,
        .jobs = fixture->jobs,
        .public_url = "https://hop.example:8443",
        .issuer = fixture->ca ? certs_ca_issuing(fixture->ca) : (struct bytes){0},
        .trust = fixture->trust,
        .trust_path = trust_path,
        .seal = fixture->seal,
        .ask = fixture->ask,
    };
    MUST(meeting_service_open(&config, fixture->now, &fixture->service) == ERR_OK);
}

static uint64_t add_unit(struct meeting_fixture *fixture, const char *name, enum unit_kind kind,
                         uint64_t parent)
{
    uint64_t id = 0;
    struct directory_unit unit = {.parent_id = parent, .kind = kind, .name = name};
    MUST(meeting_directory_add_unit(fixture->service, &unit, &id) == ERR_OK);
    return id;
}

static uint64_t add_user(struct meeting_fixture *fixture, const char *login, const char *name,
                         const char *position, uint64_t unit, enum user_role role)
{
    uint64_t id = 0;
    struct directory_user user = {
        .unit_id = unit,
        .roles = 1u << role,
        .login = login,
        .password_hash = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA",
        .name = name,
        .position = position,
    };
    MUST(meeting_directory_add_user(fixture->service, &user, &id) == ERR_OK);
    return id;
}

static void found_province(struct meeting_fixture *fixture)
{
    static const char *const communes[FIXTURE_COMMUNES] = {"Xã Hòa Bình", "Xã Thượng Lâm",
                                                           "Phường Đông Kinh", "Xã Mỹ Đức"};
    static const char *const people[FIXTURE_COMMUNES] = {"Đỗ Văn Hưng", "Nguyễn Thị Hằng",
                                                         "Phạm Quốc Việt", "Lò Thị Nhung"};
    fixture->province = add_unit(fixture, "Ủy ban nhân dân tỉnh Lam Giang", UNIT_PROVINCE, 0);
    for (int i = 0; i < FIXTURE_COMMUNES; i++) {
        char login[16];
        snprintf(login, sizeof login, "xa%d", i + 1);
        fixture->communes[i] = add_unit(fixture, communes[i], UNIT_COMMUNE, fixture->province);
        fixture->members[i] = add_user(fixture, login, people[i], "Chủ tịch Ủy ban nhân dân",
                                       fixture->communes[i], ROLE_MEMBER);
    }
    fixture->chair = add_user(fixture, "chutoa", "Trần Đình Khôi", "Phó Chủ tịch",
                              fixture->province, ROLE_LEADER);
    fixture->secretary = add_user(fixture, "thuky", "Lê Thị Thu Hà", "Chuyên viên",
                                  fixture->province, ROLE_SECRETARY);
    fixture->technician = add_user(fixture, "kythuat", "Ngô Anh Tú", "Kỹ thuật viên",
                                   fixture->province, ROLE_TECHNICIAN);
    fixture->clerk =
        add_user(fixture, "vanthu", "Phạm Thị Ngọc Bích", "Văn thư", fixture->province, ROLE_CLERK);
    MUST(meeting_flush(fixture->service) == ERR_OK);
}

void fixture_open(struct meeting_fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/dienhong-test-XXXXXX");
    MUST(mkdtemp(fixture->folder));
    fixture->now = FIXTURE_START;
    MUST(jobs_create(2, 64, &fixture->jobs) == ERR_OK);
    service_open(fixture);
    found_province(fixture);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

void fixture_close(struct meeting_fixture *fixture)
{
    meeting_service_close(fixture->service);
    jobs_destroy(fixture->jobs);
    certs_trust_free(fixture->trust);
    certs_ca_close(fixture->ca);
    MUST(nftw(fixture->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

void fixture_reopen(struct meeting_fixture *fixture)
{
    meeting_service_close(fixture->service);
    service_open(fixture);
}

void fixture_make_ca(struct meeting_fixture *fixture)
{
    char path[128];
    snprintf(path, sizeof path, "%s/ca", fixture->folder);
    MUST(certs_ca_open(path, "tỉnh Lam Giang", fixture->now, &fixture->ca) == ERR_OK);
    snprintf(path, sizeof path, "%s/ca/root.pem", fixture->folder);
    MUST(certs_trust_load(path, &fixture->trust) == ERR_OK);
    fixture_reopen(fixture);
}

struct meeting_receipt fixture_submit(struct meeting_fixture *fixture, uint64_t actor,
                                      struct meeting_command command)
{
    fixture->now += 1000;
    command.meeting = fixture->meeting;
    command.actor = actor;
    return meeting_submit(fixture->service, &command, fixture->now);
}

const struct refusal *fixture_wait(struct meeting_fixture *fixture,
                                   const struct meeting_receipt *receipt, uint64_t *ret_id)
{
    if (receipt->refusal)
        return receipt->refusal;
    for (;;) {
        struct meeting_output output;
        while (meeting_poll(fixture->service, fixture->now, &output))
            if (output.kind == MEETING_OUTPUT_DONE && output.ticket == receipt->ticket) {
                if (ret_id)
                    *ret_id = output.id;
                return output.refusal;
            }
        struct pollfd fd = {.fd = meeting_fd(fixture->service), .events = POLLIN};
        MUST(poll(&fd, 1, 20000) == 1);
    }
}

enum err fixture_do(struct meeting_fixture *fixture, uint64_t actor, struct meeting_command command)
{
    struct meeting_receipt receipt = fixture_submit(fixture, actor, command);
    const struct refusal *refusal = fixture_wait(fixture, &receipt, NULL);
    return refusal ? refusal->err : ERR_OK;
}

const struct meeting_state *fixture_state(const struct meeting_fixture *fixture)
{
    return meeting_state_of(fixture->service, fixture->meeting);
}

uint64_t fixture_participant(const struct meeting_fixture *fixture, uint64_t user)
{
    const struct state_participant *participant = state_user_find(fixture_state(fixture), user);
    return participant ? participant->id : 0;
}

#define DO(user, ...)                                                                              \
    MUST(fixture_do(fixture, user, (struct meeting_command){__VA_ARGS__}) == ERR_OK)

void fixture_announce(struct meeting_fixture *fixture)
{
    struct meeting_plan plan = {
        .actor = fixture->secretary,
        .title = "Họp giao ban công tác chuyển đổi số tháng 11",
        .place = "Phòng họp số 1",
        .start_at = FIXTURE_START,
        .end_at = FIXTURE_START + 2 * 3600 * 1000,
        .chair_id = fixture->chair,
        .secretary_id = fixture->secretary,
    };
    struct meeting_receipt receipt = meeting_create(fixture->service, &plan, fixture->now);
    fixture->meeting = receipt.id;
    MUST(fixture_wait(fixture, &receipt, NULL) == NULL);
    DO(fixture->secretary, .action = ACTION_UNITS_INVITE,
       .of.units_invite = {FIXTURE_COMMUNES, 1, fixture->communes, &fixture->technician});
    struct agenda_item items[] = {
        {.title = "Kết quả thực hiện tháng 11",
         .presenter_id = fixture_participant(fixture, fixture->members[0]),
         .planned_minutes = 30},
        {.title = "Nhiệm vụ tháng 12", .planned_minutes = 45},
    };
    DO(fixture->secretary, .action = ACTION_AGENDA_SET, .of.agenda_set = {2, items});
    DO(fixture->secretary, .action = ACTION_SUBMIT);
    DO(fixture->chair, .action = ACTION_APPROVE);
    DO(fixture->secretary, .action = ACTION_ANNOUNCE);
}

void fixture_start(struct meeting_fixture *fixture)
{
    fixture_announce(fixture);
    DO(fixture->chair, .action = ACTION_ENTER);
    DO(fixture->secretary, .action = ACTION_ENTER);
    for (int i = 0; i < FIXTURE_COMMUNES; i++)
        DO(fixture->members[i], .action = ACTION_ENTER);
    DO(fixture->chair, .action = ACTION_START);
    DO(fixture->chair, .action = ACTION_AGENDA_OPEN,
       .of.agenda_open = {fixture_state(fixture)->agenda[0].id});
}
