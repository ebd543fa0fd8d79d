import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Noto Sans SC (Open Font License), the two weights that letters are set in. The package itself unpacks to 92 MB. */
const FILES: ReadonlyArray<readonly [string, string]> = [
  ['400Regular/NotoSansSC_400Regular.ttf', 'NotoSansSC-Regular.ttf'],
  ['700Bold/NotoSansSC_700Bold.ttf', 'NotoSansSC-Bold.ttf'],
  ['LICENSE_FONT', 'OFL.txt'],
]

/** Vite plugin: lays the fonts of the letters beside the server, where it draws its PDF files. Nothing is sent to browsers. */
export function letterFonts(root: string, target: string): Plugin {
  const source = join(root, 'node_modules', '@expo-google-fonts', 'noto-sans-sc')
  return {
    name: 'yimen:letter-fonts',
    apply: 'build',
    closeBundle() {
      mkdirSync(target, { recursive: true })
      for (const [from, to] of FILES) {
        const origin = join(source, from)
        const copy = join(target, to)
        if (existsSync(copy) && statSync(copy).size === statSync(origin).size) continue
        copyFileSync(origin, copy)
      }
    },
  }
}
