// The WebSocket: every frame of each channel, and a connection of one's own to try them on.

import { element, labelled, pretty } from "./element.js";
import { fieldsOf } from "./schemas.js";
import { signedIn } from "./signing-in.js";

/** @typedef {import("./schemas.js").Schema} Schema */

/**
 * @param {Schema} source
 * @returns {HTMLElement[]}
 */
export const channelsOf = (source) =>
  Object.entries(source.channels).map(([name, channel]) =>
    element(
      "section",
      { id: `channel-${name}` },
      element("h3", {}, `${channel.address}, ${name}`),
      element("p", {}, channel.description),
      ...Object.keys(channel.messages).map((one) => frameOf(source, one)),
      channel["x-close-codes"] && closingOf(channel["x-close-codes"]),
      channel.bindings && trial(name),
    ),
  );

/**
 * @param {Schema} source
 * @param {string} name
 */
const frameOf = (source, name) => {
  const message = source.components.messages[name];
  const shown = element("details", {}, element("summary", {}, element("b", {}, message.name), ` ${message.summary}`));
  shown.addEventListener("toggle", () => {
    shown.append(fieldsOf(source, message.payload));
    for (const one of message.examples ?? []) shown.append(element("pre", {}, pretty(one.payload)));
  }, { once: true });
  return shown;
};

/** @param {{ code: number, meaning: string, reconnect: boolean }[]} codes */
const closingOf = (codes) =>
  element(
    "details",
    {},
    element("summary", {}, "Close codes"),
    element("ul", {}, ...codes.map((one) => element("li", {}, `${one.code} ${one.meaning} ${one.reconnect ? "Come back." : "Do not come back."}`))),
  );

/** @param {string} channel */
const trial = (channel) => {
  const ticket = labelled("roomToken", { autocomplete: "off" });
  const frame = labelled("Frame", { value: '{"action":"ping"}', spellcheck: "false" });
  const said = element("pre", { "aria-live": "polite" });
  /** @type {WebSocket | null} */
  let socket = null;
  const open = element("button", { type: "button" }, "Connect");
  open.addEventListener("click", () => {
    const address = new URL("/ws", location.href.replace(/^http/, "ws"));
    if (channel === "room") address.searchParams.set("roomToken", ticket.field.value);
    socket?.close();
    socket = channel === "room" ? new WebSocket(address) : new WebSocket(address, ["bearer", signedIn.token || "none"]);
    socket.addEventListener("message", (event) => said.prepend(`${event.data}\n`));
    socket.addEventListener("close", (event) => said.prepend(`closed ${event.code} ${event.reason}\n`));
  });
  const form = element("form", { class: "trial" }, channel === "room" && ticket.row, open, frame.row, element("button", {}, "Send"), said);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (socket?.readyState === WebSocket.OPEN) socket.send(frame.field.value);
    else said.prepend("connect first\n");
  });
  return form;
};
