//! Rows of the permission matrix for submissions, and real ones for their owners.

use hackathons::{
    actions::{
        NewDeadline, SettingsInput, appeal, check_all, extend_deadline, rule_submission,
        set_submission_settings, submit, withdraw_submission,
    },
    model::JuryOutcome,
    rules::rulings::Ruling,
};
use identity::model::UserId;
use platform::audit::Actor::{self, Operator};

use super::{
    app::ORGANIZER,
    scene::{november, publish_results},
    submissions::gannet,
};
use crate::{
    app::{TestApp, at},
    auth::{
        objects::{Make, ObjectRow},
        rows::{
            Access::{Hidden, Open},
            Form, NONE, Row,
        },
    },
};

/// Valid fields of a submission.
const SUBMISSION: Form = &[
    ("title", "Gannet"),
    ("summary", "A berth list that works offline."),
    ("repository", "gannet-crew/berthlist"),
];

/// A later deadline for the API.
const LATER: Form = &[("closes_at", "2026-11-23T18:00:00Z"), ("reason", "The ferry was late.")];

/// The rows. `hush` is private and takes applications, and `ebb` has results.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/projects", "/hackathons/ebb/projects", NONE, Open(200)),
    ("GET", "/hackathons/{slug}/projects/{id}", "/hackathons/ebb/projects/01900000-0000-7000-8000-000000000002", NONE, Open(404)),
    ("GET", "/api/v1/hackathons/{slug}/projects", "/api/v1/hackathons/ebb/projects", NONE, Open(200)),
    ("GET", "/hackathons/{slug}/submission", "/hackathons/hush/submission", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/submission/edit", "/hackathons/hush/submission/edit", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/submission", "/hackathons/hush/submission", NONE, Hidden(ORGANIZER, 422)),
    ("POST", "/hackathons/{slug}/submission/check", "/hackathons/hush/submission/check", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/submission/withdraw", "/hackathons/hush/submission/withdraw", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/submission/withdraw", "/hackathons/hush/submission/withdraw", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/submission/appeal", "/hackathons/hush/submission/appeal", NONE, Hidden(ORGANIZER, 422)),
    ("GET", "/hackathons/{slug}/submissions", "/hackathons/hush/submissions", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/submissions", "/hackathons/hush/submissions", NONE, Hidden(ORGANIZER, 303)),
    ("GET", "/hackathons/{slug}/submissions.csv", "/hackathons/hush/submissions.csv", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/submissions/check", "/hackathons/hush/submissions/check", NONE, Hidden(ORGANIZER, 303)),
    ("POST", "/hackathons/{slug}/submissions/deadline", "/hackathons/hush/submissions/deadline", NONE, Hidden(ORGANIZER, 422)),
    ("GET", "/hackathons/{slug}/submissions/{id}", "/hackathons/hush/submissions/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/submissions/{id}", "/hackathons/hush/submissions/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/me/hackathons/{slug}/submission", "/api/v1/me/hackathons/hush/submission", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/me/hackathons/{slug}/submission/notes", "/api/v1/me/hackathons/hush/submission/notes", NONE, Hidden(ORGANIZER, 404)),
    ("PUT", "/api/v1/me/hackathons/{slug}/submission", "/api/v1/me/hackathons/hush/submission", SUBMISSION, Hidden(ORGANIZER, 404)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/submission", "/api/v1/me/hackathons/hush/submission", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/me/hackathons/{slug}/submission/checks", "/api/v1/me/hackathons/hush/submission/checks", NONE, Hidden(ORGANIZER, 404)),
    ("PUT", "/api/v1/me/hackathons/{slug}/submission/appeal", "/api/v1/me/hackathons/hush/submission/appeal", &[("appeal", "It is our template.")], Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/submissions", "/api/v1/hackathons/hush/submissions", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/api/v1/hackathons/{slug}/submissions/{id}", "/api/v1/hackathons/hush/submissions/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/hackathons/{slug}/submissions/{id}", "/api/v1/hackathons/hush/submissions/01900000-0000-7000-8000-000000000002", &[("ruling", "admit")], Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/submission-settings", "/api/v1/hackathons/hush/submission-settings", NONE, Hidden(ORGANIZER, 200)),
    ("PUT", "/api/v1/hackathons/{slug}/submission-settings", "/api/v1/hackathons/hush/submission-settings", NONE, Hidden(ORGANIZER, 400)),
    ("PUT", "/api/v1/hackathons/{slug}/deadlines/{name}", "/api/v1/hackathons/hush/deadlines/gannet", LATER, Hidden(ORGANIZER, 422)),
];

/// Makes a private hackathon in its submission phase, to which the person submitted.
const SUBMITTED: Make = |app, login| Box::pin(submitted(app, login, false));
/// The same with a submission that is disqualified.
const DISQUALIFIED: Make = |app, login| Box::pin(submitted(app, login, true));
/// Makes a submission to a private hackathon that the person organizes.
const ORGANIZED: Make = |app, login| Box::pin(organized(app, login));
/// The same after the deadline.
const CLOSED: Make = |app, login| Box::pin(closed(app, login));

/// The routes with real submissions.
#[rustfmt::skip]
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("GET", "/hackathons/{slug}/submission", SUBMITTED, NONE, 200),
    ("POST", "/hackathons/{slug}/submission", SUBMITTED, SUBMISSION, 303),
    ("POST", "/hackathons/{slug}/submission/check", SUBMITTED, NONE, 303),
    ("GET", "/hackathons/{slug}/submission/withdraw", SUBMITTED, NONE, 200),
    ("POST", "/hackathons/{slug}/submission/withdraw", SUBMITTED, NONE, 303),
    ("POST", "/hackathons/{slug}/submission/appeal", DISQUALIFIED, &[("appeal", "It is our template.")], 303),
    ("GET", "/hackathons/{slug}/submissions/{id}", ORGANIZED, NONE, 200),
    ("POST", "/hackathons/{slug}/submissions/{id}", CLOSED, &[("ruling", "winner")], 303),
    ("GET", "/api/v1/me/hackathons/{slug}/submission", SUBMITTED, NONE, 200),
    ("GET", "/api/v1/me/hackathons/{slug}/submission/notes", SUBMITTED, NONE, 200),
    ("PUT", "/api/v1/me/hackathons/{slug}/submission", SUBMITTED, SUBMISSION, 200),
    ("DELETE", "/api/v1/me/hackathons/{slug}/submission", SUBMITTED, NONE, 204),
    ("POST", "/api/v1/me/hackathons/{slug}/submission/checks", SUBMITTED, NONE, 202),
    ("PUT", "/api/v1/me/hackathons/{slug}/submission/appeal", DISQUALIFIED, &[("appeal", "It is our template.")], 200),
    ("GET", "/api/v1/hackathons/{slug}/submissions/{id}", ORGANIZED, NONE, 200),
    ("POST", "/api/v1/hackathons/{slug}/submissions/{id}", CLOSED, &[("ruling", "finalist")], 200),
];

/// Moves a hackathon into its submission phase.
pub(super) async fn open(app: &TestApp, slug: &str) {
    let open = format!(
        "UPDATE hackathons SET application_opens_at = created_at, application_closes_at = created_at, \
         submission_opens_at = created_at WHERE slug = '{slug}'"
    );
    app.change(&open).await.expect("open");
}

pub(super) async fn submitted(app: &TestApp, login: &str, is_disqualified: bool) -> Vec<String> {
    let slug = app.hackathon(super::app::private()).await;
    let code = app.hackathon_view(&slug).await.invite_code;
    let (person, context) = (app.hacker(login).await, app.context());
    hackathons::actions::apply(context, person, &slug, &code, &super::scene::application())
        .await
        .expect("applied");
    open(app, &slug).await;
    let made = submit(context, person, &slug, &gannet()).await.expect("submitted");
    if is_disqualified {
        let organizer = app.hacker("organizer").await;
        rule_submission(context, organizer, &slug, made.key(), Ruling::Disqualify, "It is a copy.")
            .await
            .expect("disqualified");
    }
    vec![slug]
}

pub(super) async fn organized(app: &TestApp, login: &str) -> Vec<String> {
    let organizer = app.hacker(login).await;
    let slug = super::app::held_by(app, organizer, super::app::private()).await;
    let code = app.hackathon_view(&slug).await.invite_code;
    let (person, context) = (app.hacker("hack-builder").await, app.context());
    hackathons::actions::apply(context, person, &slug, &code, &super::scene::application())
        .await
        .expect("applied");
    open(app, &slug).await;
    let made = submit(context, person, &slug, &gannet()).await.expect("submitted");
    vec![slug, made.id.to_string()]
}

async fn closed(app: &TestApp, login: &str) -> Vec<String> {
    let made = organized(app, login).await;
    let over = format!(
        "UPDATE hackathons SET submission_closes_at = created_at WHERE slug = '{}'",
        made[0]
    );
    app.change(&over).await.expect("closed");
    made
}

/// Creates `ebb`, whose results are published.
pub(super) async fn prepare(app: &TestApp) {
    let details =
        hackathons::rules::details::HackathonInput { title: Some("Ebb".to_owned()), ..november() };
    let slug = app.hackathon(details).await;
    let over = format!(
        "UPDATE hackathons SET application_opens_at = created_at, application_closes_at = created_at, \
         submission_opens_at = created_at, submission_closes_at = created_at, judging_opens_at = created_at, \
         judging_closes_at = created_at WHERE slug = '{slug}'"
    );
    app.change(&over).await.expect("over");
    publish_results(app.context(), Operator, &slug, "Gannet wins.").await.expect("results");
}

/// Lets the person submit, appeal and withdraw, and decide about submissions of a hackathon that they hold.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let context = app.context();
    let slug = submitted(app, login, true).await.remove(0);
    appeal(context, person, &slug, "It is our template.").await.expect("appealed");
    let slug = submitted(app, login, false).await.remove(0);
    let own = app.submission_of(&slug, login).await;
    crate::pictures::give(app, login, "submission", own.id).await;
    withdraw_submission(context, person, &slug).await.expect("withdrawn");
    let [slug, id] = <[String; 2]>::try_from(closed(app, login).await).expect("a submission");
    let id: uuid::Uuid = id.parse().expect("an ID");
    rule_submission(
        context,
        person,
        &slug,
        id.into(),
        Ruling::Choose(Some(JuryOutcome::Winner)),
        "",
    )
    .await
    .expect("a winner");
    let slug = organized(app, login).await.remove(0);
    let actor = Actor::Person(person.0);
    let hackathon = app.hackathon_view(&slug).await;
    crate::pictures::give(app, login, "hackathon", hackathon.id).await;
    check_all(context, actor, &slug).await.expect("checked");
    let settings = SettingsInput::default();
    set_submission_settings(context, actor, &slug, &settings).await.expect("set");
    let new = NewDeadline {
        name: "hack-builder".to_owned(),
        closes_at: at("2026-11-23T18:00:00Z"),
        reason: "The ferry was late.".to_owned(),
    };
    extend_deadline(context, person, &slug, &new).await.expect("extended");
}
