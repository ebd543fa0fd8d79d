import { computed, ref } from 'vue'
import { api, onSignedOut, Problem } from '@/api/client'
import type { DemoPerson, Me } from '@/api/types'

const me = ref<Me | null>(null)
const known = ref(false)

/** A session has run out while somebody works: the shell shows a sign-in over the page, nothing typed is left behind. */
export const signingInAgain = ref(false)
let waiting: Array<(back: boolean) => void> = []

/** Minutes and seconds between the server's clock and ours, so that a moved clock is shown as the server has it. */
const offset = ref(0)
const ticking = ref(Date.now())
setInterval(() => {
  ticking.value = Date.now()
}, 15_000)

function keep(answer: Me): void {
  me.value = answer
  offset.value = new Date(answer.now).getTime() - Date.now()
  ticking.value = Date.now()
}

async function load(): Promise<void> {
  try {
    keep(await api.get<Me>('/api/me', { quiet: true }))
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    me.value = null
  } finally {
    known.value = true
  }
}

async function signIn(login: string, password: string): Promise<void> {
  await api.post('/api/session', { login, password }, { quiet: true })
  await load()
  settle(true)
}

async function signInAs(login: string): Promise<void> {
  await api.post('/api/demo/session', { login }, { quiet: true })
  await load()
  settle(true)
}

async function signOut(): Promise<void> {
  await api.delete('/api/session', { quiet: true })
  me.value = null
}

function settle(back: boolean): void {
  signingInAgain.value = false
  const all = waiting
  waiting = []
  for (const resolve of all) resolve(back)
}

onSignedOut(() => {
  // Before anybody has signed in there is no page to keep.
  if (!me.value) return Promise.resolve(false)
  signingInAgain.value = true
  return new Promise((resolve) => waiting.push(resolve))
})

/** The people whom a demo installation offers for one-click sign-in; empty everywhere else. */
export async function demoPeople(): Promise<DemoPerson[]> {
  try {
    return await api.get<DemoPerson[]>('/api/demo/people', { quiet: true })
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 403)) return []
    throw error
  }
}

export function useSession() {
  return {
    me,
    known,
    load,
    signIn,
    signInAs,
    signOut,
    leave: () => settle(false),
    /** The server's clock now, ISO 8601 in UTC. */
    now: computed(() => new Date(ticking.value + offset.value).toISOString()),
    offices: computed(() => [...new Set((me.value?.posts ?? []).map((post) => post.officeName))]),
  }
}
