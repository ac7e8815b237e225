/** The private network of what must not be reached from outside; a stage without such has none. */
import { database, existingNetwork, isProduction, search } from "./stage.ts"

/** As sst.aws.Vpc divides them. */
const NETWORK_ADDRESSES = "10.0.0.0/16"

const isNeeded = database.startsWith("aurora-") || search === "opensearch"

const own = isNeeded
  ? new sst.aws.Vpc("Network", {
      az: 2,
      // Functions fetch the configuration and speak to identity providers.
      nat: isProduction ? "managed" : { type: "ec2", ec2: { instance: "t4g.nano" } },
      transform: {
        natSecurityGroup(args) {
          args.ingress = [
            { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: [NETWORK_ADDRESSES] },
          ]
        },
        vpc: { cidrBlock: NETWORK_ADDRESSES },
      },
    })
  : undefined

if (own !== undefined) {
  new aws.ec2.VpcEndpoint("StorageEndpoint", {
    vpcId: own.id,
    serviceName: $interpolate`com.amazonaws.${aws.getRegionOutput().region}.s3`,
    vpcEndpointType: "Gateway",
    routeTableIds: own.nodes.privateRouteTables.apply((tables) => tables.map(({ id }) => id)),
  })
}

const isGiven = existingNetwork.privateSubnets.length > 0

/** Where functions run, and what they may reach; undefined for functions of the internet alone. */
export const network = own ?? (isGiven ? existingNetwork : undefined)

/** The subnets and the rules of a network of our own. */
export const ownNetwork = own
