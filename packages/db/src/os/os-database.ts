import { InvalidRequestError, UnavailableError } from "@spinor/core/errors"
import type { DocumentDatabase, NewDocument } from "../documents/database.ts"
import { answered } from "../documents/document.ts"
import type { DocumentPage, DocumentQuery, Value } from "../documents/query.ts"
import { bulkLines, outcomeOf, type Outcome, type WriteMode } from "./bulk.ts"
import type { OsConnection } from "./connection.ts"
import { OsResponseError } from "./errors.ts"
import { IndexNames } from "./index-name.ts"
import { searchBody } from "./query.ts"
import { indexTemplate } from "./template.ts"
import { putTemplate, type TemplateChange } from "./put-template.ts"

/** Longer than this no request waits for a write: what is not answered by then is sent later. */
const WRITE_TIMEOUT_MS = 5000

/** What is wrong with one document may be the reason. */
const REFUSED_AS_A_WHOLE = new Set([400, 413])

/** One database of documents in OpenSearch: what DiracX calls a BaseOSDB. */
export class OSDatabase {
  readonly declared: DocumentDatabase
  readonly names: IndexNames
  readonly connection: OsConnection
  #template: Promise<unknown> | undefined

  constructor(declared: DocumentDatabase, connection: OsConnection, globalPrefix: string) {
    this.declared = declared
    this.connection = connection
    this.names = new IndexNames(declared, globalPrefix)
  }

  /**
   * Writes documents in one request, however many they are, and tells what became of each.
   * @throws UnavailableError when it is not known of any
   */
  async write(documents: readonly NewDocument[], mode: WriteMode): Promise<Outcome[]> {
    if (documents.length === 0) return []
    await this.#templateIsThere()
    return await this.#writeOrHalve(documents, mode)
  }

  /** A request that is refused as a whole, as one that is too long, is halved until it is told of each document. */
  async #writeOrHalve(documents: readonly NewDocument[], mode: WriteMode): Promise<Outcome[]> {
    const body = bulkLines(this.declared, this.names, documents, mode)
    const requestTimeout = Math.min(WRITE_TIMEOUT_MS, this.connection.timeoutMs)
    try {
      const { items } = (
        await this.connection.call((client) => client.bulk({ body }, { requestTimeout }))
      ).body
      return documents.map((_, i) => outcomeOf(Object.values(items[i] ?? {})[0], mode))
    } catch (error) {
      if (!(error instanceof OsResponseError) || !REFUSED_AS_A_WHOLE.has(error.status)) throw error
      if (documents.length === 1) return [{ is: "refused", reason: error.message }]
      const middle = Math.ceil(documents.length / 2)
      const first = await this.#writeOrHalve(documents.slice(0, middle), mode)
      return [...first, ...(await this.#writeOrHalve(documents.slice(middle), mode))]
    }
  }

  /**
   * Removes documents by their ids, in one request; one that is not there is removed already.
   * @throws UnavailableError when it is not known of any
   */
  async remove(documents: readonly Omit<NewDocument, "document">[]): Promise<Outcome[]> {
    return await this.write(
      documents.map((each) => ({ ...each, document: {} })),
      "delete",
    )
  }

  /** @throws InvalidRequestError for a pattern that is too much for OpenSearch */
  async search(query: DocumentQuery): Promise<DocumentPage> {
    const request = {
      index: this.names.all(query.confinement.vo),
      body: searchBody(this.declared, query),
      ignore_unavailable: true,
      allow_no_indices: true,
      allow_partial_search_results: false,
    }
    const answer = await this.#refusing(() =>
      this.connection.call((client) => client.search(request)),
    )
    const { hits, total } = answer.body.hits
    const wanted = new Set(query.fields)
    const last = hits.length < query.size ? undefined : hits.at(-1)
    return {
      documents: hits.map((hit) => answered(this.declared, hit._source ?? {}, wanted)),
      total: typeof total === "object" ? total.value : total,
      next: last?.sort as Value[] | undefined,
    }
  }

  /** Puts the index template, where it is missing or another one. */
  async migrate(): Promise<TemplateChange> {
    return await this.#putTemplate()
  }

  /**
   * An index that is made without its template would guess the types of its fields, and no later template
   * would mend it. So each process looks once, before it writes.
   */
  async #templateIsThere(): Promise<void> {
    this.#template ??= this.#putTemplate({ replace: false })
    try {
      await this.#template
    } catch (error) {
      this.#template = undefined
      throw error
    }
  }

  #putTemplate(options?: { replace: boolean }): Promise<TemplateChange> {
    const template = indexTemplate(this.declared, this.names)
    return putTemplate(this.connection, this.names.prefix, template, options)
  }

  async #refusing<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (cause) {
      if (!(cause instanceof OsResponseError)) throw cause
      if (cause.status !== 400)
        throw new UnavailableError(`${this.declared.name} does not answer`, { cause })
      throw new InvalidRequestError(`${this.declared.name} cannot search so`, { cause })
    }
  }
}
