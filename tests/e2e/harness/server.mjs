// The server under test: a process of its own with a data folder of its own, started, killed and
// started again. Its log goes to build/e2e/server.log.

import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { until } from './checks.mjs';
import { BUILD, ROOT } from './places.mjs';

export const PROGRAM = path.join(ROOT, 'build', 'release', 'dienhong');

export class Server {
  constructor({ port, data = path.join(BUILD, 'data') }) {
    this.port = port;
    this.data = data;
    this.origin = `https://localhost:${port}`;
    this.caFile = path.join(data, 'ca', 'root.pem');
    this.log = path.join(BUILD, 'server.log');
    this.starts = 0;
  }

  /** A new data folder with the demo province. */
  clear() {
    rmSync(this.data, { recursive: true, force: true });
    mkdirSync(this.data, { recursive: true, mode: 0o700 });
    rmSync(this.log, { force: true });
    tool(path.join(ROOT, 'packaging', 'demo', 'seal.sh'), [PROGRAM, this.data]);
  }

  /** Starts and waits until it says that it is ready; gives the milliseconds that took. */
  async start() {
    const before = performance.now();
    const log = createWriteStream(this.log, { flags: 'a' });
    let said = '';
    this.exit = undefined;
    this.process = spawn(
      PROGRAM,
      ['serve', '--port', String(this.port), '--data', this.data,
        '--config', path.join(this.data, 'seal', 'dienhong.conf'),
        '--web', path.join(ROOT, 'web', 'dist'),
        '--demo', path.join(ROOT, 'packaging', 'demo', 'province.json')],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, SOFTHSM2_CONF: path.join(this.data, 'seal', 'softhsm2.conf') },
      },
    );
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (data) => {
        said += data;
        log.write(data);
      });
    this.process.on('error', (error) => (this.exit = error.message));
    this.process.on('exit', (code, signal) => (this.exit = signal ?? code));
    this.starts += 1;
    await until(
      'the server says ready',
      () => {
        if (this.exit !== undefined)
          throw new Error(`it ended (${this.exit}): ${said.slice(-600)}`);
        return /^ready https:/m.test(said);
      },
      { timeout: 30000, every: 10 },
    );
    return Math.round(performance.now() - before);
  }

  /** Ends it with `signal` and gives what it answered with: an exit code or the signal's name. */
  async stop(signal = 'SIGTERM') {
    if (!this.process || this.exit !== undefined) return this.exit;
    this.process.kill(signal);
    return until('the server ends', () => (this.exit === undefined ? false : { how: this.exit }), {
      timeout: 10000,
      every: 10,
    }).then(({ how }) => how);
  }

  get running() {
    return this.process !== undefined && this.exit === undefined;
  }

  /** Resident memory in kB. */
  memory() {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
  }
}

/** Runs the program's own command line, such as `verify FILE`. */
export function dienhong(...args) {
  const done = spawnSync(PROGRAM, args, { encoding: 'utf8' });
  return { status: done.status, output: done.stdout, errors: done.stderr };
}

/** Runs another program; throws with its words if it fails. */
export function tool(command, args, { input, statuses = [0] } = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', input });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  if (!statuses.includes(done.status))
    throw new Error(`${command} ${args.join(' ')}: ${done.status}\n${done.stderr}${done.stdout}`);
  return done.stdout;
}

export function built() {
  return existsSync(PROGRAM) && existsSync(path.join(ROOT, 'web', 'dist', 'index.html'));
}
