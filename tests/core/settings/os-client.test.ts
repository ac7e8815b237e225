import { describe, expect, it } from "vitest"
import { readSettings, SettingsError } from "@spinor/core/settings/settings"

const VARIABLE = "DIRACX_OS_DB_JOBPARAMETERSDB"
const readText = (text: string) => readSettings({ [VARIABLE]: text }).osDatabases
const read = (options: object) => readText(JSON.stringify(options)).get("JOBPARAMETERSDB")

describe("the options of OpenSearch", () => {
  it("are those of the Python client where nothing is said", () => {
    expect(read({})).toEqual({
      nodes: ["http://localhost:9200/"],
      auth: undefined,
      tls: { verify: true, verifyHost: true, ca: undefined, cert: undefined, key: undefined },
      compress: false,
      timeoutMs: 10_000,
      maxSockets: 10,
      headers: {},
      aws: undefined,
    })
    expect(read({ hosts: null, ca_certs: null, timeout: null })).toEqual(read({}))
  })

  it("are read for each database that has a variable", () => {
    const { osDatabases } = readSettings({
      DIRACX_OS_DB_JOBPARAMETERSDB: "{}",
      DIRACX_OS_DB_PILOTLOGSDB: '{"port": 9201}',
    })
    expect([...osDatabases.keys()]).toEqual(["JOBPARAMETERSDB", "PILOTLOGSDB"])
    expect(osDatabases.get("PILOTLOGSDB")?.nodes).toEqual(["http://localhost:9201/"])
  })

  it.each<[options: object, node: string]>([
    [{ hosts: "os.example.org" }, "http://os.example.org:9200/"],
    [{ hosts: "os.example.org:80" }, "http://os.example.org/"],
    [{ hosts: "http://os.example.org:80" }, "http://os.example.org/"],
    [{ hosts: "http://os.example.org" }, "http://os.example.org:9200/"],
    [{ hosts: "https://os.example.org" }, "https://os.example.org/"],
    [{ hosts: "HTTPS://os.example.org:9200/a/b/" }, "https://os.example.org:9200/a/b"],
    [{ hosts: "[::1]:9201" }, "http://[::1]:9201/"],
    [{ hosts: "os", use_ssl: true }, "https://os:9200/"],
    [{ hosts: "http://os", use_ssl: true }, "https://os:9200/"],
    [{ hosts: "https://os", use_ssl: false }, "https://os/"],
    [{ hosts: "os", scheme: "https", port: 443 }, "https://os/"],
    [{ hosts: "os:1", port: 2, url_prefix: "/p/" }, "http://os:1/p"],
    [{ hosts: [{ host: "os" }] }, "http://os:9200/"],
    [{ hosts: [{ host: "::1", port: 9201 }] }, "http://[::1]:9201/"],
    [{ hosts: [{ host: "os", use_ssl: true, url_prefix: "p" }] }, "https://os:9200/p"],
    [{ hosts: [{ host: "os", scheme: "https", port: 443 }] }, "https://os/"],
    [{ hosts: [{ port: 1 }], host: "os", port: 2, use_ssl: true }, "https://os:1/"],
    [{ hosts: [{ use_ssl: false }], use_ssl: true }, "http://localhost:9200/"],
    [{ host: "os" }, "http://os:9200/"],
  ])("%j is the node %s", (options, node) => {
    expect(read(options)?.nodes).toEqual([node])
  })

  it("name several nodes, each once", () => {
    const hosts = ["a", "http://a:9200", { host: "b", port: 1 }]
    expect(read({ hosts })?.nodes).toEqual(["http://a:9200/", "http://b:1/"])
  })

  it.each<[options: object, username: string, password: string]>([
    [{ http_auth: "user:pass:word" }, "user", "pass:word"],
    [{ http_auth: ["us:er", "password"] }, "us:er", "password"],
    [{ hosts: "https://us%40er:p%3Aw@os" }, "us@er", "p:w"],
    [{ hosts: "user:password@os:9200" }, "user", "password"],
    [{ hosts: "user:own@os", http_auth: "other:all" }, "user", "own"],
    [{ hosts: [{ http_auth: "user:own" }], http_auth: "other:all" }, "user", "own"],
    [{ hosts: ["a:b@os", { host: "so", http_auth: ["a", "b"] }] }, "a", "b"],
    [{ http_auth: "user:" }, "user", ""],
  ])("%j has a user, who is not in the node's URL", (options, username, password) => {
    const { auth, nodes = [] } = read(options) ?? {}
    expect(auth).toEqual({ username, password })
    expect(nodes.join()).not.toContain("@")
  })

  it("say how TLS, connections and headers are", () => {
    const options = {
      verify_certs: false,
      ssl_assert_hostname: false,
      ssl_show_warn: false,
      ca_certs: "/ca.pem",
      client_cert: "/cert.pem",
      client_key: "/key.pem",
      http_compress: true,
      timeout: 2.5,
      pool_maxsize: 3,
      headers: { "X-Tenant": "lhcb" },
      opaque_id: "spinor",
      max_retries: 5,
      sniff_on_start: true,
    }
    expect(read(options)).toMatchObject({
      tls: {
        verify: false,
        verifyHost: false,
        ca: "/ca.pem",
        cert: "/cert.pem",
        key: "/key.pem",
      },
      compress: true,
      timeoutMs: 2500,
      maxSockets: 3,
      headers: { "x-tenant": "lhcb", "x-opaque-id": "spinor" },
    })
  })

  it("say for which service of AWS requests are signed", () => {
    const aws = { region: "eu-west-1", service: "aoss" }
    expect(read({ hosts: "https://os", aws })?.aws).toEqual(aws)
  })
})

