/** Follows a login's redirects with its cookies, as a browser does, to the page that says it is done. */
export async function approve(url: string): Promise<void> {
  const cookies = new Map<string, string>()
  let next: URL | undefined = new URL(url)
  for (let steps = 0; next !== undefined && steps < 20; steps++) {
    const at: URL = next
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const response = await fetch(at, { redirect: "manual", headers: { cookie } })
    const page = await response.text()
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    if (response.status >= 400) throw new Error(`${at.href} answers ${response.status}: ${page}`)
    const location = response.headers.get("location")
    next = location === null ? undefined : new URL(location, at)
  }
}
