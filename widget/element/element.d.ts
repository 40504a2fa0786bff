/** An instant: RFC 3339, in UTC, with milliseconds. */
export type Instant = string

export type Indicator = 'none' | 'maintenance' | 'minor' | 'major' | 'critical'

/** What operators wrote, in further languages, by BCP 47 tag. `name` of a notice is its headline. */
export type Translations = Record<string, { name?: string, body?: string, impact_note?: string }>

export interface ComponentStatus {
  id: string
  name: string
  status: 'operational' | 'under_maintenance' | 'degraded_performance' | 'partial_outage' | 'major_outage'
  since: Instant
}

export interface Incident {
  id: string
  name: string
  status: 'investigating' | 'identified' | 'monitoring' | 'resolved'
  impact: Indicator
  started_at: Instant
  updated_at: Instant
  reopened_at?: Instant
  body: string
  next_update_at?: Instant
  overdue?: boolean
  overdue_since?: Instant
  impact_note?: string
  affected?: { share: number, basis: string }
  components: string[]
  url?: string
  translations?: Translations
}

export interface Maintenance {
  id: string
  name: string
  status: 'scheduled' | 'in_progress' | 'verifying' | 'completed'
  scheduled_for: Instant
  scheduled_until: Instant
  updated_at: Instant
  body: string
  components: string[]
  url?: string
  translations?: Translations
}

export interface Resolved {
  id: string
  name: string
  impact: Indicator
  resolved_at: Instant
  body: string
  url?: string
  translations?: Translations
}

export interface Notice {
  title?: string
  body: string
  updated_at: Instant
  url?: string
  translations?: Translations
}

/** status.json. Fields are only ever added. */
export interface Status {
  schema: 1
  page: { name: string, url?: string, language?: string }
  version: number
  published_at: Instant
  indicator: Indicator
  description: string
  /** Those that are not operational. */
  components: ComponentStatus[]
  /** Open ones, worst first. */
  incidents: Incident[]
  /** Active ones, then those that start within a day. */
  maintenances: Maintenance[]
  /** Those of the last hour, newest first. */
  resolved?: Resolved[]
  notice?: Notice
  /** Only in a last-known-good copy: since when nobody could confirm it. */
  unconfirmed_since?: Instant
}

export interface Check {
  /** When the status was last confirmed, in milliseconds since 1970 by the visitor's clock. */
  checked?: number
  /** Why the last check failed, if it did. The status is unknown then, whatever the last one said. */
  error?: string
}

/** The newest status that was read. `src` is the address of status.json or of its folder; by default where this module is from. */
export function status(src?: string): Status | undefined

/** Checks now. */
export function refresh(src?: string): Promise<void>

/** Calls `told` now, if anything is known, and after each check. Returns what ends it. */
export function subscribe(told: (status: Status | undefined, check: Check) => void, src?: string): () => void

/** `<candor-status>`. Every attribute may change at any time. */
export interface CandorStatusElement extends HTMLElement {
  readonly status: Status | undefined
  refresh(): Promise<void> | undefined
}

declare global {
  interface HTMLElementTagNameMap {
    'candor-status': CandorStatusElement
  }
  interface WindowEventMap {
    'candor:change': CustomEvent<Status>
    'candor:error': CustomEvent<{ reason: string }>
  }
}
