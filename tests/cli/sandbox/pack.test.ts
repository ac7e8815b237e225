import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises"
import { join } from "node:path"
import { zstdDecompressSync } from "node:zlib"
import { expect, it } from "vitest"
import { pack } from "@spinor/cli/sandbox/pack"
import { unpack } from "@spinor/cli/sandbox/unpack"
import { newFolder, options, signal } from "./archives.ts"

/** A folder with a script, a folder with data and a link in it. */
async function someFiles(): Promise<string> {
  const folder = await newFolder()
  await writeFile(join(folder, "run.sh"), "#!/bin/sh\n")
  await chmod(join(folder, "run.sh"), 0o755)
  await mkdir(join(folder, "data/empty"), { recursive: true })
  await writeFile(join(folder, "data", `${"long".repeat(50)}-é`), "long")
  await symlink("../data/empty", join(folder, "data/link"))
  return folder
}

it("what is packed comes back, by its last name, folders with all that is in them", async () => {
  const folder = await someFiles()
  const file = join(await newFolder(), "sandbox.tar.zst")
  const packed = await pack([join(folder, "run.sh"), `${folder}/data/`], file, options)
  const bytes = await readFile(file)
  expect(packed).toEqual({
    checksum: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
  })
  const out = join(await newFolder(), "new/folder")
  await unpack(file, out, signal)
  expect((await readdir(out, { recursive: true })).sort()).toEqual([
    "data",
    "data/empty",
    "data/link",
    `data/${"long".repeat(50)}-é`,
    "run.sh",
  ])
  expect(await readFile(join(out, "run.sh"), "utf8")).toBe("#!/bin/sh\n")
  expect((await stat(join(out, "run.sh"))).mode & 0o777).toBe(0o755)
  expect(await readlink(join(out, "data/link"))).toBe("../data/empty")
})

it("a link that is named itself stands for what it leads to", async () => {
  const folder = await someFiles()
  await symlink(join(folder, "run.sh"), join(folder, "start"))
  const file = join(await newFolder(), "sandbox.tar.zst")
  await pack([join(folder, "start")], file, options)
  const out = await newFolder()
  await unpack(file, out, signal)
  expect(await readFile(join(out, "start"), "utf8")).toBe("#!/bin/sh\n")
  expect(await readdir(out)).toEqual(["start"])
})

it("equal contents make equal bytes, which name nobody", async () => {
  const [one, two] = [await someFiles(), await someFiles()]
  const into = await newFolder()
  for (const folder of [one, two]) {
    for (const path of ["run.sh", `data/${"long".repeat(50)}-é`, "data/empty", "data"]) {
      await utimes(join(folder, path), 1000, 1000)
    }
    execFileSync("touch", ["-h", "-d", "@1000", join(folder, "data/link")])
  }
  await utimes(join(one, "data"), 1000, 1000)
  await utimes(join(two, "data"), 1000, 1000)
  const packed = async (folder: string, name: string) =>
    await pack([join(folder, "data"), join(folder, "run.sh")], join(into, name), options)
  expect(await packed(one, "one")).toEqual(await packed(two, "two"))
  const tar = zstdDecompressSync(await readFile(join(into, "one")))
  expect(tar.includes(one)).toBe(false)
  expect(tar.includes(process.env["USER"] ?? "root\0")).toBe(false)
})

it("says what cannot be packed", async () => {
  const folder = await someFiles()
  const file = async () => join(await newFolder(), "sandbox.tar.zst")
  const refusal = async (...paths: string[]) =>
    await pack(paths, await file(), options).then(
      () => "none",
      (error: Error) => error.message,
    )
  expect(await refusal(join(folder, "none"))).toMatch(/ENOENT/)
  expect(await refusal("/")).toBe("the root of the file system cannot be packed")
  expect(await refusal("/dev/null")).toBe("/dev/null is neither a file nor a folder")
  const twice = await refusal(join(folder, "data"), join(folder, "run.sh"), "/elsewhere/data")
  expect(twice).toBe("two of the paths would be data in the sandbox")
  await symlink("/etc/passwd", join(folder, "data/absolute"))
  expect(await refusal(join(folder, "data"))).toBe(
    "nobody could unpack this: data/absolute is a link to the outside",
  )
})
