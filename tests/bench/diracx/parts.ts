import { serverUrl } from "../../support/servers.ts"
import { opensearch } from "../../support/services/opensearch.ts"
import { versitygw } from "../../support/services/versitygw.ts"
import type { World } from "./world.ts"

/** S3 and OpenSearch: what `npm run services` has started, or servers of its own. */
export async function partsOf(world: World): Promise<Record<string, string>> {
  const [s3, search] = await Promise.all([
    serverUrl("s3") ?? world.started(versitygw).then(({ url }) => url),
    serverUrl("opensearch") ?? world.started(opensearch).then(({ url }) => url),
  ])
  const { origin, username, password } = new URL(s3)
  return {
    DIRACX_SANDBOX_STORE_BUCKET_NAME: `bench-${process.pid}`,
    DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET: "true",
    DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS: JSON.stringify({
      endpoint_url: origin,
      aws_access_key_id: username,
      aws_secret_access_key: password,
    }),
    DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: search }),
    DIRACX_FACTORY_OS_GLOBAL_PREFIX: `bench${process.pid}_`,
  }
}
