/* One `key=value` line per happening, on standard error, written by edges only. Ids, never
 * payloads or secrets; nothing per packet. Safe from any thread. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);

/* Writes `2026-11-23T05:30:00.123Z level=info at=<where> <text>`. `where` names product and part
 * ("sfu.worker"); `format` gives `key=value` pairs in printf's form. */
__attribute__((format(printf, 3, 4))) void log_line(enum log_level level, const char *where,
                                                    const char *format, ...);

#endif
