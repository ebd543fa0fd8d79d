declare module 'flatpickr/dist/l10n/zh.js' {
  import type { CustomLocale } from 'flatpickr/dist/types/locale'
  export const Mandarin: CustomLocale
}
declare module 'flatpickr/dist/l10n/default.js' {
  import type { Locale } from 'flatpickr/dist/types/locale'
  const english: Locale
  export default english
}
