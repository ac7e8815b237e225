import { createPool } from "mysql2/promise"

/** As many as Spinor's own server has. */
const CONNECTIONS = 8

/** A text of one or several statements, which travel in one packet, with the values for its question marks. */
export type Packet = readonly [text: string, values: readonly unknown[]]

export type Row = Readonly<Record<string, string | number | null>>

/** Of each statement in a packet: its rows, or the id that it inserted. */
export type Results = readonly (readonly Row[] & { readonly insertId: number })[]

/** The driver alone; times are spelt as in the answers. */
export function openDatabase(uri: string) {
  const pool = createPool({
    uri,
    connectionLimit: CONNECTIONS,
    multipleStatements: true,
    typeCast: (field, next) =>
      field.type === "DATETIME" ? (field.string()?.replace(" ", "T").concat("Z") ?? null) : next(),
  })
  pool.pool.on("connection", (connection) => connection.query("SET time_zone = '+00:00'"))

  const send = async (connection: typeof pool | Connection, [text, values]: Packet) => {
    const [results] = await connection.query(text, [...values])
    return results as unknown as Results
  }
  return {
    read: (packet: Packet): Promise<Results> => send(pool, packet),

    /** One transaction in two packets: what the second one holds depends on what the first one found. */
    write: async (first: Packet, second: (found: Results) => Packet): Promise<Results> => {
      const connection = await pool.getConnection()
      try {
        const [, ...found] = await send(connection, [`START TRANSACTION; ${first[0]}`, first[1]])
        const [text, values] = second(found)
        await send(connection, [`${text}; COMMIT`, values])
        connection.release()
        return found
      } catch (error) {
        connection.destroy()
        throw error
      }
    },
  }
}

type Connection = Awaited<ReturnType<ReturnType<typeof createPool>["getConnection"]>>

export type Database = ReturnType<typeof openDatabase>
