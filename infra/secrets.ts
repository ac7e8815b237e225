/** Secrets, which `npx sst secret set NAME --stage STAGE` keeps encrypted, and the variables that they become. */
import { database, search } from "./stage.ts"

const isElsewhere = !database.startsWith("aurora-")

/** What tokens and logins are made with, and where the configuration is. */
export const requestSecrets = {
  DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: new sst.Secret("Keystore").value,
  DIRACX_SERVICE_AUTH_STATE_KEY: new sst.Secret("StateKey").value,
  DIRACX_CONFIG_BACKEND_URL: new sst.Secret("ConfigUrl").value,
}

/** Where tables and documents are that the stage does not make. */
export const storeSecrets = {
  ...(isElsewhere && { SPINOR_DB_URL: new sst.Secret("DatabaseUrl").value }),
  ...(search === "external" && {
    DIRACX_OS_DB_JOBPARAMETERSDB: new sst.Secret("SearchConnection").value,
  }),
}
