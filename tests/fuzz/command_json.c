/* Whatever a client sends as a command or a plan: read whole, or refused; never a client's word for
 * what only the server makes. */
#include <assert.h>
#include <stdint.h>

#include "meeting/core/command_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct meeting_command command;
    struct meeting_plan plan;
    const char *where = NULL;
    enum err err = command_json_parse((struct bytes){data, size}, &arena, &command, &where);
    if (err == ERR_OK)
        assert(command.action < ACTION_COUNT && command.action != ACTION_ENTER &&
               command.action != ACTION_LEAVE && command.action != ACTION_DOCUMENT_ADD &&
               command.action != ACTION_MINUTES_SIGN && command.meeting == 0 && command.actor == 0);
    err = command_json_parse_plan((struct bytes){data, size}, &arena, &plan, &where);
    if (err == ERR_OK)
        assert(plan.actor == 0 && plan.chair_id != 0 && plan.secretary_id != 0);
    arena_done(&arena);
    return 0;
}
