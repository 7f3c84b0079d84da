// What every page has: a heading with its actions, what concerns the connection, its content, the tabs.
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../parts/icon.js";
import { t } from "../words/words.js";
import { PhoneLinks, Tabs } from "./navigation.js";
import { address } from "./router.js";

/**
 * @param {{ title: string, subtitle?: any, back?: string, actions?: any, banner?: any, bodyClass?: string, children?: any, dir?: string, lang?: string }} given
 *   `back` is the page that a phone goes back to
 */
export function Page({ title, subtitle, back, actions, banner, bodyClass = "plain-body", children }) {
  useEffect(() => {
    document.title = `${title} · SpeakTracker`;
  }, [title]);
  return html`<header class="top">
      ${back ? html`<a class="button only only-phone" href=${address(back)} aria-label=${t("frame.back")}><${Icon} name="chevron-left" /></a>` : null}
      <div class="titles"><h1 tabindex="-1" dir="auto">${title}</h1>${subtitle ? html`<div class="subtitle">${subtitle}</div>` : null}</div>
      ${actions}${back ? null : html`<${PhoneLinks} />`}
    </header>
    ${banner}
    <div class="body ${bodyClass}">${children}</div>
    <${Tabs} />`;
}
