import type { ProblemBody } from './types'

/** An answer of the server that is not a success. Network failures have status 0. */
export class Problem extends Error {
  readonly status: number
  readonly body: ProblemBody

  constructor(status: number, body: ProblemBody) {
    super(body.title ?? body.detail ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.body = body
  }
}

type Listener = () => Promise<boolean>
let askToSignIn: Listener | null = null

/** Names what is asked when a session has run out: it resolves to true once the person is signed in again. */
export function onSignedOut(listener: Listener): void {
  askToSignIn = listener
}

/** A key that marks one act, so that a repeated request has one effect. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function csrfToken(): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith('yimen_csrf='))
  return found ? decodeURIComponent(found.slice('yimen_csrf='.length)) : ''
}

interface Options {
  body?: unknown
  key?: string
  signal?: AbortSignal
  /** Do not offer to sign in again; the sign-in page and the question who I am use it. */
  quiet?: boolean
}

async function problemOf(response: Response): Promise<Problem> {
  let body: ProblemBody = {}
  try {
    body = (await response.json()) as ProblemBody
  } catch (error) {
    // A proxy may answer in its own words; the status is then all that is known.
    if (!(error instanceof SyntaxError)) throw error
  }
  return new Problem(response.status, body)
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  let body: BodyInit | undefined
  if (options.body instanceof FormData) {
    body = options.body
  } else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(options.body)
  }
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken()
  if (method === 'POST') headers['Idempotency-Key'] = options.key ?? newKey()
  try {
    return await fetch(path, { method, headers, body, credentials: 'same-origin', signal: options.signal ?? null })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, { code: 'network' })
  }
}

async function request<Answer>(method: string, path: string, options: Options = {}): Promise<Answer> {
  // One key for the act, also when it is sent again after signing in.
  const sent = method === 'POST' ? { ...options, key: options.key ?? newKey() } : options
  let response = await send(method, path, sent)
  if (response.status === 401 && !options.quiet && askToSignIn && (await askToSignIn())) {
    response = await send(method, path, sent)
  }
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as Answer
  const type = response.headers.get('Content-Type') ?? ''
  return (type.includes('json') ? await response.json() : undefined) as Answer
}

/** Builds a query string of the values that are set. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')
  if (pairs.length === 0) return ''
  return '?' + new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
}

export const api = {
  get: <Answer>(path: string, options?: Options) => request<Answer>('GET', path, options),
  post: <Answer>(path: string, body: unknown = {}, options?: Options) => request<Answer>('POST', path, { ...options, body }),
  put: <Answer>(path: string, body: unknown, options?: Options) => request<Answer>('PUT', path, { ...options, body }),
  delete: <Answer>(path: string, options?: Options) => request<Answer>('DELETE', path, options),
}
