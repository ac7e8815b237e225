/** The settings of the functions, secrets among them: linked, so that they travel encrypted beside the code and stand in no plain variable. */
import { databaseVariables } from "./databases.ts"
import { gateway } from "./gateway.ts"
import { searchVariables } from "./search.ts"
import { secretVariables } from "./secrets.ts"
import { givenVariables } from "./stage.ts"
import { storageVariables } from "./storage.ts"

/** `functions/compose/environment.ts` reads it under this name. */
export const variables = new sst.Linkable("Variables", {
  properties: {
    SPINOR_STAGE: "production",
    SPINOR_PUBLIC_URL: gateway.url,
    ...givenVariables,
    ...searchVariables,
    ...storageVariables,
    ...databaseVariables,
    ...secretVariables,
  },
})
