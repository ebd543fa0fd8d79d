import { h, type ComponentType } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { frame } from './frame'
import type { FileReference, WidgetHost, WidgetProps } from './host'

function references(value: unknown): FileReference[] {
  return Array.isArray(value) ? (value as FileReference[]).filter((entry) => typeof entry?.documentId === 'string') : []
}

/** Files are sent as soon as they are chosen: the answer holds references to documents, and a draft keeps them. */
export function filesWidget(host: WidgetHost): ComponentType<WidgetProps> {
  return (props) => {
    const [sending, setSending] = useState<string[]>([])
    const [failed, setFailed] = useState<string | null>(null)
    // The value of the last render would lose a file when two are sent at once.
    const kept = useRef<FileReference[]>([])
    kept.current = references(props.value)
    const locked = props.disabled || props.readonly
    const multiple = props.field.multiple === true || typeof props.field.multiple === 'string'

    const put = (next: FileReference[]) => {
      kept.current = next
      props.onChange({ value: next.length > 0 ? next : null })
    }
    const send = async (files: File[]) => {
      setFailed(null)
      for (const file of files) {
        setSending((names) => [...names, file.name])
        try {
          const reference = await host.upload(file)
          put(multiple ? [...kept.current, reference] : [reference])
        } catch (error) {
          setFailed(`${file.name}：${host.problem(error)}`)
        } finally {
          setSending((names) => names.filter((name) => name !== file.name))
        }
      }
    }
    const chosen = (event: Event) => {
      const input = event.currentTarget as HTMLInputElement
      const files = Array.from(input.files ?? [])
      input.value = ''
      void send(files)
    }
    return frame(
      { ...props, errors: failed ? [failed, ...(props.errors ?? [])] : props.errors },
      'files',
      h('div', { class: 'ym-files' }, [
        kept.current.map((reference) =>
          h('div', { class: 'ym-file', key: reference.documentId }, [
            h('a', { href: host.fileUrl(reference.documentId), target: '_blank', rel: 'noopener' }, reference.metadata.fileName),
            !locked &&
              h(
                'button',
                {
                  type: 'button',
                  class: 'ym-file-remove',
                  'aria-label': `${host.words('remove')} ${reference.metadata.fileName}`,
                  onClick: () => put(kept.current.filter((other) => other.documentId !== reference.documentId)),
                },
                '×',
              ),
          ]),
        ),
        sending.map((name) => h('div', { class: 'ym-file ym-file-sending', role: 'status', key: name }, `${name} · ${host.words('uploading')}`)),
        locked && kept.current.length === 0 && h('span', { class: 'ym-unsigned' }, host.words('no-files')),
        !locked &&
          h('label', { class: 'ym-button ym-file-add' }, [
            host.words('add-files'),
            h('input', {
              type: 'file',
              id: props.domId,
              class: 'ym-file-input',
              multiple,
              accept: props.field.accept || undefined,
              onChange: chosen,
            }),
          ]),
      ]),
    )
  }
}
