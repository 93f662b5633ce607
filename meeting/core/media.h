/* What a meeting's media follow: rights and places, as plain values. */
#ifndef MEETING_CORE_MEDIA_H
#define MEETING_CORE_MEDIA_H

#include <stdint.h>

/* What a participant's media may do now; enforced where packets are forwarded. */
enum media_right {
    MEDIA_TILE = 1,       /* camera may be shown in tiles: admitted to the room */
    MEDIA_STAGE = 2,      /* camera may be shown on the stage */
    MEDIA_MICROPHONE = 4, /* may be heard */
    MEDIA_SCREEN = 8,     /* screen and its sound may be shown */
};

/* Who is where in the room's media, as RTP sources; 0: nobody. */
struct meeting_media {
    uint32_t floor;
    uint32_t stage;
    uint32_t screen;
};

#endif
