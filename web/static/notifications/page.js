// Notifications, newest first and by day; unread ones first; looking at them marks them as read.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { address } from "../frame/router.js";
import { onFrame } from "../live/channel.js";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { StateCard } from "../parts/state.js";
import { clockTime, dayKey, dayName } from "../words/times.js";
import { t } from "../words/words.js";
import { unread, unreadChanged } from "./unread.js";

/** @typedef {import("../api/contracts.js").Notification} Notification */

/** @type {Record<string, string>} */
const ICONS = { tutor_match: "users", feedback: "pencil" };

export function Page() {
  const items = useSignal(/** @type {Notification[] | null} */ (null));
  const fresh = useSignal(/** @type {Set<string>} */ (new Set()));
  const cursor = useSignal(/** @type {string | null} */ (null));
  const problem = useSignal("");
  const busy = useSignal(false);
  const load = async (/** @type {boolean} */ isFirst) => {
    busy.value = true;
    try {
      const page = await api.listNotifications(call, { query: { cursor: isFirst ? null : cursor.value } });
      const seen = new Set(isFirst ? [] : items.value?.map((one) => one.notificationId));
      items.value = [...(isFirst ? [] : (items.value ?? [])), ...page.notifications.filter((/** @type {Notification} */ one) => !seen.has(one.notificationId))];
      fresh.value = new Set([...fresh.value, ...page.notifications.filter((/** @type {Notification} */ one) => !one.read).map((/** @type {Notification} */ one) => one.notificationId)]);
      cursor.value = page.nextCursor ?? null;
      problem.value = "";
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  useEffect(() => {
    void load(true);
    return onFrame("notification", (push) => {
      const one = { ...push, type: push.notificationType };
      fresh.value = new Set([...fresh.value, one.notificationId]);
      items.value = [one, ...(items.value ?? [])];
    });
  }, []);
  const readAll = async () => {
    busy.value = true;
    await api.readAllNotifications(call).then(() => unreadChanged(0), (failure) => (problem.value = sentence(failure)));
    fresh.value = new Set();
    busy.value = false;
  };
  const read = (/** @type {Notification} */ one) => {
    if (!fresh.value.has(one.notificationId)) return;
    fresh.value = new Set([...fresh.value].filter((id) => id !== one.notificationId));
    void api.readNotification(call, { path: { notificationId: one.notificationId } }).then(() => unreadChanged(unread.value - 1), () => {});
  };
  const actions = unread.value ? html`<${Button} busy=${busy.value} onClick=${readAll}>${t("notifications.readAll")}</${Button}>` : null;
  return html`<${Layout} title=${t("nav.notifications")} actions=${actions}><${List} items=${items.value} fresh=${fresh.value} read=${read} problem=${problem.value} retry=${() => load(true)} />
    ${cursor.value ? html`<p class="load-more"><${Button} busy=${busy.value} onClick=${() => load(false)}>${t("rooms.older")}</${Button}></p>` : null}</${Layout}>`;
}

/** @param {{ items: Notification[] | null, fresh: Set<string>, read: (one: Notification) => void, problem: string, retry: () => void }} given */
function List({ items, fresh, read, problem, retry }) {
  if (problem && !items) return html`<${StateCard} icon="wifi-off" kind="warn" title=${problem}><${Button} onClick=${retry}>${t("frame.retry")}</${Button}></${StateCard}>`;
  if (!items) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  if (!items.length) return html`<${StateCard} icon="bell" title=${t("notifications.none")} text=${t("notifications.noneText")} />`;
  const unreadOnes = items.filter((one) => fresh.has(one.notificationId));
  const others = items.filter((one) => !fresh.has(one.notificationId));
  const days = [...new Set(others.map((one) => dayKey(one.createdAt)))];
  return html`${unreadOnes.length ? html`<${Group} title=${t("notifications.unread")} items=${unreadOnes} read=${read} isFresh />` : null}
    ${days.map((day) => {
      const of = others.filter((one) => dayKey(one.createdAt) === day);
      return html`<${Group} key=${day} title=${dayName(/** @type {Notification} */ (of[0]).createdAt)} items=${of} read=${read} />`;
    })}`;
}

/** @param {{ title: string, items: Notification[], read: (one: Notification) => void, isFresh?: boolean }} given */
function Group({ title, items, read, isFresh = false }) {
  return html`<section class="notes" aria-label=${title}><h2>${title}</h2><ul class="rows">${items.map(
    (one) => html`<li key=${one.notificationId} class="note ${isFresh ? "fresh" : ""}"><${Icon} name=${ICONS[one.type] ?? "bell"} />
      <div><strong dir="auto">${one.title}</strong><span class="secondary" dir="auto">${one.message}</span></div>
      <time class="caption" datetime=${one.createdAt}>${isFresh && dayKey(one.createdAt) !== dayKey(Date.now()) ? dayName(one.createdAt) : clockTime(one.createdAt)}</time>
      ${one.type === "feedback" && one.data.tutorEmail ? html`<a class="button plain small" href=${address(`/feedback?with=${encodeURIComponent(String(one.data.tutorEmail))}`)} onClick=${() => read(one)}>${t("notifications.open")}</a>` : null}
      ${isFresh ? html`<${Button} kind="quiet" class="small" onClick=${() => read(one)}>${t("notifications.read")}<span class="hidden-text"> · ${one.title}</span></${Button}>` : null}</li>`,
  )}</ul></section>`;
}
