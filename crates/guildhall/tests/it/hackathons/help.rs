//! Teams ask for help, and mentors come.

use hackathons::{
    actions::{
        add_staff, ask_for_help, create_team, fill_all_places, leave_team, remove_old_words,
        remove_staff, step_help, withdraw_help,
    },
    model::{HelpRequestId, HelpState, StaffRole},
    reads::{self, HelpRequestView},
    rules::help::{HelpInput, HelpStep},
};
use platform::{ActionError, audit::Actor::Operator};
use serde_json::json;

use super::scene::{code, with_places};
use crate::{
    app::{TestApp, at},
    auth::routes,
};

fn topic(topic: &str, place: &str) -> HelpInput {
    HelpInput { topic: topic.to_owned(), place: place.to_owned() }
}

impl TestApp {
    /// Creates a hackathon with three places while teams build: `ada` and `bo` are one team, `cy` is another, and `dee` waits for a
    /// place. `mo` and `mia` are mentors, and `judy` judges.
    pub(super) async fn helped(&self) -> String {
        let slug = self.building(with_places(3), &["ada", "bo", "cy", "dee"]).await;
        for (login, role) in
            [("mo", StaffRole::Mentor), ("mia", StaffRole::Mentor), ("judy", StaffRole::Judge)]
        {
            self.hacker(login).await;
            add_staff(self.context(), Operator, &slug, login, role).await.expect("in the staff");
        }
        let team = self.team_of(&slug, "ada", "Gannet").await;
        self.joins(&team, "bo").await.expect("joined");
        self.team_of(&slug, "cy", "Skua").await;
        self.team_of(&slug, "dee", "Waiting Terns").await;
        slug
    }

    async fn asks_help(&self, slug: &str, login: &str) -> Result<HelpRequestView, ActionError> {
        let person = self.hacker_id(login).await;
        let input = topic("The tide API answers 401.", "Table 7");
        ask_for_help(self.context(), person, slug, &input).await
    }

    async fn helps(
        &self,
        (slug, login): (&str, &str),
        id: HelpRequestId,
        step: HelpStep,
    ) -> Result<HelpRequestView, ActionError> {
        let person = self.hacker_id(login).await;
        step_help(self.context(), person, login == "organizer", slug, id, step, "Use version 2.")
            .await
    }

    async fn help_of(&self, id: HelpRequestId) -> HelpRequestView {
        let found = reads::help_request(&self.context().db, id).await;
        found.expect("read").expect("a request")
    }
}

