// Runs before the first paint: the chosen theme and language, so that nothing flashes.
(() => {
  "use strict";
  const kept = (/** @type {string} */ name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const language = kept("language");
  if (language === "en" || language === "ko") root.lang = language;
})();
