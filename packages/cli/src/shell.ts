import type { styleText } from "node:util"
import type { Output as Written } from "@spinor/admin/terminal"

export type Style = Parameters<typeof styleText>[0]

/** A stream of the terminal, or of what stands in its place. */
export interface Output extends Written {
  /** Width in characters; unknown when it is not a terminal. */
  readonly columns?: number
}

/** What a user's command needs of the world around it. */
export interface Shell {
  readonly stdout: Output
  readonly stderr: Output
  /** All of the standard input; undefined when a person would have to type it. */
  readonly readStdin: (() => Promise<string>) | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  /** A folder for what is not kept. */
  readonly scratch: string
  /** Seconds since 1970. */
  readonly now: () => number
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal
  /** Rejects when interrupted. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Colours for stdout, where it shows them. */
  readonly paint: (style: Style, text: string) => string
}
