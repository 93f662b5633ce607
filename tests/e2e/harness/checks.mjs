// Counts checks and collects figures. A check is one tested sentence about the meeting; it fails by
// throwing. What later checks stand on is passed to `must`, whose failure ends the run.

const results = { passed: 0, failed: 0 };
const figures = [];
const started = performance.now();

function elapsed() {
  return `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`;
}

/** Runs one check; true if it held. `body` may return a remark, which is printed with it. */
export async function check(title, body) {
  try {
    const remark = await body();
    results.passed += 1;
    console.log(`${elapsed()}  ok      ${title}${remark ? `: ${remark}` : ''}`);
    return true;
  } catch (error) {
    results.failed += 1;
    const text = (error instanceof Error ? error.message : String(error)).split('\n');
    console.log(`${elapsed()}  FAILED  ${title}: ${text[0]}`);
    for (const line of text.slice(1, 12)) console.log(`                    ${line}`);
    return false;
  }
}

// How long a test waits for a thing before it gives up. Generous: a busy machine is slow, not
// wrong; how fast things are is measured and printed, not guessed from this.
export const PATIENCE_MS = 30000;

export class RunEnded extends Error {}

/** A check without which nothing after it makes sense. */
export async function must(title, body) {
  if (!(await check(title, body))) throw new RunEnded(title);
}

export function note(text) {
  console.log(`${elapsed()}          ${text}`);
}

/** Keeps a measured number for the table at the end. */
export function figure(name, value, unit) {
  figures.push({ name, value, unit });
}

export function expect(condition, text) {
  if (!condition) throw new Error(text);
}

export function expectEqual(actual, wanted, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: ${a}, expected ${b}`);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks `probe` until it answers with something true; gives that answer. */
export async function until(what, probe, { timeout = PATIENCE_MS, every = 100 } = {}) {
  const deadline = performance.now() + timeout;
  let last;
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline)
      throw new Error(`not within ${timeout / 1000} s: ${what}${last ? ` (${last.message})` : ''}`);
    await sleep(every);
  }
}

/** Prints the figures and the closing line; gives the exit status. */
export function conclude() {
  if (figures.length > 0) console.log('\nFigures');
  for (const { name, value, unit } of figures)
    console.log(`  ${name.padEnd(64)} ${String(value).padStart(9)} ${unit}`);
  console.log(`\n${results.passed} passed, ${results.failed} failed`);
  return results.failed === 0 && results.passed > 0 ? 0 : 1;
}

export function allFigures() {
  return figures;
}
