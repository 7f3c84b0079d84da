// Practise: choosing what to say, saying it sentence by sentence, and the notebook of what went wrong.
import { html } from "htm/preact";
import { NotebookPage } from "./notebook-page.js";
import { SetPage } from "./set-page.js";
import { StartPage } from "./start-page.js";

/** @param {{ parts: string[], query: URLSearchParams }} given */
export function Page({ parts: [view], query }) {
  if (view === "set") return html`<${SetPage} />`;
  if (view === "notebook") return html`<${NotebookPage} />`;
  return html`<${StartPage} key=${query.get("topic") ?? ""} wanted=${query.get("topic") ?? ""} />`;
}
