/** The smallest function with which Spinor's is compared: Hono, its adapter, and one answer. */
import { Hono } from "hono"
import { handle } from "hono/aws-lambda"

const app = new Hono().get("/.well-known/dirac-metadata", (c) =>
  c.json({ virtual_organizations: {} }),
)

/** @public */
export const handler = handle(app)
