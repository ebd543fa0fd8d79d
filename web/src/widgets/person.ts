import type { ComponentType } from 'preact'
import type { WidgetHost, WidgetProps } from './host'
import { searchField } from './search-field'

/** Names a colleague: the answer holds the id of a member of staff. */
export const personWidget = (host: WidgetHost): ComponentType<WidgetProps> =>
  searchField('person', host, { find: host.colleagues, whenEmpty: () => host.colleagues('') })
