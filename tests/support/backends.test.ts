import { createConnection } from "mysql2/promise"
import { expect, it } from "vitest"
import { describeEachBackend, freshDatabaseUrl, runsHere } from "./backends.ts"

describeEachBackend("a fresh database", (backend) => {
  it("is another one for each caller", async () => {
    const [one, other] = await Promise.all([freshDatabaseUrl(backend), freshDatabaseUrl(backend)])
    expect(one.url).not.toBe(other.url)
    await Promise.all([one.drop(), other.drop()])
  })
})

it.skipIf(!runsHere("mysql"))("on MariaDB is empty, is dropped, and is not in UTC", async () => {
  const { url, drop } = await freshDatabaseUrl("mysql")
  const connection = await createConnection(url.replace("mysql+aiomysql", "mysql"))
  const [clock] = await connection.query(
    "SELECT timestampdiff(HOUR, utc_timestamp(), now()) AS ahead",
  )
  expect(clock).toEqual([{ ahead: 2 }])
  const [tables] = await connection.query("SHOW TABLES")
  expect(tables).toEqual([])
  await drop()
  await expect(connection.query("CREATE TABLE t (id int)")).rejects.toThrow(/database/)
  await connection.end()
})
