import { beforeEach, describe, expect, it } from 'vitest'
import { forgetAllTyped, typedAt } from '@/composables/typed'
import { useSession } from '@/composables/use-session'

const person = (id: string) => ({ staff: { id, name: id, login: id }, posts: [], region: 'JA', administrator: false, auditor: false, demo: false, now: '2026-02-10T01:00:00Z', clockMode: 'real' as const })

describe('what is typed', () => {
  beforeEach(() => sessionStorage.clear())

  it('comes back to the person who typed it', () => {
    useSession().me.value = person('1')
    typedAt('task.7').keep({ situation: 'x' })

    expect(typedAt('task.7').before()).toEqual({ situation: 'x' })
  })

  it('is not shown to another', () => {
    useSession().me.value = person('1')
    typedAt('task.7').keep({ situation: 'x' })
    useSession().me.value = person('2')

    expect(typedAt('task.7').before()).toBeNull()
  })

  it('is gone after signing out', () => {
    useSession().me.value = person('1')
    typedAt('task.7').keep({ situation: 'x' })
    forgetAllTyped()

    expect(typedAt('task.7').before()).toBeNull()
  })
})
