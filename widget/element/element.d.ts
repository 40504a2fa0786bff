export interface Check {
  /** When the bulletin was last confirmed, in milliseconds since 1970 by the visitor's clock. */
  checked?: number
  /** Why the last check failed, if it did. The status is unknown then, whatever the last one said. */
  error?: string
}

/** The newest bulletin that was read. `src` is the address of the page or of its bulletin; by default where this module is from. */
export function status(src?: string): Bulletin | undefined

/** Checks now. */
export function refresh(src?: string): Promise<void>

/** Calls `listener` now, if anything is known, and after each check. Returns what ends it. */
export function subscribe(listener: (bulletin: Bulletin | undefined, check: Check) => void, src?: string): () => void

/** `<candor-status>`. Every attribute may change at any time; `mirrors` and `key` count as they are when it is put into the page. */
export interface CandorStatusElement extends HTMLElement {
  readonly status: Bulletin | undefined
  refresh(): Promise<void> | undefined
  addEventListener<Type extends keyof CandorEvents>(
    type: Type, listener: (event: CandorEvents[Type]) => void, options?: boolean | AddEventListenerOptions): void
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void
}

/** The events of an element, which the window has, too. */
export interface CandorEvents {
  /** For each new version. */
  'candor:change': CustomEvent<Bulletin>
  /** For each failed check. */
  'candor:error': CustomEvent<{ reason: string }>
}

/** `window.candor`: of the first embed that is shown. */
export interface CandorGlobal {
  status(): Bulletin | undefined
  refresh(): Promise<void>
}

declare global {
  interface HTMLElementTagNameMap {
    'candor-status': CandorStatusElement
  }
  interface Window {
    candor?: CandorGlobal
  }
  interface WindowEventMap extends CandorEvents {
    'candor:layout': CustomEvent<{ height: number }>
  }
}
