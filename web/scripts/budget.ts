// Holds the size of the join page: what a first visit to /meetings/:id/join loads, in Brotli bytes.
//
// usage: node scripts/budget.ts dist
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const JOIN_MAX_BYTES = 60_000;
const ROOM_MORE_MAX_BYTES = 90_000;

interface Chunk {
    file: string;
    imports?: string[];
    css?: string[];
    assets?: string[];
}

type Manifest = Record<string, Chunk>;

/** The files that a chunk needs before it runs: itself and what it imports, not what it may load. */
export function filesOf(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
    const chunk = manifest[name];
    if (!chunk || seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const file of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) seen.add(file);
    for (const imported of chunk.imports ?? []) filesOf(manifest, imported, seen);
    return seen;
}

function sizeOnWire(folder: string, file: string): number {
    const packed = join(folder, `${file}.br`);
    return statSync(existsSync(packed) ? packed : join(folder, file)).size;
}

function main(folder: string): number {
    const manifest = JSON.parse(
        readFileSync(join(folder, '.vite/manifest.json'), 'utf8'),
    ) as Manifest;
    const page = filesOf(manifest, 'index.html');
    filesOf(manifest, 'src/join/Join.svelte', page);
    const room = filesOf(manifest, 'src/room/Room.svelte', new Set(page));

    const sum = (files: Iterable<string>) =>
        [...files].reduce((total, file) => total + sizeOnWire(folder, file), 0);
    const isFont = (file: string) => file.endsWith('.woff2');
    const fonts = sum([...page].filter(isFont));
    const code = sum([...page].filter((file) => !isFont(file))) + sizeOnWire(folder, 'index.html');
    const more = sum([...room].filter((file) => !page.has(file)));

    console.log(`join page ${code} bytes Brotli (of ${JOIN_MAX_BYTES}), fonts ${fonts} more`);
    console.log(`room ${more} bytes more (of ${ROOM_MORE_MAX_BYTES})`);
    return code + fonts <= JOIN_MAX_BYTES && more <= ROOM_MORE_MAX_BYTES ? 0 : 1;
}

if (import.meta.main) process.exit(main(process.argv[2] ?? 'dist'));
