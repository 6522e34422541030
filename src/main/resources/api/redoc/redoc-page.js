// Redoc over the live description; ?type=… shows one type's contract alone.
const type = new URLSearchParams(window.location.search).get('type');

// Redoc fetches its maker's mark from the maker's host; here no other host is asked for anything.
const setAttribute = Element.prototype.setAttribute;
HTMLImageElement.prototype.setAttribute = function (name, value) {
  const foreign = name === 'src' && !value.startsWith('data:')
    && new URL(value, window.location.href).origin !== window.location.origin;
  if (!foreign) {
    setAttribute.call(this, name, value);
  }
};

Redoc.init(
  type === null ? '/openapi.json' : '/openapi/' + encodeURIComponent(type) + '.json',
  // The font that it would fetch from elsewhere is not asked for.
  { theme: { typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' } } } },
  document.getElementById('redoc'),
);
