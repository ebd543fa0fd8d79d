/**
 * Fields that Camunda Forms lacks, drawn in place of a text field that names one in its property `widget`, and the file
 * field, which uploads at once so that a draft keeps its files. One file per widget.
 */
import { FilePicker, Textfield } from '@bpmn-io/form-js-viewer'
import { h, type ComponentType } from 'preact'
import type { WidgetHost, WidgetProps } from './host'
import { filesWidget } from './files'
import { householdWidget } from './household'
import { personWidget } from './person'
import { postWidget } from './post'
import { signatureWidget } from './signature'

export type { WidgetHost } from './host'

type FieldComponent = ComponentType<WidgetProps> & { config?: unknown }

interface FormFields {
  register(type: string, component: FieldComponent): void
}

const WIDGETS: Record<string, (host: WidgetHost) => ComponentType<WidgetProps>> = {
  signature: signatureWidget,
  post: postWidget,
  person: personWidget,
  household: householdWidget,
  files: filesWidget,
}

/** The didi module that teaches a form our widgets. */
export function widgetsModule(host: WidgetHost): Record<string, unknown> {
  class Widgets {
    static $inject = ['formFields']

    constructor(formFields: FormFields) {
      const drawn = Object.fromEntries(Object.entries(WIDGETS).map(([name, make]) => [name, make(host)]))
      const Plain = Textfield as unknown as FieldComponent
      const Field: FieldComponent = (props) => h(drawn[props.field.properties?.widget ?? ''] ?? Plain, props)
      Field.config = Plain.config
      formFields.register('textfield', Field)

      const Files = filesWidget(host) as FieldComponent
      Files.config = (FilePicker as unknown as FieldComponent).config
      formFields.register('filepicker', Files)
    }
  }
  return { __init__: ['yimenWidgets'], yimenWidgets: ['type', Widgets] }
}
