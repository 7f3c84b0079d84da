import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { account, accountChanged } from "../api/session.js";
import { upload } from "../api/uploads.js";
import { toast } from "../frame/toasts.js";
import { Avatar } from "../parts/avatar.js";
import { Button } from "../parts/button.js";
import { Field, ProblemText, Segments } from "../parts/fields.js";
import { LEVELS, levelName } from "../parts/level.js";
import { t } from "../words/words.js";
import { Choice, Section } from "./section.js";

export function Profile() {
  const me = /** @type {import("../api/contracts.js").Account} */ (account.value);
  const name = useSignal(me.name);
  const problem = useSignal("");
  const busy = useSignal(false);
  const save = async (/** @type {object} */ change) => {
    busy.value = true;
    problem.value = "";
    try {
      accountChanged(await api.updateAccount(call, { body: change }));
      toast(t("settings.saved"));
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!busy.value) void save({ name: name.value.trim() });
  };
  const levels = LEVELS.map((one) => ({ value: one, label: levelName(one) }));
  return html`<${Section} title=${t("settings.profile")}>
    <div class="setting-row"><${Avatar} name=${me.name} id=${me.userId} picture=${me.profileImageUrl} size="large" />
      <${Picture} save=${save} has=${Boolean(me.profileImageKey)} problem=${problem} /></div>
    <form class="setting-row" onSubmit=${submit}>
      <${Field} id="my-name" label=${t("field.name")} required maxlength="100" autocomplete="name" dir="auto" value=${name.value} onValue=${(/** @type {string} */ value) => (name.value = value)} />
      <${Button} type="submit" busy=${busy.value} disabled=${name.value.trim() === me.name || !name.value.trim()}>${t("settings.save")}</${Button}></form>
    <${ProblemText} id="profile-problem" text=${problem.value} />
    ${me.role === "student"
      ? html`<${Choice} label=${t("settings.level")}><${Segments} name="my-level" label=${t("settings.level")} value=${me.level ?? ""} options=${levels}
          onValue=${(/** @type {string} */ level) => save({ level })} /></${Choice}>`
      : null}
    <p class="secondary">${t("settings.signedInAs", { email: me.email })}</p>
  </${Section}>`;
}

/** @param {{ save: (change: object) => Promise<void>, has: boolean, problem: import("@preact/signals").Signal<string> }} given */
function Picture({ save, has, problem }) {
  const chosen = async (/** @type {any} */ event) => {
    const file = event.currentTarget.files?.[0];
    if (!file) return;
    try {
      const offer = await api.requestProfileImage(call, { body: { contentType: file.type, size: file.size } });
      await upload(offer, file);
      await save({ profileImageKey: offer.key });
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  return html`<label class="button plain">${t("settings.picture")}<input class="hidden-text" type="file" accept="image/png,image/jpeg,image/webp" onChange=${chosen} /></label>
    ${has ? html`<${Button} kind="quiet" onClick=${() => save({ profileImageKey: null })}>${t("settings.noPicture")}</${Button}>` : null}`;
}
