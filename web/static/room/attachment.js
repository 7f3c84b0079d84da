// A picture or a recording that somebody sent.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { PlayerRow } from "../voice/player-row.js";
import { loudnessOf } from "../voice/sounds.js";
import { t } from "../words/words.js";

/** @typedef {import("../api/contracts.js").Message} Message */

/** What a picture or recording says where nobody wrote a caption: the contract asks for some content. */
export const PLAIN = { IMAGE: "Picture", VOICE: "Voice message" };

/** @param {Pick<Message, "messageType" | "content">} message @returns {string} what somebody wrote */
export function captionOf({ messageType, content }) {
  return messageType in PLAIN && content === PLAIN[/** @type {keyof typeof PLAIN} */ (messageType)] ? "" : content;
}

/** @param {{ message: Pick<Message, "messageId" | "messageType" | "content" | "url"> }} given */
export function Attachment({ message }) {
  if (!message.url) return null;
  if (message.messageType === "VOICE") return html`<${VoiceMessage} message=${message} />`;
  return html`<a class="picture" href=${message.url} target="_blank" rel="noopener noreferrer"><img src=${message.url} alt=${captionOf(message) || t("room.image")} loading="lazy" /></a>`;
}

/** @param {{ message: Pick<Message, "messageId" | "url"> }} given */
function VoiceMessage({ message }) {
  const sound = useSignal(/** @type {import("../voice/sounds.js").Sound | null} */ (null));
  const load = async () => {
    if (sound.value) return sound.value;
    const bytes = await (await fetch(/** @type {string} */ (message.url))).arrayBuffer();
    const { peaks, durationMs } = await loudnessOf(bytes.slice(0));
    const source = URL.createObjectURL(new Blob([bytes]));
    return (sound.value = { source, peaks, durationMs, words: [], text: "" });
  };
  return html`<${PlayerRow} id="recording-${message.messageId}" load=${load} sound=${sound.value} label=${t("room.voice")} />`;
}
