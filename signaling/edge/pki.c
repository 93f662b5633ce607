#include "signaling/edge/pki.h"

#include <stdio.h>

#include "base/log.h"
#include "signaling/edge/authority.h"

enum { UPKEEP_MS = 60 * 60 * 1000, UPKEEP_RETRY_MS = 10 * 1000, USERS_PAGE = 200 };

static enum err url_set(struct door *door)
{
    const char *configured = settings_text(&door->settings, SETTING_PKI_URL);
    char own[DOOR_URL_BYTES + 8];
    snprintf(own, sizeof own, "%s/pki", door->public_url);
    const char *url = *configured ? configured : own;
    enum err err = certs_ca_set_url(door->ca, url);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.pki", "url=%s err=%s", url, err_name(err));
    return err;
}

/* A folder that the settings name is the administrator's; our own begins with the province's root,
 * and what is taken out of it later stays out. */
static enum err trust_open(struct door *door)
{
    const char *configured = settings_text(&door->settings, SETTING_PKI_TRUST);
    int size = *configured ? snprintf(door->anchors_path, DOOR_PATH_BYTES, "%s", configured)
                           : snprintf(door->anchors_path, DOOR_PATH_BYTES, "%.4000s/trust",
                                      door->data_folder);
    enum err err = size > 0 && size < DOOR_PATH_BYTES ? ERR_OK : ERR_LIMIT;
    if (err == ERR_OK && !*configured)
        err = certs_trust_found(door->anchors_path, "province", certs_ca_root(door->ca));
    if (err == ERR_OK)
        err = certs_trust_load(door->anchors_path, &door->trust);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.pki", "trust=%s err=%s", door->anchors_path, err_name(err));
    return err;
}

enum err pki_open(struct door *door, utc_ms_t now)
{
    enum err err = url_set(door);
    if (err == ERR_OK)
        err = certs_ca_renew(door->ca, now);
    if (err == ERR_OK)
        err = trust_open(door);
    if (err != ERR_OK)
        return err;
    door->ask = (struct certs_ask){
        .ca = door->ca,
        .tsa_url = settings_text(&door->settings, SETTING_PKI_TSA_URL),
        .trust = door->trust,
    };
    door->pki_due = now + UPKEEP_MS;
    return ERR_OK;
}

static enum err adopt_of(struct door *door, uint64_t user)
{
    const struct certificate *one;
    uint32_t cursor = 0;
    enum err err = ERR_OK;
    while (err == ERR_OK && (one = meeting_certificate_next(door->meetings, user, &cursor))) {
        struct certs_entry entry;
        if (certs_register_find(door->ca, one->serial, &entry) == ERR_OK)
            continue;
        err = certs_register_adopt(door->ca, CERTS_KIND_PERSON, one->der);
        if (err == ERR_AUTH) /* of another authority: nothing for our register */
            err = ERR_OK;
    }
    return err;
}

enum err pki_adopt(struct door *door)
{
    const struct directory_user *users[USERS_PAGE];
    struct directory_query query = {.role = ROLE_COUNT};
    enum err err = ERR_OK;
    uint32_t count;
    do {
        count = meeting_user_search(door->meetings, &query, USERS_PAGE, users);
        for (uint32_t n = 0; err == ERR_OK && n < count; n++)
            err = adopt_of(door, users[n]->id);
        if (count > 0)
            query.after = users[count - 1]->id;
    } while (err == ERR_OK && count == USERS_PAGE);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.pki", "adopted=no err=%s", err_name(err));
    return err;
}

void pki_tick(struct door *door, utc_ms_t now)
{
    if (now < door->pki_due)
        return;
    enum err err = authority_renew(door);
    door->pki_due = now + (err == ERR_OK ? UPKEEP_MS : UPKEEP_RETRY_MS);
    if (err != ERR_OK)
        log_line(LOG_WARN, "door.pki", "renewed=later err=%s", err_name(err));
}