#[tokio::test]
async fn teams_wait_in_order_and_read_the_answer() {
    let app = TestApp::start().await;
    let slug = app.helped().await;
    let first = app.asks_help(&slug, "ada").await.expect("asked").key();
    let second = app.asks_help(&slug, "cy").await.expect("asked").key();
    assert_eq!(code(app.asks_help(&slug, "bo").await), "HELP_REQUEST_OPEN", "of the same team");
    let own = format!("/api/v1/me/hackathons/{slug}/help");
    let cy = app.browser_of("cy").await;
    assert_eq!(cy.json(&own).await["items"][0]["place_in_queue"], 2);
    let page = cy.get(&format!("/hackathons/{slug}/help")).await.text;
    assert!(page.contains("1 request is ahead of yours."), "{page}");
    app.helps((&slug, "mo"), first, HelpStep::Take).await.expect("taken");
    assert_eq!(cy.json(&own).await["items"][0]["place_in_queue"], 1);
    app.work().await;
    for (login, expected) in [("ada", 1), ("bo", 1), ("cy", 0)] {
        let titles = app.inbox(&app.browser_of(login).await).await;
        let title = "mo is coming to your team at Low Tide";
        let count = titles.iter().filter(|it| it.contains(title)).count();
        assert_eq!(count, expected, "{login}: {titles:?}");
    }
    let bo = app.browser_of("bo").await;
    let page = bo.get(&format!("/hackathons/{slug}/help")).await.text;
    assert!(page.contains("mo comes to you."), "{page}");
    // It waits at its former place when it is handed back.
    app.helps((&slug, "mo"), first, HelpStep::HandBack).await.expect("handed back");
    let queue = app.browser_of("mo").await;
    let queue = queue.json(&format!("/api/v1/hackathons/{slug}/help")).await;
    assert_eq!(queue["items"][0]["id"], first.0.to_string());
    assert_eq!(queue["items"][1]["id"], second.0.to_string());
    for step in [HelpStep::Take, HelpStep::Take, HelpStep::Close] {
        app.helps((&slug, "mia"), first, step).await.expect("stepped");
    }
    let page = bo.get(&format!("/hackathons/{slug}/help")).await.text;
    assert!(page.contains("Use version 2."), "{page}");
    let again = app.asks_help(&slug, "bo").await.expect("asked again");
    assert_ne!(again.key(), first);
    let (person, context) = (app.hacker_id("ada").await, app.context());
    withdraw_help(context, person, &slug).await.expect("withdrawn");
    let refused = withdraw_help(context, person, &slug).await;
    assert_eq!(code(refused), "NO_HELP_REQUEST");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let app = TestApp::start().await;
    let slug = app.helped().await;
    assert_eq!(code(app.asks_help(&slug, "dee").await), "NO_PLACE");
    assert_eq!(code(app.asks_help(&slug, "mo").await), "NOT_A_PARTICIPANT");
    assert_eq!(code(app.asks_help("unknown", "ada").await), "NOT_FOUND");
    let (person, context) = (app.hacker_id("ada").await, app.context());
    for input in [topic(" ", "Table 7"), topic("Help", " ")] {
        let refused = ask_for_help(context, person, &slug, &input).await;
        assert_eq!(code(refused), "BAD_HACKATHON");
    }
    let id = app.asks_help(&slug, "ada").await.expect("asked").key();
    let refused = app.helps((&slug, "mo"), id, HelpStep::Close).await;
    assert_eq!(code(refused), "HELP_REQUEST_STATE", "no one took it");
    app.helps((&slug, "mo"), id, HelpStep::Take).await.expect("taken");
    for step in [HelpStep::Take, HelpStep::HandBack, HelpStep::Close] {
        let refused = app.helps((&slug, "mia"), id, step).await;
        assert_eq!(code(refused), "HELP_REQUEST_STATE", "of another: {step:?}");
    }
    for login in ["judy", "cy"] {
        let refused = app.helps((&slug, login), id, HelpStep::Take).await;
        assert_eq!(code(refused), "MENTOR_REQUIRED", "{login}");
    }
    let other = app.draft(super::scene::november()).await.slug;
    let refused = app.helps((&other, "organizer"), id, HelpStep::Take).await;
    assert_eq!(code(refused), "NOT_FOUND");
    let path = format!("/api/v1/hackathons/{slug}/help/{}/state", id.0);
    let mo = app.browser_of("mo").await;
    for (body, status) in [
        (json!({ "state": "withdrawn" }), 422),
        (json!({ "state": "answered" }), 422),
        (json!({ "state": "answered", "answer": "Use version 2." }), 200),
        (json!({ "state": "waiting" }), 409),
    ] {
        let answer = mo.call("POST", &path, Some(&body)).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
    // Before and after teams build, they do not ask.
    for instant in ["2026-11-10T08:00:00Z", "2026-11-22T18:00:00Z"] {
        app.clock.set(at(instant));
        assert_eq!(code(app.asks_help(&slug, "ada").await), "HACKATHON_PHASE");
    }
    app.abandon().await;
}

#[tokio::test]
async fn requests_end_with_their_people() {
    let app = TestApp::start().await;
    let slug = app.helped().await;
    let context = app.context();
    let gannet = app.asks_help(&slug, "bo").await.expect("asked").key();
    let skua = app.asks_help(&slug, "cy").await.expect("asked").key();
    for (login, id) in [("mo", gannet), ("mia", skua)] {
        app.helps((&slug, login), id, HelpStep::Take).await.expect("taken");
    }
    // A mentor who is removed, or judges, no longer comes.
    remove_staff(context, Operator, &slug, "mo").await.expect("removed");
    add_staff(context, Operator, &slug, "mia", StaffRole::Judge).await.expect("a judge");
    for id in [gannet, skua] {
        assert_eq!(app.help_of(id).await.state, HelpState::Waiting);
    }
    // A team that everyone left needs no help.
    leave_team(context, app.hacker_id("cy").await, &slug).await.expect("left");
    assert_eq!(app.help_of(skua).await.state, HelpState::Withdrawn);
    app.helps((&slug, "organizer"), gannet, HelpStep::Take).await.expect("taken");
    app.helps((&slug, "organizer"), gannet, HelpStep::Close).await.expect("answered");
    let words =
        "SELECT count(*) FROM help_requests WHERE topic <> '' OR place <> '' OR answer <> ''";
    assert_eq!(app.count(words).await, 2);
    let tx = context.begin().await.expect("a transaction");
    hackathons::actions::erase(&tx, context, app.hacker_id("bo").await).await.expect("erased");
    tx.commit().await.expect("committed");
    let kept = app.help_of(gannet).await;
    assert_eq!((kept.topic.as_str(), kept.place.as_str()), ("", ""));
    assert_eq!(kept.answer, "Use version 2.");
    fill_all_places(context).await.expect("filled");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    super::scene::publish_results(context, Operator, &slug, "No project won.")
        .await
        .expect("results");
    app.clock.advance(chrono::TimeDelta::days(181));
    assert_eq!(remove_old_words(context).await.expect("removed"), 1);
    assert_eq!(app.count(words).await, 0);
    app.abandon().await;
}

/// Mentors read the names, members and places of teams with a place, and nothing of applications and scores, by no route of the server.
#[tokio::test]
async fn mentors_see_teams_and_nothing_of_applications_or_scores() {
    let app = TestApp::start().await;
    let slug = app.helped().await;
    app.asks_help(&slug, "ada").await.expect("asked");
    // `dee` has a team, but no place; `cy` shows no skills as they have a team.
    let mo = app.browser_of("mo").await;
    let teams = mo.json(&format!("/api/v1/hackathons/{slug}/help/teams")).await;
    assert_eq!(
        teams["items"],
        json!([
            { "slug": "gannet", "name": "Gannet", "place": "Table 7", "members": ["ada", "bo"] },
            { "slug": "skua", "name": "Skua", "place": null, "members": ["cy"] },
        ])
    );
    let page = mo.get(&format!("/hackathons/{slug}/help-queue")).await.text;
    assert!(page.contains("Skua") && !page.contains("Waiting Terns"), "{page}");
    for part in [
        "applications",
        "applications.csv",
        "submissions",
        "submissions.csv",
        "judging",
        "judging/coverage",
        "edit",
        "staff",
    ] {
        let refused = mo.get(&format!("/hackathons/{slug}/{part}")).await;
        assert_eq!(refused.status, 403, "{part}");
    }
    let motivation = "I keep the berth book.";
    let read = routes::of(&app.server.router(None)).into_iter();
    let paths = read.filter(|(method, path)| method == "GET" && path.contains("{slug}"));
    let mut count = 0;
    for (_, path) in paths {
        let path = path.replace("{slug}", &slug).replace("{login}", "ada");
        if path.contains('{') || path.contains("/events") || path == "/live" {
            continue;
        }
        count += 1;
        let text = mo.get(&path).await.text;
        assert!(!text.contains(motivation), "{path}");
    }
    assert!(count > 30, "{count}");
    // An organizer reads it, so the words are there to be found.
    let organizer = app.browser_of("organizer").await;
    let list = organizer.get(&format!("/hackathons/{slug}/applications")).await;
    assert!(list.text.contains(motivation));
    app.abandon().await;
}

#[tokio::test]
async fn forms_ask_take_and_answer() {
    let app = TestApp::start().await;
    let slug = app.helped().await;
    let address = format!("/hackathons/{slug}/help");
    let ada = app.browser_of("ada").await;
    let refused = ada.post(&address, &[("topic", "Rain"), ("place", "")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("Rain"), "{}", refused.text);
    let asked = ada.post(&address, &[("topic", "<b>Rain</b>"), ("place", "Table 7")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let mo = app.browser_of("mo").await;
    let queue = format!("/hackathons/{slug}/help-queue");
    let page = mo.get(&queue).await.text;
    assert!(page.contains("Table 7") && !page.contains("<b>Rain"), "{page}");
    let hackathon = mo.get(&format!("/hackathons/{slug}")).await.text;
    assert!(hackathon.contains(&queue), "{hackathon}");
    let list = mo.json(&format!("/api/v1/hackathons/{slug}/help")).await;
    let id = list["items"][0]["id"].as_str().expect("an ID");
    let form = format!("{queue}/{id}");
    let taken = mo.post(&form, &[("state", "taken")]).await;
    assert_eq!(taken.status, 303, "{}", taken.text);
    let unanswered = mo.post(&form, &[("state", "answered")]).await;
    assert_eq!(unanswered.status, 422, "{}", unanswered.text);
    let closed = [("state", "answered"), ("answer", "Use an umbrella.")];
    assert_eq!(mo.post(&form, &closed).await.status, 303);
    assert!(ada.get(&address).await.text.contains("Use an umbrella."));
    assert!(mo.get(&queue).await.text.contains("Use an umbrella."));
    // A person without an application creates no team.
    let eve = app.hacker("eve").await;
    let context = app.context();
    assert_eq!(code(create_team(context, eve, &slug, "Alone").await), "NOT_A_PARTICIPANT");
    app.work().await;
    app.abandon().await;
}
