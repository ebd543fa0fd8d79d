import { ref, watch, type Ref } from 'vue'
import { api, query } from '@/api/client'
import type { Post } from '@/api/types'
import { useLatest } from './use-latest'

export interface Office {
  id: string
  code: string
  name: string
  nameEn: string
  kind: string
  parentId: string | null
}

export interface StaffMember {
  id: string
  name: string
  login: string
  state: string
  posts: Post[]
}

export interface PostKind {
  post: string
  postName: string
  postNameEn?: string | null
}

interface Organisation {
  regions: string[]
  offices: Office[]
  staff: StaffMember[]
  posts: PostKind[]
}

/** Offices and staff of a region, and what an administrator changes about them. An empty region means the asker's own. */
export function usePeople(region: Ref<string>) {
  const organisation = ref<Organisation | null>(null)
  const problem = ref<unknown>(null)
  const latest = useLatest()

  async function load(): Promise<void> {
    try {
      const answer = await latest(() => api.get<Organisation>('/api/people' + query({ region: region.value })))
      if (answer) organisation.value = answer
      problem.value = null
    } catch (error) {
      problem.value = error
    }
  }
  watch(region, load, { immediate: true })

  const change = async (path: string, body: object) => {
    await api.post(path, { region: region.value, ...body })
    await load()
  }

  return {
    organisation,
    problem,
    load,
    addStaff: (name: string, login: string, password: string) => change('/api/staff', { name, login, password }),
    disable: (staffId: string) => change(`/api/staff/${staffId}/disable`, {}),
    appoint: (staffId: string, post: string, office: string) => change('/api/holdings', { staffId, post, office }),
    endHolding: (staffId: string, post: string, office: string) => change('/api/holdings/end', { staffId, post, office }),
  }
}
