/* Batches out: sendmmsg of trains, and what is done where a path refuses them. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sfu/edge/udp_part.h"

/* A send on its way: where it goes, and whether what fails is to be tried again. */
struct batch {
    const struct worker_send *sends;
    struct udp_path *paths[UDP_BATCH];
    uint32_t count;
};

static uint64_t datagrams_of(const struct worker_send *send)
{
    if (send->segment_size == 0)
        return 1;
    return (send->size + send->segment_size - 1) / send->segment_size;
}

uint64_t udp_datagrams(const struct worker_send *sends, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += datagrams_of(&sends[i]);
    return sum;
}

static bool is_train(const struct worker_send *send)
{
    return send->segment_size != 0 && send->size > send->segment_size;
}

/* The path of a send that stands at `place` of its batch. */
static struct udp_path *udp_path_for(struct udp *udp, uint32_t place,
                                     const struct worker_send *send)
{
    bool named = send->endpoint.generation != 0 && send->endpoint.index < udp->paths.count;
    return named ? &udp->paths.of[send->endpoint.index] : &udp->out_path[place];
}

/* Only what differs from one send to the next is written; the rest stands there since the start. */
static void udp_prepare(struct udp *udp, uint32_t place, struct udp_path *path, uint8_t *data,
                        size_t size, uint16_t segment_size)
{
    struct msghdr *header = &udp->out[place].msg_hdr;
    struct udp_control_out *control = &udp->out_control[place];
    udp->out_part[place] = (struct iovec){data, size};
    header->msg_name = &path->name;
    header->msg_namelen = path->name_size;
    if (segment_size) {
        memcpy(control->segment + CMSG_LEN(0), &segment_size, sizeof segment_size);
        header->msg_control = control;
        header->msg_controllen = sizeof control->segment;
        if (path->source.size) {
            memcpy(control->source, path->source.bytes, path->source.size);
            header->msg_controllen += path->source.size;
        }
    } else { /* a single datagram is cheaper without the option */
        header->msg_control = path->source.size ? path->source.bytes : NULL;
        header->msg_controllen = path->source.size;
    }
}

/* ---- The slow way ---------------------------------------------------------------------------- */

static void udp_allow_fragments(struct udp *udp, bool allowed)
{
    int v4 = allowed ? IP_PMTUDISC_DONT : IP_PMTUDISC_PROBE;
    (void)setsockopt(udp->fd, IPPROTO_IP, IP_MTU_DISCOVER, &v4, sizeof v4);
    int v6 = allowed ? IPV6_PMTUDISC_DONT : IPV6_PMTUDISC_PROBE;
    if (udp_is_v6(udp))
        (void)setsockopt(udp->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &v6, sizeof v6);
}

/* One datagram; errno stays as the kernel left it. An ICMP error that waits on the socket fails
 * whatever is sent next, once: it is about somebody else. */
static bool udp_send_one(struct udp *udp, struct udp_path *path, uint8_t *data, size_t size)
{
    udp_prepare(udp, 0, path, data, size, 0);
    for (int tries = 0; tries < 2; tries++) {
        if (udp->send(udp->fd, udp->out, 1, MSG_DONTWAIT) == 1)
            return true;
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EMSGSIZE)
            return false;
    }
    return false;
}

static void udp_send_in_fragments(struct udp *udp, struct udp_path *path,
                                  const struct worker_send *send, size_t at)
{
    size_t step = send->segment_size ? send->segment_size : send->size;
    udp_allow_fragments(udp, true);
    for (; at < send->size; at += step) {
        size_t size = send->size - at < step ? send->size - at : step;
        if (udp_send_one(udp, path, send->data + at, size))
            udp->counters.fragmented++;
        else
            udp->counters.lost++;
    }
    udp_allow_fragments(udp, false);
}

static void udp_mark_narrow(struct udp *udp, usec_t now, struct udp_path *path)
{
    path->fragment_until = now + UDP_SLOW_PATH_US;
    udp->counters.paths_slow++;
}

/* One send as separate datagrams. Where the socket's buffer is full they are lost: only a path that
 * is slow already waits for nobody. */
