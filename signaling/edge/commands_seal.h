/* `dienhong seal …`: the agency's seal is put into its device (docs/keys.md). */
#ifndef SIGNALING_EDGE_COMMANDS_SEAL_H
#define SIGNALING_EDGE_COMMANDS_SEAL_H

/* make, request, keep, show; 0 when it was done. */
int commands_seal(int argc, char **argv);

#endif
