// Where one can go: at the side on a desk, as tabs on a phone.
import { html } from "htm/preact";
import { account } from "../api/session.js";
import { unread } from "../notifications/unread.js";
import { Avatar } from "../parts/avatar.js";
import { Icon, Logo } from "../parts/icon.js";
import { levelName } from "../parts/level.js";
import { counted, t } from "../words/words.js";
import { address, route } from "./router.js";

/** @type {{ name: string, icon: string }[]} */
const PLACES = [
  { name: "rooms", icon: "messages-square" },
  { name: "partner", icon: "audio-lines" },
  { name: "notifications", icon: "bell" },
];

/** @param {string} name */
const label = (name) => t(/** @type {import("../words/words.js").Key} */ (`nav.${name}`));

/** @param {{ name: string }} given */
function Count({ name }) {
  if (name !== "notifications" || !unread.value) return null;
  return html`<span class="count"><span aria-hidden="true">${unread.value}</span><span class="hidden-text">${counted("nav.unread", unread.value)}</span></span>`;
}

export function Navigation() {
  const here = route.value.parts[0];
  const me = account.value;
  return html`<nav class="navigation" aria-label=${t("frame.navigation")}>
    <a class="brand" href=${address("/rooms")}><${Logo} /><span>SpeakTracker</span></a>
    <ul>${PLACES.map(
      ({ name, icon }) => html`<li key=${name}><a href=${address(`/${name}`)} aria-current=${here === name ? "page" : undefined} title=${label(name)}>
        <${Icon} name=${icon} /><span>${label(name)}</span><${Count} name=${name} /></a></li>`,
    )}</ul>
    ${me
      ? html`<div class="me"><a href=${address("/settings")} title=${me.name}>
          <${Avatar} name=${me.name} id=${me.userId} picture=${me.profileImageUrl} />
          <div><strong dir="auto">${me.name}</strong><small>${me.level ? levelName(me.level) : t(`role.${me.role}`)}</small></div></a>
          <a class="button only" href=${address("/settings")} aria-label=${t("frame.settings")} title=${t("frame.settings")}
            aria-current=${here === "settings" ? "page" : undefined}><${Icon} name="settings" /></a></div>`
      : null}
  </nav>`;
}

/** The tabs of a phone; a page puts them below itself. */
export function Tabs() {
  const here = route.value.parts[0];
  return html`<nav class="tabs" aria-label=${t("frame.navigation")}>
    ${[...PLACES, { name: "settings", icon: "settings" }].map(
      ({ name, icon }) => html`<a key=${name} href=${address(`/${name}`)} aria-current=${here === name ? "page" : undefined}>
        <${Icon} name=${icon} /><span>${label(name)}</span><${Count} name=${name} /></a>`,
    )}
  </nav>`;
}
