import { h, type ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { frame } from './frame'
import type { Choice, WidgetHost, WidgetProps } from './host'

/** Chooses a post of the authority; the answer holds its code. */
export function postWidget(host: WidgetHost): ComponentType<WidgetProps> {
  return (props) => {
    const [posts, setPosts] = useState<Choice[]>([])
    useEffect(() => {
      void host.posts().then(setPosts)
    }, [])
    const value = typeof props.value === 'string' ? props.value : ''
    return frame(
      props,
      'post',
      h('div', { class: 'fjs-input-group' }, [
        h(
          'select',
          {
            class: 'fjs-input ym-select',
            id: props.domId,
            disabled: props.disabled || props.readonly,
            value,
            onChange: (event: Event) => props.onChange({ value: (event.currentTarget as HTMLSelectElement).value || null }),
            onBlur: props.onBlur,
          },
          [
            h('option', { value: '' }, host.words('choose')),
            posts.map((post) => h('option', { value: post.value, key: post.value }, post.label)),
            value && !posts.some((post) => post.value === value) && h('option', { value }, value),
          ],
        ),
      ]),
    )
  }
}
