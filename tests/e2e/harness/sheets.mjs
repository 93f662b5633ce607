// A PDF as sheets of paper: drawn by poppler, another's renderer than the browser's.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { BUILD, SCREENSHOTS } from './places.mjs';
import { tool } from './server.mjs';

const LOOK_DPI = 96;
const COUNT_DPI = 40;
export const MM_PER_INCH = 25.4;

const sheetsOf = (folder, title) =>
  readdirSync(folder).filter((name) => name.startsWith(`${title}-sheet-`)).sort();

/** Pictures of all pages of `file` beside the screenshots, to be looked at; how many there are. */
export function drawSheets(file, title) {
  for (const old of sheetsOf(SCREENSHOTS, title)) rmSync(path.join(SCREENSHOTS, old));
  const target = path.join(SCREENSHOTS, `${title}-sheet`);
  tool('pdftoppm', ['-png', '-r', String(LOOK_DPI), file, target]);
  return sheetsOf(SCREENSHOTS, title).length;
}

/** Of a binary PPM with a depth of 8 bits: its size in mm, and how much of it is dark and red. */
function measure(bytes) {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 32).toString('latin1'));
  const pixels = bytes.subarray(head[0].length);
  let dark = 0;
  let red = 0;
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    const [r, g, b] = pixels.subarray(i, i + 3);
    if (r < 110 && g < 110 && b < 110) dark += 1;
    if (r > 150 && g < 110 && b < 110) red += 1;
  }
  const [width, height] = [head[1], head[2]].map((size) => (size * MM_PER_INCH) / COUNT_DPI);
  return { width, height, dark, red };
}

/** What stands on each page of `file`, in pixels of ink. */
export function measureSheets(file) {
  for (const old of sheetsOf(BUILD, 'count')) rmSync(path.join(BUILD, old));
  tool('pdftoppm', ['-r', String(COUNT_DPI), file, path.join(BUILD, 'count-sheet')]);
  return sheetsOf(BUILD, 'count').map((name) => measure(readFileSync(path.join(BUILD, name))));
}
