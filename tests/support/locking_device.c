/* A PKCS#11 module for tests: SoftHSM2 behind it, with what SoftHSM2 does not do. It locks itself
 * at the third wrong PIN, says so before, and can be pulled out (by the environment's
 * DEVICE_PULLED).
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <p11-kit/pkcs11.h>

enum { TRIES = 3 };

static CK_FUNCTION_LIST list; /* SoftHSM2's, with our calls put in */
static CK_FUNCTION_LIST *real;
static int wrong;

static CK_RV locking_login(CK_SESSION_HANDLE session, CK_USER_TYPE who, unsigned char *pin,
                           CK_ULONG size)
{
    if (who == CKU_USER && wrong >= TRIES)
        return CKR_PIN_LOCKED;
    CK_RV rv = real->C_Login(session, who, pin, size);
    if (who == CKU_USER)
        wrong = rv == CKR_PIN_INCORRECT ? wrong + 1 : rv == CKR_OK ? 0 : wrong;
    return rv;
}

static CK_RV locking_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV rv = real->C_GetTokenInfo(slot, info);
    if (rv == CKR_OK && wrong == TRIES - 1)
        info->flags |= CKF_USER_PIN_FINAL_TRY;
    if (rv == CKR_OK && wrong >= TRIES)
        info->flags |= CKF_USER_PIN_LOCKED;
    return rv;
}

static CK_RV locking_slots(CK_BBOOL with_token, CK_SLOT_ID *slots, CK_ULONG *count)
{
    if (!getenv("DEVICE_PULLED"))
        return real->C_GetSlotList(with_token, slots, count);
    *count = 0;
    return CKR_OK;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **ret_list)
{
    CK_C_GetFunctionList real_list = NULL;
    void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
    void *symbol = library ? dlsym(library, "C_GetFunctionList") : NULL;
    memcpy(&real_list, &symbol, sizeof real_list);
    if (!real_list || real_list(&real) != CKR_OK)
        return CKR_GENERAL_ERROR;
    list = *real;
    list.C_Login = locking_login;
    list.C_GetTokenInfo = locking_token_info;
    list.C_GetSlotList = locking_slots;
    *ret_list = &list;
    return CKR_OK;
}
