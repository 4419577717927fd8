//! Disputes about points, flags, sanctions and bans, their appeals, and overrides.

mod api;
mod appeals;
mod bans;
mod bans_over;
mod commands;
mod effects;
mod held;
mod independence;
mod notices;
pub(crate) mod objects;
mod overrides;
mod pages;
mod privacy;
mod race;
mod refusals;
pub(crate) mod rows;
mod work;

use std::collections::BTreeSet;

use contributions::{
    actions::{
        DisputeDecision, FlagDecision, NewDispute, NewSanction, OverrideInput, appeal,
        close_disputes_of_ended_bans, decide_dispute, decide_flags, detect_gaming,
        lift_score_override, open_dispute, override_score, sanction, write_message,
    },
    model::{DisputeKind, FlagEffect, OverrideKind, SanctionKind},
    rules::disputes::DisputeStage,
};
use identity::model::{Role, UserId};
use platform::{ActionError, audit::Actor::Operator};
use serde_json::{Value, json};

use super::{
    flags::series,
    seasons::{AUTUMN, merged},
};
use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    scenarios::repo,
};

const PATH: &str = "/api/v1/disputes";

/// The author of everything that is contested.
const AUTHOR: &str = "hexacat";

/// Starts a server with pull request 1 of the author, which is merged.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.browser_of(AUTHOR).await;
    let pull = merged(1, AUTHOR, "2026-10-28T08:00:00Z");
    app.deliver_all(&[&pull]).await;
    app
}

/// Returns the body of a dispute about pull request 1.
fn about_points() -> Value {
    about("score", "octo-org/lantern#1")
}

fn about(kind: &str, target: &str) -> Value {
    json!({ "kind": kind, "target": target, "text": "A step is wrong." })
}

/// Opens a dispute, and returns its number.
async fn opens(browser: &Browser<'_>, body: &Value) -> i64 {
    let opened = browser.call("POST", PATH, Some(body)).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    opened.json()["number"].as_i64().expect("a number")
}

/// Decides a dispute by the API.
async fn decides(browser: &Browser<'_>, number: i64, decision: &Value) -> Answer {
    let path = format!("/api/v1/admin/disputes/{number}/decision");
    browser.call("POST", &path, Some(decision)).await
}

fn upheld() -> Value {
    json!({ "is_granted": false, "reason": "The step is right." })
}

fn granted(points: i64) -> Value {
    json!({ "is_granted": true, "points": points, "reason": "The step was wrong." })
}

/// Returns the score of a pull request.
async fn score(app: &TestApp, number: i64) -> Value {
    let path = format!("/api/v1/pull-requests/octo-org/lantern/{number}");
    app.json(&path).await["points"].clone()
}

impl TestApp {
    async fn user(&self, login: &str) -> UserId {
        self.person_id(login).await.into()
    }

    /// Opens a dispute of a person, and returns its number.
    pub(crate) async fn disputes(&self, login: &str, kind: DisputeKind, target: &str) -> i64 {
        let new =
            NewDispute { kind, target: target.to_owned(), text: format!("Contested by {login}.") };
        let person = self.user(login).await;
        open_dispute(self.context(), person, &new).await.expect("opened")
    }

    /// Decides a dispute as an admin, whatever their role is.
    pub(crate) async fn decides(
        &self,
        login: &str,
        number: i64,
        stage: DisputeStage,
        is_granted: bool,
    ) -> Result<(), ActionError> {
        let decision = DisputeDecision {
            stage,
            is_granted,
            points: None,
            reason: "The step is right.".to_owned(),
        };
        let person = self.user(login).await;
        decide_dispute(self.context(), person, Role::Admin, number, &decision).await
    }

    /// Raises a flag on nine small pull requests of a person, numbered from 101, and confirms it. Returns its number.
    async fn confirmed_flag(&self, login: &str, decider: platform::audit::Actor) -> i64 {
        let scenarios = series(&repo(1, "lantern"), login, 101..=109);
        self.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
        detect_gaming(self.context()).await.expect("detected");
        let number = self.count("SELECT max(number) FROM fair_play_flags").await;
        let confirmed =
            FlagDecision::Confirm { effect: Some(FlagEffect::NoPoints), spared: BTreeSet::new() };
        let numbers = BTreeSet::from([number]);
        decide_flags(self.context(), decider, &numbers, &confirmed, "One change")
            .await
            .expect("confirmed");
        self.work().await;
        number
    }

