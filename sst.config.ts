/// <reference path="./.sst/platform/config.d.ts" />

/** `npx sst deploy --stage NAME`: a stage of Spinor in an account of AWS, of which `.env.NAME` says more. @public */
export default $config({
  app({ stage }) {
    const isProduction = stage === "production"
    return {
      name: "spinor",
      home: "aws",
      removal: isProduction ? "retain" : "remove",
      protect: isProduction,
    }
  },
  async run() {
    const { gateway } = await import("./infra/gateway.ts")
    await import("./infra/api.ts")
    await import("./infra/events.ts")
    await import("./infra/schedules.ts")
    await import("./infra/monitoring.ts")
    return {
      url: gateway.url,
      next: $interpolate`npx spinor login --url ${gateway.url}`,
    }
  },
})
