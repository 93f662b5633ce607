#include "meeting/proto/minutes.h"

#include <string.h>

static enum err block_copy(const struct minutes_block *block, struct arena *arena,
                           struct minutes_block *copy)
{
    struct minutes_run *runs = arena_take_list(arena, block->run_count, sizeof *runs);
    if (!runs)
        return ERR_NO_MEMORY;
    for (uint32_t i = 0; i < block->run_count; i++) {
        runs[i] = block->runs[i];
        runs[i].text = arena_text(arena, block->runs[i].text, strlen(block->runs[i].text));
        if (!runs[i].text)
            return ERR_NO_MEMORY;
    }
    *copy = *block;
    copy->runs = runs;
    return ERR_OK;
}

enum err minutes_copy(struct minutes minutes, struct arena *arena, struct minutes *ret_copy)
{
    struct minutes_block *blocks = arena_take_list(arena, minutes.block_count, sizeof *blocks);
    if (!blocks)
        return ERR_NO_MEMORY;
    for (uint32_t i = 0; i < minutes.block_count; i++) {
        enum err err = block_copy(&minutes.blocks[i], arena, &blocks[i]);
        if (err != ERR_OK)
            return err;
    }
    *ret_copy = (struct minutes){minutes.block_count, blocks};
    return ERR_OK;
}

size_t minutes_text_bytes(struct minutes minutes)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < minutes.block_count; i++)
        for (uint32_t k = 0; k < minutes.blocks[i].run_count; k++)
            bytes += strlen(minutes.blocks[i].runs[k].text);
    return bytes;
}
