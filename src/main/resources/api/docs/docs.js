// Swagger UI over the live description; ?type=… shows one type's contract alone.
const type = new URLSearchParams(window.location.search).get('type');

window.ui = SwaggerUIBundle({
  url: type === null ? '/openapi.json' : '/openapi/' + encodeURIComponent(type) + '.json',
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // The key stays in this page's memory.
  persistAuthorization: false,
  validatorUrl: null,
});
