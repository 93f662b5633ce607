// An address for media. Firefox never tries 127.0.0.1, so a machine that has only its loopback
// gets a dummy interface for the time of the run (root).

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
  tool('ip', ['link', 'add', NAME, 'type', 'dummy']);
  tool('ip', ['addr', 'add', `${ADDRESS}/32`, 'dev', NAME]);
  tool('ip', ['link', 'set', NAME, 'up']);
  return { address: ADDRESS, remove: () => tool('ip', ['link', 'del', NAME]) };
}
