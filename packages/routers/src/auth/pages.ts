const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif }
body { display: grid; place-content: center; min-height: 100vh; margin: 0; text-align: center }
p { opacity: 0.7 }
</style>
</head>
<body>
${body}
</body>
</html>
`

/** Shown in the browser when a device has been given access; the heading is DiracX's. */
export const finishedPage = page(
  "Signed in",
  "<h1>Please close the window</h1>\n<p>You are signed in. The program that asked for it goes on by itself.</p>",
)
