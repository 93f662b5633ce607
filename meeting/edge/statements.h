/* Every SQL statement of the house, prepared when the store opens. One text for SQLite and
 * PostgreSQL: parameters are $1 … $n, bound by name; no function or operator that only one of them
 * has. Included with X(name, text) defined. */
/* clang-format off */
X(EVENT_INSERT,
  "INSERT INTO event (meeting, seq, epoch, utc_ms, actor, kind, version, body, hash)"
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
X(EVENT_LIST,
  "SELECT seq, utc_ms, actor, kind, body FROM event"
  " WHERE meeting = $1 AND seq > $2 AND seq <= $3 ORDER BY seq")
X(EVENT_WALK,
  "SELECT meeting, seq, epoch, utc_ms, actor, kind, version, body, hash FROM event"
  " ORDER BY meeting, seq")
X(EVENT_WALK_ONE,
  "SELECT meeting, seq, epoch, utc_ms, actor, kind, version, body, hash FROM event"
  " WHERE meeting = $1 ORDER BY seq")
X(MEETING_UPSERT,
  "INSERT INTO meeting (id, code, title, place, phase, start_at, end_at, chair, secretary, seq)"
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
  " ON CONFLICT (id) DO UPDATE SET title = excluded.title, place = excluded.place,"
  " phase = excluded.phase, start_at = excluded.start_at, end_at = excluded.end_at,"
  " seq = excluded.seq")
X(MEETING_HEADS, "SELECT id, seq FROM meeting ORDER BY id")
X(UNIT_INSERT, "INSERT INTO unit (id, parent, kind, name) VALUES ($1, $2, $3, $4)")
X(UNIT_LIST, "SELECT id, parent, kind, name FROM unit ORDER BY id")
X(USER_INSERT,
  "INSERT INTO user_account (id, login, password_hash, name, position, unit, roles)"
  " VALUES ($1, $2, $3, $4, $5, $6, $7)")
X(USER_LIST,
  "SELECT id, login, password_hash, name, position, unit, roles FROM user_account ORDER BY id")
X(SESSION_PUT,
  "INSERT INTO session (token_hash, user_id, created_at, expires_at, csrf)"
  " VALUES ($1, $2, $3, $4, $5)"
  " ON CONFLICT (token_hash) DO UPDATE SET expires_at = excluded.expires_at,"
  " csrf = excluded.csrf")
X(SESSION_DELETE, "DELETE FROM session WHERE token_hash = $1")
X(SESSION_EXPIRE, "DELETE FROM session WHERE expires_at <= $1")
X(SESSION_LIST,
  "SELECT token_hash, user_id, created_at, expires_at, csrf FROM session ORDER BY created_at")
X(DOCUMENT_INSERT,
  "INSERT INTO document (id, meeting, sha256, size, pages, title) VALUES ($1, $2, $3, $4, $5, $6)")
X(DOCUMENT_DELETE, "DELETE FROM document WHERE id = $1")
X(CERTIFICATE_INSERT,
  "INSERT INTO certificate (serial, user_id, not_after, spki_sha256, der)"
  " VALUES ($1, $2, $3, $4, $5)")
X(CERTIFICATE_LIST,
  "SELECT serial, user_id, not_after, spki_sha256, der, revoked_at, revoked_by, revoked_why"
  " FROM certificate ORDER BY not_after, serial")
X(CERTIFICATE_REVOKE,
  "UPDATE certificate SET revoked_at = $2, revoked_by = $3, revoked_why = $4 WHERE serial = $1")
X(KEY_REQUEST_PUT,
  "INSERT INTO key_request (id, user_id, csr, spki_sha256, renews, state, asked_at, decided_at,"
  " decided_by, reason, serial) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
  " ON CONFLICT (id) DO UPDATE SET state = excluded.state, decided_at = excluded.decided_at,"
  " decided_by = excluded.decided_by, reason = excluded.reason, serial = excluded.serial")
X(KEY_REQUEST_LIST,
  "SELECT id, user_id, csr, spki_sha256, renews, state, asked_at, decided_at, decided_by, reason,"
  " serial FROM key_request ORDER BY id")
X(ISSUED_PUT,
  "INSERT INTO issued_file (sha256, code, meeting, issued_at) VALUES ($1, $2, $3, $4)"
  " ON CONFLICT (sha256) DO NOTHING")
X(ISSUED_LIST, "SELECT sha256, code, meeting, issued_at FROM issued_file ORDER BY issued_at")
/* A number is taken by both of the next two, in the transaction of the event that uses it. A second
 * process that took the same number first makes the first change nothing and the second fail. */
X(SERIES_TAKE,
  "INSERT INTO number_series (year, type, symbol, last) VALUES ($1, $2, $3, $4)"
  " ON CONFLICT (year, type, symbol) DO UPDATE SET last = excluded.last"
  " WHERE number_series.last = excluded.last - 1")
X(REGISTER_INSERT,
  "INSERT INTO document_register (issue, meeting, year, type, symbol, number, previous, title,"
  " stage, sha256, numbered_at, sealed_at, distributed_at, recalled_at, reason, successor)"
  " VALUES ($1, $2, $3, $4, $5, $6, NULLIF($6 - 1, 0), $7, $8, $9, $10, 0, 0, 0, '', 0)")
X(REGISTER_UPDATE,
  "UPDATE document_register SET stage = $2, sha256 = $3, sealed_at = $4, distributed_at = $5,"
  " recalled_at = $6, reason = $7, successor = $8 WHERE issue = $1")
X(SERIES_LIST, "SELECT year, type, symbol, last FROM number_series ORDER BY year, type, symbol")
X(RECIPIENT_INSERT,
  "INSERT INTO document_recipient (issue, unit, name, received_at, received_by, recall_seen_at)"
  " VALUES ($1, $2, $3, 0, 0, 0)")
X(RECIPIENT_UPDATE,
  "UPDATE document_recipient SET received_at = $3, received_by = $4, recall_seen_at = $5"
  " WHERE issue = $1 AND unit = $2")
/* clang-format on */
