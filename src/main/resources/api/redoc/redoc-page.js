// Redoc over the live description; ?type=… shows one type's contract alone.
const type = new URLSearchParams(window.location.search).get('type');

Redoc.init(
  type === null ? '/openapi.json' : '/openapi/' + encodeURIComponent(type) + '.json',
  // The font that it would fetch from elsewhere is not asked for.
  { theme: { typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' } } } },
  document.getElementById('redoc'),
);
