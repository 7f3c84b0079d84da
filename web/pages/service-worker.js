// Keeps the web client's own files for when there is no network. Answers of the API are never looked at, nor kept.
"use strict";
const CACHE = "speaktracker-{{ version }}";
const SHELL = "/";
const FILES = {{ addresses | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([SHELL, ...FILES])));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("speaktracker-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept || fetch(request)));
  } else if (request.mode === "navigate" && (pathname === "/" || pathname.startsWith("/app"))) {
    event.respondWith(fetch(request).catch(() => caches.match(SHELL)));
  }
});
