import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FormComponent, FormSchema } from '@/api/types'
import { rowsOf, withError } from '@/islands/form-errors'
import { inLanguage, withMasked } from '@/locale/form-schema'

const FORMS = join(__dirname, '..', '..', 'forms')

const schema: FormSchema = {
  components: [
    {
      id: 'cause',
      key: 'cause',
      type: 'select',
      label: '事由',
      values: [
        { label: '火灾', value: 'fire' },
        { label: '其他', value: 'other' },
      ],
      properties: { labelEn: 'Cause', valuesEn: 'fire=Fire; other=Other' },
    },
    {
      id: 'seen',
      type: 'radio',
      label: '见到本人',
      valuesExpression: '=[{label: "是", value: true}, {label: "否", value: false}]',
      properties: { labelEn: 'Seen', valuesEn: 'true=Yes; false=No' },
    },
  ],
}

function labels(component: FormComponent): string[] {
  const computed = typeof component.valuesExpression === 'string' ? [...component.valuesExpression.matchAll(/label:\s*"([^"]*)"/g)].map((match) => match[1] as string) : []
  const own = [component.label, component.text, ...(component.values ?? []).map((value) => value.label), ...computed]
  return [...own.filter((text): text is string => Boolean(text)), ...(component.components ?? []).flatMap(labels)]
}

describe('a form in English', () => {
  it('takes labels and options from the field properties', () => {
    const english = inLanguage(schema, 'en')

    expect(english.components[0]).toMatchObject({ label: 'Cause', values: [{ label: 'Fire', value: 'fire' }, { label: 'Other', value: 'other' }] })
    expect(english.components[1]?.valuesExpression).toBe('=[{label: "Yes", value: true}, {label: "No", value: false}]')
  })

  it('leaves the Chinese one untouched', () => {
    inLanguage(schema, 'en')

    expect(inLanguage(schema, 'zh-CN').components[0]?.label).toBe('事由')
  })

  it.each(readdirSync(FORMS).filter((name) => name.endsWith('.form')))('%s has English for every label and option', (name) => {
    const form = JSON.parse(readFileSync(join(FORMS, name), 'utf8')) as FormSchema
    const chinese = inLanguage(form, 'en').components.flatMap(labels).filter((text) => /[\u4e00-\u9fff]/.test(text))

    expect(chinese).toEqual([])
  })
})

describe('an error of the server', () => {
  it.each([
    ['members.0.income', [0]],
    [['members', 2, 'children', 1, 'name'], [2, 1]],
    ['amount', []],
    [null, []],
  ])('at %o stands in the rows %o', (path, rows) => {
    expect(rowsOf(path as string)).toEqual(rows)
  })

  it('joins those that are there, in the shape of form-js', () => {
    const errors = withError({ amount: ['a'] }, 'income', [1], 'b')

    expect(errors).toEqual({ amount: ['a'], income: [undefined, ['b']] })
  })
})

describe('masked fields', () => {
  const schema = {
    type: 'default',
    components: [
      { id: 'amount', key: 'amount', type: 'number', validate: { required: true, min: 1 } },
      { id: 'rows', type: 'dynamiclist', components: [{ id: 'number', key: 'number', type: 'select' }, { id: 'name', key: 'name', type: 'textfield' }] },
    ],
  }

  it('are texts that nothing judges, in lists too', () => {
    const shown = withMasked(schema, ['amount', 'number'])

    expect(shown.components[0]).toEqual({ id: 'amount', key: 'amount', type: 'textfield' })
    expect(shown.components[1]?.components?.map((one) => one.type)).toEqual(['textfield', 'textfield'])
    expect(schema.components[0]?.validate).toEqual({ required: true, min: 1 })
  })

  it('leave the schema as it is where nothing is masked', () => {
    expect(withMasked(schema, [])).toBe(schema)
  })
})
