/* The media server as its owner sees it: join, command, poll for events.
 *
 * All functions are called from one thread (control); the workers are threads behind mailboxes. The
 * answer to an offer is made at once and in the caller's thread: SDP never reaches a worker. */
#ifndef SFU_SFU_H
#define SFU_SFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/jobs.h"
#include "sfu/core/command.h"
#include "sfu/core/counters.h"

struct sfu;

enum { SFU_ADDRESSES_MAX = 16 };
enum { SFU_TICK_US = 5000 }; /* what the product is set to; the settings table has it too */

/* Who encrypts packets (sfu/edge/cipher.h). */
enum sfu_cipher { SFU_CIPHER_AUTO, SFU_CIPHER_IPSEC_MB, SFU_CIPHER_EVP };

/* Whether the kernel cuts trains of datagrams (UDP_SEGMENT); off is for lines or drivers that do it
 * wrong. Without it all works, slower. */
enum sfu_offload { SFU_OFFLOAD_AUTO, SFU_OFFLOAD_OFF };

struct sfu_config {
    uint32_t workers;              /* 1 … LIMIT_WORKERS */
    uint16_t first_port;           /* worker n listens on first_port + n; 0: any free port each */
    uint16_t ports[LIMIT_WORKERS]; /* a worker's own instead; 0: by first_port */
    uint32_t endpoints;            /* per worker */
    uint32_t address_count; /* advertised as host candidates; 0: every non-loopback address */
    struct udp_address addresses[SFU_ADDRESSES_MAX]; /* ports are ignored */
    const char *certificate_path; /* PEM, P-256: the DTLS identity; NULL: made anew at start */
    const char *key_path;
    struct jobs *jobs; /* borrowed; DTLS handshakes run there */
    enum sfu_cipher cipher;
    enum sfu_offload segment_offload;
    uint32_t tick_us; /* a busy worker lets packets gather so long at most, sound twice; 0: never */
    uint32_t spread_percent; /* a room stays on one worker until that is so busy; 0: it is spread */
    bool pin_cpus;           /* worker n stays on the n-th processor that the process may use */
};

/* Binds the ports and starts the workers. ERR_IO with a line in the log that says which;
 * ERR_UNSUPPORTED when the cipher that was asked for does not work on this machine. */
MUST_USE enum err sfu_create(const struct sfu_config *config, struct sfu **ret_sfu);
/* Stops the workers and waits for them. Accepts NULL. */
void sfu_destroy(struct sfu *sfu);

/* Why an offer was refused: a stable code ("sdp.no_ice", …) and the line of the offer, 0 if none.
 */
struct sfu_refusal {
    const char *code;
    uint32_t line;
};

struct sfu_join {
    uint64_t room;
    uint64_t endpoint; /* the caller's choice, not in use */
    uint32_t source;   /* 0: sends nothing */
    uint32_t rights;
    struct bytes offer;
};

/* Places the endpoint and answers its offer into `ret_answer` (with a terminator).
 * ERR_FORMAT or ERR_UNSUPPORTED fill *ret_refusal; ERR_FULL; ERR_LIMIT when the answer is larger
 * than `capacity` (LIMIT_SDP_BYTES is always enough). */
MUST_USE enum err sfu_join(struct sfu *sfu, const struct sfu_join *join, char *ret_answer,
                           size_t capacity, struct sfu_refusal *ret_refusal);
/* ICE restart: an offer of the same sections with new credentials. ERR_UNKNOWN besides. */
MUST_USE enum err sfu_restart(struct sfu *sfu, uint64_t endpoint, struct bytes offer,
                              char *ret_answer, size_t capacity, struct sfu_refusal *ret_refusal);
MUST_USE enum err sfu_command(struct sfu *sfu, const struct sfu_command *command);

/* Readable whenever sfu_poll() has something. */
int sfu_fd(const struct sfu *sfu);
bool sfu_poll(struct sfu *sfu, struct sfu_event *ret_event);

/* A copy of one worker's counters, as of its last tick. Needs: worker < config.workers. */
struct worker_counters sfu_counters(const struct sfu *sfu, uint32_t worker);
/* Memory of one endpoint once it is connected: core, edge and prepared keys. An OpenSSL object of
 * about 74 kB comes on top from its handshake until five seconds after its first packet. */
struct sfu_memory {
    size_t receiver_bytes; /* of one that only receives */
    size_t sender_bytes;   /* of one that also sends */
};

struct sfu_memory sfu_memory(const struct sfu *sfu);
/* What encrypts packets here, for people: "OpenSSL EVP". Valid as long as the server. */
const char *sfu_cipher_name(const struct sfu *sfu);
/* Endpoints that one worker carries. Needs: worker < config.workers. */
uint32_t sfu_endpoints(const struct sfu *sfu, uint32_t worker);
/* CPU time that one worker's thread has used, in nanoseconds. Needs: worker < config.workers. */
uint64_t sfu_cpu_ns(const struct sfu *sfu, uint32_t worker);

#endif
