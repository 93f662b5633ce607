/* SignedData of one signer taken apart. */
#include "certs/edge/signed_data.h"

#include <openssl/err.h>

#include "certs/edge/cms.h"
#include "certs/edge/der.h"

enum { DER_BYTES_MAX = 64 * 1024 };

enum certs_fault signed_data_parse(struct bytes der, struct signed_data *data)
{
    if (der.size == 0 || der.size > DER_BYTES_MAX)
        return CERTS_FAULT_MALFORMED;
    const unsigned char *at = der.data;
    data->cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
    if (!data->cms || at != der.data + der.size)
        return CERTS_FAULT_MALFORMED;
    if (OBJ_obj2nid(CMS_get0_type(data->cms)) != NID_pkcs7_signed)
        return CERTS_FAULT_PROFILE;
    return CERTS_FAULT_NONE;
}

enum certs_fault signed_data_find_signer(struct signed_data *data)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(data->cms);
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return CERTS_FAULT_PROFILE;
    data->signer = sk_CMS_SignerInfo_value(signers, 0);
    data->certificates = CMS_get1_certs(data->cms);
    int count = data->certificates ? sk_X509_num(data->certificates) : 0;
    if (count > CERTS_CHAIN_MAX + 1)
        return CERTS_FAULT_PROFILE;
    for (int i = 0; i < count; i++) {
        X509 *candidate = sk_X509_value(data->certificates, i);
        for (int j = 0; j < i; j++) /* twice is once too often */
            if (X509_cmp(candidate, sk_X509_value(data->certificates, j)) == 0)
                return CERTS_FAULT_UNUSED;
        if (CMS_SignerInfo_cert_cmp(data->signer, candidate) == 0)
            data->certificate = candidate;
    }
    if (!data->certificate)
        return CERTS_FAULT_PROFILE;
    CMS_SignerInfo_set1_signer_cert(data->signer, data->certificate);
    return CERTS_FAULT_NONE;
}

enum err signed_data_carry(const struct signed_data *data, struct certs_carried *carried)
{
    enum err err = der_of_certificate(data->certificate, &carried->certificates[0]);
    if (err == ERR_OK)
        carried->count = 1;
    for (int i = 0; err == ERR_OK && i < sk_X509_num(data->certificates); i++) {
        const X509 *one = sk_X509_value(data->certificates, i);
        if (one == data->certificate)
            continue;
        err = der_of_certificate(one, &carried->certificates[carried->count]);
        if (err == ERR_OK)
            carried->count++;
    }
    return err;
}

void signed_data_done(struct signed_data *data)
{
    sk_X509_pop_free(data->certificates, X509_free);
    CMS_ContentInfo_free(data->cms);
    ERR_clear_error(); /* a refused file must not speak into the next call's errors */
}
