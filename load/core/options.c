#include "load/core/options.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

static const struct options defaults = {
    .port = 443,
    .receivers = 20,
    .senders = 1,
    .seconds = 30,
    .frames = 30,
    .at_once = 64,
    .decrypt_every = 10,
    .first_frame_ms = 5000,
    .profile = "film",
};

/* One line an option: its name, where it goes, and its bounds if it is a number. */
struct option {
    const char *name;
    size_t offset;
    bool number;
    uint32_t least;
    uint32_t most;
};

#define TEXT(name, field)                                                                          \
    {                                                                                              \
        name, offsetof(struct options, field), false, 0, 0                                         \
    }
#define NUMBER(name, field, least, most)                                                           \
    {                                                                                              \
        name, offsetof(struct options, field), true, least, most                                   \
    }

static const struct option table[] = {
    NUMBER("--receivers", receivers, 0, OPTIONS_SEATS_MAX),
    NUMBER("--senders", senders, 1, OPTIONS_SENDERS_MAX),
    NUMBER("--seconds", seconds, 1, OPTIONS_SECONDS_MAX),
    NUMBER("--tiles", tiles, 0, 48),
    NUMBER("--frames", frames, 1, 60),
    NUMBER("--at-once", at_once, 1, 1024),
    NUMBER("--decrypt-every", decrypt_every, 0, OPTIONS_SEATS_MAX),
    NUMBER("--decode-every", decode_every, 0, OPTIONS_SEATS_MAX),
    NUMBER("--max-lost-ppm", max_lost_ppm, 0, 1000000),
    NUMBER("--first-frame-ms", first_frame_ms, 0, 600000),
    TEXT("--ca", ca_path),
    TEXT("--user", login),
    TEXT("--password-file", password_path),
    TEXT("--profile", profile),
};

static enum err read_number(const char *text, const struct option *option, uint32_t *ret_number)
{
    uint64_t number = 0;
    if (text[0] == 0)
        return ERR_FORMAT;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9')
            return ERR_FORMAT;
        number = number * 10 + (uint64_t)(*at - '0');
        if (number > option->most)
            return ERR_LIMIT;
    }
    if (number < option->least)
        return ERR_LIMIT;
    *ret_number = (uint32_t)number;
    return ERR_OK;
}

static enum err take_value(struct options *options, const struct option *option, const char *value)
{
    char *place = (char *)options + option->offset;
    if (!option->number) {
        memcpy(place, &value, sizeof(const char *));
        return ERR_OK;
    }
    uint32_t number = 0;
    enum err err = read_number(value, option, &number);
    if (err == ERR_OK)
        memcpy(place, &number, sizeof number);
    return err;
}

static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

/* https://host, https://host:port, with a slash behind it or not; IPv6 stands in brackets. */
static enum err read_url(struct options *options, const char *url)
{
    static const char scheme[] = "https://";
    static const struct option port_bounds = {.least = 1, .most = UINT16_MAX};
    if (strncmp(url, scheme, sizeof scheme - 1) != 0)
        return ERR_FORMAT;
    const char *host = url + sizeof scheme - 1;
    bool bracket = host[0] == '[';
    host += bracket;
    size_t size = strcspn(host, bracket ? "]" : ":/");
    const char *rest = host + size;
    if (size == 0 || (bracket && *rest++ != ']') ||
        text_copy(options->host, sizeof options->host, (struct bytes){(const uint8_t *)host, size}))
        return ERR_FORMAT;
    if (*rest == ':') {
        char digits[8];
        uint32_t port = 0;
        size_t length = strcspn(++rest, "/");
        if (text_copy(digits, sizeof digits, (struct bytes){(const uint8_t *)rest, length}) ||
            read_number(digits, &port_bounds, &port) != ERR_OK)
            return ERR_FORMAT;
        options->port = (uint16_t)port;
        rest += length;
    }
    return *rest == 0 || strcmp(rest, "/") == 0 ? ERR_OK : ERR_FORMAT;
}

static enum err check_test(const struct options *options, const char **ret_fault)
{
    if (options->host[0] == 0)
        *ret_fault = "https://HOST[:PORT]";
    else if (!options->login)
        *ret_fault = "--user";
    else if (!options->password_path)
        *ret_fault = "--password-file";
    else
        return ERR_OK;
    return ERR_SHORT;
}

static enum err take_word(struct options *options, const char *word)
{
    if (options->command == OPTIONS_MAKE_FILM && !options->film_path) {
        options->film_path = word;
        return ERR_OK;
    }
    if (options->command == OPTIONS_TEST && options->host[0] == 0)
        return read_url(options, word);
    return ERR_UNKNOWN;
}

enum err options_parse(int count, char *const *arguments, struct options *ret_options,
                       const char **ret_fault)
{
    struct options options = defaults;
    int at = 0;
    if (count > 0 && strcmp(arguments[0], "film") == 0) {
        options.command = OPTIONS_MAKE_FILM;
        options.seconds = 10;
        at = 1;
    }
    for (; at < count; at++) {
        const char *word = arguments[at];
        const struct option *option = find_option(word);
        enum err err = ERR_OK;
        *ret_fault = word;
        if (strcmp(word, "--help") == 0)
            options.command = OPTIONS_HELP;
        else if (strcmp(word, "--json") == 0)
            options.json = true;
        else if (option)
            err = ++at < count ? take_value(&options, option, arguments[at]) : ERR_SHORT;
        else if (word[0] == '-')
            err = ERR_UNKNOWN;
        else
            err = take_word(&options, word);
        if (err != ERR_OK)
            return err;
    }
    enum err err = options.command == OPTIONS_TEST ? check_test(&options, ret_fault) : ERR_OK;
    if (options.command == OPTIONS_MAKE_FILM && !options.film_path) {
        *ret_fault = "FILE";
        err = ERR_SHORT;
    }
    if (err == ERR_OK)
        *ret_options = options;
    return err;
}
