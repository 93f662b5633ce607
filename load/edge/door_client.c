#include "load/edge/door_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <jansson.h>
#include <openssl/crypto.h>

#include "base/buffer.h"
#include "base/limits.h"

enum { URL_BYTES = 320, HEADER_BYTES = 512, TIMEOUT_SECONDS = 20, CONNECT_SECONDS = 10 };

struct door_client {
    CURL *curl;
    char origin[URL_BYTES]; /* "https://host:port" */
    char csrf[HEADER_BYTES];
    struct buffer answer;
    char fault[CURL_ERROR_SIZE];
};

/* ---- A request ------------------------------------------------------------------------------- */

static size_t take_answer(char *data, size_t one, size_t size, void *argument)
{
    struct door_client *client = argument;
    size_t bytes = one * size;
    if (client->answer.size + bytes > LIMIT_JSON_BYTES ||
        buffer_put(&client->answer, (struct bytes){(const uint8_t *)data, bytes}) != ERR_OK)
        return 0; /* which libcurl takes for a failure */
    return bytes;
}

static struct curl_slist *headers_of(const struct door_client *client)
{
    char line[HEADER_BYTES + URL_BYTES];
    struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
    (void)snprintf(line, sizeof line, "Origin: %s", client->origin);
    list = curl_slist_append(list, line);
    if (client->csrf[0]) {
        (void)snprintf(line, sizeof line, "X-CSRF: %s", client->csrf);
        list = curl_slist_append(list, line);
    }
    return list;
}

/* The HTTP status, 0 when there was no answer; *ret_json is the body (NULL if it is none), the
 * caller's. */
static long ask(struct door_client *client, const char *method, const char *path, const char *body,
                json_t **ret_json)
{
    char url[2 * URL_BYTES];
    long status = 0;
    (void)snprintf(url, sizeof url, "%s%s", client->origin, path);
    struct curl_slist *headers = headers_of(client);
    client->answer.size = 0;
    client->fault[0] = 0;
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    /* Of a request without a body libcurl must not think that one is still to be read. */
    if (body)
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body);
    else
        curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
    if (curl_easy_perform(client->curl) == CURLE_OK)
        curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    *ret_json = json_loadb((const char *)client->answer.data, client->answer.size, 0, NULL);
    return status;
}

/* ---- Refusals -------------------------------------------------------------------------------- */

static void copy_text(char *out, size_t capacity, const char *text)
{
    (void)snprintf(out, capacity, "%s", text ? text : "");
}

