/* The short commands of `dienhong`: they print an answer and end. Each takes what stands behind its
 * name (argv[0] is the command itself) and returns the exit status. */
#ifndef SIGNALING_EDGE_COMMANDS_H
#define SIGNALING_EDGE_COMMANDS_H

/* The child that reads files of strangers; unlike the others it takes the whole command line. */
int commands_sandbox(int argc, char **argv);
/* verify FILE --trust FILE|FOLDER [--at MILLISECONDS]: one JSON Report; 0 only when it is valid. */
int commands_verify(int argc, char **argv);
/* log verify DATA: one JSON object; 0 only when every chain is whole. */
int commands_log(int argc, char **argv);
/* ca init|issue|list|show|revoke|crl|export FOLDER …: the authority (commands_ca.c). */
int commands_ca(int argc, char **argv);
/* province import FILE DATA. */
int commands_province(int argc, char **argv);
/* config: the commented example of the configuration file. */
int commands_config(int argc, char **argv);
int commands_version(int argc, char **argv);

#endif
