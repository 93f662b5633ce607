#include "certs/edge/pkcs11.h"

#include <dlfcn.h>
#include <string.h>

enum { SLOTS_MAX = 64 };

enum err pkcs11_load(const char *path, struct pkcs11 *ret_module)
{
    struct pkcs11 module = {.library = dlopen(path, RTLD_NOW | RTLD_LOCAL)};
    if (!module.library)
        return ERR_UNKNOWN;
    CK_C_GetFunctionList list_of = NULL;
    void *symbol = dlsym(module.library, "C_GetFunctionList");
    memcpy(&list_of, &symbol, sizeof list_of); /* ISO C casts no object pointer to a function's */
    enum err err = list_of && list_of(&module.calls) == CKR_OK ? ERR_OK : ERR_FORMAT;
    if (err == ERR_OK) {
        CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
        CK_RV rv = module.calls->C_Initialize(&args);
        module.is_ours = rv == CKR_OK;
        if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
            err = ERR_IO;
    }
    if (err != ERR_OK) {
        pkcs11_unload(&module);
        return err;
    }
    *ret_module = module;
    return ERR_OK;
}

void pkcs11_unload(struct pkcs11 *module)
{
    if (module->is_ours)
        (void)module->calls->C_Finalize(NULL);
    if (module->library)
        (void)dlclose(module->library);
    *module = (struct pkcs11){0};
}

/* A token's label is 32 bytes, padded with blanks. */
static bool label_fits(const CK_TOKEN_INFO *info, const char *label)
{
    size_t size = strlen(label);
    if (size > sizeof info->label || memcmp(info->label, label, size) != 0)
        return false;
    for (size_t i = size; size > 0 && i < sizeof info->label; i++)
        if (info->label[i] != ' ')
            return false;
    return true;
}

/* The first slot whose token has, or has not, been initialised and fits the label. */
static CK_RV find_slot(const struct pkcs11 *module, const char *label, bool initialised,
                       CK_SLOT_ID *ret_slot, CK_TOKEN_INFO *ret_info)
{
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    CK_RV rv = module->calls->C_GetSlotList(CK_TRUE, slots, &count);
    for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++) {
        CK_TOKEN_INFO info;
        if (module->calls->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
            ((info.flags & CKF_TOKEN_INITIALIZED) != 0) != initialised || !label_fits(&info, label))
            continue;
        *ret_slot = slots[i];
        *ret_info = info;
        return CKR_OK;
    }
    return rv == CKR_OK ? CKR_TOKEN_NOT_PRESENT : rv;
}

CK_RV pkcs11_find_token(const struct pkcs11 *module, const char *label, CK_SLOT_ID *ret_slot,
                        CK_TOKEN_INFO *ret_info)
{
    return find_slot(module, label, true, ret_slot, ret_info);
}

CK_RV pkcs11_find_blank(const struct pkcs11 *module, CK_SLOT_ID *ret_slot)
{
    CK_TOKEN_INFO info;
    return find_slot(module, "", false, ret_slot, &info);
}

CK_RV pkcs11_open(const struct pkcs11 *module, CK_SLOT_ID slot, bool writing,
                  struct pkcs11_session *ret_session)
{
    CK_FLAGS flags = CKF_SERIAL_SESSION | (writing ? CKF_RW_SESSION : 0);
    struct pkcs11_session session = {.module = module};
    CK_RV rv = module->calls->C_OpenSession(slot, flags, NULL, NULL, &session.handle);
    if (rv == CKR_OK)
        *ret_session = session;
    return rv;
}

CK_RV pkcs11_login(struct pkcs11_session *session, CK_USER_TYPE who, struct bytes pin)
{
    unsigned char copy[256]; /* the call takes no const */
    if (pin.size == 0 || pin.size > sizeof copy)
        return CKR_PIN_LEN_RANGE;
    memcpy(copy, pin.data, pin.size);
    CK_RV rv = session->module->calls->C_Login(session->handle, who, copy, (CK_ULONG)pin.size);
    explicit_bzero(copy, sizeof copy);
    if (rv == CKR_OK && who != CKU_CONTEXT_SPECIFIC)
        session->logged_in = true;
    return rv;
}