static enum err refuse(const struct door_client *client, long status, const json_t *answer,
                       struct door_refusal *ret_refusal)
{
    const json_t *error = json_object_get(answer, "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    *ret_refusal = (struct door_refusal){0};
    if (status == 0) {
        copy_text(ret_refusal->code, sizeof ret_refusal->code, "door.unreachable");
        (void)snprintf(ret_refusal->vi, sizeof ret_refusal->vi,
                       "Không kết nối được %s (%s). Kiểm tra địa chỉ, cổng, và tham số --ca nếu "
                       "máy chủ dùng chứng thư của tỉnh.",
                       client->origin, client->fault);
        (void)snprintf(ret_refusal->en, sizeof ret_refusal->en,
                       "Cannot connect to %s (%s). Check the address, the port, and --ca if the "
                       "server has a certificate of the province's own.",
                       client->origin, client->fault);
        return ERR_IO;
    }
    copy_text(ret_refusal->code, sizeof ret_refusal->code, code ? code : "door.strange");
    if (code) {
        copy_text(ret_refusal->vi, DOOR_TEXT_BYTES,
                  json_string_value(json_object_get(error, "vi")));
        copy_text(ret_refusal->en, DOOR_TEXT_BYTES,
                  json_string_value(json_object_get(error, "en")));
        return ERR_FORBIDDEN;
    }
    (void)snprintf(ret_refusal->vi, sizeof ret_refusal->vi,
                   "%s trả lời HTTP %ld, không giống máy chủ Diên Hồng. Kiểm tra lại địa chỉ.",
                   client->origin, status);
    (void)snprintf(ret_refusal->en, sizeof ret_refusal->en,
                   "%s answered with HTTP %ld, unlike a server of Diên Hồng. Check the address.",
                   client->origin, status);
    return ERR_FORBIDDEN;
}

/* ---- Session and test ------------------------------------------------------------------------ */

static enum err log_in(struct door_client *client, const struct options *options,
                       const char *password, struct door_refusal *ret_refusal)
{
    json_t *answer = NULL;
    json_t *asked = json_pack("{s:s,s:s}", "login", options->login, "password", password);
    char *body = asked ? json_dumps(asked, JSON_COMPACT) : NULL;
    json_decref(asked);
    if (!body)
        return ERR_NO_MEMORY;
    long status = ask(client, "POST", "/api/v1/session", body, &answer);
    OPENSSL_cleanse(body, strlen(body));
    free(body);
    const char *csrf = json_string_value(json_object_get(answer, "csrf"));
    enum err err = ERR_OK;
    if (status == 200 && csrf)
        copy_text(client->csrf, sizeof client->csrf, csrf);
    else
        err = refuse(client, status, answer, ret_refusal);
    json_decref(answer);
    return err;
}

enum err door_client_open(const struct options *options, const char *password,
                          struct door_client **ret_client, struct door_refusal *ret_refusal)
{
    struct door_client *client = calloc(1, sizeof *client);
    if (!client)
        return ERR_NO_MEMORY;
    bool v6 = strchr(options->host, ':') != NULL;
    (void)snprintf(client->origin, sizeof client->origin, v6 ? "https://[%s]:%u" : "https://%s:%u",
                   options->host, options->port);
    client->curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (!client->curl) {
        free(client);
        return ERR_NO_MEMORY;
    }
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, client);
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->fault);
    curl_easy_setopt(client->curl, CURLOPT_COOKIEFILE, ""); /* keeps cookies in memory */
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT, (long)TIMEOUT_SECONDS);
    curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    if (options->ca_path)
        curl_easy_setopt(client->curl, CURLOPT_CAINFO, options->ca_path);
    enum err err = log_in(client, options, password, ret_refusal);
    if (err != ERR_OK) {
        door_client_close(client);
        return err;
    }
    *ret_client = client;
    return ERR_OK;
}

void door_client_close(struct door_client *client)
{
    json_t *ignored = NULL;
    if (!client)
        return;
    if (client->csrf[0])
        (void)ask(client, "DELETE", "/api/v1/session", NULL, &ignored);
    json_decref(ignored);
    curl_easy_cleanup(client->curl);
    curl_global_cleanup();
    buffer_done(&client->answer);
    free(client);
}

enum err door_client_start(struct door_client *client, uint32_t receivers, uint32_t senders,
                           struct door_line_test *ret_test, struct door_refusal *ret_refusal)
{
    char body[128];
    json_t *answer = NULL;
    (void)snprintf(body, sizeof body, "{\"receivers\":%u,\"senders\":%u}", receivers, senders);
    long status = ask(client, "POST", "/api/v1/line-tests", body, &answer);
    const char *id = json_string_value(json_object_get(answer, "id"));
    const char *token = json_string_value(json_object_get(answer, "token"));
    enum err err = ERR_OK;
    if (status == 201 && id && token && strlen(id) < DOOR_ID_BYTES &&
        strlen(token) < DOOR_TOKEN_BYTES) {
        copy_text(ret_test->id, DOOR_ID_BYTES, id);
        copy_text(ret_test->token, DOOR_TOKEN_BYTES, token);
    } else {
        err = refuse(client, status, answer, ret_refusal);
    }
    json_decref(answer);
    return err;
}

void door_client_end(struct door_client *client, const struct door_line_test *test)
{
    char path[128];
    json_t *ignored = NULL;
    (void)snprintf(path, sizeof path, "/api/v1/line-tests/%s", test->id);
    (void)ask(client, "DELETE", path, NULL, &ignored);
    json_decref(ignored);
}
