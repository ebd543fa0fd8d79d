import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, query } from '@/api/client'
import type { Page, TaskRow } from '@/api/types'
import { useLatest } from './use-latest'

export type Tab = 'mine' | 'claimable' | 'done'
export type DueFilter = 'overdue' | 'today' | 'week'

const PAGE = 30

export interface Counts {
  mine: number
  claimable: number
}

const counts = ref<Counts | null>(null)

/** How many tasks lie with me and how many I may claim; each is counted up to 1000. */
export function useCounts() {
  const refresh = async () => {
    counts.value = await api.get<Counts>('/api/tasks/counts')
  }
  return { counts, refresh }
}

function one(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The inbox as the address bar says: tab, filters and search, page by page. */
export function useInbox() {
  const route = useRoute()
  const router = useRouter()
  const rows = ref<TaskRow[]>([])
  const next = ref<string | null>(null)
  const problem = ref<unknown>(null)
  const loaded = ref(false)
  const latest = useLatest()

  const view = computed(() => ({
    tab: (['claimable', 'done'].includes(one(route.query.tab)) ? one(route.query.tab) : 'mine') as Tab,
    q: one(route.query.q),
    procedure: one(route.query.procedure),
    due: one(route.query.due),
    urgent: one(route.query.urgent),
  }))

  async function show(change: Record<string, string | undefined>, keepTask = false): Promise<void> {
    const query_ = { ...route.query, ...change }
    if (!keepTask) delete query_.task
    for (const [name, value] of Object.entries(query_)) if (!value) delete query_[name]
    await router.replace({ path: '/inbox', query: query_ })
  }

  const address = (after?: string | null, limit = PAGE) => '/api/tasks' + query({ ...view.value, after, limit })

  /** Reads the list anew, as long as it is now, so that the place on the page is kept. */
  async function refresh(): Promise<void> {
    const limit = Math.min(Math.max(PAGE, rows.value.length), 100)
    const page = await latest(() => api.get<Page<TaskRow>>(address(null, limit))).catch((error: unknown) => {
      problem.value = error
      return null
    })
    if (!page) return
    problem.value = null
    rows.value = page.rows
    next.value = page.next ?? null
    loaded.value = true
  }

  async function more(): Promise<void> {
    if (!next.value) return
    const after = next.value
    const page = await latest(() => api.get<Page<TaskRow>>(address(after))).catch((error: unknown) => {
      problem.value = error
      return null
    })
    if (!page) return
    const known = new Set(rows.value.map((row) => row.id))
    rows.value = [...rows.value, ...page.rows.filter((row) => !known.has(row.id))]
    next.value = page.next ?? null
  }

  watch(
    () => JSON.stringify(view.value),
    () => {
      if (route.path !== '/inbox') return
      rows.value = []
      loaded.value = false
      void refresh()
    },
    { immediate: true },
  )

  return { view, rows, next, problem, loaded, show, refresh, more }
}
