// Shows a sign, and opens its page on a tap. It answers no request and keeps nothing.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const sign = event.data?.json() ?? {};
  // The same news twice is one sign.
  const shown = { body: sign.body || "", tag: sign.url || "note", data: sign.url };
  event.waitUntil(self.registration.showNotification(sign.title || "You have a note", shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  if (event.notification.data) event.waitUntil(self.clients.openWindow(event.notification.data));
});
