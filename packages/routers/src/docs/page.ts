/** The API reference: Swagger UI over the service's own document, with assets of the service itself. */
export const referencePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spinor: API reference</title>
<link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/reference.js"></script>
</body>
</html>
`

/** Starts the page; a file of its own, as the page's policy lets no script stand in it. */
export const referenceScript = `const page = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  persistAuthorization: true,
  validatorUrl: null,
  oauth2RedirectUrl: location.origin + "/api/docs/oauth2-redirect",
})
page.initOAuth({ clientId: "myDIRACClientID", usePkceWithAuthorizationCodeGrant: true })
`
