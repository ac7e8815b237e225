import type { Output } from "./shell.ts"

const WIDTH = 24
const MIB = 2 ** 20

/** Told of the bytes that are done, and of how many there are, as far as that is known. */
export type OnProgress = (bytes: number, total?: number) => void

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

/** A bar for what takes its time on a terminal, nothing elsewhere. */
export function progressOn(stderr: Output, label: string): Progress {
  if (stderr.isTTY !== true) return { step() {}, end() {} }
  let shown = ""
  const show = (text: string) => {
    if (text !== shown) stderr.write(`\r${text.padEnd(shown.length)}`)
    shown = text
  }
  return {
    step: (bytes, total) => show(`${label} ${barOf(bytes, total)}`),
    end: () => {
      show("")
      stderr.write("\r")
    },
  }
}

function barOf(bytes: number, total?: number): string {
  const done = `${(bytes / MIB).toFixed(1)} MiB`
  if (total === undefined || total === 0) return done
  const share = Math.min(bytes / total, 1)
  const full = Math.round(share * WIDTH)
  const percent = String(Math.floor(share * 100)).padStart(3)
  const bar = `${"█".repeat(full)}${"░".repeat(WIDTH - full)}`
  return `${bar} ${percent} % of ${(total / MIB).toFixed(1)} MiB`
}
