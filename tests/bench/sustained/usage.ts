import { median, slope } from "../load/statistics.ts"
import type { Sample } from "./watch.ts"

/** Memory of a server in the course of a run, in megabytes. */
export interface Memory {
  readonly start: number
  readonly middle: number
  readonly end: number
  /** By which it grows in a minute, in the second half. */
  readonly perMinute: number
}

/** What a server still used after a collection, before a run and after it, in megabytes; undefined where nobody can tell. */
export interface Live {
  readonly before: number | undefined
  readonly after: number | undefined
}

/** Processors that were busy, on average. */
export interface Processors {
  readonly server: number
  readonly mariadb: number
  readonly generator: number
  /** With all else that ran. */
  readonly machine: number
  /** That waited for the disk. */
  readonly waiting: number
}

/** How much of a run is its start, its middle and its end. */
const PART = 0.1

export function memoryOf(samples: readonly Sample[]): Memory {
  const size = Math.max(1, Math.round(samples.length * PART))
  const around = (at: number) =>
    median(samples.slice(at, at + size).map(({ megabytes }) => megabytes))
  const half = samples.slice(Math.floor(samples.length / 2))
  return {
    start: around(0),
    middle: around(Math.floor((samples.length - size) / 2)),
    end: around(samples.length - size),
    perMinute: slope(half.map(({ seconds, megabytes }) => [seconds, megabytes])) * 60,
  }
}

/** How many times as much a server may use after a run. */
const FLAT = 1.1

/** Whether what is in use has not grown in a run; undefined where nobody can tell. */
export const isFlat = ({ before, after }: Live): boolean | undefined =>
  before === undefined || after === undefined ? undefined : after < before * FLAT

export function processorsOf(
  samples: readonly [Sample, ...Sample[]],
  generatorSeconds: number,
): Processors {
  const first = samples[0]
  const last = samples.at(-1) ?? first
  const seconds = last.seconds - first.seconds
  return {
    server: (last.server - first.server) / seconds,
    mariadb: (last.mariadb - first.mariadb) / seconds,
    generator: generatorSeconds / seconds,
    machine: (last.machine - first.machine) / seconds,
    waiting: (last.waiting - first.waiting) / seconds,
  }
}

/** So much of a resource in use is all of it. */
const FULL = 0.9

/** What there is no more of, with so many processors and processes of the server that are one thread each. */
export function saturated(
  { server, generator, machine, waiting }: Processors,
  { processors, processes }: { processors: number; processes: number },
): string {
  if (generator > FULL) return "the generator"
  if (machine > processors * FULL) return `all ${processors} processors`
  if (server > processes * FULL) return "the server's processes"
  if (machine + waiting > processors * FULL) return "the disk"
  return "neither processors nor disk"
}
