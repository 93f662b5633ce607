#include "certs/edge/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { HEADER_BYTES = 128 };

struct taking {
    struct buffer answer;
    size_t most;
    enum err err;
};

static size_t take(char *data, size_t one, size_t size, void *argument)
{
    struct taking *taking = argument;
    struct bytes bytes = {(const uint8_t *)data, one * size};
    if (taking->answer.size + bytes.size > taking->most)
        taking->err = ERR_LIMIT;
    else
        taking->err = buffer_put(&taking->answer, bytes);
    return taking->err == ERR_OK ? bytes.size : 0; /* 0: libcurl gives up */
}

static void set_up(CURL *curl, const struct fetch_plan *plan, struct taking *taking)
{
    curl_easy_setopt(curl, CURLOPT_URL, plan->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); /* it runs on a thread */
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)plan->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)plan->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, taking);
    if (plan->trust_path)
        curl_easy_setopt(curl, CURLOPT_CAINFO, plan->trust_path);
    if (plan->body.size > 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)plan->body.size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, plan->body.data);
    }
}

static enum err judge(CURLcode code, long status, enum err taken)
{
    if (taken != ERR_OK)
        return taken;
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
        return ERR_UNSUPPORTED;
    if (code != CURLE_OK || status == 429 || status >= 500)
        return ERR_AGAIN;
    return status == 200 ? ERR_OK : ERR_FORBIDDEN;
}

enum err fetch(const struct fetch_plan *plan, struct buffer *ret_answer)
{
    char type[HEADER_BYTES];
    struct taking taking = {.most = plan->answer_bytes_max};
    struct curl_slist *headers = NULL;
    long status = 0;
    CURL *curl = curl_easy_init();
    if (!curl)
        return ERR_NO_MEMORY;
    set_up(curl, plan, &taking);
    if (plan->body.size > 0) {
        (void)snprintf(type, sizeof type, "Content-Type: %s", plan->body_type);
        headers = curl_slist_append(NULL, type);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    }
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    enum err err = judge(code, status, taking.err);
    if (err != ERR_OK) {
        buffer_done(&taking.answer);
        return err;
    }
    *ret_answer = taking.answer;
    return ERR_OK;
}
