#include "meeting/edge/paper/letter.h"

enum err letter_compose(const struct letter *letter, enum paper_kind kind, const char *subject,
                        const struct compose *body, struct paper *ret_paper)
{
    if (body->arena->failed)
        return ERR_NO_MEMORY;
    *ret_paper = (struct paper){
        .kind = kind,
        .parent_body = letter->parent_body,
        .issuing_body = letter->issuing_body,
        .symbol = letter->symbol,
        .number = letter->number,
        .place = letter->place,
        .date = letter->date,
        .made_at = letter->made_at,
        .subject = subject,
        .urgency = letter->urgency,
        .circulation = letter->circulation,
        .blocks = body->blocks,
        .block_count = body->count,
        .signers = {letter->signer},
        .signer_count = 1,
        .recipients = letter->recipients,
        .recipient_count = letter->recipient_count,
        .kept = letter->kept,
        .annexes = letter->annexes,
        .annex_count = letter->annex_count,
        .code = letter->code,
        .url = letter->url,
    };
    ret_paper->signers[0].field = PAPER_FIELD_SIGNER;
    ret_paper->signers[0].tooltip = "Chữ ký của người có thẩm quyền";
    return ERR_OK;
}
