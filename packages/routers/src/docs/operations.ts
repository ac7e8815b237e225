import * as z from "zod"
import { NotFoundError } from "@spinor/core/errors"
import { html, json } from "../http/answers.ts"
import { openOperation } from "../operation.ts"
import { referencePage, referenceScript } from "./page.ts"

const hidden = { method: "get", tags: ["docs"], responses: { 200: {} }, hidden: true } as const

const document = openOperation(
  { ...hidden, path: "/api/openapi.json", operationId: "docs_openapi" },
  async ({ deps: { settings } }) => {
    const { default: openapi } = await import("../../openapi.json", { with: { type: "json" } })
    const served = Object.entries(openapi.paths).filter(([, methods]) =>
      Object.values(methods).every(
        ({ tags }: { tags: string[] }) => !tags.some((tag) => settings.disabledServices.has(tag)),
      ),
    )
    return json({ ...openapi, paths: Object.fromEntries(served) })
  },
)

const reference = openOperation(
  { ...hidden, path: "/api/docs", operationId: "docs_reference" },
  () => html(referencePage),
)

const SCRIPT = "text/javascript; charset=utf-8"

const script = openOperation(
  { ...hidden, path: "/api/docs/reference.js", operationId: "docs_reference_script" },
  () => ({ status: 200, headers: { "content-type": SCRIPT }, body: referenceScript }),
)

const TYPES: Readonly<Record<string, string>> = {
  "oauth2-redirect.js": SCRIPT,
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": SCRIPT,
  "favicon-32x32.png": "image/png",
}

/** Where the page takes the code of its user's login. */
const redirectPage = openOperation(
  { ...hidden, path: "/api/docs/oauth2-redirect", operationId: "docs_oauth2_redirect" },
  async ({ deps: { docsAsset } }) => {
    if (docsAsset === undefined) throw new NotFoundError("Not Found")
    return html(Buffer.from(await docsAsset("oauth2-redirect.html")).toString())
  },
)

const asset = openOperation(
  {
    ...hidden,
    path: "/api/docs/{name}",
    operationId: "docs_asset",
    pathParameters: z.object({ name: z.string() }),
  },
  async ({ path: { name }, deps }) => {
    const type = TYPES[name]
    if (type === undefined || deps.docsAsset === undefined) throw new NotFoundError("Not Found")
    const headers = { "content-type": type, "cache-control": "public, max-age=86400" }
    return { status: 200, headers, body: new Uint8Array(await deps.docsAsset(name)) }
  },
)

export const docs = [document, reference, script, redirectPage, asset]
