// What the build, the edge and browsers give to the scripts. `cargo xtask build` makes the types of the documents.
import type { Bulletin } from 'candor-status'

declare module 'candor-status' {
  interface CandorGlobal {
    /** The watches by the address of their bulletin, and what embeds share. */
    [name: string]: any
  }
}

declare global {
  /** What a watch knows. */
  interface Known {
    doc: Bulletin
    /** Why the last check failed, if it did. */
    failing?: { reason: string } | 0
    /** When the bulletin was last confirmed, and the server's time then, in milliseconds. */
    checked?: number
    now?: number
    /** The pause between checks, in seconds. */
    wait?: number
    /** Keys of lines that were closed, and ids of incidents that were shown here, with spaces between. */
    closed: string
    met: string
  }

  /** The folder of the files of this build. */
  const __FOLDER__: string
  /** The bulletin of the moment, which the edge puts in; 0 where there is none; nothing where the loader only defines. */
  const BULLETIN: Bulletin | 0 | undefined
  /** The server's time, in milliseconds. */
  const SERVED: number
  /** What paints, where there is something to tell. */
  const PAINT: object | undefined

  interface Window {
    /** The bridges of apps. */
    webkit?: { messageHandlers?: { candor?: { postMessage(message: object): void } } }
    CandorHost?: { postMessage(text: string): void }
    ReactNativeWebView?: { postMessage(text: string): void }
  }

  interface Navigator {
    /** Not in every browser. */
    connection?: { saveData?: boolean, effectiveType?: string }
  }
}
