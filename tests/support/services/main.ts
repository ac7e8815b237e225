/** `npm run services -- up | down | status | env`: the real servers on which the tests run. */
import { collector } from "./collector.ts"
import { start, stop } from "./lifecycle.ts"
import { mariadb } from "./mariadb.ts"
import { opensearch } from "./opensearch.ts"
import { postgres } from "./postgres.ts"
import { readRecord, writeRecord, type Running } from "./record.ts"
import type { Service } from "./service.ts"
import { versitygw } from "./versitygw.ts"

const services = [mariadb, postgres, opensearch, versitygw, collector]
const commands: Record<string, () => Promise<void>> = { up, down, status, env }

const command = commands[process.argv[2] ?? ""]
if (command === undefined) {
  console.error(`usage: npm run services -- ${Object.keys(commands).join(" | ")}`)
  process.exitCode = 2
} else {
  await command()
}

/** Starts what is not up yet, side by side; what fails is named and does not keep the others down. */
async function up(): Promise<void> {
  const record = readRecord()
  const began = Date.now()
  await Promise.all(
    services.map(async (service) => {
      const running = record[service.name]
      if (running !== undefined) return console.error(`${line(service, running)}, already`)
      try {
        record[service.name] = await start(service)
        const seconds = ((Date.now() - began) / 1000).toFixed(1)
        console.error(`${line(service, record[service.name])}, after ${seconds} s`)
      } catch (error) {
        console.error(`${service.name}: ${error instanceof Error ? error.message : String(error)}`)
        process.exitCode = 1
      }
    }),
  )
  writeRecord(record)
  await env()
}

async function down(): Promise<void> {
  const record = readRecord()
  await Promise.all(
    services.map(async (service) => {
      const running = record[service.name]
      if (running !== undefined) await stop(service, running)
      console.error(line(service, undefined))
    }),
  )
  writeRecord({})
}

async function status(): Promise<void> {
  const record = readRecord()
  for (const service of services) console.log(line(service, record[service.name]))
}

/** For `eval "$(npm run --silent services -- env)"`. */
async function env(): Promise<void> {
  for (const { variable, url } of Object.values(readRecord())) {
    console.log(`export ${variable}=${url}`)
  }
}

function line(service: Service, running: Running | undefined): string {
  return `${service.name}: ${running === undefined ? "down" : `up on port ${running.port}`}`
}
