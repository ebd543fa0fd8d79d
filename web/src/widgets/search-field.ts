import { h, type ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { frame } from './frame'
import type { Choice, WidgetHost, WidgetProps } from './host'

const WAIT_MS = 250

interface Finder {
  find: (q: string) => Promise<Choice[]>
  /** What is offered before anything is typed. */
  whenEmpty: () => Promise<Choice[]>
  /** The words for a value that is not found by searching. */
  name?: (value: string) => Choice | null
}

/** A field that holds an id and is filled by searching: a colleague, a household. Works by arrow keys and Enter. */
export function searchField(kind: string, host: WidgetHost, finder: Finder): ComponentType<WidgetProps> {
  return (props) => {
    const value = typeof props.value === 'string' ? props.value : ''
    const [text, setText] = useState('')
    const [known, setKnown] = useState<Choice | null>(null)
    const [choices, setChoices] = useState<Choice[] | null>(null)
    const [at, setAt] = useState(0)
    const [failed, setFailed] = useState<unknown>(null)
    const asked = useRef(0)
    const timer = useRef<ReturnType<typeof setTimeout>>()

    useEffect(() => {
      if (!value || known?.value === value) return
      const named = finder.name?.(value)
      if (named) setKnown(named)
      else void finder.find('').then((found) => setKnown(found.find((choice) => choice.value === value) ?? { value, label: value }), setFailed)
    }, [value])
    useEffect(() => () => clearTimeout(timer.current), [])

    const look = async (q: string) => {
      const turn = ++asked.current
      try {
        const found = await (q === '' ? finder.whenEmpty() : finder.find(q))
        if (turn !== asked.current) return
        setChoices(found)
        setAt(0)
        setFailed(null)
      } catch (error) {
        setFailed(error)
      }
    }
    const search = (q: string) => {
      setText(q)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void look(q.trim()), q === '' ? 0 : WAIT_MS)
    }
    const choose = (choice: Choice) => {
      setKnown(choice)
      setText('')
      setChoices(null)
      props.onChange({ value: choice.value })
    }
    const keys = (event: KeyboardEvent) => {
      if (!choices) return
      if (event.key === 'ArrowDown') setAt(Math.min(at + 1, choices.length - 1))
      else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
      else if (event.key === 'Enter' && choices[at]) choose(choices[at])
      else if (event.key === 'Escape') setChoices(null)
      else return
      event.preventDefault()
    }

    if (value) {
      return frame(
        props,
        kind,
        h('div', { class: 'ym-signature' }, [
          h('output', { class: 'ym-signed' }, [known?.label ?? value, known?.note ? h('small', null, ` ${known.note}`) : null]),
          !props.disabled &&
            !props.readonly &&
            h('button', { type: 'button', id: props.domId, class: 'ym-button', onClick: () => props.onChange({ value: null }) }, host.words('clear')),
        ]),
      )
    }
    const errors = failed ? [host.problem(failed), ...(props.errors ?? [])] : props.errors
    const listId = `${props.domId}-choices`
    return frame(
      { ...props, errors },
      kind,
      h('div', { class: 'ym-search' }, [
        h('div', { class: 'fjs-input-group' }, [
          h('input', {
            type: 'text',
            class: 'fjs-input',
            id: props.domId,
            value: text,
            disabled: props.disabled,
            readOnly: props.readonly,
            placeholder: host.words('type-to-search'),
            autoComplete: 'off',
            role: 'combobox',
            'aria-expanded': choices !== null,
            'aria-controls': listId,
            onInput: (event: Event) => search((event.currentTarget as HTMLInputElement).value),
            onKeyDown: keys,
            onBlur: () => {
              setChoices(null)
              props.onBlur?.()
            },
            onFocus: () => {
              search(text)
              props.onFocus?.()
            },
          }),
        ]),
        choices &&
          h('ul', { class: 'ym-choices', id: listId, role: 'listbox' }, [
            choices.length === 0 && h('li', { class: 'ym-choice-none' }, host.words('nothing-found')),
            choices.map((choice, index) =>
              h(
                'li',
                {
                  key: choice.value,
                  role: 'option',
                  'aria-selected': index === at,
                  class: index === at ? 'ym-choice ym-choice-at' : 'ym-choice',
                  // Before the blur of the input, which would close the list.
                  onMouseDown: (event: MouseEvent) => {
                    event.preventDefault()
                    choose(choice)
                  },
                },
                [choice.label, choice.note ? h('small', null, choice.note) : null],
              ),
            ),
          ]),
      ]),
    )
  }
}
