#include "signaling/edge/api.h"
#include "signaling/edge/json.h"

void api_directory_units(struct request *request)
{
    struct bytes query;
    uint64_t after;
    uint32_t limit;
    if (!api_read_page(request, &query, &after, &limit))
        return;
    const struct directory_unit *found[API_PAGE_MAX];
    uint32_t count = meeting_unit_search(request->door->meetings, query, after, limit, found);
    json_t *units = json_array();
    for (uint32_t n = 0; n < count; n++)
        json_array_append_new(units, json_pack("{s:o,s:s,s:s,s:o}", "id", json_of_id(found[n]->id),
                                               "name", found[n]->name, "kind",
                                               words_name(&unit_kind_words, found[n]->kind),
                                               "parentId", json_of_id(found[n]->parent_id)));
    json_t *next = json_of_id(count == limit ? found[count - 1]->id : 0);
    reply_json(request, 200, json_pack("{s:o,s:o}", "units", units, "next", next));
}

static json_t *user_json(const struct directory_user *user)
{
    json_t *roles = json_array();
    for (uint32_t role = 0; role < ROLE_COUNT; role++)
        if (user->roles & (1U << role))
            json_array_append_new(roles, json_string(words_name(&user_role_words, role)));
    return json_pack("{s:o,s:s,s:s,s:o,s:o}", "id", json_of_id(user->id), "name", user->name,
                     "position", user->position, "unitId", json_of_id(user->unit_id), "roles",
                     roles);
}

void api_directory_users(struct request *request)
{
    struct directory_query query = {.role = ROLE_COUNT};
    uint32_t limit, role = ROLE_COUNT;
    const char *role_word = request_argument(request, "role");
    if (!api_read_page(request, &query.text, &query.after, &limit))
        return;
    if (request_argument_number(request, "unit", 0, &query.unit_id) != ERR_OK ||
        (role_word && *role_word &&
         words_find(&user_role_words, bytes_of(role_word), &role) != ERR_OK)) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return;
    }
    query.role = (enum user_role)role;
    const struct directory_user *found[API_PAGE_MAX];
    uint32_t count = meeting_user_search(request->door->meetings, &query, limit, found);
    json_t *users = json_array();
    for (uint32_t n = 0; n < count; n++)
        json_array_append_new(users, user_json(found[n]));
    json_t *next = json_of_id(count == limit ? found[count - 1]->id : 0);
    reply_json(request, 200, json_pack("{s:o,s:o}", "users", users, "next", next));
}
