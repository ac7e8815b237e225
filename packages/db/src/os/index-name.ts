import { InvalidRequestError } from "@spinor/core/errors"
import type { DocumentDatabase } from "../documents/database.ts"

const PER_INDEX = 1_000_000

/** What no name of an index may hold. */
const FORBIDDEN = /[\\/*?"<>|\s,#:\p{Cc}]/u

/** The names of the indices of one database in one installation, whose prefix is verbatim (DiracX: `index_name`). */
export class IndexNames {
  readonly prefix: string

  constructor(database: DocumentDatabase, globalPrefix: string) {
    this.prefix = `${globalPrefix}${database.indexPrefix}`
  }

  /**
   * The index that holds a document: one for each VO and million of numbers.
   * @throws InvalidRequestError for a VO whose name no index can have
   */
  of(vo: string, number: number): string {
    return `${this.prefix}_${spelled(vo)}_${Math.floor(number / PER_INDEX)}m`
  }

  /** Every index, of one VO if it is given: not those of a VO whose name begins with it. */
  all(vo?: string): string {
    if (vo === undefined) return `${this.prefix}_*m`
    const ofVo = `${this.prefix}_${spelled(vo)}_`
    return `${ofVo}*m,-${ofVo}*_*`
  }
}

/** The names of indices are in lower case. */
function spelled(vo: string): string {
  const name = vo.toLowerCase()
  if (name !== "" && !FORBIDDEN.test(name) && Buffer.byteLength(name) <= 128) return name
  throw new InvalidRequestError(`No index of OpenSearch can be named after the VO ${vo}`)
}

/** Whether the indices of one VO hold those of another one too: names that differ in case only. */
export const sharesIndices = (vo: string, others: readonly string[]): boolean =>
  others.some((other) => other !== vo && other.toLowerCase() === vo.toLowerCase())
