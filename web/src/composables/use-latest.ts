/** Lets only the newest of several running questions answer; an older one gives null. */
export function useLatest() {
  let turn = 0
  return async <Answer>(ask: () => Promise<Answer>): Promise<Answer | null> => {
    const mine = ++turn
    try {
      const answer = await ask()
      return mine === turn ? answer : null
    } catch (error) {
      if (mine === turn) throw error
      return null
    }
  }
}
