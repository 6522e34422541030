// Light, dark, or as the system has it. Kept for this browser; that it was chosen is nobody's secret.
const KEY = 'modelyard.theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();

export const chosen = () => localStorage.getItem(KEY) || 'system';

export function choose(theme) {
  if (theme === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  apply();
}

/** Calls back whenever the colours change; returns how to stop that. */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function apply() {
  const theme = chosen() === 'system' ? (system.matches ? 'dark' : 'light') : chosen();
  document.documentElement.dataset.theme = theme;
  listeners.forEach((listener) => listener(theme));
}

system.addEventListener('change', apply);
