// Settings: who one is, how the client looks and sounds, and where one is signed in.
import { html } from "htm/preact";
import { account } from "../api/session.js";
import { Page as Layout } from "../frame/page.js";
import { placesOf } from "../frame/places.js";
import { address } from "../frame/router.js";
import { Icon } from "../parts/icon.js";
import { t } from "../words/words.js";
import { Appearance } from "./appearance.js";
import { Goal } from "./goal.js";
import { LeaveSection } from "./leave.js";
import { Privacy } from "./privacy.js";
import { Profile } from "./profile.js";
import { Password, SignIns } from "./sign-ins.js";
import { Sound } from "./sound.js";

const IN_TABS = 5;

export function Page() {
  const more = placesOf(account.value).slice(IN_TABS);
  return html`<${Layout} title=${t("nav.settings")}>
    <div class="settings">${more.length ? html`<nav class="more-places only-phone" aria-label=${t("settings.more")}>${more.map(({ name, path, icon }) => html`<a class="button plain" key=${name} href=${address(path)}><${Icon} name=${icon} />${t(/** @type {any} */ (`nav.${name}`))}</a>`)}</nav>` : null}<${Profile} />${account.value?.role === "student" ? html`<${Goal} />` : null}<${Appearance} /><${Sound} /><${Password} /><${SignIns} /><${Privacy} /><${LeaveSection} /></div>
  </${Layout}>`;
}
