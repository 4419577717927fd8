// Shows what the server tells this browser, and leads to the page it is about. Keeps nothing.
self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const shown = self.registration.showNotification(told.title ?? "New notification from Guildhall", {
    tag: told.tag,
    data: { link: told.link ?? "/inbox" },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data.link, self.location.origin);
  // Only this server's own pages are opened.
  const leads = link.origin === self.location.origin ? link.href : "/inbox";
  event.waitUntil(self.clients.openWindow(leads));
});
