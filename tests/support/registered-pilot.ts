import { randomUUID } from "node:crypto"
import { admin, type Service } from "./service.ts"

/** Registers a pilot through the service, and gives its stamp. */
export async function registeredPilot({ call }: Service, vo = "testvo"): Promise<string> {
  const pilot_stamp = randomUUID().replaceAll("-", "")
  await call("POST", "/api/pilots/", { as: admin, body: { pilot_stamp, vo } })
  return pilot_stamp
}
