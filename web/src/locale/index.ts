import { ref } from 'vue'
import type { Language } from '@/api/types'
import { en } from './en'
import { zhCN, type TextKey } from './zh-CN'

export type { TextKey }

const STORED = 'yimen.language'
const catalogues: Record<Language, Record<TextKey, string>> = { 'zh-CN': zhCN, en }

function first(): Language {
  return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh-CN'
}

/** The language of the screen; Chinese unless the person has switched. */
export const language = ref<Language>(first())

export function switchLanguage(to: Language): void {
  language.value = to
  localStorage.setItem(STORED, to)
  document.documentElement.lang = to
}

/** The text of a key in the language of the screen: `{name}` is replaced by its value, `{n|day|days}` by the form for it. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return catalogues[language.value][key]
    .replace(/\{(\w+)\|([^|}]*)\|([^}]*)\}/g, (_, name: string, one: string, many: string) => (Number(values[name]) === 1 ? one : many))
    .replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
}

/** The text of a key that is built at run time (`state.` + a word of the server); the word itself when there is none. */
export function tOr(key: string, otherwise: string): string {
  const catalogue: Record<string, string> = catalogues[language.value]
  return catalogue[key] ?? otherwise
}

/** Of a pair that the server gives in both languages, the one for the screen. */
export function pick(zh: string | null | undefined, inEnglish: string | null | undefined): string {
  return (language.value === 'en' ? inEnglish || zh : zh || inEnglish) ?? ''
}
