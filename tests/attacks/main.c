/* The corpus as a program: without arguments its table, in Markdown, for docs/verification.md
 * (table.py holds the two together); with --accepted, the names of those that are accepted on
 * purpose; with a folder, every file of it there, for other verifiers to try; with a name behind
 * it, that one. */
#include "tests/attacks/attack.h"

static int list(void)
{
    size_t count = 0;
    printf("| Family | Attacks | Refused as |\n|---|---|---|\n");
    for (size_t i = 0; i < ATTACK_FAMILIES; i++) {
        const struct attack_family *family = attack_families[i];
        printf("| %s | %zu |", family->name, family->count);
        for (size_t k = 0; k < family->count; k++) {
            bool seen = false;
            for (size_t j = 0; j < k; j++)
                seen |= strcmp(family->attacks[j].reason, family->attacks[k].reason) == 0;
            if (!seen)
                printf("%s %s", k > 0 ? "," : "", family->attacks[k].reason);
        }
        printf(" |\n");
        count += family->count;
    }
    printf("| all | %zu | |\n", count);
    return 0;
}

static int list_accepted(void)
{
    for (size_t i = 0; i < ATTACK_FAMILIES; i++)
        for (size_t k = 0; k < attack_families[i]->count; k++)
            if (strcmp(attack_families[i]->attacks[k].reason, ATTACK_ACCEPTED) == 0)
                printf("%s\n", attack_families[i]->attacks[k].name);
    return 0;
}

/* `name` may be NULL. */
static int write_files(const char *folder, const char *name)
{
    struct attack_world world = {0};
    int failures = name && !attack_find(name);
    attack_world_open(&world);
    for (size_t i = 0; i < ATTACK_FAMILIES; i++)
        for (size_t k = 0; k < attack_families[i]->count; k++) {
            const struct attack *attack = &attack_families[i]->attacks[k];
            char path[1024];
            if (name && strcmp(attack->name, name) != 0)
                continue;
            struct buffer file = attack->make(attack, &world);
            (void)snprintf(path, sizeof path, "%s/%s.pdf", folder, attack->name);
            FILE *out = fopen(path, "w");
            failures += !out || fwrite(file.data, 1, file.size, out) != file.size;
            if (out)
                failures += fclose(out) != 0;
            buffer_done(&file);
        }
    attack_world_close(&world);
    return failures > 0;
}

int main(int count, char **arguments)
{
    if (count < 2)
        return list();
    if (strcmp(arguments[1], "--accepted") == 0)
        return list_accepted();
    return write_files(arguments[1], count == 3 ? arguments[2] : NULL);
}
