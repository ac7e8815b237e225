import type { Dialect } from "../dialects/dialect.ts"
import { fits, kindOf } from "./column-types.ts"
import { folded, type ColumnShape, type IndexShape, type TableShape } from "./table-shape.ts"

/** How tables that somebody else made differ from ours, in words for people. */
export interface Findings {
  /** What the service cannot work with. */
  readonly obstacles: readonly string[]
  /** What it can. */
  readonly differences: readonly string[]
}

/**
 * Ids that the declared tables count, but Spinor never leaves to them: that of a pilot's output is the
 * pilot's, and the logs are written by DIRAC. DiracX does not have them counted on SQLite either.
 */
const NEVER_LEFT_OUT = new Set([
  "PilotOutput.PilotID",
  "ResourceHistory.ID",
  "ResourceLog.ID",
  "SiteHistory.ID",
  "SiteLog.ID",
])

/** Compares the declared tables of a database with those found; undefined when none of them is there. */
export function compareTables(
  declared: readonly TableShape[],
  found: readonly TableShape[],
  dialect: Dialect["name"],
): Findings | undefined {
  const pairs = declared.map((wanted) => [wanted, named(found, wanted.name, dialect)] as const)
  if (pairs.every(([, table]) => table === undefined)) return undefined
  const all = pairs.map(([wanted, table]) =>
    table === undefined
      ? { obstacles: [`the table ${wanted.name} is missing`], differences: [] }
      : compareTable(wanted, table, dialect),
  )
  return {
    obstacles: all.flatMap(({ obstacles }) => obstacles),
    differences: all.flatMap(({ differences }) => differences),
  }
}

function compareTable(wanted: TableShape, found: TableShape, dialect: Dialect["name"]): Findings {
  const { name } = wanted
  const columns = wanted.columns.map((column) => {
    const there = named(found.columns, column.name, dialect)
    const place = `${name}.${column.name}`
    return there === undefined
      ? { obstacles: [`${place} is missing`], differences: [] }
      : compareColumn(place, column, there, dialect)
  })
  const more = found.columns.filter((column) => !named(wanted.columns, column.name, dialect))
  const fillable = more.filter((column) => column.nullable || isFilled(column))
  return {
    obstacles: [
      ...columns.flatMap(({ obstacles }) => obstacles),
      ...more
        .filter((column) => !fillable.includes(column))
        .map(
          (each) =>
            `${name}.${each.name} is NOT NULL without a default, and Spinor does not fill it`,
        ),
    ],
    differences: [
      ...columns.flatMap(({ differences }) => differences),
      ...fillable.map((column) => `${name}.${column.name} is not known`),
      ...compareKeys(wanted, found, dialect),
      ...found.traits
        .filter((trait) => !wanted.traits.includes(trait))
        .map((trait) => `${name} has the ${trait}`),
    ],
  }
}

function compareColumn(
  place: string,
  wanted: ColumnShape,
  found: ColumnShape,
  dialect: Dialect["name"],
): Findings {
  const obstacles: string[] = []
  const differences: string[] = []
  const [ours, theirs] = [kindOf(wanted.type, dialect), kindOf(found.type, dialect)]
  if (ours === undefined) throw new Error(`${place} is declared as ${wanted.type}`)
  const fit = theirs === undefined ? "narrower" : fits(theirs, ours)
  if (fit === "narrower") {
    obstacles.push(`${place} is ${found.type}, which does not hold what ${wanted.type} does`)
  }
  if (fit === "wider") differences.push(`${place} is ${found.type}, not ${wanted.type}`)
  if (wanted.nullable && !found.nullable) obstacles.push(`${place} is NOT NULL`)
  if (found.nullable && !wanted.nullable) differences.push(`${place} may be NULL`)
  if (wanted.counts && !found.counts) {
    const said = `${place} does not count by itself`
    if (NEVER_LEFT_OUT.has(place)) differences.push(said)
    else obstacles.push(said)
  }
  // Every value that has a default is given by Spinor too.
  if (!wanted.counts && normal(wanted.initial) !== normal(found.initial)) {
    differences.push(`${place} has ${words(found.initial)} instead of ${words(wanted.initial)}`)
  }
  return { obstacles, differences }
}

function compareKeys(wanted: TableShape, found: TableShape, dialect: Dialect["name"]): string[] {
  const same = (ours: readonly string[], theirs: readonly string[]) =>
    folded(ours.join(), dialect) === folded(theirs.join(), dialect)
  const has = (indexes: readonly IndexShape[], { columns, unique }: IndexShape) =>
    indexes.some((index) => index.unique === unique && same(index.columns, columns))
  const described = ({ columns, unique }: IndexShape) =>
    `${unique ? "a unique index" : "an index"} on ${columns.join(", ")}`
  const key = (columns: readonly string[]) =>
    columns.length === 0 ? "no primary key" : `the primary key ${columns.join(", ")}`
  return [
    ...(same(wanted.primaryKey, found.primaryKey)
      ? []
      : [`${wanted.name} has ${key(found.primaryKey)}, not ${key(wanted.primaryKey)}`]),
    ...wanted.indexes
      // SQLite makes one index of two that say the same.
      .filter(
        (index) => !has([...found.indexes, { columns: found.primaryKey, unique: true }], index),
      )
      .map((index) => `${wanted.name} lacks ${described(index)}`),
    ...found.indexes
      .filter((index) => index.unique && !has(wanted.indexes, index))
      .map((index) => `${wanted.name} has ${described(index)}`),
  ]
}

const isFilled = (column: ColumnShape): boolean => column.initial !== undefined || column.counts

const words = (initial: string | undefined): string =>
  initial === undefined ? "no default" : `the default ${initial}`

/** Servers write quotes, casts and brackets around a default, each in its own way. */
const normal = (initial: string | undefined): string | undefined =>
  initial
    ?.replaceAll(/::[a-z ]+/g, "")
    .replaceAll(/['"()\s]/g, "")
    .toLowerCase()

const named = <Named extends { name: string }>(
  all: readonly Named[],
  name: string,
  dialect: Dialect["name"],
): Named | undefined => all.find((each) => folded(each.name, dialect) === folded(name, dialect))
