// Redoc over the live description; ?type=… shows one type's contract alone.
const type = new URLSearchParams(window.location.search).get('type');

// Redoc fetches its maker's mark from the maker's host, once by attribute and once by property; here no other host is asked
// for anything.
const images = HTMLImageElement.prototype;
const source = Object.getOwnPropertyDescriptor(images, 'src');
const isOurs = (url) => url.startsWith('data:') || new URL(url, window.location.href).origin === window.location.origin;
Object.defineProperty(images, 'src', {
  ...source,
  set(url) {
    if (isOurs(String(url))) {
      source.set.call(this, url);
    }
  },
});
images.setAttribute = function (name, value) {
  if (name !== 'src' || isOurs(String(value))) {
    Element.prototype.setAttribute.call(this, name, value);
  }
};

Redoc.init(
  type === null ? '/openapi.json' : '/openapi/' + encodeURIComponent(type) + '.json',
  // The font that it would fetch from elsewhere is not asked for.
  { theme: { typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' } } } },
  document.getElementById('redoc'),
);
