import type { Output } from "./terminal.ts"

const WIDTH = 24
const MIB = 2 ** 20

/** Told how much is done, and how much there is, as far as that is known. */
export type OnProgress = (done: number, total?: number) => void

/** How one follows what takes its time, and ends it early. */
export interface Following {
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
}

export interface Progress {
  readonly step: OnProgress
  /** Leaves an empty line where the bar was. */
  readonly end: () => void
}

const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`

/** A bar for what takes its time on a terminal, nothing elsewhere; it counts bytes unless told how to say an amount. */
export function progressOn(stderr: Output, label: string, say = mebibytes): Progress {
  if (stderr.isTTY !== true) return { step() {}, end() {} }
  let shown = ""
  const show = (text: string) => {
    if (text !== shown) stderr.write(`\r${text.padEnd(shown.length)}`)
    shown = text
  }
  return {
    step: (done, total) => show(`${label} ${barOf(done, total, say)}`),
    end: () => {
      show("")
      stderr.write("\r")
    },
  }
}

function barOf(done: number, total: number | undefined, say: (amount: number) => string): string {
  if (total === undefined || total === 0) return say(done)
  const share = Math.min(done / total, 1)
  const full = Math.round(share * WIDTH)
  const percent = String(Math.floor(share * 100)).padStart(3)
  const bar = `${"█".repeat(full)}${"░".repeat(WIDTH - full)}`
  return `${bar} ${percent} % of ${say(total)}`
}
