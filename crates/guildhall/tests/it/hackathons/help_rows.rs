//! Rows of the permission matrix for the help queue, and real requests for their teams and mentors.

use hackathons::{
    actions::{add_staff, ask_for_help, remove_staff, step_help, withdraw_help},
    model::{HelpRequestId, StaffRole},
    rules::help::{HelpInput, HelpStep},
};
use identity::model::UserId;
use platform::audit::Actor::Operator;

use super::{
    app::{ORGANIZER, held_by, private},
    scene::application,
    submission_rows::open,
};
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::Hidden, Form, NONE, Row},
    },
};

const HELP: Form = &[("topic", "The tide API answers 401."), ("place", "Table 7")];
const TAKE: Form = &[("state", "taken")];

/// The rows. `hush` is private and takes applications, and no team of it asks for help.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/help", "/hackathons/hush/help", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/help", "/hackathons/hush/help", NONE, Hidden(ORGANIZER, 422)),
    ("POST", "/hackathons/{slug}/help/withdraw", "/hackathons/hush/help/withdraw", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/help-queue", "/hackathons/hush/help-queue", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/help-queue/{id}", "/hackathons/hush/help-queue/01900000-0000-7000-8000-000000000002", TAKE, Hidden(ORGANIZER, 422)),
    ("GET", "/api/v1/me/hackathons/{slug}/help", "/api/v1/me/hackathons/hush/help", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/me/hackathons/{slug}/help", "/api/v1/me/hackathons/hush/help", HELP, Hidden(ORGANIZER, 404)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/help", "/api/v1/me/hackathons/hush/help", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/help", "/api/v1/hackathons/hush/help", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/api/v1/hackathons/{slug}/help/teams", "/api/v1/hackathons/hush/help/teams", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/help/{id}/state", "/api/v1/hackathons/hush/help/01900000-0000-7000-8000-000000000002/state", TAKE, Hidden(ORGANIZER, 404)),
];

/// Makes a team of the person in a private hackathon, while teams build.
const BUILDING: Make = |app, login| {
    Box::pin(async move {
        let organizer = app.hacker("organizer").await;
        vec![built(app, organizer, login).await]
    })
};

/// Makes such a team that waits for help.
const WAITING: Make = |app, login| {
    Box::pin(async move {
        let organizer = app.hacker("organizer").await;
        let slug = built(app, organizer, login).await;
        asked(app, &slug, login).await;
        vec![slug]
    })
};

/// Makes a private hackathon in which the person is a mentor, with a request of a team.
const MENTORED: Make = |app, login| {
    Box::pin(async move {
        let organizer = app.hacker("organizer").await;
        let slug = built(app, organizer, "hack-builder").await;
        mentors(app, &slug, login).await;
        let id = asked(app, &slug, "hack-builder").await;
        vec![slug, id.0.to_string()]
    })
};

/// The routes with real requests.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/hackathons/{slug}/help", BUILDING, HELP, 303),
    ("POST", "/hackathons/{slug}/help/withdraw", WAITING, NONE, 303),
    ("POST", "/hackathons/{slug}/help-queue/{id}", MENTORED, TAKE, 303),
    ("GET", "/api/v1/me/hackathons/{slug}/help", WAITING, NONE, 200),
    ("POST", "/api/v1/me/hackathons/{slug}/help", BUILDING, HELP, 201),
    ("DELETE", "/api/v1/me/hackathons/{slug}/help", WAITING, NONE, 204),
    ("POST", "/api/v1/hackathons/{slug}/help/{id}/state", MENTORED, TAKE, 200),
];

/// Creates a private hackathon of an organizer in its submission phase, in which a person has a place and a team. Returns its slug.
async fn built(app: &TestApp, organizer: UserId, login: &str) -> String {
    let slug = held_by(app, organizer, private()).await;
    let code = app.hackathon_view(&slug).await.invite_code;
    let person = app.hacker(login).await;
    hackathons::actions::apply(app.context(), person, &slug, &code, &application())
        .await
        .expect("applied");
    app.team_of(&slug, login, "Gannet").await;
    open(app, &slug).await;
    slug
}

async fn asked(app: &TestApp, slug: &str, login: &str) -> HelpRequestId {
    let person = app.hacker(login).await;
    let input =
        HelpInput { topic: "The tide API answers 401.".to_owned(), place: "Table 7".to_owned() };
    let asked = ask_for_help(app.context(), person, slug, &input).await;
    asked.expect("asked").key()
}

async fn mentors(app: &TestApp, slug: &str, login: &str) {
    app.hacker(login).await;
    add_staff(app.context(), Operator, slug, login, StaffRole::Mentor).await.expect("a mentor");
}

/// Lets the person ask for help, withdraw, and help another team; at the end, they have a request of each kind.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let (context, organizer) = (app.context(), app.hacker("organizer").await);
    let slug = built(app, organizer, login).await;
    asked(app, &slug, login).await;
    withdraw_help(context, person, &slug).await.expect("withdrawn");
    asked(app, &slug, login).await;
    let slug = built(app, organizer, "hack-builder").await;
    mentors(app, &slug, login).await;
    let id = asked(app, &slug, "hack-builder").await;
    for (step, answer) in [
        (HelpStep::Take, ""),
        (HelpStep::HandBack, ""),
        (HelpStep::Take, ""),
        (HelpStep::Close, "Ask for a new token."),
    ] {
        step_help(context, person, false, &slug, id, step, answer).await.expect("stepped");
    }
    remove_staff(context, Operator, &slug, login).await.expect("removed");
}
