import type { FormComponent, FormSchema, Language } from '@/api/types'

/** What form-js shows, and the field property that holds its English. */
const PAIRS = { label: 'labelEn', description: 'descriptionEn', text: 'textEn' } as const

/** `fire=Fire; other=Other` as a map from value to label. */
function optionLabels(words: string): Map<string, string> {
  return new Map(
    words.split(/[;\n]/).flatMap((pair) => {
      const at = pair.indexOf('=')
      return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const] : []
    }),
  )
}

/** A literal list of options in FEEL with other labels; expressions that compute their options keep them. */
function withLabels(expression: string, labels: Map<string, string>): string {
  return expression.replace(
    /label:\s*"(?:[^"\\]|\\.)*"\s*,\s*value:\s*("(?:[^"\\]|\\.)*"|[\w.-]+)/g,
    (whole, value: string) => {
      const label = labels.get(value.replace(/^"|"$/g, ''))
      return label ? `label: ${JSON.stringify(label)}, value: ${value}` : whole
    },
  )
}

function inEnglish(component: FormComponent): FormComponent {
  const out: FormComponent = { ...component }
  const properties = component.properties ?? {}
  for (const [shown, english] of Object.entries(PAIRS)) {
    if (properties[english]) out[shown] = properties[english]
  }
  if (component.type === 'datetime' && properties.labelEn) {
    out.dateLabel = properties.labelEn
    out.timeLabel = 'Time'
  }
  if (properties.valuesEn) {
    const labels = optionLabels(properties.valuesEn)
    out.values = component.values?.map((option) => ({ ...option, label: labels.get(String(option.value)) ?? option.label }))
    if (typeof component.valuesExpression === 'string') out.valuesExpression = withLabels(component.valuesExpression, labels)
    if (!out.values) delete out.values
  }
  if (component.components) out.components = component.components.map(inEnglish)
  return out
}

function asText(component: FormComponent, masked: ReadonlySet<string>): FormComponent {
  const out: FormComponent = { ...component }
  if (masked.has(component.id ?? '')) {
    out.type = 'textfield'
    delete out.validate
  }
  if (component.components) out.components = component.components.map((child) => asText(child, masked))
  return out
}

/** The schema with its masked fields as texts: what is left of an amount or a choice is no amount and no choice any more, and is not judged. */
export function withMasked(schema: FormSchema, masked: readonly string[]): FormSchema {
  const ids = new Set(masked)
  return ids.size > 0 ? { ...schema, components: schema.components.map((component) => asText(component, ids)) } : schema
}

/** The schema in the language of the screen: forms are written in Chinese, their English stands in field properties. */
export function inLanguage(schema: FormSchema, language: Language): FormSchema {
  return language === 'en' ? { ...schema, components: schema.components.map(inEnglish) } : schema
}
