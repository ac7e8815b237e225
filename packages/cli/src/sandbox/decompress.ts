import { spawn } from "node:child_process"
import { once } from "node:events"
import { createReadStream, createWriteStream } from "node:fs"
import { open } from "node:fs/promises"
import { pipeline } from "node:stream/promises"
import { createZstdDecompress } from "node:zlib"
import { CommandError, isFileError } from "../errors.ts"

const ZSTD = "28b52ffd"
const BZIP2 = "425a68"

/**
 * Makes a tar of a tar.zst, or of a tar.bz2, which DIRAC's older clients upload.
 * @throws CommandError for what is neither or is damaged
 */
export async function decompress(file: string, tar: string, signal: AbortSignal): Promise<void> {
  const magic = await firstBytes(file)
  if (magic === ZSTD) await unzstd(file, tar, signal)
  else if (magic.startsWith(BZIP2)) await bunzip2(file, tar, signal)
  else throw new CommandError("the sandbox is neither a tar.zst nor a tar.bz2")
}

async function firstBytes(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString("hex", 0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function unzstd(file: string, tar: string, signal: AbortSignal): Promise<void> {
  try {
    const out = createWriteStream(tar, { flags: "wx", mode: 0o600 })
    await pipeline(createReadStream(file), createZstdDecompress(), out, { signal })
  } catch (cause) {
    if (signal.aborted || isFileError(cause)) throw cause
    throw new CommandError("the sandbox is damaged", { cause })
  }
}

/** Node knows no bzip2, and npm no decoder that is looked after; the program is on every worker node. */
async function bunzip2(file: string, tar: string, signal: AbortSignal): Promise<void> {
  const out = await open(tar, "wx", 0o600)
  try {
    const options = ["--decompress", "--stdout", file]
    const child = spawn("bzip2", options, { stdio: ["ignore", out.fd, "ignore"], signal })
    const [code]: unknown[] = await once(child, "close")
    if (code !== 0) throw new CommandError("the sandbox is damaged")
  } catch (cause) {
    if (!(isFileError(cause) && cause.code === "ENOENT")) throw cause
    throw new CommandError("a tar.bz2 is unpacked with the program bzip2, which is not installed", {
      cause,
    })
  } finally {
    await out.close()
  }
}
