// How the connection stands, where that concerns somebody: a countdown while it is lost, a word when it is back.
import { useSignal, useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { counted, t } from "../words/words.js";

const BACK_MS = 2_000;
const PATIENT_MS = 700;

/** @param {{ socket: import("../live/live-socket.js").LiveSocket }} given */
export function ConnectionBanner({ socket }) {
  const shown = useSignal(/** @type {"" | "lost" | "back"} */ (""));
  const left = useSignal(0);
  const wasOpen = useRef(false);
  useSignalEffect(() => {
    const { name } = socket.state.value;
    if (name === "open") {
      if (shown.peek() === "lost") shown.value = "back";
      wasOpen.current = true;
      const timer = setTimeout(() => (shown.value = ""), BACK_MS);
      return () => clearTimeout(timer);
    }
    if (name === "closed") return void (shown.value = "");
    const timer = setTimeout(() => (shown.value = "lost"), name === "waiting" && wasOpen.current ? 0 : PATIENT_MS);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    const count = () => (left.value = Math.max(0, Math.ceil((socket.state.peek().retryAt - Date.now()) / 1000)));
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, []);
  if (shown.value === "back") return html`<div class="banner ok" role="status"><${Icon} name="circle-check" /><span>${t("connection.back")}</span></div>`;
  if (shown.value !== "lost") return null;
  const { name } = socket.state.value;
  const words = name === "parked" ? t("connection.parked") : left.value ? counted("connection.lost", left.value) : t("connection.trying");
  return html`<div class="banner"><${Icon} name="wifi-off" /><span role="status">${words}</span>
    <${Button} class="small" onClick=${() => socket.tryNow()}><span class="not-phone">${t("connection.now")}</span><span class="only-phone">${t("connection.nowShort")}</span></${Button}></div>`;
}
