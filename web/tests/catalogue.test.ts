import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { putWords } from '../build/formjs-words'
import { en } from '@/locale/en'
import { zhCN } from '@/locale/zh-CN'
import { formWord, knownFormWords } from '@/locale/form-words'
import { switchLanguage, t } from '@/locale'

const SOURCE = join(__dirname, '..', 'src')
const FORM_JS = join(__dirname, '..', 'node_modules', '@bpmn-io', 'form-js-viewer', 'dist', 'index.es.js')

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(vue|ts)$/.test(entry.name) ? [path] : []
  })
}

describe('the catalogues', () => {
  it('hold the same keys in both languages, none empty', () => {
    const empty = Object.entries({ ...zhCN, ...en }).filter(([, text]) => text.trim() === '')

    expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort())
    expect(empty).toEqual([])
  })

  it('name the same values in both languages', () => {
    const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join()
    const differing = Object.keys(zhCN).filter((key) => names(zhCN[key as keyof typeof zhCN]) !== names(en[key as keyof typeof en]))

    expect(differing).toEqual([])
  })

  it('have no key that no page asks for', () => {
    const code = sources(SOURCE).filter((path) => !/locale[\\/](zh-CN|en)\.ts$/.test(path)).map((path) => readFileSync(path, 'utf8')).join('\n')
    const built = [...code.matchAll(/`([\w-]+)\.\$\{|`([\w-]+\.[\w-]+-)\$\{/g)].map((match) => (match[1] ? `${match[1]}.` : match[2] as string))
    const unused = Object.keys(zhCN).filter((key) => !code.includes(`'${key}'`) && !built.some((prefix) => key.startsWith(prefix)))

    expect(unused).toEqual([])
  })

  it('put values into a text', () => {
    switchLanguage('zh-CN')

    expect(t('due.days-left', { n: 3 })).toBe('剩 3 个工作日')
  })

  it('leave no Chinese in the templates themselves', () => {
    const spoken = sources(SOURCE)
      .filter((path) => path.endsWith('.vue'))
      .filter((path) => /[\u4e00-\u9fff]/.test(readFileSync(path, 'utf8')))

    expect(spoken).toEqual([])
  })
})

describe('the words of form-js', () => {
  const code = readFileSync(FORM_JS, 'utf8')

  it('are known in Chinese one and all', () => {
    const asked = [...code.matchAll(/(?:translate|this\._translate)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)].map((match) => match[1] ?? match[2])
    const known = new Set([...knownFormWords(), 'HELLO {you}'])

    expect(asked.filter((word) => !known.has(word as string))).toEqual([])
    expect(asked.length).toBeGreaterThan(30)
  })

  it('take their values', () => {
    switchLanguage('zh-CN')

    expect(formWord('Field must have minimum value of {value}.', { value: 0 })).toBe('不能小于 0。')
  })

  it('reach the three texts that bypass translation', () => {
    const patched = putWords(code)

    expect(patched).not.toContain("placeholder: 'Search',")
    expect(patched.match(/yimenFormWord/g)).toHaveLength(3)
  })

  it('fail the build when such a text has moved', () => {
    expect(() => putWords(code.replace('children: "Browse"', 'children: "Choose"'))).toThrow(/Browse.*0 times/)
  })
})
