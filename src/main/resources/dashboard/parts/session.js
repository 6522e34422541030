// The key of this tab, and what its holder may do. The key is gone when the tab is closed; other tabs do not see it.
const KEY = 'modelyard.key';

export const key = () => sessionStorage.getItem(KEY);
export const keep = (text) => sessionStorage.setItem(KEY, text);
export const forget = () => sessionStorage.removeItem(KEY);

/** The code of a link that the server printed, taken out of the address so that it stays in no history. */
export function takeCode() {
  const match = /^#code=([\w-]+)$/.exec(location.hash);
  if (!match) return null;
  history.replaceState(null, '', `${location.pathname}#/`);
  return match[1];
}

/** Whether somebody has a role; and is not limited to other types, where one is named. */
export function can(who, role, type) {
  if (!who || !who.roles.includes(role)) return false;
  return !type || who.types.length === 0 || who.types.includes(type);
}
