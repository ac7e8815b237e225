import { expect, it } from "vitest"
import { targetOf } from "@spinor/routers/http/target"

const ORIGINS = [
  "http://localhost",
  "https://127.0.0.1:8443",
  "http://[::1]:8000",
  "HTTPS://Grid.Example.ORG:443",
  "https://xn--bcher-kva.example",
]
const PATHS = [
  "",
  "/",
  "//",
  "//other.example/api",
  "/api/jobs/search",
  "/api/jobs/1/",
  "/a%2Fb%3Fc%23d%25",
  "/a/../b/./c",
  "/a:b@c;d=e,f",
  "/http://other.example/x?y",
  "/ü ñ",
  "/a\\b",
]
const QUERIES = [
  "",
  "?",
  "??",
  "?a=1&b=2",
  "?a=/b?c=d",
  "?url=https://other.example/x?y",
  "?a=%26%23+ü",
  "?a=[1]&b='x'",
]
const FRAGMENTS = ["", "#", "#part", "#/a?b=c#d"]

it.each(ORIGINS)("reads the URL of a request to %s as URL does", (origin) => {
  for (const path of PATHS) {
    for (const query of QUERIES) {
      for (const fragment of FRAGMENTS) {
        const { url } = new Request(`${origin}${path}${query}${fragment}`)
        const { protocol, pathname, search } = new URL(url)
        const expected = { scheme: protocol.slice(0, -1), path: pathname, query: search.slice(1) }
        expect({ url, ...targetOf(url) }).toEqual({ url, ...expected })
      }
    }
  }
})
