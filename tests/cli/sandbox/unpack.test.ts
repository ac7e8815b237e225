import { execFileSync } from "node:child_process"
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, it } from "vitest"
import { unpack } from "@spinor/cli/sandbox/unpack"
import { hasBzip2, newFolder, signal, tarOf, zstdFile } from "./archives.ts"

const refusalOf = (file: string, folder: string) =>
  unpack(file, folder, signal).then(
    () => "none",
    (error: Error) => error.message,
  )

const link = (path: string, linkpath: string) => ({ path, linkpath, type: "SymbolicLink" as const })

it.each([
  ["an absolute path", [{ path: "/tmp/spinor-evil" }], "/tmp/spinor-evil lies outside"],
  ["a path upwards", [{ path: "../evil" }], "../evil lies outside"],
  ["a path that goes up later", [{ path: "a/../../evil" }], "a/../../evil lies outside"],
  ["an absolute link", [link("l", "/etc")], "l is a link to the outside"],
  ["a link upwards", [link("a/l", "../..")], "a/l is a link to the outside"],
  [
    "a link that goes up from where another one leads",
    [link("here", "."), link("l", "here/..")],
    "l is a link to the outside",
  ],
  [
    "a file behind a link",
    [link("l", "d"), { path: "l/evil", content: "x" }],
    "l/evil lies behind a link",
  ],
  [
    "a link behind a link",
    [link("l", "."), link("./l/l/up", "../..")],
    "./l/l/up lies behind a link",
  ],
  [
    "a hard link to the outside",
    [{ path: "h", linkpath: "../secret", type: "Link" as const }],
    "h is a link to the outside",
  ],
  [
    "a hard link to an absolute path",
    [{ path: "h", linkpath: "/etc/passwd", type: "Link" as const }],
    "h is a link to the outside",
  ],
  ["a device", [{ path: "d", type: "CharacterDevice" as const }], "d is no file but a Char"],
  ["a pipe", [{ path: "p", type: "FIFO" as const }], "p is no file but a FIFO"],
])("nothing is unpacked of an archive with %s", async (_, entries, why) => {
  const folder = await newFolder()
  const file = await zstdFile(
    await newFolder(),
    tarOf([{ path: "good", content: "1" }, ...entries]),
  )
  const out = join(folder, "out")
  expect(await refusalOf(file, out)).toContain(`the sandbox is not unpacked: ${why}`)
  expect(await readdir(folder)).toEqual([])
})

it("links within the sandbox are unpacked", async () => {
  const out = await newFolder()
  const entries = [
    { path: "./", type: "Directory" as const },
    { path: "./d/e/", type: "Directory" as const },
    { path: "./f", content: "text" },
    link("./d/e/l", "../../f"),
    { path: "./h", linkpath: "./f", type: "Link" as const },
  ]
  await unpack(await zstdFile(await newFolder(), tarOf(entries)), out, signal)
  expect(await readFile(join(out, "d/e/l"), "utf8")).toBe("text")
  expect(await readFile(join(out, "h"), "utf8")).toBe("text")
})

it("what exists is not overwritten, and nothing else is unpacked then", async () => {
  const out = await newFolder()
  await writeFile(join(out, "mine"), "precious")
  const tar = tarOf([
    { path: "other", content: "1" },
    { path: "./mine", content: "2" },
  ])
  expect(await refusalOf(await zstdFile(await newFolder(), tar), out)).toBe(
    `${join(out, "mine")} exists: --output names another folder`,
  )
  expect(await readdir(out)).toEqual(["mine"])
  expect(await readFile(join(out, "mine"), "utf8")).toBe("precious")
})

it("files are mine to read and write, and run as nobody else", async () => {
  const out = await newFolder()
  const entries = [
    { path: "d/", type: "Directory" as const, mode: 0o000 },
    { path: "d/f", mode: 0o6777, content: "1" },
    { path: "d/g", mode: 0o000, content: "1" },
  ]
  await unpack(await zstdFile(await newFolder(), tarOf(entries)), out, signal)
  const modeOf = async (path: string) => (await stat(join(out, path))).mode & 0o7777
  expect(await modeOf("d")).toBe(0o700)
  expect(await modeOf("d/f")).toBe(0o755)
  expect(await modeOf("d/g")).toBe(0o600)
})

it("what is damaged, or no sandbox, is told", async () => {
  const folder = await newFolder()
  const out = join(folder, "out")
  const good = await readFile(
    await zstdFile(await newFolder(), tarOf([{ path: "f", content: "1" }])),
  )
  const refusal = async (bytes: Buffer | string) => {
    const file = join(await newFolder(), "archive")
    await writeFile(file, bytes)
    return await refusalOf(file, out)
  }
  expect(await refusal("")).toBe("the sandbox is neither a tar.zst nor a tar.bz2")
  expect(await refusal("<html>")).toBe("the sandbox is neither a tar.zst nor a tar.bz2")
  expect(await refusal(good.subarray(0, -10))).toBe("the sandbox is damaged")
  const noTar = await zstdFile(await newFolder(), Buffer.alloc(4096, "x"))
  expect(await refusal(await readFile(noTar))).toBe("the sandbox is damaged")
  expect(await readdir(folder)).toEqual([])
})

it.skipIf(!hasBzip2)("a tar.bz2 is unpacked, and told when it is damaged", async () => {
  const [folder, out] = [await newFolder(), await newFolder()]
  const tar = join(folder, "archive")
  await writeFile(tar, tarOf([{ path: "f", content: "text" }]))
  execFileSync("bzip2", [tar])
  await unpack(`${tar}.bz2`, out, signal)
  expect(await readFile(join(out, "f"), "utf8")).toBe("text")

  const broken = join(folder, "broken")
  await writeFile(broken, (await readFile(`${tar}.bz2`)).subarray(0, 40))
  await mkdir(join(out, "again"))
  expect(await refusalOf(broken, join(out, "again"))).toBe("the sandbox is damaged")
})
