// Who tries the calls: the token stays in this page, and is gone with it.

import { element, labelled } from "./element.js";

export const signedIn = { token: "" };

/** @returns {HTMLElement} */
export const signingIn = () => {
  const email = labelled("E-mail", { type: "email", autocomplete: "username", required: "" });
  const password = labelled("Password", { type: "password", autocomplete: "current-password", required: "" });
  const said = element("output", {}, "Nobody is signed in.");
  const form = element("form", { class: "signing-in" }, email.row, password.row, element("button", {}, "Sign in"), said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/api/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: email.field.value, password: password.field.value }),
    });
    const fields = await answer.json();
    signedIn.token = fields.accessToken ?? "";
    said.textContent = signedIn.token ? `${fields.user.email} is signed in, here only.` : fields.message;
    password.field.value = "";
  });
  return form;
};
