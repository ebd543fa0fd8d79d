import { onBeforeUnmount, onMounted, ref } from 'vue'

const STORED = 'yimen.shortcuts'

/** Single-letter keys can be switched off, as WCAG 2.1.4 asks. */
export const shortcutsOn = ref(localStorage.getItem(STORED) !== 'off')

export function switchShortcuts(on: boolean): void {
  shortcutsOn.value = on
  localStorage.setItem(STORED, on ? 'on' : 'off')
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.getAttribute('role') === 'combobox'
}

/** Single keys of a page, e.g. `{ j: next, Enter: open }`. They rest while somebody types or a dialog is open. */
export function useShortcuts(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const listen = (event: KeyboardEvent) => {
    if (!shortcutsOn.value || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (isTyping(event.target) || document.querySelector('.el-overlay:not([style*="display: none"])')) return
    // Enter on a link or button already means that link or button.
    if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button')) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => document.addEventListener('keydown', listen))
  onBeforeUnmount(() => document.removeEventListener('keydown', listen))
}
