import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { needsAll, serverUrl } from "../../support/servers.ts"
import { useServer } from "../cli.ts"
import { newTokens, type Tokens } from "../credentials.ts"
import { userAt } from "../user.ts"

const server = useServer()
let tokens: Tokens
beforeAll(async () => {
  tokens = await newTokens(server.url)
})

/** A folder with alice's login, and files in it that no other test has. */
async function alice() {
  const user = await userAt(server.url, tokens)
  await mkdir(join(user.cwd, "data"))
  await writeFile(join(user.cwd, "data/values"), user.group)
  await writeFile(join(user.cwd, "run.sh"), "#!/bin/sh\n")
  return user
}

/** Says that a job has left a sandbox, as its pilot does. */
async function assignOutput(jobId: number, pfn: string): Promise<void> {
  const answer = await fetch(`${server.url}/api/jobs/${jobId}/sandbox/output`, {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${tokens.access_token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(pfn),
  })
  expect(answer.status).toBe(200)
}

const PFN = /^SB:SandboxSE\|\/S3\/[^/]+\/testvo\/user\/alice\/sha256:[\da-f]{64}\.tar\.zst$/

it("what is uploaded is downloaded by its PFN", async () => {
  const { cwd, spinor } = await alice()
  const { code, out, err } = await spinor("sandbox", "upload", "run.sh", "data/")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  const pfn = out.trimEnd()
  expect(pfn).toMatch(PFN)
  expect(await spinor("sandbox", "download", pfn, "--output", "new/folder")).toEqual({
    code: 0,
    out: `Unpacked ${pfn} in ${join(cwd, "new/folder")}\n`,
    err: "",
  })
  const unpacked = join(cwd, "new/folder")
  expect((await readdir(unpacked)).sort()).toEqual(["data", "run.sh"])
  expect(await readFile(join(unpacked, "data/values"))).toEqual(
    await readFile(join(cwd, "data/values")),
  )
})

it("what the service has already is not sent again", async () => {
  const { spinor, submit } = await alice()
  const upload = async () => JSON.parse((await spinor("sandbox", "upload", "data", "--json")).out)
  const first = await upload()
  expect(first).toEqual({
    pfn: expect.stringMatching(PFN),
    size: expect.any(Number),
    uploaded: true,
  })
  const [id = 0] = await submit(1)
  await assignOutput(id, first.pfn)
  expect(await upload()).toEqual({ ...first, uploaded: false })
})

it("download of a job unpacks all that it left, in a folder of its own", async () => {
  const { cwd, spinor, submit } = await alice()
  const [id = 0] = await submit(1)
  for (const path of ["run.sh", "data"]) {
    const { out } = await spinor("sandbox", "upload", path)
    await assignOutput(id, out.trimEnd())
  }
  const { code, out, err } = await spinor("sandbox", "download", String(id), "--json")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  const folder = join(cwd, String(id))
  const pfn = expect.stringMatching(/^\/S3\/.*\.tar\.zst$/)
  expect(JSON.parse(out)).toEqual({ folder, pfns: [pfn, pfn] })
  expect((await readdir(folder)).sort()).toEqual(["data", "run.sh"])

  const again = await spinor("sandbox", "download", String(id))
  expect(again).toMatchObject({ code: 1, out: "" })
  expect(again.err).toMatch(/^error: .*run\.sh exists: --output names another folder\n$/)
  expect(await spinor("sandbox", "download", String(id), "--input")).toEqual({
    code: 1,
    out: "",
    err: `error: job ${id} has no input sandbox\n`,
  })
})

it.each([
  [["upload"], 2, /^error: missing required argument 'paths'/],
  [["upload", "none"], 1, /^error: .*\/none: there is no such file or folder\n$/],
  [["upload", "/dev/null"], 1, /^error: \/dev\/null is neither a file nor a folder\n$/],
  [
    ["download", "nonsense"],
    2,
    /^error: "nonsense" is neither the PFN of a sandbox nor a JobID\n$/,
  ],
  [["download", "999999999"], 1, /^error: there is no job 999999999 that you may see\n$/],
  [
    ["download", `SB:SandboxSE|/S3/sandboxes/testvo/user/bob/sha256:${"0".repeat(64)}.tar.zst`],
    1,
    /^error: .*\n$/,
  ],
  [[], 2, /Usage: spinor sandbox/],
])("sandbox %j fails, with the code %d", async (args, code, err) => {
  const { spinor } = await alice()
  const outcome = await spinor("sandbox", ...args)
  expect(outcome).toMatchObject({ code, out: "" })
  expect(outcome.err).toMatch(err)
})

it.each([["upload"], ["download"]])("sandbox %s --help has examples", async (command) => {
  const { spinor } = await alice()
  const { code, out } = await spinor("sandbox", command, "--help")
  expect(code).toBe(0)
  expect(out).toContain(`Examples:\n  $ spinor sandbox ${command}`)
})

describe.skipIf(!needsAll() && serverUrl("s3") === undefined)("with a store in S3", () => {
  const inS3 = useServer(() => {
    const url = new URL(serverUrl("s3") ?? "")
    return {
      DIRACX_SANDBOX_STORE_BUCKET_NAME: `spinor-cli-${process.pid}`,
      DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET: "true",
      DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS: JSON.stringify({
        endpoint_url: url.origin,
        aws_access_key_id: url.username,
        aws_secret_access_key: url.password,
      }),
    }
  })

  it("what is uploaded is downloaded by its PFN", async () => {
    const { cwd, spinor } = await userAt(inS3.url, await newTokens(inS3.url))
    await writeFile(join(cwd, "run.sh"), "#!/bin/sh\n")
    const { code, out, err } = await spinor("sandbox", "upload", "run.sh")
    expect({ code, err }).toEqual({ code: 0, err: "" })
    const { code: downloaded } = await spinor("sandbox", "download", out.trimEnd(), "--output", "b")
    expect(downloaded).toBe(0)
    expect(await readFile(join(cwd, "b/run.sh"), "utf8")).toBe("#!/bin/sh\n")
  })
})
