import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import { Problem } from '@/api/client'
import type { Answers } from '@/api/types'
import { typedAt } from './typed'

const WAIT_MS = 2_000

export type DraftState = 'none' | 'waiting' | 'saving' | 'saved' | 'failed'

/**
 * Keeps what is typed: on the server two seconds after the last change and when the page is left, and meanwhile in this
 * tab, which survives a reload and a lost connection and ends with the tab. `id` stays the same while the page lives.
 */
export function useDraft(id: Ref<string>, save: (data: Answers) => Promise<{ savedAt: string }>) {
  const state = ref<DraftState>('none')
  const savedAt = ref<string | null>(null)
  let pending: Answers | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let stopped = false

  const typed = typedAt(`task.${id.value}`)

  function stop(): void {
    if (timer) clearTimeout(timer)
    timer = null
  }

  /** Sends what is not yet on the server; false when it could not be kept there. */
  async function flush(): Promise<boolean> {
    stop()
    if (!pending || stopped) return true
    const data = pending
    state.value = 'saving'
    try {
      const answer = await save(data)
      if (pending === data) {
        pending = null
        typed.forget()
      }
      savedAt.value = answer.savedAt
      state.value = pending ? 'waiting' : 'saved'
      return true
    } catch (error) {
      state.value = 'failed'
      // Given away or done by another: sending it again cannot help, it stays in this tab.
      if (error instanceof Problem && [403, 404, 409].includes(error.status)) stopped = true
      else timer = setTimeout(flush, WAIT_MS * 5)
      return false
    }
  }

  function changed(data: Answers): void {
    pending = data
    typed.keep(data)
    if (stopped) return
    state.value = 'waiting'
    stop()
    timer = setTimeout(flush, WAIT_MS)
  }

  function forget(): void {
    stop()
    pending = null
    state.value = 'none'
    typed.forget()
  }

  const leave = () => {
    if (document.visibilityState === 'hidden') void flush()
  }
  const warn = (event: BeforeUnloadEvent) => {
    if (pending && state.value === 'failed') event.preventDefault()
  }
  onMounted(() => {
    document.addEventListener('visibilitychange', leave)
    window.addEventListener('beforeunload', warn)
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', leave)
    window.removeEventListener('beforeunload', warn)
    void flush()
  })
  return { state, savedAt, changed, flush, forget, typedBefore: typed.before }
}
