import type { Adapter, AdapterPayload } from "oidc-provider"

/** More logins under way than this push out the oldest. */
const CAPACITY = 5_000

type Entry = { payload: AdapterPayload; expires: number }

/** Keeps the provider's sessions, grants and codes in memory, each as long as it is valid. */
export function openIdStore(): (model: string) => Adapter {
  const entries = new Map<string, Entry>()

  function valid(key: string): AdapterPayload | undefined {
    const entry = entries.get(key)
    return entry !== undefined && entry.expires > Date.now() ? entry.payload : undefined
  }

  return (model) => ({
    async upsert(id, payload, seconds = Infinity) {
      const key = `${model}:${id}`
      entries.delete(key)
      entries.set(key, { payload, expires: Date.now() + seconds * 1000 })
      const [oldest] = entries.keys()
      if (entries.size > CAPACITY && oldest !== undefined) entries.delete(oldest)
    },
    async find(id) {
      return valid(`${model}:${id}`)
    },
    async findByUid(uid) {
      return [...entries.keys()]
        .filter((key) => key.startsWith(`${model}:`))
        .map(valid)
        .find((payload) => payload?.uid === uid)
    },
    async findByUserCode() {
      // The provider offers no device flow of its own.
      return undefined
    },
    async consume(id) {
      const payload = valid(`${model}:${id}`)
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key)
    },
  })
}
