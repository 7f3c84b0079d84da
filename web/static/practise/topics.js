// Topics to choose from, and what they are called in the language that is spoken; the platform is told the English.
import { named } from "../words/words.js";

/** @type {{ name: string, english: string, icon: string }[]} */
export const TOPICS = [
  { name: "weekend", english: "Weekend habits", icon: "sun" },
  { name: "travel", english: "Travelling by train and plane", icon: "map-pin" },
  { name: "work", english: "Meetings at work", icon: "laptop" },
  { name: "food", english: "Cooking and eating out", icon: "utensils" },
  { name: "health", english: "Health and sport", icon: "heart-pulse" },
  { name: "opinions", english: "Saying what one thinks", icon: "message-circle" },
];

/** @param {string} topic @returns {string} a topic as people read it */
export function topicTitle(topic) {
  const known = TOPICS.find((one) => one.english === topic);
  return known ? named("topic", known.name, "topic.own") : topic;
}
