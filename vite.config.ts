import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: path.join(import.meta.dirname, 'renderer'),
  // Absolute, since deep links such as /servers/chat/log get the same files, from app://outpost/ and over HTTP alike.
  base: '/',
  publicDir: false,
  cacheDir: path.join(import.meta.dirname, 'node_modules/.vite'),
  plugins: [react()],
  build: {
    target: 'chrome114',
    sourcemap: true,
    // The content security policy allows neither inline scripts nor data: URLs for code, so everything is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
  },
  server: { host: '127.0.0.1', strictPort: false },
});
