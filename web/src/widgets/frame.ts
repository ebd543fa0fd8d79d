import { Description, Errors, Label } from '@bpmn-io/form-js-viewer'
import { h, type ComponentChildren, type ComponentType, type JSX } from 'preact'
import type { WidgetProps } from './host'

const TheLabel = Label as unknown as ComponentType<{ htmlFor: string; label?: string; required?: boolean }>
const TheDescription = Description as unknown as ComponentType<{ description?: string; id: string }>
const TheErrors = Errors as unknown as ComponentType<{ id: string; errors: string[] }>

/** A field as form-js frames it: label, what is inside, description, errors. */
export function frame(props: WidgetProps, kind: string, children: ComponentChildren): JSX.Element {
  const { field, errors = [], disabled, readonly, domId } = props
  const classes = ['fjs-form-field', `ym-widget-${kind}`, errors.length ? 'fjs-has-errors' : '', disabled ? 'fjs-disabled' : '', readonly ? 'fjs-readonly' : '']
  return h('div', { class: classes.filter(Boolean).join(' ') }, [
    h(TheLabel, { htmlFor: domId, label: field.label, required: field.validate?.required }),
    children,
    h(TheDescription, { description: field.description, id: `${domId}-description` }),
    h(TheErrors, { errors, id: `${domId}-error-message` }),
  ])
}
