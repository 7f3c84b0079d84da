// Situations to choose from, and what they are called in the language that is spoken; the partner is told the English.
import { named } from "../words/words.js";

/** @typedef {{ name: string, topic: string, role: string, icon: string }} Scene */

/** @type {Scene[]} */
export const SCENES = [
  { name: "hotel", topic: "Checking in at a hotel", role: "hotel receptionist", icon: "door-open" },
  { name: "restaurant", topic: "Ordering in a restaurant", role: "waiter", icon: "messages-square" },
  { name: "airport", topic: "At the airport", role: "officer at passport control", icon: "laptop" },
  { name: "interview", topic: "A job interview", role: "interviewer", icon: "users" },
  { name: "shop", topic: "Taking something back to a shop", role: "shop assistant", icon: "repeat" },
  { name: "neighbour", topic: "Small talk with a neighbour", role: "friendly neighbour", icon: "user" },
];

/** @param {string} topic @returns {string} a topic as people read it */
export function topicName(topic) {
  const scene = SCENES.find((one) => one.topic === topic);
  return scene ? named("scene", scene.name, "scene.own") : topic;
}

/** @param {string} role @returns {string} a role as people read it */
export function roleName(role) {
  const scene = SCENES.find((one) => one.role === role);
  const text = scene ? named("scene.role", scene.name, "scene.own") : role;
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
