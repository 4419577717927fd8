//! Rows of the permission matrix for friends.

use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::SignedIn, NONE, Row},
    },
};

/// The rows. Each person asks `hack-mentor`, and cancels, before they block them.
#[rustfmt::skip]
pub(super) const FRIEND_ROWS: &[Row] = &[
    ("GET", "/api/v1/me/friends", "/api/v1/me/friends?list=received", NONE, SignedIn(200)),
    ("PUT", "/api/v1/me/friends/{login}", "/api/v1/me/friends/hack-mentor", NONE, SignedIn(200)),
    ("DELETE", "/api/v1/me/friends/{login}/request", "/api/v1/me/friends/hack-mentor/request", NONE, SignedIn(204)),
    ("POST", "/api/v1/me/friends/{login}/accept", "/api/v1/me/friends/hack-mentor/accept", NONE, SignedIn(404)),
    ("POST", "/api/v1/me/friends/{login}/decline", "/api/v1/me/friends/hack-mentor/decline", NONE, SignedIn(404)),
    ("DELETE", "/api/v1/me/friends/{login}", "/api/v1/me/friends/hack-mentor", NONE, SignedIn(204)),
    ("PUT", "/api/v1/me/friends/{login}/block", "/api/v1/me/friends/hack-mentor/block", NONE, SignedIn(204)),
    ("DELETE", "/api/v1/me/friends/{login}/block", "/api/v1/me/friends/hack-mentor/block", NONE, SignedIn(204)),
    ("GET", "/friends", "/friends", NONE, SignedIn(200)),
    ("POST", "/friends", "/friends", &[("login", "hack-mentor")], SignedIn(303)),
    ("POST", "/friends/{login}/cancel", "/friends/hack-mentor/cancel", NONE, SignedIn(303)),
    ("POST", "/friends/{login}/accept", "/friends/hack-mentor/accept", NONE, SignedIn(404)),
    ("POST", "/friends/{login}/decline", "/friends/hack-mentor/decline", NONE, SignedIn(404)),
    ("POST", "/friends/{login}/remove", "/friends/hack-mentor/remove", NONE, SignedIn(303)),
    ("POST", "/friends/{login}/block", "/friends/hack-mentor/block", NONE, SignedIn(303)),
    ("POST", "/friends/{login}/unblock", "/friends/hack-mentor/unblock", NONE, SignedIn(303)),
];

/// Lets `hack-mentor` ask the person.
const ASKED: Make = |app, login| Box::pin(asked(app, login));

/// The routes to a request that the person received.
pub(super) const FRIEND_OBJECTS: &[ObjectRow] = &[
    ("POST", "/api/v1/me/friends/{login}/accept", ASKED, NONE, 204),
    ("POST", "/api/v1/me/friends/{login}/decline", ASKED, NONE, 204),
    ("POST", "/friends/{login}/accept", ASKED, NONE, 303),
    ("POST", "/friends/{login}/decline", ASKED, NONE, 303),
];

async fn asked(app: &TestApp, login: &str) -> Vec<String> {
    app.change("DELETE FROM friendships").await.expect("deleted");
    app.asks("hack-mentor", login).await.expect("asked");
    vec!["hack-mentor".to_owned()]
}
