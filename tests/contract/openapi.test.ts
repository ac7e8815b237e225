import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { allOperations } from "@spinor/routers/services"
import { openApiDocument } from "@spinor/routers/openapi/document"
import { normalise } from "./normalise.ts"

const operations = await allOperations()

type Document = {
  paths: Record<string, Record<string, { operationId: string }>>
  components: { schemas: Record<string, unknown> }
}

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as Document

const theirs = read("./diracx-openapi.json")
const ours = normalise(openApiDocument(operations, "0")) as Document

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )

it.each(operationsOf(theirs))(
  "describes $operation.operationId as DiracX does",
  ({ path, method, operation }) => {
    expect(ours.paths[path]?.[method]).toEqual(operation)
  },
)

it("has no operation that DiracX does not have, but for those that are marked", () => {
  const known = new Set(operationsOf(theirs).map(({ path, method }) => `${method} ${path}`))
  const added = operationsOf(ours).filter(({ path, method }) => !known.has(`${method} ${path}`))
  expect(added).toEqual([])
})

it.each(Object.keys({ ...theirs.components.schemas, ...ours.components.schemas }))(
  "has DiracX's model %s",
  (name) => {
    expect(ours.components.schemas[name]).toEqual(theirs.components.schemas[name])
  },
)

it("is what the service sends", () => {
  const sent = read("../../packages/routers/openapi.json")
  expect(normalise(sent)).toEqual(ours)
})

it("says that a page past the end of a search is an empty list", () => {
  const { paths } = openApiDocument(operations, "0")
  for (const path of ["/api/jobs/search", "/api/pilots/search"]) {
    expect(paths).toMatchObject({
      [path]: { post: { responses: { 416: { content: jsonOf({ type: "array" }) } } } },
    })
  }
})

const jsonOf = (schema: object) => ({ "application/json": { schema } })
