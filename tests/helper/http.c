#include "tests/helper/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"

int http_listen(int port, uint16_t *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    int yes = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 8) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        close(fd);
        return -1;
    }
    *ret_port = ntohs(address.sin_port);
    return fd;
}

/* -- reading ---------------------------------------------------------------------------------- */

/* Up to the blank line; what came behind it is the body's beginning. */
static char *head_read(int fd, char head[HTTP_HEAD_BYTES], size_t *ret_size)
{
    size_t size = 0;
    while (size < HTTP_HEAD_BYTES - 1) {
        ssize_t got = read(fd, head + size, HTTP_HEAD_BYTES - 1 - size);
        if (got <= 0)
            return NULL;
        size += (size_t)got;
        head[size] = '\0';
        char *blank = strstr(head, "\r\n\r\n");
        if (blank) {
            *ret_size = size;
            return blank;
        }
    }
    return NULL;
}

static void header_take(const char *head, const char *name, char *ret_value, size_t capacity)
{
    size_t size = strlen(name);
    ret_value[0] = '\0';
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, size) != 0 || line[2 + size] != ':')
            continue;
        const char *at = line + 3 + size;
        at += strspn(at, " ");
        size_t length = strcspn(at, "\r\n");
        if (text_copy(ret_value, capacity, (struct bytes){(const uint8_t *)at, length}) != ERR_OK)
            ret_value[0] = '\0';
        return;
    }
}

static bool body_read(struct http_request *request, uint64_t wanted)
{
    if (request->body.size > wanted || buffer_reserve(&request->body, wanted + 1) != ERR_OK)
        return false;
    while (request->body.size < wanted) {
        ssize_t got =
            read(request->fd, request->body.data + request->body.size, wanted - request->body.size);
        if (got <= 0)
            return false;
        request->body.size += (size_t)got;
    }
    return true;
}

static bool request_read(struct http_request *request)
{
    char head[HTTP_HEAD_BYTES], target[HTTP_HEAD_BYTES], length[32];
    size_t size = 0;
    uint64_t wanted = 0;
    char *blank = head_read(request->fd, head, &size);
    if (!blank || sscanf(head, "%15s %8000s", request->method, target) != 2)
        return false;
    struct bytes early = {(uint8_t *)blank + 4, size - (size_t)(blank + 4 - head)};
    if (buffer_put(&request->body, early) != ERR_OK)
        return false;
    blank[2] = '\0';
    char *mark = strchr(target, '?');
    if (mark)
        *mark = '\0';
    if (text_copy(request->path, sizeof request->path, bytes_of(target)) != ERR_OK ||
        text_copy(request->query, sizeof request->query, bytes_of(mark ? mark + 1 : "")) != ERR_OK)
        return false;
    header_take(head, "Host", request->host, sizeof request->host);
    header_take(head, "Origin", request->origin, sizeof request->origin);
    header_take(head, "Content-Length", length, sizeof length);
    if (length[0] && strcmp(length, "0") != 0 && id_parse(bytes_of(length), &wanted) != ERR_OK)
        return false;
    return wanted <= LIMIT_PDF_BYTES && body_read(request, wanted);
}

bool http_accept(int listener, struct http_request *ret_request)
{
    struct timeval wait = {.tv_sec = HTTP_WAIT_SECONDS};
    *ret_request = (struct http_request){.fd = accept(listener, NULL, NULL)};
    if (ret_request->fd < 0)
        return errno == ECONNABORTED || errno == EINTR;
    setsockopt(ret_request->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ret_request->fine = request_read(ret_request);
    return true;
}

void http_done(struct http_request *request)
{
    if (request->fd >= 0)
        close(request->fd);
    buffer_done(&request->body);
}

static void decode(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++) {
        uint8_t value;
        if (*at == '%' && strlen(at) > 2 &&
            hex_parse((struct bytes){(const uint8_t *)at + 1, 2}, &value, 1) == ERR_OK && value) {
            *to++ = (char)value;
            at += 2;
        } else {
            *to++ = *at == '+' ? ' ' : *at;
        }
    }
    *to = '\0';
}

char *http_argument(const struct http_request *request, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = request->query; at; at = strchr(at, '&') ? strchr(at, '&') + 1 : NULL) {
        if (strncmp(at, name, size) != 0 || at[size] != '=')
            continue;
        char *value = strndup(at + size + 1, strcspn(at + size + 1, "&"));
        if (value)
            decode(value);
        return value;
    }
    return NULL;
}

/* -- writing ---------------------------------------------------------------------------------- */

static void put(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, text, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        size -= (size_t)sent;
    }
}

void http_reply(struct http_request *request, int status, json_t *json)
{
    char head[HTTP_HEAD_BYTES];
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    bool named = status != 403 || json;
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %d .\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\nConnection: close\r\nCache-Control: no-store\r\n",
                        status, text ? strlen(text) : 0);
    put(request->fd, head, (size_t)size);
    if (named) {
        size = snprintf(head, sizeof head,
                        "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n"
                        "Access-Control-Allow-Methods: GET, POST\r\n"
                        "Access-Control-Allow-Headers: content-type\r\n"
                        "Access-Control-Allow-Private-Network: true\r\n",
                        request->origin);
        put(request->fd, head, (size_t)size);
    }
    put(request->fd, "\r\n", 2);
    if (text)
        put(request->fd, text, strlen(text));
    free(text);
    json_decref(json);
}
