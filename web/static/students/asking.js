// How many ask a tutor to be taught, for the navigation: asked for when the channel opens and when somebody asks.
import { effect } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { account } from "../api/session.js";
import { waits } from "../frame/counts.js";
import { channel, onFrame } from "../live/channel.js";

const MOST = 100;

/** Follow the count while the client runs; of anybody but tutors nothing is asked. */
export function startAsking() {
  onFrame("notification", (push) => push.notificationType === "tutor_match" && void refresh());
  effect(() => {
    if (channel.state.value.name === "open") void refresh();
  });
}

async function refresh() {
  if (account.peek()?.role !== "tutor") return;
  const page = await api.listRequests(call, { query: { status: "PENDING", limit: MOST } }).catch(() => null);
  if (page) waits("requests", page.requests.length);
}
