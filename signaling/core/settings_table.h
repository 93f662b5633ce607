/* The keys of the configuration file, included with X defined. Per key: name, type, section, key,
 * default, least, most (numbers), unit (of a choice: its words), and what it is for. Sections stand
 * together. */
/* clang-format off */
X(HOST, TEXT, "server", "host", "", 0, 0, "",
  "Name or address under which others reach this server; several, divided by spaces. The first is "
  "printed in QR codes. Empty: this machine's own name.")
X(PORT, NUMBER, "server", "port", "8443", 0, 65535, "",
  "TCP port of the web address (HTTPS and WebSocket). 0: any free one.")
X(ADMIN_PORT, NUMBER, "server", "admin_port", "0", 0, 65535, "",
  "TCP port of /livez, /readyz and /metrics, on 127.0.0.1 only. 0: the port after the web address.")
X(DATA, TEXT, "server", "data", "data", 0, 0, "",
  "Folder of the database, the documents and the certificates.")
X(WEB, TEXT, "server", "web", "web/dist", 0, 0, "", "Folder of the built web client.")
X(PROVINCE, TEXT, "server", "province", "tỉnh Lam Giang", 0, 0, "",
  "Name of the province, as certificates carry it.")
X(PKI_URL, TEXT, "pki", "url", "", 0, 0, "",
  "Where the world finds this server's CRL and OCSP, as the certificates that it issues say: "
  "https://name:port/pki, or an http:// address that is passed on to it. Empty: this server's own "
  "address.")
X(PKI_TRUST, TEXT, "pki", "trust", "", 0, 0, "",
  "Folder of the certificates in which signatures (people/) and timestamps (tsa/) may end, a PEM "
  "file each. Empty: trust/ in the data folder, where the province's own root stands at first.")
X(PKI_TSA_URL, TEXT, "pki", "tsa_url", "", 0, 0, "",
  "Address of the timestamping authority (RFC 3161) for signatures. Empty: this server's own, "
  "which is for development only: its time is this machine's clock.")
X(MEDIA_PORT, NUMBER, "media", "first_port", "0", 0, 65535, "",
  "UDP port of the first media worker; the others follow. 0: any free one each.")
X(MEDIA_PORTS, TEXT, "media", "ports", "", 0, 0, "",
  "UDP ports of the media workers one by one, divided by spaces, where they do not follow each "
  "other. Those not named here follow first_port.")
X(WORKERS, NUMBER, "media", "workers", "2", 1, 16, "threads",
  "Media workers; one per processor core is best.")
X(ENDPOINTS, NUMBER, "media", "endpoints", "2048", 1, 4096, "connections",
  "Media connections that one worker takes. Their memory is taken as they come.")
X(ADDRESSES, TEXT, "media", "addresses", "", 0, 0, "",
  "Addresses that browsers are told to send media to, divided by spaces. Empty: every address of "
  "this machine but loopback.")
X(CIPHER, CHOICE, "media", "cipher", "auto", 0, 0, "auto ipsec-mb evp",
  "What encrypts media packets: libipsec-mb, OpenSSL's EVP, or the faster one that works on this "
  "machine. The log says at the start which it is.")
X(SEGMENT_OFFLOAD, CHOICE, "media", "segment_offload", "auto", 0, 0, "auto off",
  "Whether the kernel cuts packets for the network (UDP_SEGMENT). Where a line refuses that, it is "
  "left by itself for that line; off leaves it everywhere, at twice the cost and more.")
X(TICK, NUMBER, "media", "tick_us", "5000", 0, 10000, "microseconds",
  "The longest that a busy media worker lets packets gather before it sends them together, which "
  "saves processor time; sound waits for a picture up to twice as long. One that is less than 30 % "
  "busy never waits. 0: none ever does.")
X(SPREAD, NUMBER, "media", "spread_percent", "70", 0, 100, "percent",
  "A meeting stays on one media worker until that worker is so busy. 0: its members are spread "
  "over all workers from the first.")
X(PIN_CPUS, FLAG, "media", "pin_cpus", "no", 0, 0, "",
  "Keep each media worker on a processor core of its own.")
X(SESSION_IDLE, NUMBER, "session", "idle_minutes", "30", 1, 1440, "minutes",
  "A session ends when it is not used for so long. A live meeting counts as use.")
X(SESSION_ABSOLUTE, NUMBER, "session", "absolute_hours", "12", 1, 168, "hours",
  "A session ends so long after logging in, used or not.")
X(LEAVE_GRACE, NUMBER, "meeting", "leave_grace_seconds", "10", 0, 600, "seconds",
  "How long a broken connection may take to come back before the record says that they left.")
X(SEAL_MODULE, TEXT, "seal", "module", "", 0, 0, "",
  "PKCS#11 library of the device that holds the agency's seal. Empty: this server does not seal.")
X(SEAL_TOKEN, TEXT, "seal", "token", "", 0, 0, "",
  "Label of the token in that device. Empty: the first one.")
X(SEAL_LABEL, TEXT, "seal", "label", "", 0, 0, "",
  "Label of the seal's certificate and key on the token. Empty: the first one.")
X(LOG_DEBUG, FLAG, "log", "debug", "no", 0, 0, "", "Write more to the log.")
/* clang-format on */
