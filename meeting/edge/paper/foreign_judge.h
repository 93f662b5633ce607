/* The second profile's half that knows keys and times; for foreign_verify.c alone. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_JUDGE_H
#define MEETING_EDGE_PAPER_FOREIGN_JUDGE_H

#include "meeting/edge/paper/foreign_dss.h"
#include "meeting/edge/paper/foreign_form.h"
#include "meeting/edge/paper/foreign_verify.h"

/* Judges every signature and timestamp of the form and lists them in the report. */
void foreign_judge(const struct foreign_file *file, const struct foreign_form *form,
                   const struct certs_trust *trust, utc_ms_t at, struct verify_report *report);

/* The file is not valid for this reason, unless a weightier one was found. */
void foreign_refuse(struct verify_report *report, const char *code);
enum verify_verdict foreign_verdict_of(const char *code);

#endif
