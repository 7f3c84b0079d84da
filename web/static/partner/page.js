// The partner: choosing what to talk about, the talk, and the report on it.
import { html } from "htm/preact";
import { ReportPage } from "./report-page.js";
import { StartPage } from "./start-page.js";
import { TalkPage } from "./talk-page.js";

/** @param {{ parts: string[] }} given */
export function Page({ parts: [id, view] }) {
  if (!id) return html`<${StartPage} />`;
  return view === "report" ? html`<${ReportPage} key=${id} id=${id} />` : html`<${TalkPage} key=${id} id=${id} />`;
}
