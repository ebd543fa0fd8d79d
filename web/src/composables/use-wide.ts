import { onBeforeUnmount, onMounted, ref } from 'vue'

/** Whether the window is at least so many pixels wide. */
export function useWide(pixels: number) {
  const media = window.matchMedia(`(min-width: ${pixels}px)`)
  const wide = ref(media.matches)
  const follow = () => {
    wide.value = media.matches
  }
  onMounted(() => media.addEventListener('change', follow))
  onBeforeUnmount(() => media.removeEventListener('change', follow))
  return wide
}
