#include "tests/sim/session.h"

#include "tests/sim/publisher.h"

static void add_slot(struct session *session, enum slot_kind kind, uint8_t index, uint32_t ssrc)
{
    bool audio = kind == SLOT_AUDIO;
    session->slots[session->slot_count++] = (struct session_slot){
        .kind = kind,
        .index = index,
        .payload_type = audio ? SIM_OPUS : SIM_VP8,
        .rtx_payload_type = audio ? 0 : SIM_RTX,
        .transport_cc = true,
        .ssrc = ssrc,
        .rtx_ssrc = audio ? 0 : ssrc + 1,
    };
}

void session_make(struct session *session, uint32_t peer, bool sends, uint32_t tiles)
{
    session->extensions = (struct session_extensions){.mid = SIM_MID_ID,
                                                      .rid = SIM_RID_ID,
                                                      .repaired_rid = SIM_REPAIRED_RID_ID,
                                                      .audio_level = SIM_LEVEL_ID,
                                                      .transport_cc = SIM_TRANSPORT_CC_ID};
    if (sends) {
        session->sources[SOURCE_MICROPHONE] = (struct session_source){
            .present = true, .mid = "0", .payload_type = SIM_OPUS, .layer_count = 1};
        session->sources[SOURCE_CAMERA] =
            (struct session_source){.present = true,
                                    .mid = "1",
                                    .payload_type = SIM_VP8,
                                    .rtx_payload_type = SIM_RTX,
                                    .layer_count = LIMIT_SIMULCAST_LAYERS,
                                    .rid = {"q", "h", "f"}};
        session->sources[SOURCE_SCREEN] = (struct session_source){.present = true,
                                                                  .mid = "2",
                                                                  .payload_type = SIM_VP8,
                                                                  .rtx_payload_type = SIM_RTX,
                                                                  .layer_count = 1};
        session->sources[SOURCE_SCREEN_SOUND] = (struct session_source){
            .present = true, .mid = "3", .payload_type = SIM_OPUS, .layer_count = 1};
    }
    uint32_t ssrc = 0x10000 * (peer + 1);
    for (uint32_t i = 0; i < LIMIT_AUDIO_SLOTS; i++)
        add_slot(session, SLOT_AUDIO, (uint8_t)i, ssrc += 2);
    add_slot(session, SLOT_STAGE, 0, ssrc += 2);
    add_slot(session, SLOT_SCREEN, 0, ssrc += 2);
    for (uint32_t i = 0; i < tiles; i++)
        add_slot(session, SLOT_TILE, (uint8_t)i, ssrc += 2);
}
