import { h, type ComponentType } from 'preact'
import { frame } from './frame'
import type { WidgetHost, WidgetProps } from './host'

/** One click puts the officer's own name and the time; nobody can sign in the name of another. */
export function signatureWidget(host: WidgetHost): ComponentType<WidgetProps> {
  return (props) => {
    const signed = typeof props.value === 'string' && props.value !== '' ? props.value : null
    const locked = props.disabled || props.readonly
    const sign = () => {
      const { name, at } = host.signer()
      props.onChange({ value: `${name} ${at}` })
    }
    return frame(
      props,
      'signature',
      h('div', { class: 'ym-signature' }, [
        h('output', { id: `${props.domId}-value`, class: signed ? 'ym-signed' : 'ym-unsigned' }, signed ?? host.words('not-signed')),
        !locked &&
          h(
            'button',
            { type: 'button', id: props.domId, class: 'fjs-button ym-button', onClick: sign, 'aria-describedby': `${props.domId}-value` },
            host.words(signed ? 'sign-again' : 'sign'),
          ),
        !locked &&
          signed &&
          h('button', { type: 'button', class: 'fjs-button ym-button', onClick: () => props.onChange({ value: null }) }, host.words('clear')),
      ]),
    )
  }
}
