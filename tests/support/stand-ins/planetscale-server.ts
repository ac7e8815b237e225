import { createHmac, randomBytes, randomUUID } from "node:crypto"
import {
  createPool,
  type FieldPacket,
  type PoolConnection,
  type ResultSetHeader,
} from "mysql2/promise"
import { serveJson, type Answer } from "./http-server.ts"

const USER = "test"
const PASSWORD = "test"
/** As PlanetScale: a transaction that takes longer is aborted. */
const TRANSACTION_MS = 20_000

interface Session {
  readonly signature: string
  readonly vitessSession: { readonly SessionUUID: string; readonly inTransaction?: boolean }
}

interface Transaction {
  readonly connection: PoolConnection
  readonly timer: NodeJS.Timeout
}

/**
 * Stands in for PlanetScale, of which there is no server to install: its HTTP protocol before a real
 * MariaDB. Sessions are signed, types and errors have Vitess's form, and what Vitess lacks is refused.
 * The SQL is MariaDB's, and the texts of errors were written from what is known of Vitess.
 */
export async function startPlanetscaleServer(database: string) {
  const pool = createPool({
    uri: database,
    connectionLimit: 32,
    rowsAsArray: true,
    // Values travel as the bytes of their text.
    typeCast: (field) => field.buffer(),
  })
  const secret = randomBytes(32)
  const transactions = new Map<string, Transaction>()
  const signatureOf = (id: string) => createHmac("sha256", secret).update(id).digest("base64")
  const sessionOf = (id: string): Session => ({
    signature: signatureOf(id),
    vitessSession: { SessionUUID: id, ...(transactions.has(id) && { inTransaction: true }) },
  })

  const begin = async (id: string): Promise<void> => {
    const connection = await pool.getConnection()
    const timer = setTimeout(() => void end(id, "ROLLBACK"), TRANSACTION_MS).unref()
    transactions.set(id, { connection, timer })
    await connection.query("BEGIN")
  }
  const end = async (id: string, statement: string): Promise<void> => {
    const { connection, timer } = transactions.get(id) ?? {}
    transactions.delete(id)
    clearTimeout(timer)
    await connection?.query(statement)
    connection?.release()
  }

  const execute = async (id: string, query: string, wasInTransaction: boolean) => {
    const transaction = transactions.get(id)
    if (/^\s*begin\s*$/i.test(query)) return await begin(id)
    if (/^\s*(commit|rollback)\s*$/i.test(query)) {
      if (wasInTransaction && !transaction && /commit/i.test(query)) throw new VitessError(ENDED)
      return await end(id, query)
    }
    if (wasInTransaction && !transaction) throw new VitessError(ENDED)
    const refused = REFUSED.find((pattern) => pattern.test(query))
    if (refused) throw new VitessError("INVALID_ARGUMENT: syntax error or unsupported statement")
    const [result, fields] = await (transaction?.connection ?? pool).query(query)
    return Array.isArray(result)
      ? rowsOf(result as unknown as (Buffer | null)[][], fields)
      : outcomeOf(result as ResultSetHeader)
  }

  const server = await serveJson(async ({ url, headers }, body): Promise<Answer> => {
    const credentials = Buffer.from(`${USER}:${PASSWORD}`).toString("base64")
    if (headers.authorization !== `Basic ${credentials}`) {
      return [401, { error: { code: "unauthenticated", message: "Access denied" } }]
    }
    if (url !== "/psdb.v1alpha1.Database/Execute")
      return [404, { error: { code: "unimplemented" } }]
    const { session, query } = body as { session: Session | null; query: string }
    const id = session?.vitessSession.SessionUUID ?? randomUUID()
    if (session && session.signature !== signatureOf(id)) {
      return [401, { error: { code: "unauthenticated", message: "session signature invalid" } }]
    }
    try {
      const result = await execute(id, query, session?.vitessSession.inTransaction === true)
      return [200, { session: sessionOf(id), result: result ?? {} }]
    } catch (error) {
      return [200, { session: sessionOf(id), error: errorOf(error) }]
    }
  })
  return {
    /** As the service takes it. */
    url: `mysql+planetscale://${USER}:${PASSWORD}@127.0.0.1:${server.port}${new URL(database).pathname}`,
    async close() {
      server.close()
      for (const id of transactions.keys()) await end(id, "ROLLBACK")
      await pool.end()
    },
  }
}

const ENDED = "ABORTED: transaction ended (exceeded timeout: 20s)"

const REFUSED = [
  /^\s*(un)?lock\s+tables/i,
  /^\s*(create|drop)\s+database/i,
  /\bget_lock\s*\(/i,
  /\breturning\b(?=[^'"`]*$)/i,
]

class VitessError extends Error {}

const CODES: Readonly<Record<number, string>> = {
  1050: "ALREADY_EXISTS",
  1062: "ALREADY_EXISTS",
  1146: "NOT_FOUND",
  1054: "NOT_FOUND",
  1064: "INVALID_ARGUMENT",
  1205: "DEADLINE_EXCEEDED",
  1213: "ABORTED",
}

function errorOf(error: unknown): { code: string; message: string } {
  if (error instanceof VitessError) {
    const [code = "", text = ""] = error.message.split(": ", 2)
    return { code, message: `target: test.-.primary: vttablet: rpc error: ${text}` }
  }
  const { errno = 0, sqlState = "", sqlMessage = String(error) } = error as Record<string, never>
  const code = CODES[errno] ?? "UNKNOWN"
  const place = "target: test.-.primary: vttablet: rpc error"
  return {
    code,
    message: `${place}: ${sqlMessage} (errno ${errno}) (sqlstate ${sqlState})`,
  }
}

const outcomeOf = ({ affectedRows, insertId }: ResultSetHeader) => ({
  ...(affectedRows > 0 && { rowsAffected: String(affectedRows) }),
  ...(insertId > 0 && { insertId: String(insertId) }),
})

const rowsOf = (rows: readonly (Buffer | null)[][], fields: readonly FieldPacket[]) => ({
  fields: fields.map((field) => ({
    name: field.name,
    type: typeOf(field),
    charset: charsetOf(field),
  })),
  rows: rows.map((row) => ({
    lengths: row.map((value) => String(value?.length ?? -1)),
    values: Buffer.concat(row.filter((value) => value !== null)).toString("base64"),
  })),
})

/** MySQL's numbers of types (Protocol::ColumnType), by Vitess's names. */
const TYPES: Readonly<Record<number, string>> = {
  0: "DECIMAL",
  1: "INT8",
  2: "INT16",
  3: "INT32",
  4: "FLOAT32",
  5: "FLOAT64",
  6: "NULL_TYPE",
  7: "TIMESTAMP",
  8: "INT64",
  9: "INT24",
  10: "DATE",
  11: "TIME",
  12: "DATETIME",
  13: "YEAR",
  245: "JSON",
  246: "DECIMAL",
  247: "ENUM",
  252: "TEXT",
  253: "VARCHAR",
  254: "CHAR",
}

const BINARY = 63
const UNSIGNED = 32

function typeOf(field: FieldPacket): string {
  // MariaDB says it in its extended metadata alone.
  if ((field as { extendedFormat?: string }).extendedFormat === "json") return "JSON"
  const type = TYPES[field.columnType ?? field.type ?? 253] ?? "VARCHAR"
  return type.startsWith("INT") && (Number(field.flags) & UNSIGNED) !== 0 ? `U${type}` : type
}

const charsetOf = (field: FieldPacket): number =>
  (field as { characterSet?: number }).characterSet === BINARY ? BINARY : 255
