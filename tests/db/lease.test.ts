import { setTimeout as sleep } from "node:timers/promises"
import { sql } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { exclusively } from "@spinor/db/sql/lease"
import { runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"

const SOON = { deadAfter: 200 }

describe.each(["mysql", "postgresql"] as const)("a lease on %s", (backend) => {
  describe.skipIf(!runsHere(backend))("", () => {
    const database = useDatabase(backend)
    const engine = () => database.engineOf("JobDB")

    it("is held by one at a time", async () => {
      let inside = 0
      let most = 0
      const work = async () => {
        most = Math.max(most, ++inside)
        await sleep(20)
        inside--
      }
      const leasing = await engine()
      await Promise.all(
        Array.from({ length: 5 }, () => exclusively(leasing, "one at a time", work, SOON)),
      )
      expect(most).toBe(1)
    })

    it("is not taken from a holder who is at work for long", async () => {
      const leasing = await engine()
      const order: string[] = []
      const long = exclusively(
        leasing,
        "long",
        async () => {
          await sleep(1000)
          order.push("first")
        },
        SOON,
      )
      await sleep(100)
      await exclusively(leasing, "long", async () => void order.push("second"), SOON)
      await long
      expect(order).toEqual(["first", "second"])
    })

    it("is taken from one who died, and is free after work that failed", async () => {
      const leasing = await engine()
      const failing = exclusively(leasing, "dead", () => Promise.reject(new Error("failed")), SOON)
      await expect(failing).rejects.toThrow("failed")
      await leasing.read((db) =>
        db.run(sql`insert into spinor_leases (Name, Holder, Beat) values ('dead', 'nobody', 7)`),
      )
      expect(await exclusively(leasing, "dead", async () => "mine", SOON)).toBe("mine")
      const [row] = await leasing.read((db) =>
        db.run(sql`select count(*) as leases from spinor_leases where Name = 'dead'`),
      )
      expect(Number(row?.["leases"])).toBe(0)
    })
  })
})
