import type { ComponentType } from 'preact'
import type { WidgetHost, WidgetProps } from './host'
import { searchField } from './search-field'

/** The word by which a form asks for a new household, headed by the person of the case. */
const NEW = 'new'

/** Names a household: the answer holds its id, or `new` where the person has none yet. */
export function householdWidget(host: WidgetHost): ComponentType<WidgetProps> {
  const opening = () => ({ value: NEW, label: host.words('new-household') })
  return searchField('household', host, {
    find: async (q) => [...(await host.households(q)), opening()],
    whenEmpty: () => Promise.resolve([opening()]),
    name: (value) => (value === NEW ? opening() : null),
  })
}
