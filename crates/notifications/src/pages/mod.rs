//! Pages of the inbox, of the notification settings, and for admins of the messages that are sent.

mod inbox;
mod messages;
mod panel;
mod phone;
mod settings;
mod subjects;
mod trials;
mod unsubscribe;
mod webhooks;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

pub(crate) use panel::PANELS;

/// Routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/inbox", get(inbox::list))
        .route("/inbox/read", post(inbox::read_all))
        .route("/inbox/{id}", get(inbox::open))
        .route("/inbox/{id}/read", post(inbox::read))
        .route("/settings/notifications", get(settings::page).post(settings::save))
        .route("/settings/notifications/revoke", post(settings::revoke))
        .route("/settings/notifications/browsers/{id}/remove", post(settings::remove_browser))
        .route("/settings/notifications/phone", get(phone::page).post(phone::set))
        .route("/settings/notifications/phone/verify", post(phone::verify))
        .route("/settings/notifications/phone/remove", post(phone::remove))
        .route("/settings/webhooks", get(webhooks::list).post(webhooks::add))
        .route("/settings/webhooks/{id}", get(webhooks::page).post(webhooks::describe))
        .route("/settings/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/settings/webhooks/{id}/enable", post(webhooks::enable))
        .route("/settings/webhooks/{id}/test", post(webhooks::test))
        .route(
            "/settings/webhooks/{id}/delete",
            get(webhooks::ask_to_delete).post(webhooks::delete),
        )
        .route("/unsubscribe/{token}", get(unsubscribe::confirm).post(unsubscribe::end))
        .route("/admin/notifications", get(messages::list))
        .route("/admin/notifications/messages.csv", get(messages::csv))
        .route("/admin/notifications/alerts.csv", get(messages::alerts_csv))
        .route("/admin/notifications/{id}/retry", post(messages::retry))
        .route("/admin/notifications/{id}/send", post(trials::send))
        .route("/admin/notifications/send", post(trials::send_all))
        .route("/admin/notifications/test-alert", post(trials::alert))
        .route("/admin/notifications/test-email", post(trials::email))
}