    /// Warns a person in the season, and returns the ID of the sanction.
    pub(crate) async fn warns(&self, login: &str, decider: platform::audit::Actor) -> String {
        let new = NewSanction {
            login: login.to_owned(),
            kind: SanctionKind::Warning,
            reason: "Whitespace only".to_owned(),
        };
        let id = sanction(self.context(), decider, AUTUMN, &new).await;
        id.expect("warned").0.to_string()
    }

    /// Returns the ID of the current ban of a person.
    async fn current_ban(&self, login: &str) -> String {
        let person = self.user(login).await;
        let (db, now) = (&self.context().db, self.context().now());
        let found = identity::reads::current_ban(db, person, now).await;
        found.expect("looked").expect("a ban").id.to_string()
    }

    /// Returns the ID of a pull request of `octo-org/NAME`.
    async fn pull_id(&self, name: &str, number: i64) -> github::model::PullRequestId {
        let full_name = format!("octo-org/{name}");
        let found = github::reads::pull_request(&self.context().db, &full_name, number).await;
        found.expect("looked").expect("a pull request").id.into()
    }
}

/// Contests warnings in the season in every way, and overrides the points of a pull request of the project `kept`.
pub(crate) async fn act(app: &TestApp, login: &str) {
    app.browser_of("dispute-author").await;
    let author = app.user("dispute-author").await;
    let person = app.user(login).await;
    for is_granted in [false, true] {
        let id = app.warns("dispute-author", Operator).await;
        let number = app.disputes("dispute-author", DisputeKind::Sanction, &id).await;
        write_message(app.context(), person, number, &format!("Said by {login}."))
            .await
            .expect("written");
        app.decides(login, number, DisputeStage::Dispute, is_granted).await.expect("decided");
        if is_granted {
            continue;
        }
        appeal(app.context(), author, number, "Still wrong.").await.expect("appealed");
    }
    for is_granted in [false, true] {
        let id = app.warns("dispute-author", Operator).await;
        let number = app.disputes("dispute-author", DisputeKind::Sanction, &id).await;
        app.browser_of("dispute-admin").await;
        app.decides("dispute-admin", number, DisputeStage::Dispute, false).await.expect("decided");
        appeal(app.context(), author, number, "Still wrong.").await.expect("appealed");
        let decided = app.decides(login, number, DisputeStage::Appeal, is_granted).await;
        decided.expect("decided");
    }
    // The person's own dispute, and an appeal of it.
    let id = app.warns(login, Operator).await;
    let own = app.disputes(login, DisputeKind::Sanction, &id).await;
    let upheld = app.decides("dispute-admin", own, DisputeStage::Dispute, false);
    upheld.await.expect("decided");
    appeal(app.context(), person, own, &format!("Said by {login}.")).await.expect("appealed");
    // A ban that is lifted before a decision.
    identity::actions::ban(app.context(), Operator, "dispute-author", "Insults", None)
        .await
        .expect("banned");
    let ban = app.current_ban("dispute-author").await;
    app.disputes("dispute-author", DisputeKind::Ban, &ban).await;
    app.unban("dispute-author").await;
    let closed = close_disputes_of_ended_bans(app.context()).await;
    assert_eq!(closed.expect("closed"), 1);
    override_points(app, login).await;
}

async fn override_points(app: &TestApp, login: &str) {
    let pull = app.pull_id("kept", 1).await;
    let actor = platform::audit::Actor::Person(app.person_id(login).await);
    let input =
        OverrideInput { kind: OverrideKind::Set, points: Some(7), reason: "to try".to_owned() };
    override_score(app.context(), actor, pull, &input).await.expect("overridden");
    lift_score_override(app.context(), actor, pull, "to try").await.expect("lifted");
}
