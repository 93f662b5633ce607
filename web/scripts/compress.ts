// Writes FILE.br beside every text file of the build, because the server compresses nothing itself.
//
// usage: node scripts/compress.ts dist
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const COMPRESSED = new Set(['.html', '.js', '.mjs', '.css', '.svg', '.json', '.wasm', '.txt']);

export function filesUnder(folder: string): string[] {
    return readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        return statSync(path).isDirectory() ? filesUnder(path) : [path];
    });
}

function compressFolder(folder: string): number {
    let count = 0;
    for (const path of filesUnder(folder)) {
        if (!COMPRESSED.has(extname(path))) continue;
        const plain = readFileSync(path);
        const packed = brotliCompressSync(plain, {
            params: {
                [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
                [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
            },
        });
        if (packed.length >= plain.length) continue;
        writeFileSync(`${path}.br`, packed);
        count += 1;
    }
    return count;
}

if (import.meta.main) {
    const folder = process.argv[2] ?? 'dist';
    console.log(`compressed ${compressFolder(folder)} files of ${folder}`);
}
