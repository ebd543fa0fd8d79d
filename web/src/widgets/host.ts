/** What widgets may ask of the page around the form; they know neither Vue nor the server's addresses. */
export interface Choice {
  value: string
  label: string
  note?: string
}

export interface FileReference {
  documentId: string
  metadata: { fileName: string; contentType: string; size: number }
}

export interface WidgetHost {
  words: (key: WidgetWord, values?: Record<string, string | number>) => string
  /** The signed-in officer and the server's time as `2026-02-14 20:10`. */
  signer: () => { name: string; at: string }
  upload: (file: File) => Promise<FileReference>
  fileUrl: (documentId: string) => string
  /** A sentence for a failed upload. */
  problem: (error: unknown) => string
  colleagues: (q: string) => Promise<Choice[]>
  households: (q: string) => Promise<Choice[]>
  posts: () => Promise<Choice[]>
}

export type WidgetWord =
  | 'sign'
  | 'not-signed'
  | 'other-name'
  | 'new-household'
  | 'add-files'
  | 'uploading'
  | 'remove'
  | 'no-files'
  | 'type-to-search'
  | 'nothing-found'
  | 'choose'
  | 'clear'

/** What form-js hands to the component of a field. */
export interface WidgetProps {
  disabled?: boolean
  readonly?: boolean
  errors?: string[]
  domId: string
  value: unknown
  onChange: (change: { value: unknown }) => void
  onBlur?: () => void
  onFocus?: () => void
  field: {
    id: string
    key?: string
    label?: string
    description?: string
    multiple?: boolean | string
    accept?: string
    validate?: { required?: boolean }
    properties?: Record<string, string>
  }
}
