import { onMounted, ref } from 'vue'
import { api } from '@/api/client'
import type { Answers, FormVersion, NextTask, Procedure } from '@/api/types'

export interface Started {
  caseNo: string
  next: NextTask[]
}

/** The procedures that I may start. */
export function useProcedures() {
  const known = ref<Procedure[]>([])
  const loaded = ref(false)
  const problem = ref<unknown>(null)
  async function load(): Promise<void> {
    try {
      const answer = await api.get<Procedure[] | { rows: Procedure[] }>('/api/procedures')
      known.value = Array.isArray(answer) ? answer : answer.rows
      problem.value = null
    } catch (error) {
      problem.value = error
    } finally {
      loaded.value = true
    }
  }
  onMounted(load)
  return { known, loaded, problem, load }
}

export const startForm = (processId: string) =>
  api.get<{ form: FormVersion | null; data: Answers }>(`/api/procedures/${encodeURIComponent(processId)}/form`)

export const startCase = (processId: string, data: Answers, key: string) =>
  api.post<Started>('/api/cases', { processId, data }, { key })
