import { expect, it } from "vitest"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { DATABASES } from "@spinor/db/sql/declared"
import type { DialectName } from "@spinor/db/sql/url"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { baseline, emptyDatabase, migrateAll } from "./empty-database.ts"

describeEachBackend("adoption", (backend) => {
  /** JobDB as somebody else might have made it: columns of Jobs changed, more of them, statements left out. */
  const madeOtherwise = async (
    columns: Record<string, string>,
    more: string[] = [],
    without = /^$/,
  ) => {
    const database = await emptyDatabase(backend)
    const quote = database.engine.dialect.name === "postgresql" ? '"' : "`"
    const statements = (await baseline(database.engine, "JobDB")).filter(
      (statement) => !without.test(statement),
    )
    const changed = statements.map((statement) => {
      if (!statement.startsWith(`CREATE TABLE ${quote}Jobs${quote}`)) return statement
      const lines = statement.split("\n").flatMap((line) => {
        const name = /^\t[`"](\w+)/.exec(line)?.[1] ?? ""
        const type = columns[name]
        if (type === undefined) return [line]
        return type === "" ? [] : [`\t${quote}${name}${quote} ${type},`]
      })
      const added = more.map((each) => `\t${each.replaceAll("`", quote)},`)
      return [lines[0], ...added, ...lines.slice(1)].join("\n")
    })
    await database.run(...changed)
    return database
  }

  it("keeps the tables that DiracX has made, with their rows, and finds no difference", async () => {
    const { engine, run, connections } = await emptyDatabase(backend)
    for (const database of DATABASES) await run(...(await baseline(engine, database)))
    const token = { jti: "0197a4e2-7b52-7c3d-9c4e-0123456789ab", sub: "s", scope: "vo:testvo" }
    await connections.sql.write({ auth: AuthDB }, ({ auth }) => auth.insertRefreshToken(token))

    const results = await migrateAll(engine)
    const adopted = results.filter(({ outcome }) => outcome === "adopted")
    expect(new Set(adopted.map(({ database }) => database))).toEqual(new Set(DATABASES))
    expect(adopted.flatMap(({ differences }) => differences)).toEqual([])
    expect(adopted.every(({ name }) => name.startsWith("0000"))).toBe(true)
    const applied = results.filter(({ outcome }) => outcome === "applied")
    expect(applied).not.toEqual([])
    expect(applied.every(({ name }) => !name.startsWith("0000"))).toBe(true)
    const found = await connections.sql.read({ auth: AuthDB }, ({ auth }) =>
      auth.refreshToken(token.jti),
    )
    expect(found).toMatchObject(token)
  })

  it("names all that is in its way, and changes nothing", async () => {
    const narrow = dialectOf(backend) === "sqlite" ? "INTEGER" : "varchar(64)"
    const { engine, run } = await madeOtherwise(
      {
        Site: "",
        JobName: `${narrow} NOT NULL`,
        SubmissionTime:
          dialectOf(backend) === "postgresql" ? "timestamp NOT NULL" : "datetime NOT NULL",
      },
      ["`Experiment` varchar(32) NOT NULL", "`Note` varchar(32)"],
      /JobCommands|^CREATE INDEX [`"]\w*Site[`"]/,
    )
    await expect(migrateAll(engine)).rejects.toThrow(
      new RegExp(
        [
          "^JobDB has tables that cannot be adopted: Jobs.Site is missing",
          `Jobs.JobName is ${narrow.replaceAll(/[()]/g, "\\$&").replace("varchar", "(varchar|character varying)")}, which does not hold what (varchar|text)\\(128\\) does`,
          "Jobs.SubmissionTime is NOT NULL",
          "Jobs.Experiment is NOT NULL without a default, and Spinor does not fill it",
          "the table JobCommands is missing$",
        ].join("; "),
      ),
    )
    expect(await run("select * from spinor_migrations where DatabaseName = 'JobDB'")).toEqual([])
    const table = dialectOf(backend) === "postgresql" ? '"Jobs"' : "Jobs"
    expect(await run(`select * from ${table}`)).toEqual([])
  })

  it("prints what it can live with", async () => {
    const { engine } = await madeOtherwise(
      {
        Owner: "varchar(200)",
        Status: "varchar(32) NOT NULL DEFAULT 'Received'",
        UserPriority: "bigint NOT NULL",
      },
      ["`Note` varchar(32)", "`Experiment` varchar(32) NOT NULL DEFAULT 'none'"],
      /^CREATE INDEX [`"]\w*MinorStatus[`"]/,
    )
    const [adopted] = await migrateAll(engine, ["JobDB"])
    expect(adopted).toMatchObject({ name: "0000_tables", outcome: "adopted" })
    const differences: Record<DialectName, string[]> = {
      mysql: [
        "Jobs.Owner is varchar(200), not varchar(64)",
        "Jobs.Owner may be NULL",
        "Jobs.Status has the default 'Received' instead of no default",
        "Jobs.UserPriority is bigint(20), not int",
      ],
      postgresql: [
        "Jobs.Owner is character varying(200), not varchar(64)",
        "Jobs.Owner may be NULL",
        "Jobs.Status has the default 'Received'::character varying instead of no default",
        "Jobs.UserPriority is bigint, not integer",
      ],
      // Its types take any length.
      sqlite: [
        "Jobs.Owner may be NULL",
        "Jobs.Status has the default 'Received' instead of no default",
      ],
    }
    expect(adopted?.differences).toEqual([
      ...differences[engine.dialect.name],
      "Jobs.Note is not known",
      "Jobs.Experiment is not known",
      "Jobs lacks an index on MinorStatus",
    ])
  })
})
