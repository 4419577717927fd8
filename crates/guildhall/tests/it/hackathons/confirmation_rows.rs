//! Rows of the permission matrix for confirmations of places, and real places for their people.

use hackathons::{
    actions::{apply, confirm_place},
    rules::details::HackathonInput,
};
use identity::model::UserId;

use super::{
    app::{ORGANIZER, private},
    scene::application,
};
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::Hidden, NONE, Row},
    },
};

/// The rows. `hush` is private, and its organizer has no place.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("POST", "/hackathons/{slug}/confirm", "/hackathons/hush/confirm", NONE, Hidden(ORGANIZER, 404)),
    ("PUT", "/api/v1/me/hackathons/{slug}/application/confirmation", "/api/v1/me/hackathons/hush/application/confirmation", NONE, Hidden(ORGANIZER, 404)),
];

/// Makes a private hackathon in which the person has a place that they have to confirm.
const PLACED: Make = |app, login| {
    Box::pin(async move {
        let person = app.hacker(login).await;
        vec![placed(app, person).await]
    })
};

/// The routes with real places.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/hackathons/{slug}/confirm", PLACED, NONE, 303),
    ("PUT", "/api/v1/me/hackathons/{slug}/application/confirmation", PLACED, NONE, 200),
];

async fn placed(app: &TestApp, person: UserId) -> String {
    let details = HackathonInput {
        capacity: Some(Some(9)),
        confirm_by: Some("2026-11-10T18:00:00Z".to_owned()),
        ..private()
    };
    let slug = app.hackathon(details).await;
    let code = app.hackathon_view(&slug).await.invite_code;
    apply(app.context(), person, &slug, &code, &application()).await.expect("applied");
    slug
}

/// Lets the person confirm their place.
pub(super) async fn act(app: &TestApp, person: UserId) {
    let slug = placed(app, person).await;
    confirm_place(app.context(), person, &slug).await.expect("confirmed");
}
