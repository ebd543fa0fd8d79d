import { ref, watch, type Ref } from 'vue'
import { api, newKey } from '@/api/client'
import type { Answers, NextTask, TaskView } from '@/api/types'
import { useLatest } from './use-latest'

export interface Completed {
  closed: boolean
  next: NextTask[]
}

export interface Receiver {
  id: string
  name: string
  postName?: string | null
  postNameEn?: string | null
  officeName?: string
}

/** One task: what it shows and what may be done with it. Every act reads it anew. */
export function useTask(id: Ref<string>) {
  const view = ref<TaskView | null>(null)
  const problem = ref<unknown>(null)
  const latest = useLatest()
  // One key until the server has answered: a second press, or one after a lost connection, has no second effect.
  let completion: { answers: string; key: string } | null = null

  const path = (verb = '') => `/api/tasks/${encodeURIComponent(id.value)}${verb}`

  async function load(): Promise<void> {
    try {
      const answer = await latest(() => api.get<TaskView>(path()))
      if (!answer) return
      view.value = answer
      problem.value = null
    } catch (error) {
      view.value = null
      problem.value = error
    }
  }

  watch(
    id,
    () => {
      view.value = null
      problem.value = null
      completion = null
      void load()
    },
    { immediate: true },
  )

  async function complete(data: Answers): Promise<Completed> {
    const answers = JSON.stringify(data)
    if (completion?.answers !== answers) completion = { answers, key: newKey() }
    const answer = await api.post<Completed>(path('/complete'), { data }, { key: completion.key })
    completion = null // what a listener sends back may be sent again, and is then another request
    return answer
  }

  return {
    view,
    problem,
    load,
    complete,
    claim: () => api.post(path('/claim')),
    giveBack: () => api.post(path('/give-back')),
    urge: () => api.post(path('/urge')),
    transfer: (receiver: string, ground: string) => api.post(path('/transfer'), { receiver, ground }),
    assign: (receiver: string) => api.post(path('/assign'), { receiver }),
    receivers: async () => {
      const answer = await api.get<Receiver[] | { rows: Receiver[] }>(path('/receivers'))
      return Array.isArray(answer) ? answer : answer.rows
    },
    saveDraft: (data: Answers) => api.put<{ savedAt: string }>(path('/draft'), { data }),
  }
}