void pkcs11_end(struct pkcs11_session *session)
{
    if (!session->module)
        return;
    if (session->logged_in)
        (void)session->module->calls->C_Logout(session->handle);
    (void)session->module->calls->C_CloseSession(session->handle);
    *session = (struct pkcs11_session){0};
}

CK_RV pkcs11_find(const struct pkcs11_session *session, CK_ATTRIBUTE *wanted, CK_ULONG count,
                  CK_OBJECT_HANDLE *ret_object)
{
    CK_FUNCTION_LIST *calls = session->module->calls;
    CK_OBJECT_HANDLE object = 0;
    CK_ULONG found = 0;
    CK_RV rv = calls->C_FindObjectsInit(session->handle, wanted, count);
    if (rv != CKR_OK)
        return rv;
    rv = calls->C_FindObjects(session->handle, &object, 1, &found);
    (void)calls->C_FindObjectsFinal(session->handle);
    if (rv != CKR_OK)
        return rv;
    if (found == 0)
        return CKR_OBJECT_HANDLE_INVALID;
    *ret_object = object;
    return CKR_OK;
}

CK_RV pkcs11_read(const struct pkcs11_session *session, CK_OBJECT_HANDLE object,
                  CK_ATTRIBUTE_TYPE type, size_t most_bytes, struct buffer *ret_value)
{
    CK_FUNCTION_LIST *calls = session->module->calls;
    CK_ATTRIBUTE attribute = {type, NULL, 0};
    struct buffer value = {0};
    CK_RV rv = calls->C_GetAttributeValue(session->handle, object, &attribute, 1);
    if (rv != CKR_OK)
        return rv;
    if (attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION || attribute.ulValueLen > most_bytes)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    if (buffer_reserve(&value, attribute.ulValueLen + 1) != ERR_OK)
        return CKR_HOST_MEMORY;
    attribute.pValue = value.data;
    rv = calls->C_GetAttributeValue(session->handle, object, &attribute, 1);
    if (rv != CKR_OK) {
        buffer_done(&value);
        return rv;
    }
    value.size = attribute.ulValueLen;
    *ret_value = value;
    return CKR_OK;
}

/* Some devices want the PIN before every single signature of such a key. */
static bool asks_each_time(const struct pkcs11_session *session, CK_OBJECT_HANDLE key)
{
    CK_BBOOL asks = CK_FALSE;
    CK_ATTRIBUTE attribute = {CKA_ALWAYS_AUTHENTICATE, &asks, sizeof asks};
    CK_RV rv = session->module->calls->C_GetAttributeValue(session->handle, key, &attribute, 1);
    return rv == CKR_OK && asks == CK_TRUE;
}

CK_RV pkcs11_sign(const struct pkcs11_session *session, CK_OBJECT_HANDLE key,
                  CK_MECHANISM_TYPE mechanism, struct bytes pin, struct bytes data,
                  uint8_t *ret_signature, CK_ULONG *size)
{
    CK_FUNCTION_LIST *calls = session->module->calls;
    CK_MECHANISM how = {mechanism, NULL, 0};
    unsigned char input[1024]; /* signed attributes or a request; the call takes no const */
    if (data.size > sizeof input)
        return CKR_DATA_LEN_RANGE;
    memcpy(input, data.data, data.size);
    CK_RV rv = calls->C_SignInit(session->handle, &how, key);
    if (rv == CKR_OK && asks_each_time(session, key)) {
        struct pkcs11_session same = *session;
        rv = pkcs11_login(&same, CKU_CONTEXT_SPECIFIC, pin);
    }
    if (rv == CKR_OK)
        rv = calls->C_Sign(session->handle, input, (CK_ULONG)data.size, ret_signature, size);
    return rv;
}
