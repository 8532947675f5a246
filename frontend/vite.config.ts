import { readFileSync } from 'node:fs';
import { fileURLToPath, URL } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { documents } from './documents.ts';

/** The page waits for the theme's script: a hash in its name lets browsers keep it as they keep the assets. */
const keepThemeScript: Plugin = {
  name: 'keep-theme-script',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'asset', name: 'theme.js', source: readFileSync(new URL('./public/theme.js', import.meta.url)) });
  },
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const kept = Object.values(bundle).find((file) => file.type === 'asset' && file.names.includes('theme.js'));
      return kept ? html.replace('theme.js', kept.fileName) : html;
    },
  },
};

export default defineConfig({
  base: process.env.VITE_BASE ?? '/app/',
  plugins: [documents(), react(), tailwindcss(), keepThemeScript],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)), '@docs': fileURLToPath(new URL('../docs', import.meta.url)) } },
  server: { port: 5173, strictPort: true, fs: { allow: ['.', '../docs'] } },
  build: {
    outDir: '../app/web',
    emptyOutDir: true,
    manifest: true,
    // The charts' library is one chunk, loaded when the first chart is opened.
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 20_000,
  },
});
