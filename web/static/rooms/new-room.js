// Making a room.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import * as api from "../api/generated/client.js";
import { account } from "../api/session.js";
import { call, freshId } from "../api/client.js";
import { sentence } from "../api/problem.js";
import { go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { Field, PasswordField, ProblemText, Segments, Switch } from "../parts/fields.js";
import { LEVELS, levelName } from "../parts/level.js";
import { t } from "../words/words.js";
import { level } from "./list.js";

/** @param {{ onClose: () => void }} given */
export function NewRoom({ onClose }) {
  const name = useSignal("");
  const description = useSignal("");
  const chosen = useSignal(level.value || account.value?.level || "intermediate");
  const members = useSignal("6");
  const isPrivate = useSignal(false);
  const password = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const key = useSignal(freshId());
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const body = {
      name: name.value.trim(),
      level: chosen.value,
      maxMembers: Number(members.value),
      ...(description.value.trim() ? { description: description.value.trim() } : {}),
      ...(isPrivate.value ? { isPrivate: true, password: password.value } : {}),
    };
    try {
      const room = await api.createRoom(call, { body, key: key.value });
      go(`/rooms/${room.roomId}`);
    } catch (failure) {
      key.value = freshId();
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const levels = LEVELS.map((one) => ({ value: one, label: levelName(one) }));
  return html`<${Dialog} title=${t("rooms.new")} onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} id="room-name" label=${t("newRoom.name")} placeholder=${t("newRoom.namePlaceholder")} required maxlength="100" autocomplete="off" dir="auto"
        value=${name.value} onValue=${(/** @type {string} */ value) => (name.value = value)} />
      <${Field} id="room-about" label=${t("newRoom.about")} maxlength="500" autocomplete="off" dir="auto" value=${description.value}
        onValue=${(/** @type {string} */ value) => (description.value = value)} />
      <div class="field"><span class="field-label">${t("rooms.level")}</span>
        <div><${Segments} name="room-level" label=${t("rooms.level")} value=${chosen.value} options=${levels} onValue=${(/** @type {string} */ value) => (chosen.value = value)} /></div></div>
      <${Field} id="room-members" label=${t("newRoom.members")} type="number" min="2" max="100" required value=${members.value}
        onValue=${(/** @type {string} */ value) => (members.value = value)} />
      <${Switch} label=${t("newRoom.private")} checked=${isPrivate.value} onValue=${(/** @type {boolean} */ value) => (isPrivate.value = value)} />
      ${isPrivate.value
        ? html`<${PasswordField} id="room-password" label=${t("rooms.password")} required autocomplete="off" maxlength="128" value=${password.value}
            onValue=${(/** @type {string} */ value) => (password.value = value)} />`
        : null}
      <${ProblemText} id="room-problem" text=${problem.value} />
      <div class="dialog-actions"><${Button} onClick=${onClose}>${t("frame.cancel")}</${Button}>
        <${Button} kind="primary" type="submit" busy=${busy.value}>${t("newRoom.do")}</${Button}></div>
    </form>
  </${Dialog}>`;
}
