import { h, type ComponentType } from 'preact'
import { useState } from 'preact/hooks'
import { frame } from './frame'
import type { WidgetHost, WidgetProps } from './host'

/** The field of the officer who is signed in; any other signature is given by somebody else at the same screen. */
const OWN = 'signature'

/** Confirms with name and time. The officer's own name comes from the session; a second person writes hers. */
export function signatureWidget(host: WidgetHost): ComponentType<WidgetProps> {
  return (props) => {
    const own = props.field.key === OWN
    const [name, setName] = useState('')
    const signed = typeof props.value === 'string' && props.value !== '' ? props.value : null
    const locked = props.disabled || props.readonly
    const sign = () => {
      const signer = host.signer()
      props.onChange({ value: `${own ? signer.name : name.trim()} ${signer.at}` })
    }
    const inside = signed
      ? [
          h('output', { id: `${props.domId}-value`, class: 'ym-signed' }, signed),
          !locked && h('button', { type: 'button', id: props.domId, class: 'ym-button', onClick: () => props.onChange({ value: null }) }, host.words('clear')),
        ]
      : [
          (own || locked) && h('output', { id: `${props.domId}-value`, class: 'ym-unsigned' }, host.words('not-signed')),
          !own &&
            !locked &&
            h('div', { class: 'fjs-input-group ym-name' }, [
              h('input', {
                type: 'text',
                class: 'fjs-input',
                id: props.domId,
                value: name,
                maxLength: 30,
                placeholder: host.words('other-name'),
                onInput: (event: Event) => setName((event.currentTarget as HTMLInputElement).value),
              }),
            ]),
          !locked &&
            h(
              'button',
              { type: 'button', id: own ? props.domId : `${props.domId}-sign`, class: 'ym-button ym-sign', disabled: !own && name.trim() === '', onClick: sign },
              host.words('sign'),
            ),
        ]
    return frame(props, 'signature', h('div', { class: 'ym-signature' }, inside))
  }
}
