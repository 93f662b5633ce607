import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
    plugins: [svelte()],
    build: {
        // Chromium 103 and Safari 16.4 are what the legacy build of pdf.js runs on; older ones
        // cannot show a document anyway.
        target: ['chrome103', 'firefox115', 'safari16.4'],
        // Nothing may be inlined: the server sends Content-Security-Policy: default-src 'self'.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        manifest: true,
        reportCompressedSize: false,
        chunkSizeWarningLimit: 600, // pdf.js, loaded when a document is opened
        rolldownOptions: { checks: { pluginTimings: false } },
    },
    server: {
        proxy: {
            '/api': { target: 'https://localhost:8443', secure: false, ws: true },
        },
    },
    test: {
        include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    },
});
