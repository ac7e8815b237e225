import * as authorize from "./authorize.ts"
import * as device from "./device.ts"
import { legacyExchange } from "./legacy-exchange.ts"
import * as refreshTokens from "./refresh-tokens.ts"
import { revoke } from "./revoke.ts"
import { token } from "./token.ts"
import { userinfo } from "./userinfo.ts"

export const auth = [
  ...Object.values(device),
  ...Object.values(authorize),
  ...Object.values(refreshTokens),
  legacyExchange,
  revoke,
  token,
  userinfo,
]
