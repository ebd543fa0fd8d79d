import type { ComponentType } from 'preact'
import type { WidgetHost, WidgetProps } from './host'
import { searchField } from './search-field'

/** Finds a household by head, file number or address; the answer holds the household's id. */
export const householdWidget = (host: WidgetHost): ComponentType<WidgetProps> => searchField('household', host, host.households)
