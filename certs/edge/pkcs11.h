/* PKCS#11 at its own level: a loaded module, a session on one token, its objects (OASIS PKCS #11
 * 2.40, sections 5.4 to 5.14). What the house wants of a device stands in certs/edge/device.h. */
#ifndef CERTS_EDGE_PKCS11_H
#define CERTS_EDGE_PKCS11_H

#include <stdbool.h>

#include <p11-kit/pkcs11.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"

struct pkcs11 {
    void *library;
    CK_FUNCTION_LIST *calls;
    bool is_ours; /* we called C_Initialize, so we call C_Finalize */
};

/* ERR_UNKNOWN: no such library; ERR_FORMAT: no PKCS#11 in it; ERR_IO: it does not start. */
MUST_USE enum err pkcs11_load(const char *path, struct pkcs11 *ret_module);
/* Accepts a zeroed struct. */
void pkcs11_unload(struct pkcs11 *module);

/* The slot of the token with that label ("" fits the first). CKR_TOKEN_NOT_PRESENT without one. */
CK_RV pkcs11_find_token(const struct pkcs11 *module, const char *label, CK_SLOT_ID *ret_slot,
                        CK_TOKEN_INFO *ret_info);
/* The first slot with a token that was never initialised; likewise. */
CK_RV pkcs11_find_blank(const struct pkcs11 *module, CK_SLOT_ID *ret_slot);

struct pkcs11_session {
    const struct pkcs11 *module;
    CK_SESSION_HANDLE handle;
    bool logged_in;
};

CK_RV pkcs11_open(const struct pkcs11 *module, CK_SLOT_ID slot, bool writing,
                  struct pkcs11_session *ret_session);
CK_RV pkcs11_login(struct pkcs11_session *session, CK_USER_TYPE who, struct bytes pin);
/* Logs out first. Accepts a zeroed struct. */
void pkcs11_end(struct pkcs11_session *session);

/* The first object with these attributes; CKR_OBJECT_HANDLE_INVALID when there is none. */
CK_RV pkcs11_find(const struct pkcs11_session *session, CK_ATTRIBUTE *wanted, CK_ULONG count,
                  CK_OBJECT_HANDLE *ret_object);
/* One attribute's value, of at most `most_bytes`. */
CK_RV pkcs11_read(const struct pkcs11_session *session, CK_OBJECT_HANDLE object,
                  CK_ATTRIBUTE_TYPE type, size_t most_bytes, struct buffer *ret_value);
/* C_SignInit, where the key asks for it the PIN once more, C_Sign. */
CK_RV pkcs11_sign(const struct pkcs11_session *session, CK_OBJECT_HANDLE key,
                  CK_MECHANISM_TYPE mechanism, struct bytes pin, struct bytes data,
                  uint8_t *ret_signature, CK_ULONG *size);

#endif
