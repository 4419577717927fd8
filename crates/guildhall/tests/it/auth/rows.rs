//! A row for every route: who has access, and the status they get.

/// The access rule of a route, with the status that it answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// Everyone.
    Open(u16),
    /// Everyone alike: no credential is read.
    Unread(u16),
    /// People who are signed in and not banned.
    SignedIn(u16),
    /// People who are signed in, even if they are banned.
    EvenBanned(u16),
    /// People who are signed in with a session, not with a token.
    InPerson(u16),
    /// The owner of the object, by login, and admins.
    Owner(&'static str, u16),
    /// The owner of the object, by login, moderators and admins.
    Party(&'static str, u16),
    /// The owner of the object, by login, and admins. Other signed-in people learn nothing of it: they get 404.
    Hidden(&'static str, u16),
    /// Moderators and admins.
    Moderator(u16),
    Admin(u16),
    /// Admins with a session, not with a token.
    AdminInPerson(u16),
}
use Access::{Admin, Moderator, Open, Unread};

use super::{
    admin_rows::ADMIN_ROWS, badge_rows::BADGE_ROWS, operations_rows::OPERATIONS_ROWS,
    own_rows::OWN_ROWS, phone_rows::PHONE_ROWS, setup_rows::SETUP_ROWS, sign_in_rows::SIGN_IN_ROWS,
    text_rows::TEXT_ROWS, webhook_rows::WEBHOOK_ROWS,
};
use crate::PROGRAMMES;

pub(crate) type Form = &'static [(&'static str, &'static str)];
pub(crate) type Row = (&'static str, &'static str, &'static str, Form, Access);

pub(crate) const NONE: Form = &[];

pub(crate) fn all() -> Vec<Row> {
    let mut rows = [
        ROWS,
        SIGN_IN_ROWS,
        SETUP_ROWS,
        OWN_ROWS,
        WEBHOOK_ROWS,
        PHONE_ROWS,
        ADMIN_ROWS,
        OPERATIONS_ROWS,
        BADGE_ROWS,
        TEXT_ROWS,
    ]
    .concat();
    let parts = PROGRAMMES.iter().flat_map(|programme| programme.rows);
    rows.extend(parts.copied().flatten());
    rows
}

/// Rows: method, route, an example path, a form, and its access.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    // For operators.
    ("GET", "/livez", "/livez", NONE, Unread(200)),
    ("GET", "/readyz", "/readyz", NONE, Unread(200)),
    ("GET", "/api/health", "/api/health", NONE, Unread(200)),
    ("GET", "/metrics", "/metrics", NONE, Unread(404)),
    // Deliveries, refused for their missing signature.
    ("POST", "/api/v1/webhooks/github", "/api/v1/webhooks/github", NONE, Unread(415)),
    ("POST", "/api/webhooks/github", "/api/webhooks/github", NONE, Unread(415)),
    // Public API.
    ("GET", "/api/v1/people/{login}", "/api/v1/people/subject", NONE, Open(200)),
    ("GET", "/api/v1/people/{login}/transactions", "/api/v1/people/subject/transactions", NONE, Open(200)),
    ("GET", "/api/v1/leaderboards/global", "/api/v1/leaderboards/global", NONE, Open(200)),
    ("GET", "/api/v1/leaderboards/global/ranks/{login}", "/api/v1/leaderboards/global/ranks/subject", NONE, Open(200)),
    ("GET", "/api/v1/leaderboards/months/{month}", "/api/v1/leaderboards/months/2026-10", NONE, Open(200)),
    ("GET", "/api/v1/leaderboards/months/{month}/ranks/{login}", "/api/v1/leaderboards/months/2026-10/ranks/subject", NONE, Open(200)),
    // The points of October may still change.
    ("POST", "/api/v1/leaderboards/months/{month}/finalize", "/api/v1/leaderboards/months/2026-10/finalize", NONE, Admin(409)),
    ("GET", "/leaderboards/months/{month}/finalize", "/leaderboards/months/2026-10/finalize", NONE, Admin(200)),
    ("POST", "/leaderboards/months/{month}/finalize", "/leaderboards/months/2026-10/finalize", NONE, Admin(409)),
    // Public pages.
    ("GET", "/", "/", NONE, Open(200)),
    ("GET", "/assets/{file}", "/assets/nothing.css", NONE, Unread(404)),
    ("GET", "/pictures/{file}", "/pictures/nothing.jpg", NONE, Unread(404)),
    ("GET", "/pictures/drawn/{version}/{kind}/{file}", "/pictures/drawn/1/project/season.svg", NONE, Open(200)),
    ("GET", "/previews/{file}", "/previews/nothing.png", NONE, Open(404)),
    ("GET", "/service-worker.js", "/service-worker.js", NONE, Unread(200)),
    ("GET", "/leaderboards", "/leaderboards", NONE, Open(200)),
    ("GET", "/leaderboards/months/{month}", "/leaderboards/months/2026-10", NONE, Open(200)),
    ("GET", "/people/{login}", "/people/subject", NONE, Open(200)),
    ("GET", "/api/v1/openapi.json", "/api/v1/openapi.json", NONE, Open(200)),
    ("GET", "/docs/api", "/docs/api", NONE, Open(200)),
    ("GET", "/search", "/search?q=sub", NONE, Open(200)),
    ("GET", "/api/v1/search", "/api/v1/search?q=sub", NONE, Open(200)),
    ("GET", "/docs/api/{tag}", "/docs/api/people", NONE, Open(200)),
    ("GET", "/docs/problems", "/docs/problems", NONE, Open(200)),
    ("GET", "/guides", "/guides", NONE, Open(200)),
    ("GET", "/guides/{name}", "/guides/contributing", NONE, Open(200)),
    ("GET", "/events", "/events", NONE, Open(200)),
    ("GET", "/live", "/live", NONE, Open(200)),
    ("GET", "/theme", "/theme", NONE, Open(200)),
    ("POST", "/theme", "/theme", &[("theme", "dark")], Open(303)),
    ("GET", "/manifest.webmanifest", "/manifest.webmanifest", NONE, Unread(200)),
    ("GET", "/people/{login}/ledger.csv", "/people/subject/ledger.csv", NONE, Open(200)),
    ("GET", "/people/{login}/feed.atom", "/people/subject/feed.atom", NONE, Open(200)),
    ("GET", "/people/{login}/days.csv", "/people/subject/days.csv", NONE, Open(200)),
    ("GET", "/leaderboards/board.csv", "/leaderboards/board.csv", NONE, Open(200)),
    ("GET", "/leaderboards/card.svg", "/leaderboards/card.svg", NONE, Open(200)),
    ("GET", "/leaderboards/months", "/leaderboards/months", NONE, Open(200)),
    ("GET", "/leaderboards/months/{month}/board.csv", "/leaderboards/months/2026-10/board.csv", NONE, Open(200)),
    ("GET", "/leaderboards/months/{month}/card.svg", "/leaderboards/months/2026-10/card.svg", NONE, Open(200)),
    // Links in emails.
    ("GET", "/unsubscribe/{token}", "/unsubscribe/made-up", NONE, Open(404)),
    ("POST", "/unsubscribe/{token}", "/unsubscribe/made-up", NONE, Open(404)),
    // The demo mailbox.
    ("GET", "/dev/mail", "/dev/mail", NONE, Open(200)),
    ("GET", "/dev/mail/{name}", "/dev/mail/verify-email", NONE, Open(200)),
    // Admin routes.
    ("GET", "/admin/people", "/admin/people", NONE, Moderator(200)),
    ("POST", "/admin/people/invitations", "/admin/people/invitations", &[("address", "sent@harbor.example")], Admin(409)),
    ("POST", "/admin/people/invitations/{id}/withdraw", "/admin/people/invitations/0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/withdraw", NONE, Admin(303)),
    ("GET", "/admin/people/{login}", "/admin/people/subject", NONE, Moderator(200)),
    ("POST", "/admin/people/{login}/role", "/admin/people/subject/role", &[("role", "user"), ("why", "to try")], Admin(303)),
    ("POST", "/admin/people/{login}/ban", "/admin/people/unknown-login/ban", &[("reason", "spam")], Admin(404)),
    ("POST", "/admin/people/{login}/unban", "/admin/people/subject/unban", &[("reason", "appealed")], Admin(409)),
    ("PUT", "/api/v1/admin/people/{login}/ban", "/api/v1/admin/people/unknown-login/ban", &[("reason", "spam")], Admin(404)),
    ("DELETE", "/api/v1/admin/people/{login}/ban", "/api/v1/admin/people/subject/ban?reason=appealed", NONE, Admin(409)),
    // These admins have no second factor, which they would have to prove first.
    ("POST", "/admin/people/{login}/reset-second-factor", "/admin/people/subject/reset-second-factor", NONE, Admin(403)),
    ("DELETE", "/api/v1/admin/people/{login}/second-factor", "/api/v1/admin/people/subject/second-factor", NONE, Admin(403)),
    ("GET", "/admin/deliveries", "/admin/deliveries", NONE, Admin(200)),
    ("GET", "/admin/deliveries/{id}", "/admin/deliveries/nothing", NONE, Admin(404)),
    ("POST", "/admin/deliveries/{id}/retry", "/admin/deliveries/nothing/retry", NONE, Admin(409)),
    ("POST", "/admin/deliveries/retry-dead", "/admin/deliveries/retry-dead", NONE, Admin(303)),
    ("GET", "/admin/ledger", "/admin/ledger", NONE, Admin(200)),
    ("POST", "/admin/ledger/verify", "/admin/ledger/verify", NONE, Admin(303)),
    ("GET", "/api/v1/admin/people", "/api/v1/admin/people", NONE, Moderator(200)),
    ("PUT", "/api/v1/admin/people/{login}/role", "/api/v1/admin/people/subject/role", &[("role", "user")], Admin(204)),
    ("GET", "/api/v1/admin/deliveries", "/api/v1/admin/deliveries", NONE, Admin(200)),
    ("GET", "/api/v1/admin/deliveries/{id}", "/api/v1/admin/deliveries/nothing", NONE, Admin(404)),
    ("POST", "/api/v1/admin/deliveries/{id}/retry", "/api/v1/admin/deliveries/nothing/retry", NONE, Admin(409)),
    ("POST", "/api/v1/admin/deliveries/retry-dead", "/api/v1/admin/deliveries/retry-dead", NONE, Admin(202)),
    ("GET", "/api/v1/admin/ledger/checks", "/api/v1/admin/ledger/checks", NONE, Admin(200)),
    ("POST", "/api/v1/admin/ledger/checks", "/api/v1/admin/ledger/checks", NONE, Admin(202)),
];
