import { InvalidRequestError } from "../errors.ts"
import {
  type ClassAd,
  integerOf,
  isList,
  listOf,
  mapExpression,
  mapTexts,
  textOf,
  writeClassAd,
} from "./class-ad.ts"
import { excerpt } from "./error.ts"
import { parameterSequence } from "./parameter-sequence.ts"
import { readFloat } from "./numbers.ts"
import { strip } from "./text.ts"

/** Characters of all jobs of an expansion together. */
const MAX_EXPANSION = 2 ** 26

const ATTRIBUTES = ["Parameters", "ParameterStart", "ParameterStep", "ParameterFactor"] as const

/** A name with these is read as a regular expression by DIRAC, does not match itself, and is not replaced. */
const NOT_REPLACED = /[\\^$?*+()[{]/

/**
 * How many jobs an ad describes; undefined when it is not parametric.
 * @throws InvalidRequestError
 */
export function countParameters(ad: ClassAd): number | undefined {
  let count: bigint | undefined
  for (const [name, expression] of ad) {
    if (!name.startsWith("Parameters")) continue
    const own = isList(expression) ? BigInt(listOf(ad, name).length) : integerOf(ad, name)
    if (count !== undefined && own !== count) {
      throw faulty(
        `Different length of parameter vectors: for ${excerpt(name)}, ${count} != ${own ?? "None"}`,
      )
    }
    count = own
  }
  if (count !== undefined && count <= 0n) throw faulty(`Illegal number of job parameters ${count}`)
  return count === undefined ? undefined : Number(count)
}

/**
 * The texts of the jobs that an ad with so many parameters describes.
 * @throws InvalidRequestError
 */
export function expandParameters(ad: ClassAd, count: number): string[] {
  if (!ad.has("Parameters")) return [writeClassAd(ad)]
  const sequences = readSequences(ad, count)
  const width = String(count - 1).length
  const texts: string[] = []
  let total = 0
  for (let index = 0; index < count; index++) {
    const number = String(index).padStart(width, "0")
    let job = mapTexts(ad, (text) => replace(text, "%n", number))
    for (const [name, values] of sequences) job = substitute(job, name, values[index] ?? "")
    for (const [name, values] of sequences) {
      const suffix = name === "0" ? "" : `.${name}`
      for (const attribute of ATTRIBUTES) job.delete(`${attribute}${suffix}`)
      const value = values[index] ?? ""
      job.set(`Parameter${suffix}`, value.startsWith("{") ? value : `"${value}"`)
    }
    job.set("ParameterNumber", String(index))
    const text = writeClassAd(job)
    total += text.length
    if (total > MAX_EXPANSION) throw tooLong()
    texts.push(text)
  }
  return texts
}

/** The values of each parameter, by what follows the dot in the attributes' names; "0" where there is no dot. */
function readSequences(ad: ClassAd, count: number): Map<string, string[]> {
  const definitions = new Map<string, Definition>()
  for (const name of ad.keys()) {
    const attribute = ATTRIBUTES.find((known) => name.startsWith(known))
    if (attribute === undefined) continue
    const parameter = name.split(".")[1] ?? "0"
    const definition = definitions.get(parameter) ?? {}
    definitions.set(parameter, definition)
    if (attribute !== "Parameters") definition[attribute] = numberOf(ad, name)
    else if (isList(ad.get(name) ?? "")) definition.values = listOf(ad, name)
    else if (name !== "Parameters") throw faulty("Inconsistent parametric job description")
    else if (integerOf(ad, name) === undefined) {
      throw faulty(`Inconsistent parametric job description: Parameters=${shown(ad, name)}`)
    }
  }
  return new Map(
    [...definitions].map(([parameter, definition]) => [
      parameter,
      definition.values ??
        parameterSequence(count, {
          start: definition.ParameterStart ?? 1n,
          step: definition.ParameterStep ?? 0n,
          factor: definition.ParameterFactor ?? 1n,
        }),
    ]),
  )
}

interface Definition {
  values?: string[]
  ParameterStart?: bigint | number
  ParameterStep?: bigint | number
  ParameterFactor?: bigint | number
}

function numberOf(ad: ClassAd, name: string): bigint | number {
  const value = integerOf(ad, name) ?? readFloat(textOf(ad, name))
  if (value === undefined) {
    throw new InvalidRequestError(
      `Illegal value for ${excerpt(name)} JDL field: ${shown(ad, name)}`,
    )
  }
  return value
}

function shown(ad: ClassAd, name: string): string {
  const written = ad.get(name)
  return typeof written === "string" ? excerpt(written) : "[…]"
}

function substitute(ad: ClassAd, parameter: string, value: string): ClassAd {
  if (NOT_REPLACED.test(parameter)) return ad
  const mark = parameter === "0" ? "%s" : `%(${parameter})s`
  const bare = strip(value)
  const elements = bare.startsWith("{") ? withoutBraces(bare) : bare
  return new Map(
    [...ad].map(([name, expression]) => [
      name,
      mapExpression(expression, (text) =>
        replace(text, mark, isList(expression) ? elements : bare),
      ),
    ]),
  )
}

function withoutBraces(text: string): string {
  let start = 0
  let end = text.length
  while (text[start] === "{") start++
  while (end > start && text[end - 1] === "}") end--
  return strip(text.slice(start, end))
}

/** Values may hold marks of other parameters: without a limit the text could grow beyond all bounds. */
function replace(text: string, mark: string, value: string): string {
  const parts = text.split(mark)
  if (text.length + parts.length * value.length > MAX_EXPANSION) throw tooLong()
  return parts.join(value)
}

const faulty = (reason: string): InvalidRequestError =>
  new InvalidRequestError(`Invalid job description ( 1501 : ${reason})`)

const tooLong = (): InvalidRequestError =>
  faulty(`The jobs hold more than ${MAX_EXPANSION} characters`)
