import { epochMilliseconds, instant, instantOfEpoch, type Instant } from "@spinor/core/instant"

/** "2026-11-21 08:30:00.000000": what SQLAlchemy writes into SQLite, and every server reads. */
export const datetime = (at: Instant): string => at.slice(0, 26).replace("T", " ")

export const readDatetime = (text: string): Instant => instant(text)

/** The 32 hexadecimal digits of a UUID: SQLAlchemy's form, and one that native types read. */
export const uuidDigits = (uuid: string): string => uuid.replaceAll("-", "").toLowerCase()

/** The canonical form, whether the column is native or holds the digits alone. */
export const readUuid = (text: string): string =>
  uuidDigits(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")

export const flag = (value: boolean): string => (value ? "True" : "False")

export const readFlag = (text: string): boolean => text === "True"

export const accounted = (value: boolean | "Failed"): string =>
  value === "Failed" ? value : flag(value)

export const readAccounted = (text: string): boolean | "Failed" =>
  text === "Failed" ? text : readFlag(text)

/** DIRAC counts the order of job states from here, in seconds since 1970. */
const MAGIC_EPOCH = 1_270_000_000

/** Seconds since DIRAC's epoch, rounded to milliseconds. */
export const magicEpoch = (at: Instant): string =>
  (epochMilliseconds(at) / 1000 + Number(at.slice(23, 26)) / 1e6 - MAGIC_EPOCH).toFixed(3)

export const readMagicEpoch = (seconds: string | number): Instant =>
  instantOfEpoch(Math.round((Number(seconds) + MAGIC_EPOCH) * 1000))
