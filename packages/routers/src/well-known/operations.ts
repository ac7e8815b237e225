import * as z from "zod"
import { Metadata, OpenIDConfiguration } from "@spinor/core/models/auth"
import { installationMetadata, openIdConfiguration } from "@spinor/logic/auth/well-known"
import { securityTxt, supportContacts } from "@spinor/logic/auth/security-txt"
import { json } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

const tags = [".well-known"]

const getOpenidConfiguration = openOperation(
  {
    method: "get",
    path: "/.well-known/openid-configuration",
    operationId: ".well-known_get_openid_configuration",
    tags,
    responses: { 200: { schema: OpenIDConfiguration } },
  },
  async ({ deps, urlOf }) => {
    const { config } = await deps.config.latest()
    return json(openIdConfiguration(config, deps.settings, deps.keystore, urlOf))
  },
)

const getJwks = openOperation(
  {
    method: "get",
    path: "/.well-known/jwks.json",
    operationId: ".well-known_get_jwks",
    tags,
    responses: { 200: { schema: z.record(z.string(), z.unknown()) } },
  },
  ({ deps }) => json(deps.keystore.publicKeys),
)

const getInstallationMetadata = openOperation(
  {
    method: "get",
    path: "/.well-known/dirac-metadata",
    operationId: ".well-known_get_installation_metadata",
    tags,
    responses: { 200: { schema: Metadata } },
  },
  async ({ deps }) => json(installationMetadata((await deps.config.latest()).config)),
)

const getSecurityTxt = openOperation(
  {
    method: "get",
    path: "/.well-known/security.txt",
    operationId: ".well-known_get_security_txt",
    tags,
    responses: { 200: { schema: z.string() } },
  },
  async ({ deps, urlOf }) => {
    const { config } = await deps.config.latest()
    const { securityContact } = deps.settings
    const contacts = securityContact === undefined ? supportContacts(config) : [securityContact]
    const place = contacts.length > 0 ? contacts : [urlOf("/api/docs")]
    // A text in JSON, as DiracX sends it.
    return json(securityTxt(place, deps.clock()))
  },
)

export const wellKnown = [getOpenidConfiguration, getJwks, getInstallationMetadata, getSecurityTxt]
