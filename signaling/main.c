/* dienhong: one executable, one command each. `sandbox` is the child that reads files of strangers;
 * it comes first, before anything of the rest has run. */
#include <stdio.h>
#include <string.h>

#include "load/load.h"
#include "signaling/edge/commands.h"
#include "signaling/edge/commands_seal.h"
#include "signaling/edge/serve.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} COMMANDS[] = {
    {"serve", serve_main, "run the server"},
    {"verify", commands_verify, "judge the signatures of a PDF"},
    {"log", commands_log, "walk the record's chains of hashes"},
    {"load", load_main, "rehearse a meeting of many: the line test"},
    {"ca", commands_ca, "run the certification authority"},
    {"seal", commands_seal, "put the agency's seal into its device"},
    {"province", commands_province, "found a province from a file"},
    {"config", commands_config, "print the example of the configuration file"},
    {"version", commands_version, "print what this is"},
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sandbox") == 0)
        return commands_sandbox(argc, argv);
    for (size_t n = 0; argc > 1 && n < sizeof COMMANDS / sizeof COMMANDS[0]; n++)
        if (strcmp(argv[1], COMMANDS[n].name) == 0)
            return COMMANDS[n].run(argc - 1, argv + 1);

    fputs("Usage: dienhong COMMAND …\n\n", stderr);
    for (size_t n = 0; n < sizeof COMMANDS / sizeof COMMANDS[0]; n++)
        fprintf(stderr, "  %-10s %s\n", COMMANDS[n].name, COMMANDS[n].about);
    return 2;
}