describe("options of OpenSearch that cannot be used", () => {
  it.each<[text: string, message: string]>([
    ["s3cret", "is not an object in JSON"],
    ['["s3cret"]', "is not an object in JSON"],
    ["null", "is not an object in JSON"],
    ['{"hosts": []}', "holds a value of hosts that cannot be used"],
    ['{"hosts": ["os", "u:s3cret@os:99999"]}', "holds a value of hosts.1 that cannot be used"],
    ['{"hosts": "ftp://u:s3cret@os"}', "holds a value of hosts.0 that cannot be used"],
    ['{"hosts": "https://os/?s3cret"}', "holds a value of hosts.0 that cannot be used"],
    ['{"hosts": "u:s3cret%@os"}', "holds a value of hosts.0.http_auth that cannot be used"],
    ['{"hosts": [{"port": "s3cret"}]}', "holds a value of hosts.0.port that cannot be used"],
    ['{"hosts": [{"host": "u:s3cret@os"}]}', "holds a value of hosts.0.host that cannot be used"],
    ['{"hosts": [{"hots": "s3cret"}]}', "holds hots in hosts.0, which cannot be used there"],
    ['{"http_auth": "s3cret"}', "holds a value of http_auth that cannot be used"],
    ['{"http_auth": ["u", "s3cret", "x"]}', "holds a value of http_auth that cannot be used"],
    ['{"timeout": 0}', "holds a value of timeout that cannot be used"],
    ['{"use_ssl": "s3cret"}', "holds a value of use_ssl that cannot be used"],
    ['{"headers": {"X-A": "s3\\ncret"}}', "holds a value of headers.X-A that cannot be used"],
    ['{"aws": {"region": "eu-west-1"}}', "holds a value of aws.service that cannot be used"],
    [
      '{"aws": {"region": "eu-west-1", "service": "s3"}}',
      "holds a value of aws.service that cannot be used",
    ],
    ['{"http_pass": "s3cret"}', "holds http_pass: known are hosts, host, port, "],
    [
      '{"hosts": ["a:b@one", "a:s3cret@two"]}',
      "holds hosts with different users, where one is used for all",
    ],
    [
      '{"http_auth": "a:s3cret", "aws": {"region": "eu-west-1", "service": "es"}}',
      "holds http_auth and aws, of which one can be used",
    ],
  ])("%s are refused by variable and field, and no value is told", (text, message) => {
    const refused = () => readText(text)
    expect(refused).toThrow(SettingsError)
    expect(refused).toThrow(`${VARIABLE} ${message}`)
    expect(refused).not.toThrow("s3")
  })

  it("are told of all databases", () => {
    const refused = () =>
      readSettings({ DIRACX_OS_DB_JOBPARAMETERSDB: "a", DIRACX_OS_DB_PILOTLOGSDB: "b" })
    expect(refused).toThrow(
      expect.objectContaining({
        lines: [
          "DIRACX_OS_DB_JOBPARAMETERSDB is not an object in JSON",
          "DIRACX_OS_DB_PILOTLOGSDB is not an object in JSON",
        ],
      }),
    )
  })
})

describe("the prefix of indices", () => {
  const prefixed = (prefix: string) =>
    readSettings({ DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix }).DIRACX_FACTORY_OS_GLOBAL_PREFIX

  it.each(["", "lhcb_", "0dev-", "a.b_"])("may be %j", (prefix) => {
    expect(prefixed(prefix)).toBe(prefix)
  })

  it.each(["_a", "-a", ".a", "A", "a*", "a,b", "a/", "a b", "ä", "a".repeat(101)])(
    "may not be %j",
    (prefix) => {
      expect(() => prefixed(prefix)).toThrow(
        "DIRACX_FACTORY_OS_GLOBAL_PREFIX cannot begin the name of an index: ",
      )
    },
  )
})
