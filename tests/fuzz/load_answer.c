/* The answer of any server at all to an offer of the crowd (load/core/offer.h). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "load/core/offer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct answer answer;
    if (answer_parse((struct bytes){data, size}, &answer) != ERR_OK)
        return 0;
    if (answer.slot_count > OFFER_SLOTS_MAX || answer.candidate_count == 0 ||
        answer.candidate_count > OFFER_CANDIDATES_MAX ||
        strlen(answer.ufrag) >= OFFER_CREDENTIAL_BYTES ||
        strlen(answer.pwd) >= OFFER_CREDENTIAL_BYTES)
        abort();
    for (uint32_t i = 0; i < answer.candidate_count; i++)
        if (strlen(answer.candidates[i].ip) >= OFFER_IP_BYTES || answer.candidates[i].port == 0)
            abort();
    return 0;
}
