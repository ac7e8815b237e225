import { cpuSeconds, familyOf, machineSeconds, residentMegabytes } from "../usage.ts"

/** What is used; seconds of processor time count from before. */
export interface Sample {
  /** Since the first sample. */
  readonly seconds: number
  /** Of the server, all its processes. */
  readonly megabytes: number
  readonly server: number
  readonly mariadb: number
  readonly machine: number
  /** In which the processors had nothing but the disk to wait for. */
  readonly waiting: number
}

const EVERY_MS = 1000

/** Looks each second at the processes of a server, at MariaDB and at the machine; what it returns ends that. */
export function watch(
  servers: readonly number[],
  mariadb: number,
  tell: (sample: Sample, first: Sample) => void,
): () => readonly [Sample, ...Sample[]] {
  const began = performance.now()
  const take = (): Sample => {
    // Anew each time: a server may replace its workers.
    const family = servers.flatMap(familyOf)
    const { busy: machine, waiting } = machineSeconds()
    return {
      seconds: (performance.now() - began) / 1000,
      megabytes: sum(family.map(residentMegabytes)),
      server: sum(family.map(cpuSeconds)),
      mariadb: cpuSeconds(mariadb),
      machine,
      waiting,
    }
  }
  const first = take()
  const samples: [Sample, ...Sample[]] = [first]
  const look = (): Sample => {
    try {
      const sample = take()
      samples.push(sample)
      return sample
    } catch {
      // A process has just ended: those who ask it tell the fault.
      return samples.at(-1) ?? first
    }
  }
  const timer = setInterval(() => tell(look(), first), EVERY_MS)
  return () => {
    clearInterval(timer)
    look()
    return samples
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
