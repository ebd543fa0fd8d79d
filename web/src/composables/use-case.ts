import { ref, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import type { CaseView, InstancePath, TimelineEntry } from '@/api/types'
import { useLatest } from './use-latest'

const path = (no: string, part = '') => `/api/cases/${encodeURIComponent(no)}${part}`

/** One case: head, clocks, tasks, letters and all that the case page shows. */
export function useCase(no: Ref<string>) {
  const view = ref<CaseView | null>(null)
  const problem = ref<unknown>(null)
  const latest = useLatest()
  async function load(): Promise<void> {
    try {
      const answer = await latest(() => api.get<CaseView>(path(no.value)))
      if (answer) view.value = answer
      problem.value = null
    } catch (error) {
      problem.value = error
    }
  }
  watch(
    no,
    () => {
      view.value = null
      void load()
    },
    { immediate: true },
  )
  return { view, problem, load }
}

/** The timeline of a case, newest last as the server gives it. */
export function useTimeline(no: Ref<string | undefined>) {
  const entries = ref<TimelineEntry[] | null>(null)
  const problem = ref<unknown>(null)
  const latest = useLatest()
  async function load(): Promise<void> {
    const caseNo = no.value
    if (!caseNo) return
    try {
      const answer = await latest(() => api.get<TimelineEntry[]>(path(caseNo, '/timeline')))
      if (answer) entries.value = answer
      problem.value = null
    } catch (error) {
      problem.value = error
    }
  }
  watch(
    no,
    () => {
      entries.value = null
      void load()
    },
    { immediate: true },
  )
  return { entries, problem, load }
}

/** The way through the diagrams of a case: its own and those of the processes it has called. */
export function usePath(no: Ref<string | undefined>) {
  const instances = ref<InstancePath[] | null>(null)
  const problem = ref<unknown>(null)
  const latest = useLatest()
  async function load(): Promise<void> {
    const caseNo = no.value
    if (!caseNo) return
    try {
      const answer = await latest(() => api.get<InstancePath[]>(path(caseNo, '/path')))
      if (answer) instances.value = answer
      problem.value = null
    } catch (error) {
      problem.value = error
    }
  }
  watch(
    no,
    () => {
      instances.value = null
      void load()
    },
    { immediate: true },
  )
  return { instances, problem, load }
}
