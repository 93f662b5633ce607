/* Documents: uploads in parts that survive a broken line, and the stored files.
 *
 * A part is written to uploads/MEETING-USER-ID.part as it arrives, so `received` is simply that
 * file's size. After the last byte the file is handed to the record, which has the sandboxed child
 * read it first. */
#ifndef SIGNALING_EDGE_API_DOCUMENT_H
#define SIGNALING_EDGE_API_DOCUMENT_H

#include "signaling/edge/door.h"

enum { UPLOAD_LIFETIME_SECONDS = 24 * 60 * 60 };

/* Removes parts that nobody has continued for UPLOAD_LIFETIME_SECONDS. At start. */
void api_document_forget_old(struct door *door);

#endif
