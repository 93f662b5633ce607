// What a test sees of a page's media: a script that runs before the page's own and remembers its
// RTCPeerConnections, and questions to them. Nothing is changed, only looked at.

/* Runs in every page before its scripts. */
export function watchMedia() {
  const probe = { connections: [], navigationStart: performance.now() };
  const Native = window.RTCPeerConnection;
  if (!Native) return;
  class Watched extends Native {
    constructor(...args) {
      super(...args);
      probe.connections.push(this);
    }
  }
  Object.defineProperty(window, 'RTCPeerConnection', { value: Watched, writable: true });
  Object.defineProperty(window, 'mediaProbe', { value: probe });
}

/* In the page: getStats of the newest connection as a plain list. */
async function readStats() {
  const connection = window.mediaProbe?.connections.at(-1);
  if (!connection) return null;
  const rows = [];
  for (const row of (await connection.getStats()).values()) rows.push({ ...row });
  const connections = window.mediaProbe.connections.length;
  return { state: connection.connectionState, rows, connections };
}

export async function stats(tab) {
  const answer = await tab.evaluate(readStats);
  if (!answer) return { state: 'none', inbound: [], outbound: [], connections: 0 };
  const of = (type) => answer.rows.filter((row) => row.type === type);
  return {
    state: answer.state,
    connections: answer.connections,
    inbound: of('inbound-rtp'),
    outbound: of('outbound-rtp'),
    remoteInbound: of('remote-inbound-rtp'),
    pairs: of('candidate-pair'),
  };
}

/** Sums over what is received of one kind. */
export function received(snapshot, kind) {
  const rows = snapshot.inbound.filter((row) => row.kind === kind);
  const sum = (name) => rows.reduce((total, row) => total + (row[name] ?? 0), 0);
  return {
    packets: sum('packetsReceived'),
    lost: sum('packetsLost'),
    frames: sum('framesDecoded'),
    keyFrames: sum('keyFramesDecoded'),
    freezes: sum('freezeCount'),
    dropped: sum('framesDropped'),
    energy: sum('totalAudioEnergy'),
    nacks: sum('nackCount'),
    plis: sum('pliCount'),
  };
}
