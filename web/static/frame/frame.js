// The frame of somebody who is signed in: where one can go, and the page that one is on.
import { useSignal, useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { account } from "../api/session.js";
import { startInbox } from "../feedback/inbox.js";
import { FeedbackOverlay } from "../feedback/overlay.js";
import { startChannel } from "../live/channel.js";
import { startMapNews } from "../map/ready.js";
import { startUnread } from "../notifications/unread.js";
import { startLeftovers } from "../room/leftovers.js";
import { startAsking } from "../students/asking.js";
import { t } from "../words/words.js";
import { Keys } from "./keys.js";
import { Navigation } from "./navigation.js";
import { PAGES } from "./pages.js";
import { firstPlace } from "./places.js";
import { go, route } from "./router.js";
import { Toasts } from "./toasts.js";
import "../keep/preferences.js";

startUnread();
startInbox();
startMapNews();
startAsking();
void startLeftovers();

export function Frame() {
  const page = useSignal(/** @type {{ name: string, module: import("./pages.js").PageModule } | null} */ (null));
  useEffect(startChannel, []);
  useSignalEffect(() => {
    const name = route.value.parts[0] ?? "";
    const load = PAGES[name];
    if (!load) return go(firstPlace(account.peek()), { replace: true });
    load().then((module) => (page.value = { name, module }), () => location.reload());
  });
  return html`<a class="skip" href="#content">${t("frame.skip")}</a>
    <div class="frame">
      <${Navigation} />
      <main class="sheet" id="content" tabindex="-1">${page.value ? html`<${Shown} page=${page.value} />` : null}</main>
    </div>
    <${Keys} />
    <${FeedbackOverlay} />
    <${Toasts} />`;
}

/** The page itself; who comes to it by a link finds the focus on its heading, and who goes on along a list keeps it there. */
function Shown(/** @type {{ page: { name: string, module: import("./pages.js").PageModule } }} */ { page }) {
  const { parts, query } = route.value;
  const before = useRef("");
  const where = parts.join("/");
  useEffect(() => {
    const isHere = route.peek().isReplaced && before.current === page.name;
    if (before.current && !isHere) /** @type {HTMLElement | null} */ (document.querySelector("#content h1"))?.focus({ preventScroll: true });
    before.current = page.name;
  }, [where]);
  const { Page } = page.module;
  return html`<${Page} key=${page.name} parts=${parts.slice(1)} query=${query} />`;
}
