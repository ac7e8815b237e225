import type { ChildProcess } from "node:child_process"

/** A real server that `npm run services` puts on a private loopback port, with data that go when it stops. */
export type Service = {
  name: string
  /** The variable from which the tests read where it is. */
  variable: string
  url: (port: number) => string
  /** Makes the program present on this machine, or throws saying what is missing. */
  install: () => Promise<void>
  /** Initialises the data and starts the program; it need not answer yet. */
  spawn: (place: Place) => Promise<ChildProcess>
  /** Throws while the service does not answer. */
  probe: (url: string) => Promise<void>
  /** The signal that stops it without waiting for clients. */
  stopSignal: NodeJS.Signals
}

/** Where one start of a service lives. */
export type Place = {
  /** An empty folder that the service's user owns. */
  folder: string
  port: number
  /** File descriptor for what the program prints. */
  log: number
}
