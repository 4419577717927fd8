// Shows push notifications and opens the page they link to. Stores nothing.
self.addEventListener("push", (event) => {
  const message = event.data?.json() ?? {};
  const shown = self.registration.showNotification(message.title ?? "New notification from Guildhall", {
    tag: message.tag,
    data: { link: message.link ?? "/inbox" },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data.link, self.location.origin);
  // Open only pages of this origin.
  const leads = link.origin === self.location.origin ? link.href : "/inbox";
  event.waitUntil(self.clients.openWindow(leads));
});
