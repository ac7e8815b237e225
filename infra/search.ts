/** OpenSearch in the stage's network, which lets in whom IAM lets in; or documents in the database, or an OpenSearch elsewhere. */
import { ownNetwork } from "./network.ts"
import { isProduction, search } from "./stage.ts"

/** Undefined where it is not ours. */
export const searchDomain = search === "opensearch" ? makeDomain() : undefined

export const searchVariables =
  searchDomain === undefined
    ? { SPINOR_DOCUMENTS: search === "sql" ? "sql" : "" }
    : {
        DIRACX_OS_DB_JOBPARAMETERSDB: $jsonStringify({
          hosts: $interpolate`https://${searchDomain.endpoint}:443`,
          aws: { region: aws.getRegionOutput().region, service: "es" },
        }),
      }

/** Requests to the domain that signed ones of a function may be; none where there is no domain. */
export const searchAccess = (...methods: ("Head" | "Get" | "Post" | "Put" | "Delete")[]) =>
  searchDomain === undefined
    ? []
    : [
        {
          actions: methods.map((method) => `es:ESHttp${method}`),
          resources: [$interpolate`${searchDomain.arn}/*`],
        },
      ]

function makeDomain() {
  if (ownNetwork === undefined) throw new Error("OpenSearch needs a network of its own")
  const subnets = ownNetwork.privateSubnets
  const domain = new aws.opensearch.Domain(
    "Search",
    {
      // At most 28 characters.
      domainName: `${$app.name}-${$app.stage}`.toLowerCase().slice(0, 28),
      engineVersion: "OpenSearch_2.19",
      clusterConfig: isProduction
        ? {
            instanceType: "m7g.large.search",
            instanceCount: 2,
            zoneAwarenessEnabled: true,
            zoneAwarenessConfig: { availabilityZoneCount: 2 },
          }
        : { instanceType: "t3.small.search", instanceCount: 1 },
      ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: isProduction ? 100 : 10 },
      vpcOptions: {
        subnetIds: isProduction ? subnets : subnets.apply((all) => all.slice(0, 1)),
        securityGroupIds: ownNetwork.securityGroups,
      },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: {
        enforceHttps: true,
        tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
      },
      offPeakWindowOptions: { enabled: true },
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
    },
    { protect: isProduction, retainOnDelete: isProduction },
  )
  new aws.opensearch.DomainPolicy("SearchPolicy", {
    domainName: domain.domainName,
    // Those of the account whom their roles allow it; without a policy, all in the network.
    accessPolicies: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          principals: [
            {
              type: "AWS",
              identifiers: [
                $interpolate`arn:aws:iam::${aws.getCallerIdentityOutput().accountId}:root`,
              ],
            },
          ],
          actions: ["es:ESHttp*"],
          resources: [$interpolate`${domain.arn}/*`],
        },
      ],
    }).json,
  })
  return domain
}
