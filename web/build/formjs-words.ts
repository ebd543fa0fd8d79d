import type { Plugin } from 'vite'

/**
 * The three texts of form-js 2.0.0 that do not pass through its `translate` service.
 * Each is matched with enough of its surroundings to be the right one and no other.
 */
const WORDS: ReadonlyArray<{ text: string; find: string; put: string }> = [
  { text: 'Search', find: "placeholder: 'Search',", put: "placeholder: globalThis.yimenFormWord('Search')," },
  { text: 'Select', find: "children: valueLabel || 'Select'", put: "children: valueLabel || globalThis.yimenFormWord('Select')" },
  { text: 'Browse', find: 'children: "Browse"', put: 'children: globalThis.yimenFormWord("Browse")' },
]

const FORM_JS = /@bpmn-io\/form-js-viewer\/dist\/index\.es\.js$/

/** Puts our words where form-js has fixed English ones. Throws when a text has moved, so an upgrade cannot lose one. */
export function putWords(code: string): string {
  let out = code
  for (const word of WORDS) {
    const parts = out.split(word.find)
    if (parts.length !== 2) {
      throw new Error(
        `form-js: expected the fixed text "${word.text}" exactly once as «${word.find}», found it ${parts.length - 1} times. ` +
          'The library has changed: look at the new code and correct web/build/formjs-words.ts.',
      )
    }
    out = parts.join(word.put)
  }
  return out
}

/** Vite plugin: rewrites form-js while it is bundled; the build fails if form-js was bundled without it. */
export function formJsWords(): Plugin {
  let seen = false
  return {
    name: 'yimen:form-js-words',
    enforce: 'pre',
    transform(code, id) {
      if (!FORM_JS.test(id.split('?')[0] ?? '')) return null
      seen = true
      return { code: putWords(code), map: null }
    },
    buildEnd(error) {
      if (!error && !seen && this.meta.watchMode !== true) {
        throw new Error('form-js: its file was not met during the build, so its fixed English texts are still there.')
      }
    },
  }
}
