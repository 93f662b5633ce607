/* The register as the rest of the house sees it. */
#include "certs/edge/register.h"

#include <stdio.h>
#include <string.h>

#include "certs/edge/ca_part.h"
#include "certs/edge/der.h"
#include "certs/edge/profile_part.h"

static const struct {
    enum certs_reason reason;
    const char *name;
} REASONS[] = {
    {CERTS_REASON_UNSPECIFIED, "unspecified"},
    {CERTS_REASON_KEY_COMPROMISE, "key-compromise"},
    {CERTS_REASON_AFFILIATION_CHANGED, "affiliation-changed"},
    {CERTS_REASON_SUPERSEDED, "superseded"},
    {CERTS_REASON_CESSATION, "cessation"},
    {CERTS_REASON_PRIVILEGE_WITHDRAWN, "privilege-withdrawn"},
};

const char *certs_reason_name(enum certs_reason reason)
{
    for (size_t n = 0; n < sizeof REASONS / sizeof *REASONS; n++)
        if (REASONS[n].reason == reason)
            return REASONS[n].name;
    return NULL;
}

enum err certs_reason_parse(const char *name, enum certs_reason *ret_reason)
{
    for (size_t n = 0; n < sizeof REASONS / sizeof *REASONS; n++)
        if (strcmp(REASONS[n].name, name) == 0) {
            *ret_reason = REASONS[n].reason;
            return ERR_OK;
        }
    return ERR_UNKNOWN;
}

static void describe(const struct ca_record *record, struct certs_entry *ret_entry)
{
    *ret_entry = (struct certs_entry){
        .kind = record->kind,
        .not_before = record->not_before,
        .not_after = record->not_after,
        .is_revoked = record->is_revoked,
        .revoked_at = record->revoked_at,
        .reason = record->reason,
    };
    (void)snprintf(ret_entry->serial, sizeof ret_entry->serial, "%s", record->serial);
    (void)snprintf(ret_entry->subject, sizeof ret_entry->subject, "%s", record->subject);
}

bool certs_register_next(struct certs_ca *ca, uint32_t *cursor, struct certs_entry *ret_entry)
{
    if (ca_enter(ca, false) != ERR_OK)
        return false;
    bool found = *cursor < ca->entries.count;
    if (found)
        describe(&ca->entries.records[(*cursor)++], ret_entry);
    ca_leave(ca);
    return found;
}

enum err certs_register_find(struct certs_ca *ca, const char *serial, struct certs_entry *ret_entry)
{
    enum err err = ca_enter(ca, false);
    if (err != ERR_OK)
        return err;
    const struct ca_record *record = register_find(&ca->entries, serial);
    if (record)
        describe(record, ret_entry);
    ca_leave(ca);
    return record ? ERR_OK : ERR_UNKNOWN;
}

enum err certs_register_adopt(struct certs_ca *ca, enum certs_kind kind, struct bytes certificate)
{
    X509 *held = NULL;
    enum err err = der_parse_certificate(certificate, &held);
    if (err == ERR_OK && X509_verify(held, X509_get0_pubkey(ca->issuing)) != 1)
        err = ERR_AUTH;
    if (err == ERR_OK)
        err = ca_enter(ca, true);
    if (err == ERR_OK) {
        err = profile_enter(ca, kind, held);
        ca_leave(ca);
    }
    X509_free(held);
    return err == ERR_CONFLICT ? ERR_OK : err;
}

enum err certs_register_revoke(struct certs_ca *ca, const char *serial, enum certs_reason reason,
                               utc_ms_t now)
{
    if (!certs_reason_name(reason))
        return ERR_UNSUPPORTED;
    enum err err = ca_enter(ca, true);
    if (err != ERR_OK)
        return err;
    const struct ca_record *record = register_find(&ca->entries, serial);
    if (!record)
        err = ERR_UNKNOWN;
    else if (record->is_revoked)
        err = ERR_WRONG_STATE;
    else
        err = register_revoke(&ca->entries, serial, reason, now);
    ca_leave(ca);
    return err;
}
