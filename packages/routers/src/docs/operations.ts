import * as z from "zod"
import { NotFoundError } from "@spinor/core/errors"
import { html } from "../http/answers.ts"
import { openOperation } from "../operation.ts"
import { referencePage } from "./page.ts"

const hidden = { method: "get", tags: ["docs"], responses: { 200: {} }, hidden: true } as const

const document = openOperation(
  { ...hidden, path: "/api/openapi.json", operationId: "docs_openapi" },
  async () => {
    const { default: openapi } = await import("../../openapi.json", { with: { type: "json" } })
    return Response.json(openapi)
  },
)

const reference = openOperation(
  { ...hidden, path: "/api/docs", operationId: "docs_reference" },
  () => html(referencePage),
)

const TYPES: Readonly<Record<string, string>> = {
  "oauth2-redirect.js": "text/javascript; charset=utf-8",
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
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
    return new Response(new Uint8Array(await deps.docsAsset(name)), { headers })
  },
)

export const docs = [document, reference, redirectPage, asset]
