// Where one can go: at the side on a desk, as tabs on a phone.
import { html } from "htm/preact";
import { account } from "../api/session.js";
import { unread } from "../notifications/unread.js";
import { Avatar } from "../parts/avatar.js";
import { Icon, Logo } from "../parts/icon.js";
import { levelName } from "../parts/level.js";
import { counted, t } from "../words/words.js";
import { counts } from "./counts.js";
import { NOTIFICATIONS, firstPlace, placesOf } from "./places.js";
import { address, route } from "./router.js";

const MOST_TABS = 5;

/** @param {string} name */
const label = (name) => t(/** @type {import("../words/words.js").Key} */ (`nav.${name}`));

/** @param {string} path @returns {boolean} whether the page that is shown belongs to it */
const isHere = (path) => route.value.path === path || route.value.path.startsWith(`${path}/`);

/** @param {{ name: string }} given */
function Count({ name }) {
  const isOwn = name === NOTIFICATIONS.name;
  const count = isOwn ? unread.value : (counts.value[name] ?? 0);
  if (!count) return null;
  return html`<span class="count"><span aria-hidden="true">${count < 100 ? count : "99+"}</span><span class="hidden-text">${counted(isOwn ? "nav.unread" : "nav.waiting", count)}</span></span>`;
}

export function Navigation() {
  const me = account.value;
  return html`<nav class="navigation" aria-label=${t("frame.navigation")}>
    <a class="brand" href=${address(firstPlace(me))}><${Logo} /><span>SpeakTracker</span></a>
    <ul>${[...placesOf(me), NOTIFICATIONS].map(
      ({ name, path, icon }) => html`<li key=${name}><a href=${address(path)} aria-current=${isHere(path) ? "page" : undefined} title=${label(name)}>
        <${Icon} name=${icon} /><span>${label(name)}</span><${Count} name=${name} /></a></li>`,
    )}</ul>
    ${me
      ? html`<div class="me"><a href=${address("/settings")} title=${me.name}>
          <${Avatar} name=${me.name} id=${me.userId} picture=${me.profileImageUrl} />
          <div><strong dir="auto">${me.name}</strong><small>${me.isOperator ? t("role.operator") : me.level ? levelName(me.level) : t(`role.${me.role}`)}</small></div></a>
          <a class="button only" href=${address("/settings")} aria-label=${t("frame.settings")} title=${t("frame.settings")}
            aria-current=${isHere("/settings") ? "page" : undefined}><${Icon} name="settings" /></a></div>`
      : null}
  </nav>`;
}

/** The tabs of a phone; a page puts them below itself. */
export function Tabs() {
  return html`<nav class="tabs" aria-label=${t("frame.navigation")}>
    ${placesOf(account.value).slice(0, MOST_TABS).map(
      ({ name, path, icon }) => html`<a key=${name} href=${address(path)} aria-current=${isHere(path) ? "page" : undefined}>
        <${Icon} name=${icon} /><span>${label(name)}</span><${Count} name=${name} /></a>`,
    )}
  </nav>`;
}

/** What a phone has at the top of its first pages: notifications, and oneself. */
export function PhoneLinks() {
  const me = account.value;
  if (!me) return null;
  return html`<span class="phone-links only-phone"><a class="button only" href=${address(NOTIFICATIONS.path)} aria-label=${label(NOTIFICATIONS.name)}><${Icon} name="bell" /><${Count} name=${NOTIFICATIONS.name} /></a>
    <a class="button only" href=${address("/settings")} aria-label=${t("frame.settings")}><${Avatar} name=${me.name} id=${me.userId} picture=${me.profileImageUrl} size="small" /></a></span>`;
}
