/* Every bound of the house in one place, so that it can be read, questioned and tested.
 *
 * What comes from outside is refused above these; what is allocated at start is sized by them.
 * Units stand last in the name. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    /* -- media ------------------------------------------------------------------------------ */
    LIMIT_WORKERS = 16,
    LIMIT_ENDPOINTS_PER_WORKER = 4096, /* a national meeting has about 3,400 endpoints */
    LIMIT_ROOMS_PER_WORKER = 256,
    LIMIT_SOURCES_PER_ROOM = 4096,
    LIMIT_TILES_PER_ENDPOINT = 48, /* a technician's wall */
    LIMIT_AUDIO_SLOTS = 4,
    LIMIT_SIMULCAST_LAYERS = 3,
    LIMIT_DATAGRAM_BYTES = 2048,      /* a browser's ClientHello fills two of about 1,400 */
    LIMIT_RTP_PACKET_BYTES = 1500,    /* larger packets are counted and dropped */
    LIMIT_RTP_PAYLOAD_OWN_BYTES = 16, /* of each payload: what a subscriber's copy may change */
    LIMIT_SDP_BYTES = 256 * 1024,     /* offers were seen up to 90 kB */
    LIMIT_SDP_SECTIONS = 64,
    LIMIT_SDP_LINE_BYTES = 4096,
    LIMIT_SDP_FORMATS = 128,     /* of one m= line: every payload type there is */
    LIMIT_SDP_CANDIDATES = 32,   /* of ours, in an answer */
    LIMIT_ICE_UFRAG_BYTES = 256, /* RFC 8839, section 5.4 */
    LIMIT_ICE_PWD_BYTES = 256,
    LIMIT_RTCP_COMPOUND_BLOCKS = 64,
    LIMIT_NACKS_PER_PACKET = 256,
    LIMIT_TRANSPORT_CC_PACKETS = 1024, /* of one feedback; browsers report 20 times a second */
    LIMIT_GSO_SEGMENTS = 64,
    LIMIT_GSO_BYTES = 65000,
    LIMIT_HANDSHAKES_PER_WORKER = 1024, /* DTLS objects alive at once, 74 kB each */
    LIMIT_HANDSHAKE_DATAGRAMS = 8,      /* of one flight, in or out */
    LIMIT_RELAY_RING_MESSAGES = 512,    /* between one worker and another, one way */
    LIMIT_WORKER_COMMANDS = 8192,       /* from the door, not yet taken by a worker */
    LIMIT_WORKER_EVENTS = 16384,        /* from all workers, not yet taken by the door */

    /* -- the door --------------------------------------------------------------------------- */
    LIMIT_JSON_BYTES = 256 * 1024,
    LIMIT_JSON_DEPTH = 16,
    LIMIT_UPLOAD_PART_BYTES = 4 * 1024 * 1024,
    LIMIT_DOCUMENT_BYTES = 64 * 1024 * 1024,
    LIMIT_VERIFY_BYTES = LIMIT_DOCUMENT_BYTES, /* a stranger's paper or package, to be verified */
    LIMIT_SESSIONS = 16384,
    LIMIT_CONNECTIONS = 8192,
    LIMIT_LINE_TEST_RECEIVERS = 4096, /* a rehearsal of a national meeting */
    LIMIT_LINE_TEST_SENDERS = 64,
    LIMIT_LINE_TEST_SECONDS = 30 * 60,
    LIMIT_LOGIN_QUEUE = 512, /* argon2 is slow by intent: beyond this, "come back in a moment" */
    LIMIT_AUTHORITY_WAITING = 64, /* requests for OCSP, CRLs and timestamps not yet answered */

    /* -- the meeting ------------------------------------------------------------------------ */
    LIMIT_TITLE_BYTES = 500,
    LIMIT_NAME_BYTES = 150, /* 50 characters (Nghị định 30/2020, App. VI) of at most 3 bytes */
    LIMIT_POSITION_BYTES = 300,
    LIMIT_TEXT_BYTES = 4000, /* a conclusion, a reason, a question put to the vote */
    LIMIT_PARTICIPANTS = 4096,
    LIMIT_AGENDA_ITEMS = 100,
    LIMIT_DOCUMENTS = 200,
    LIMIT_DOCUMENT_PAGES = 5000,
    LIMIT_VOTES = 200,
    LIMIT_CONCLUSIONS = 200,
    LIMIT_MEETINGS = 1 << 20,
    LIMIT_UNITS = 1 << 16,
    LIMIT_USERS = 1 << 18,
    LIMIT_CERTIFICATES_PER_USER = 32,
    LIMIT_KEY_REQUESTS_PER_USER = 64,
    LIMIT_KEY_REASON_BYTES = 500,
    LIMIT_MINUTES_BYTES = 200 * 1024, /* the blocks of one revision, as JSON */
    LIMIT_MINUTES_BLOCKS = 4000,
    LIMIT_MINUTES_RUNS = 1000, /* of one block */
    LIMIT_PLANNED_MINUTES = 24 * 60,
    LIMIT_CODE_BYTES = 16,                /* 80 random bits in base32 */
    LIMIT_SYMBOL_BYTES = 30,              /* CodeNotation (Nghị định 30/2020, App. VI) */
    LIMIT_YEAR = 9999,                    /* of a series of numbers */
    LIMIT_ISSUES = 50,                    /* papers of one meeting, recalled ones counted */
    LIMIT_STORE_BATCHES = 65536,          /* waiting for the disk: beyond this, "busy" */
    LIMIT_SERIAL_BYTES = 64,              /* a certificate's, in hexadecimal */
    LIMIT_EVENT_BODY_BYTES = 1024 * 1024, /* 4,096 people invited by name and position */

    /* -- paper ------------------------------------------------------------------------------ */
    LIMIT_PDF_BYTES = LIMIT_DOCUMENT_BYTES,
    LIMIT_SIGNATURES_PER_FILE = 32,
    LIMIT_PACKAGE_FILES = 1000,
    LIMIT_PACKAGE_BYTES = 384 * 1024 * 1024, /* read whole by the sandboxed child */
    LIMIT_PACKAGE_UNPACKED_BYTES = 512 * 1024 * 1024,
    LIMIT_PACKAGES_AT_ONCE = 1, /* that strangers have the door examine */
    LIMIT_MANIFEST_BYTES = 1024 * 1024,
    LIMIT_PACKAGE_PATH_BYTES = 120,
    LIMIT_CSR_BYTES = 8 * 1024,
    LIMIT_CERTIFICATES = 1 << 20, /* of one authority's register */
    LIMIT_OCSP_REQUEST_BYTES = 4 * 1024,
    LIMIT_OCSP_CERTIFICATES = 16, /* of one request */
    LIMIT_OCSP_RESPONSE_BYTES = 64 * 1024,
    LIMIT_TSA_REQUEST_BYTES = 4 * 1024,
    LIMIT_TSA_RESPONSE_BYTES = 64 * 1024,
    LIMIT_CRL_BYTES = 16 * 1024 * 1024, /* of a national authority */
};

#endif
