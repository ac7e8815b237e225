import { createCipheriv } from "node:crypto"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { ACCOUNT, type BuiltFunction } from "./synthesis.ts"

interface Build {
  readonly functionID: string
  readonly handler: string
  readonly bundle: string
  /** In Base64. */
  readonly encryptionKey: string
  readonly links: BuiltFunction["links"]
}

/** Stands in for SST's command line, which the components ask for what is outside of their program. */
export async function startCommandLine(built: BuiltFunction[]): Promise<{
  readonly url: string
  stop(): void
}> {
  const methods: Record<string, (asked: never) => unknown> = {
    "Provider.Aws.Bootstrap": ({ region }: { region: string }) => ({
      version: 4,
      asset: `sst-asset-${region}`,
      state: `sst-state-${region}`,
      assetEcrRegistryId: ACCOUNT,
      assetEcrUrl: `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/sst-asset`,
    }),
    async "Runtime.Build"(asked: Build) {
      const answer = await build(asked)
      built.push(answer)
      return { handler: asked.handler, out: asked.bundle, errors: [], sourcemaps: [] }
    },
  }
  const server = createServer(async (request, response) => {
    const { method, params } = JSON.parse(await text(request)) as {
      method: string
      params: never[]
    }
    try {
      const answer = methods[method]
      if (answer === undefined) throw new Error(`The command line does not know ${method}`)
      response.end(JSON.stringify({ result: await answer(params[0] as never) }))
    } catch (error) {
      response.end(JSON.stringify({ error: String(error) }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() }
}

/** Lays the linked resources beside code that is bundled already. */
async function build({
  functionID,
  handler,
  bundle,
  links,
  encryptionKey,
}: Build): Promise<BuiltFunction> {
  const key = Buffer.from(encryptionKey, "base64")
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12))
  const encrypted = Buffer.concat([
    cipher.update(JSON.stringify(links)),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  await writeFile(join(bundle, "resource.enc"), encrypted)
  const files = await readdir(bundle, { recursive: true })
  const code = files.filter((file) => file.endsWith(".mjs"))
  const texts = await Promise.all(code.map((file) => readFile(join(bundle, file), "utf8")))
  // So say the places of all other drivers (functions/bundle/left-out.ts).
  const [, driver] = /This function was built for ([\w-]+)/.exec(texts.join()) ?? []
  return {
    name: functionID,
    handler,
    bundle,
    files,
    driver,
    links,
    encrypted: encrypted.toString("base64"),
  }
}
