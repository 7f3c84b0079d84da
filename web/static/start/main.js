// Begins: words of the language, the sign-in that is kept, then the pages.
import { h, render } from "preact";
import { start as startSession } from "../api/session.js";
import { App } from "../frame/app.js";
import { startRouting } from "../frame/router.js";
import { start as startWords } from "../words/words.js";
import { installWorker } from "./worker.js";

await startWords();
startRouting();
render(h(App, null), /** @type {Element} */ (document.getElementById("app")));
await startSession();
installWorker();
