/** The HTTP API in front of the service: its name, its limits, its log. */
import { domain, isProduction } from "./stage.ts"

export const gateway = new sst.aws.ApiGatewayV2("Gateway", {
  // The service says itself which web applications it lets in, as DiracX does.
  cors: false,
  ...(domain !== undefined && { domain }),
  accessLog: { retention: isProduction ? "3 months" : "1 week" },
  transform: {
    // Under another name than its own the service would sign tokens that nobody takes.
    api: { disableExecuteApiEndpoint: domain !== undefined },
    stage: {
      defaultRouteSettings: {
        throttlingRateLimit: isProduction ? 500 : 50,
        throttlingBurstLimit: isProduction ? 1000 : 100,
      },
    },
  },
})
