// The whole client: nobody is signed in, or the frame with a page in it.
import { useSignal, useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { standing } from "../api/session.js";
import { Welcome } from "../sign-in/welcome.js";
import { t } from "../words/words.js";

/** @type {Promise<typeof import("./frame.js")> | undefined} */
let loading;

export function App() {
  const frame = useSignal(/** @type {typeof import("./frame.js") | null} */ (null));
  useSignalEffect(() => {
    if (standing.value !== "in" || frame.peek()) return;
    loading ??= import("./frame.js");
    loading.then((loaded) => (frame.value = loaded));
  });
  if (standing.value === "out") return html`<${Welcome} />`;
  if (standing.value === "in" && frame.value) return html`<${frame.value.Frame} />`;
  return html`<p class="hidden-text" role="status">${t("frame.loading")}</p>`;
}
