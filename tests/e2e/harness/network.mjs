// An address for media. Firefox never tries 127.0.0.1, so a machine that has only its loopback
// gets a pair of virtual interfaces for the time of the run (root).

import os from 'node:os';

import { tool } from './server.mjs';

const NAME = 'dienhong0';
const ADDRESS = '198.51.100.84'; // from a block kept for documentation, RFC 5737

function outward() {
  return Object.values(os.networkInterfaces())
    .flat()
    .find((one) => one.family === 'IPv4' && !one.internal)?.address;
}

/** Gives {address, remove}. */
export function mediaAddress() {
  const there = outward();
  if (there) return { address: there, remove() {} };
  tool('ip', ['link', 'add', NAME, 'type', 'veth', 'peer', 'name', `${NAME}p`]);
  tool('ip', ['addr', 'add', `${ADDRESS}/24`, 'dev', NAME]);
  for (const one of [NAME, `${NAME}p`]) tool('ip', ['link', 'set', one, 'up']);
  // Firefox gathers addresses from the interface of its default route.
  tool('ip', ['route', 'add', 'default', 'dev', NAME], { statuses: [0, 2] });
  return { address: ADDRESS, remove: () => tool('ip', ['link', 'del', NAME]) };
}
