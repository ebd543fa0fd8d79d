import { onBeforeUnmount, onMounted } from 'vue'
import { api } from '@/api/client'

type Listener = () => void

const listeners = new Map<string, Set<Listener>>()
let source: EventSource | null = null
let poll: ReturnType<typeof setInterval> | null = null
const POLL_MS = 30_000

function tell(lists: string[]): void {
  for (const list of lists) for (const listener of listeners.get(list) ?? []) listener()
}

function all(): void {
  if (document.visibilityState === 'visible') tell([...listeners.keys()])
}

function open(): void {
  if (source) return
  source = new EventSource('/api/events')
  source.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as { lists?: string[] }
    tell(message.lists ?? [])
  }
  // Signed out elsewhere or expired: any question now leads to the sign-in over the page.
  source.addEventListener('signed-out', () => {
    close()
    // Its failure is no news: whatever is asked next meets it again and says so.
    api.get('/api/me').catch(() => false)
  })
  source.onopen = () => {
    if (poll) clearInterval(poll)
    poll = null
  }
  source.onerror = () => {
    // A proxy may not let events through: look every half minute until it does.
    poll ??= setInterval(all, POLL_MS)
    if (source?.readyState === EventSource.CLOSED) source = null
  }
}

function close(): void {
  source?.close()
  source = null
  if (poll) clearInterval(poll)
  poll = null
}

/** Calls back when the server says that a list has changed (`tasks`, `cases`, …), and again when the page is looked at. */
export function useEvents(list: string, listener: Listener): void {
  const look = () => {
    if (document.visibilityState !== 'visible') return
    open()
    listener()
  }
  onMounted(() => {
    const set = listeners.get(list) ?? new Set<Listener>()
    set.add(listener)
    listeners.set(list, set)
    open()
    document.addEventListener('visibilitychange', look)
  })
  onBeforeUnmount(() => {
    listeners.get(list)?.delete(listener)
    document.removeEventListener('visibilitychange', look)
    if ([...listeners.values()].every((set) => set.size === 0)) close()
  })
}
