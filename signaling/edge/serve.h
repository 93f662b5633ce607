/* The commands of `dienhong`, apart from the sandboxed child's. Each takes what stands behind its
 * name and returns the exit status. */
#ifndef SIGNALING_EDGE_SERVE_H
#define SIGNALING_EDGE_SERVE_H

/* Runs the server until it is told to stop; prints the addresses, and `ready https://…` on standard
 * output once everything listens. */
int serve_main(int argc, char **argv);

#endif
