import * as device from "./device.ts"
import { revoke } from "./revoke.ts"
import { token } from "./token.ts"
import { userinfo } from "./userinfo.ts"

export const auth = [...Object.values(device), revoke, token, userinfo]
