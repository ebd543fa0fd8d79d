import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { formJsWords } from './build/formjs-words.ts'
import { letterFonts } from './build/letter-fonts.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const server = process.env.YIMEN_API ?? 'http://127.0.0.1:8080'

export default defineConfig(({ mode }) => ({
  root: here,
  plugins: [
    vue(),
    ...(mode === 'test' ? [] : [formJsWords()]),
    letterFonts(here, fileURLToPath(new URL('../api/fonts', import.meta.url))),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // form-js is patched while it is read; a pre-bundled copy would escape that.
  optimizeDeps: { exclude: ['@bpmn-io/form-js-viewer'], include: ['lodash', 'big.js', 'classnames', 'flatpickr', 'didi', 'luxon', 'feelers', 'marked', 'min-dash', 'ids', 'dompurify', 'preact', 'preact/hooks', 'preact/jsx-runtime', 'preact/compat'] },
  build: {
    outDir: fileURLToPath(new URL('../api/static', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // A data: font or image would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true, proxy: { '/api': server, '/v2': server } },
  test: { environment: 'jsdom', include: ['tests/**/*.test.ts'] },
}))
