import { stat } from "node:fs/promises"
import { commitConfig, initConfig } from "@spinor/core/config/commit"
import type { Clock } from "@spinor/core/instant"
import type { Account } from "./openid-pages.ts"

export const DEMO_VO = "testvo"

/** The client that the service is at its own provider. */
export const DEMO_CLIENT_ID = "spinor"

export const DEMO_ACCOUNTS: readonly Account[] = [
  { sub: "demo-alice", preferredUsername: "alice", name: "Alice" },
  { sub: "demo-bob", preferredUsername: "bob", name: "Bob" },
]

const demoConfiguration = (
  idpUrl: string,
) => `# The configuration of a Spinor on one machine: a commit is in force within seconds.
# \`npx spinor config add-vo\` and \`npx spinor config add-user\` make such commits.
DIRAC: {}

Registry:
  ${DEMO_VO}:
    # The provider that Spinor brings; the start keeps its address up to date.
    IdP:
      URL: ${idpUrl}
      ClientID: ${DEMO_CLIENT_ID}
    DefaultGroup: user
    Users:
      demo-alice:
        PreferedUsername: alice
      demo-bob:
        PreferedUsername: bob
    Groups:
      user:
        Properties: [NormalUser]
        Users: [demo-alice, demo-bob]
      admin:
        Properties: [JobAdministrator, ServiceAdministrator]
        Users: [demo-alice]
      pilot:
        Properties: [GenericPilot]
        Users: [demo-alice]

Operations:
  Defaults: {}
`

const IDP_URL = ["Registry", DEMO_VO, "IdP", "URL"]

/**
 * Makes the demo's configuration, a git repository, where there is none; where there is, only the
 * address of the embedded provider is corrected.
 */
export async function keepDemoConfiguration(
  folder: string,
  { idpUrl, clock }: { idpUrl: string; clock: Clock },
): Promise<void> {
  if (!(await exists(folder))) {
    try {
      await initConfig(folder, demoConfiguration(idpUrl), { message: "Begin a demo", clock })
      return
    } catch (error) {
      // Another starter was faster.
      if (!(await exists(folder))) throw error
    }
  }
  await commitConfig(
    folder,
    (document) => {
      const isOurs = document.getIn([...IDP_URL.slice(0, -1), "ClientID"]) === DEMO_CLIENT_ID
      if (isOurs && document.getIn(IDP_URL) !== idpUrl) document.setIn(IDP_URL, idpUrl)
    },
    { message: "Correct the address of the embedded OpenID provider", clock },
  )
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
