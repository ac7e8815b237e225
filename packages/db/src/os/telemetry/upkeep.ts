import type { OsConnection } from "../connection.ts"
import { OsResponseError } from "../errors.ts"
import { storedTemplate, type TemplateChange } from "../put-template.ts"
import { countOf, type OsStatus, type TemplateState } from "../upkeep.ts"
import { namespaceOf, ss4oStreams, type Ss4oStreams } from "./names.ts"
import { ss4oTemplates } from "./templates.ts"

/** How long one index takes what comes, before the next one does: so much is kept longer than asked. */
const INDEX_AGE = "1d"

/** What operators see and do of the spans, or of the log records, of one deployment. */
export class StreamUpkeep {
  readonly place: string
  readonly connection: OsConnection
  readonly #stream: string
  readonly #template: ReturnType<typeof ss4oTemplates>[number]

  constructor(connection: OsConnection, signal: keyof Ss4oStreams, stage: string) {
    this.place = connection.place
    this.connection = connection
    this.#stream = ss4oStreams(namespaceOf(stage))[signal]
    const template = ss4oTemplates().find(({ name }) => name.startsWith(`ss4o_${signal}_`))
    if (template === undefined) throw new Error(`There is no template for ${signal}`)
    this.#template = template
  }

  async status(): Promise<{ template: TemplateState; parts: OsStatus["indices"] }> {
    const indices = await this.#indices()
    const parts = indices.map(async (name) => {
      const { body } = await this.connection.call(async (client) => {
        await client.indices.refresh({ index: name })
        return await client.indices.stats({ index: name })
      })
      const { docs, store } = body._all?.primaries ?? {}
      return { name, documents: docs?.count ?? 0, bytes: store?.size_in_bytes ?? 0 }
    })
    return { template: await this.#templateState(), parts: await Promise.all(parts) }
  }

  async migrate(): Promise<TemplateChange> {
    const state = await this.#templateState()
    if (state === "current") return "unchanged"
    await this.connection.call((client) => client.indices.putIndexTemplate(this.#template))
    return state === "missing" ? "created" : "replaced"
  }

  /** Begins a new index where the last one is old enough, and removes those that hold nothing younger. */
  async removeBefore(before: number, progress: (removed: number) => void): Promise<number> {
    if ((await this.#indices()).length === 0) return 0
    const conditions = { max_age: INDEX_AGE }
    await this.connection.call((client) =>
      client.indices.rollover({ alias: this.#stream, body: { conditions } }),
    )
    let removed = 0
    for (const index of (await this.#indices()).slice(0, -1)) {
      const young = { range: { "@timestamp": { gte: before, format: "epoch_millis" } } }
      if ((await countOf(this, index, young)) > 0) continue
      removed += await countOf(this, index, { match_all: {} })
      await this.connection.call((client) => client.indices.delete({ index }))
      progress(removed)
    }
    return removed
  }

  /** The indices behind the stream; what comes is written into the last one. */
  async #indices(): Promise<string[]> {
    try {
      const { body } = await this.connection.call((client) =>
        client.indices.getDataStream({ name: this.#stream }),
      )
      const [stream] = body.data_streams ?? []
      return (stream?.indices ?? []).flatMap(({ index_name: name }) => name ?? [])
    } catch (error) {
      if (error instanceof OsResponseError && error.status === 404) return []
      throw error
    }
  }

  async #templateState(): Promise<TemplateState> {
    const stored = await storedTemplate(this.connection, this.#template.name)
    if (stored === undefined) return "missing"
    return stored.version === this.#template.body.version ? "current" : "another"
  }
}
