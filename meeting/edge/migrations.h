/* The schema, as numbered steps that only go forward. A step that has ever been released is never
 * edited (its checksum is kept in the database): changes are new steps.
 *
 * One text for SQLite and PostgreSQL: BIGINT, TEXT and @BLOB@ only, booleans 0 and 1, times in
 * milliseconds since 1970 UTC, ids made by us. Included with X(number, text) defined. */
/* clang-format off */
X(1,
  "CREATE TABLE event ("
  " meeting BIGINT NOT NULL, seq BIGINT NOT NULL, epoch BIGINT NOT NULL, utc_ms BIGINT NOT NULL,"
  " actor BIGINT NOT NULL, kind TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,"
  " hash @BLOB@ NOT NULL, PRIMARY KEY (meeting, seq));"

  "CREATE TABLE meeting ("
  " id BIGINT PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, place TEXT NOT NULL,"
  " phase TEXT NOT NULL, start_at BIGINT NOT NULL, end_at BIGINT NOT NULL,"
  " chair BIGINT NOT NULL, secretary BIGINT NOT NULL, seq BIGINT NOT NULL);"

  "CREATE TABLE unit ("
  " id BIGINT PRIMARY KEY, parent BIGINT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL);"

  "CREATE TABLE user_account ("
  " id BIGINT PRIMARY KEY, login TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,"
  " name TEXT NOT NULL, position TEXT NOT NULL, unit BIGINT NOT NULL, roles BIGINT NOT NULL);"

  "CREATE TABLE session ("
  " token_hash @BLOB@ PRIMARY KEY, user_id BIGINT NOT NULL, created_at BIGINT NOT NULL,"
  " expires_at BIGINT NOT NULL, csrf TEXT NOT NULL);"

  "CREATE TABLE document ("
  " id BIGINT PRIMARY KEY, meeting BIGINT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL,"
  " pages BIGINT NOT NULL, title TEXT NOT NULL);"

  "CREATE TABLE certificate ("
  " serial TEXT PRIMARY KEY, user_id BIGINT NOT NULL, not_after BIGINT NOT NULL,"
  " spki_sha256 TEXT NOT NULL, der @BLOB@ NOT NULL);"

  "CREATE TABLE issued_file ("
  " sha256 TEXT PRIMARY KEY, code TEXT NOT NULL, meeting BIGINT NOT NULL,"
  " issued_at BIGINT NOT NULL);"

  "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);"
  "INSERT INTO counter (name, value) VALUES ('epoch', 0);")
X(2,
  "CREATE TABLE number_series ("
  " year BIGINT NOT NULL, type TEXT NOT NULL, symbol TEXT NOT NULL, last BIGINT NOT NULL,"
  " PRIMARY KEY (year, type, symbol));"

  /* Every number but the first points to the one before it, so the schema itself refuses a gap as
   * well as a double, whoever writes: a second server, or a hand. */
  "CREATE TABLE document_register ("
  " issue BIGINT PRIMARY KEY, meeting BIGINT NOT NULL, year BIGINT NOT NULL, type TEXT NOT NULL,"
  " symbol TEXT NOT NULL, number BIGINT NOT NULL, previous BIGINT, title TEXT NOT NULL,"
  " stage TEXT NOT NULL, sha256 TEXT NOT NULL, numbered_at BIGINT NOT NULL,"
  " sealed_at BIGINT NOT NULL, distributed_at BIGINT NOT NULL, recalled_at BIGINT NOT NULL,"
  " reason TEXT NOT NULL, successor BIGINT NOT NULL,"
  " UNIQUE (year, type, symbol, number),"
  " CHECK ((number = 1 AND previous IS NULL)"
  "  OR (number > 1 AND previous IS NOT NULL AND previous = number - 1)),"
  " FOREIGN KEY (year, type, symbol, previous)"
  "  REFERENCES document_register (year, type, symbol, number));"

  "CREATE TABLE document_recipient ("
  " issue BIGINT NOT NULL, unit BIGINT NOT NULL, name TEXT NOT NULL, received_at BIGINT NOT NULL,"
  " received_by BIGINT NOT NULL, recall_seen_at BIGINT NOT NULL, PRIMARY KEY (issue, unit));")

X(3,
  "ALTER TABLE certificate ADD COLUMN revoked_at BIGINT NOT NULL DEFAULT 0;"
  "ALTER TABLE certificate ADD COLUMN revoked_by BIGINT NOT NULL DEFAULT 0;"
  "ALTER TABLE certificate ADD COLUMN revoked_why TEXT NOT NULL DEFAULT '';"
  "CREATE TABLE key_request ("
  " id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, csr @BLOB@ NOT NULL,"
  " spki_sha256 TEXT NOT NULL, renews TEXT NOT NULL, state TEXT NOT NULL,"
  " asked_at BIGINT NOT NULL, decided_at BIGINT NOT NULL, decided_by BIGINT NOT NULL,"
  " reason TEXT NOT NULL, serial TEXT NOT NULL);")
/* clang-format on */
