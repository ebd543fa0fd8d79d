/**
 * Draws a Camunda form. Knows form-js and nothing of Vue, so that the pages can be rewritten without it, and it is
 * loaded only when a form is shown.
 */
import { Form } from '@bpmn-io/form-js-viewer'
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css'
import flatpickr from 'flatpickr'
import { Mandarin } from 'flatpickr/dist/l10n/zh.js'
import english from 'flatpickr/dist/l10n/default.js'
import type { Answers, FieldError, FormSchema } from '@/api/types'
import { formWord } from '@/locale/form-words'
import { firstMessage, rowsOf, stepsOf, withError, type ErrorTree } from './form-errors'
import { widgetsModule, type WidgetHost } from '@/widgets'
import '@/styles/form.css'

declare global {
  // Called by the three texts of form-js that bypass its translate service (web/build/formjs-words.ts).
  var yimenFormWord: (text: string) => string
}

globalThis.yimenFormWord = (text) => formWord(text)

export interface FormOptions {
  container: HTMLElement
  schema: FormSchema
  data: Answers
  readOnly: boolean
  language: 'zh-CN' | 'en'
  host: WidgetHost
  /** Called after each change by hand, with what the visible fields hold. */
  changed: (answers: Answers) => void
}

export interface ShownErrors {
  /** Field id, its element if it is on the page, and the first sentence about it. */
  id: string
  label: string
  message: string
}

export interface OpenForm {
  /** What the visible fields hold now, unchecked. */
  answers(): Answers
  /** Checks as form-js does and shows the errors at their fields; an empty list means that all is well. */
  check(): ShownErrors[]
  /** Shows errors that only the server found, at their fields; gives back those whose field is not on the page. */
  showErrors(fields: FieldError[], words: (field: FieldError) => string): { shown: ShownErrors[]; elsewhere: FieldError[] }
  /** Moves the caret to a field. */
  focus(id: string): void
  destroy(): void
}

interface Field {
  id: string
  key?: string
  label?: string
  type: string
}

interface Registry {
  get(id: string): Field | undefined
  getAll(): Field[]
}

interface Inner {
  _getSubmitData(): Answers
  _getState(): { errors: ErrorTree }
  _setState(state: { errors: ErrorTree }): void
  get(name: 'formFieldRegistry'): Registry
}

export async function openForm(options: FormOptions): Promise<OpenForm> {
  flatpickr.localize(options.language === 'en' ? english : Mandarin)
  const form = new Form({
    container: options.container,
    additionalModules: [{ translate: ['value', formWord] }, widgetsModule(options.host)],
  })
  if (options.readOnly) form.setProperty('readOnly', true)
  await form.importSchema(options.schema, options.data)
  const inner = form as unknown as Inner

  let last = JSON.stringify(inner._getSubmitData())
  // What the server refused stays at its field until something is changed: form-js hands text in with a delay, and the hand-in
  // of what was sent already would wipe the error away.
  let refused: ErrorTree = {}
  form.on('changed', () => {
    const now = inner._getSubmitData()
    const text = JSON.stringify(now)
    if (text === last) {
      const lost = Object.entries(refused).filter(([id]) => !firstMessage(inner._getState().errors[id]))
      if (lost.length > 0) inner._setState({ errors: { ...inner._getState().errors, ...Object.fromEntries(lost) } })
      return
    }
    refused = {}
    last = text
    options.changed(now)
  })

  const registry = inner.get('formFieldRegistry')
  const find = (nameOrId: string): Field | undefined =>
    registry.get(nameOrId) ?? registry.getAll().find((field) => field.key === nameOrId)
  const shownErrors = (): ShownErrors[] =>
    Object.entries(inner._getState().errors).flatMap(([id, entry]) => {
      const message = firstMessage(entry)
      return message ? [{ id, label: find(id)?.label ?? id, message }] : []
    })

  return {
    answers: () => inner._getSubmitData(),
    check() {
      refused = {}
      form.validate()
      return shownErrors()
    },
    showErrors(fields, words) {
      let errors = inner._getState().errors
      const elsewhere: FieldError[] = []
      for (const error of fields) {
        const field = find(error.id) ?? stepsOf(error.path).map(find).findLast((found) => found !== undefined)
        const visible = field && options.container.querySelector(`[id$="${CSS.escape(field.id)}"], [id*="${CSS.escape(field.id)}-"]`)
        if (!field || !visible) elsewhere.push(error)
        else errors = withError(errors, field.id, rowsOf(error.path), words(error))
      }
      last = JSON.stringify(inner._getSubmitData())
      refused = errors
      inner._setState({ errors })
      return { shown: shownErrors(), elsewhere }
    },
    focus(id) {
      const target = options.container.querySelector<HTMLElement>(
        `input[id$="${CSS.escape(id)}"], textarea[id$="${CSS.escape(id)}"], select[id$="${CSS.escape(id)}"], [id*="${CSS.escape(id)}"]`,
      )
      target?.scrollIntoView({ block: 'center' })
      target?.focus({ preventScroll: true })
    },
    destroy: () => form.destroy(),
  }
}
