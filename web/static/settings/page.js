// Settings: who one is, how the client looks and sounds, and where one is signed in.
import { html } from "htm/preact";
import { Page as Layout } from "../frame/page.js";
import { t } from "../words/words.js";
import { Appearance } from "./appearance.js";
import { LeaveSection } from "./leave.js";
import { Profile } from "./profile.js";
import { Password, SignIns } from "./sign-ins.js";
import { Sound } from "./sound.js";

export function Page() {
  return html`<${Layout} title=${t("nav.settings")}>
    <div class="settings"><${Profile} /><${Appearance} /><${Sound} /><${Password} /><${SignIns} /><${LeaveSection} /></div>
  </${Layout}>`;
}