static void udp_send_singly(struct udp *udp, usec_t now, struct udp_path *path,
                            const struct worker_send *send)
{
    size_t step = send->segment_size ? send->segment_size : send->size;
    udp->counters.split += is_train(send);
    size_t at = 0;
    while (at < send->size && now >= path->fragment_until) {
        size_t size = send->size - at < step ? send->size - at : step;
        if (udp_send_one(udp, path, send->data + at, size)) {
            at += step;
        } else if (errno == EMSGSIZE) {
            udp_mark_narrow(udp, now, path);
        } else {
            udp->counters.lost++;
            at += step;
        }
    }
    if (at < send->size)
        udp_send_in_fragments(udp, path, send, at);
}

void udp_on_too_large(struct udp *udp, usec_t now, uint32_t index)
{
    if (index < udp->paths.count && udp->paths.of[index].known &&
        now >= udp->paths.of[index].fragment_until)
        udp_mark_narrow(udp, now, &udp->paths.of[index]);
}

/* ---- The fast way ---------------------------------------------------------------------------- */

static bool udp_goes_slowly(const struct udp *udp, usec_t now, const struct udp_path *path,
                            const struct worker_send *send)
{
    return now < path->fragment_until ||
           (is_train(send) && (!udp->facts.segments || now < path->single_until));
}

/* As many as may leave in one call: up to one that must go slowly, or whose path must be made while
 * others of the batch already point to where it stands. */
static void batch_fill(struct udp *udp, usec_t now, struct batch *batch, uint32_t left)
{
    for (batch->count = 0; batch->count < left && batch->count < UDP_BATCH; batch->count++) {
        const struct worker_send *send = &batch->sends[batch->count];
        struct udp_path *path = udp_path_for(udp, batch->count, send);
        if (!udp_path_leads(&udp->paths, path, &send->to)) {
            if (batch->count > 0 && path != &udp->out_path[batch->count])
                return;
            udp_path_make(&udp->paths, path, &send->to);
        }
        if (udp_goes_slowly(udp, now, path, send))
            return;
        batch->paths[batch->count] = path;
        udp_prepare(udp, batch->count, path, send->data, send->size,
                    is_train(send) ? send->segment_size : 0);
    }
}

/* What the kernel answered to the first send of a batch. False: it is to be offered again later. */
static bool udp_on_refusal(struct udp *udp, usec_t now, struct udp_path *path,
                           const struct worker_send *send, int reason)
{
    if (reason == EAGAIN || reason == EWOULDBLOCK)
        return false;
    bool train = is_train(send);
    if (train && (reason == EIO || reason == EINVAL || reason == EMSGSIZE)) {
        path->single_until = now + UDP_SLOW_PATH_US;
        udp->counters.paths_slow++;
        udp_send_singly(udp, now, path, send);
    } else if (reason == EMSGSIZE && send->size <= LIMIT_DATAGRAM_BYTES) {
        udp_mark_narrow(udp, now, path);
        udp_send_in_fragments(udp, path, send, 0);
    } else {
        udp->counters.lost += datagrams_of(send);
    }
    return true;
}

/* An error that may be an ICMP one about an earlier send: the kernel clears it by telling. */
static bool is_about_another(int reason)
{
    return reason == EINTR || reason == ECONNREFUSED || reason == EHOSTUNREACH ||
           reason == ENETUNREACH || reason == EPROTO || reason == ENOPROTOOPT || reason == EACCES ||
           reason == EMSGSIZE || reason == EHOSTDOWN || reason == ENONET || reason == EOPNOTSUPP;
}

uint32_t udp_send(struct udp *udp, usec_t now, const struct worker_send *sends, uint32_t count)
{
    uint32_t done = 0;
    uint32_t tried = 0; /* sends up to here were refused once: the second time is meant */
    while (done < count) {
        struct batch batch = {.sends = sends + done};
        batch_fill(udp, now, &batch, count - done);
        if (batch.count == 0) {
            udp_send_singly(udp, now, udp_path_for(udp, 0, &sends[done]), &sends[done]);
            done++;
            continue;
        }
        int sent = udp->send(udp->fd, udp->out, batch.count, MSG_DONTWAIT);
        int reason = errno;
        for (int i = 0; i < sent; i++)
            udp->counters.trains += is_train(&batch.sends[i]);
        if (sent > 0) {
            done += (uint32_t)sent;
        } else if (is_about_another(reason) && tried <= done) {
            tried = done + 1;
        } else {
            if (!udp_on_refusal(udp, now, batch.paths[0], &sends[done], reason))
                break;
            done++;
        }
    }
    return done;
}
