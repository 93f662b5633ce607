#include "sfu/core/layers.h"

#include <assert.h>

/* Heights while no keyframe told them: the client captures at 720p and halves it for each layer. */
static const uint16_t captured_height = 720;

static uint16_t height_of(const struct layers *layers, uint8_t layer)
{
    if (layers->height[layer])
        return layers->height[layer];
    for (uint8_t other = 0; other < layers->count; other++) {
        uint32_t known = layers->height[other];
        if (known)
            return (uint16_t)(other < layer ? known << (layer - other) : known >> (other - layer));
    }
    return (uint16_t)(captured_height >> (layers->count - 1 - layer));
}

uint8_t layers_desired(const struct layers *layers, uint16_t wanted)
{
    assert(layers->count > 0 && layers->count <= LIMIT_SIMULCAST_LAYERS);
    uint8_t layer = 0;
    while (layer + 1 < layers->count && height_of(layers, layer) < wanted)
        layer++;
    return layer;
}

bool layers_available(const struct layers *layers, uint8_t desired, uint8_t *ret_layer)
{
    for (uint8_t layer = (uint8_t)(desired + 1); layer-- > 0;)
        if (layers->alive[layer]) {
            *ret_layer = layer;
            return true;
        }
    for (uint8_t layer = (uint8_t)(desired + 1); layer < layers->count; layer++)
        if (layers->alive[layer]) {
            *ret_layer = layer;
            return true;
        }
    return false;
}
