// What one form of signing in hands to the next; in memory only.
import { signal } from "@preact/signals";

export const pendingEmail = signal("");
/** The password of somebody who just signed up, so that confirming also signs in. */
export const pendingPassword = signal("");
