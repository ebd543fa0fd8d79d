import type { ComponentType } from 'preact'
import type { WidgetHost, WidgetProps } from './host'
import { searchField } from './search-field'

/** Finds a person by name, initials or number; the answer holds the person's id. */
export const personWidget = (host: WidgetHost): ComponentType<WidgetProps> => searchField('person', host, host.persons)
