/** Somebody who can sign in at the embedded OpenID provider. */
export type Account = {
  /** The identifier that the provider's tokens carry. */
  sub: string
  preferredUsername: string
  name: string
}

/** The page on which an account is picked: a button each, and no password. */
export const loginPage = (accounts: readonly Account[]): string =>
  page(
    "Sign in",
    `<p>Who are you today?</p>
    <form method="post">${accounts.map(accountButton).join("")}</form>
    <p class="note">Demo accounts without passwords, for development only.</p>`,
  )

/** What went wrong, for the person at the browser. */
export const errorPage = (title: string, description: string): string =>
  page(escape(title), `<p>${escape(description)}</p>`)

const accountButton = ({ sub, preferredUsername, name }: Account): string => `
      <button name="sub" value="${escape(sub)}">
        <span class="initial">${escape(name.slice(0, 1))}</span>
        <span><strong>${escape(name)}</strong><small>${escape(preferredUsername)}</small></span>
      </button>`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Spinor</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
    <h1>${title}</h1>
    ${body}
    </main>
  </body>
</html>
`

const STYLE = `
  :root { color-scheme: light dark; --accent: #3558d4; --line: light-dark(#d8dce6, #3a4050) }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center;
    font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f3f5fa, #14171f) }
  main { width: min(22rem, 80vw); padding: 2rem; border: 1px solid var(--line); border-radius: 1rem;
    background: light-dark(#fff, #1c202b) }
  h1 { margin: 0; font-size: 1.5rem }
  p { margin: .25rem 0 1.25rem; overflow-wrap: anywhere }
  button { display: flex; gap: .75rem; align-items: center; width: 100%; margin-bottom: .75rem; padding: .75rem;
    border: 1px solid var(--line); border-radius: .75rem; background: none; color: inherit; font: inherit;
    text-align: left; cursor: pointer }
  button:hover, button:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent) }
  .initial { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%;
    background: var(--accent); color: #fff; font-weight: 600 }
  strong, small { display: block }
  small, .note { opacity: .7 }
  .note { margin: .5rem 0 0; font-size: .85rem }
`

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
