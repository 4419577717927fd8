//! People are checked in on site, and walk-ins get places.

use futures_util::future::join_all;
use hackathons::{
    actions::{
        WalkIn, add_staff, apply, archive, check_in, decide, undo_check_in, walk_in, withdraw,
    },
    model::{ApplicationStatus, StaffRole},
    reads::{self, ApplicationView},
};
use platform::{
    ActionError,
    audit::Actor::{Operator, Person},
};
use serde_json::json;

use super::{
    at_once::{patiently, people},
    scene::{application, code, november, publish_results, with_places},
};
use crate::app::{TestApp, at};

fn walker(login: &str) -> WalkIn {
    WalkIn { login: login.to_owned(), accepts_conduct: true, exceeds_capacity: false }
}

impl TestApp {
    async fn application_of(&self, slug: &str, login: &str) -> ApplicationView {
        let id = self.hackathon_view(slug).await.key();
        let person = self.hacker_id(login).await;
        let found = reads::application(&self.context().db, id, person).await;
        found.expect("read").expect("an application")
    }

    async fn checks_in(&self, slug: &str, who: &str) -> Result<ApplicationView, ActionError> {
        let organizer = self.hacker_id("organizer").await;
        check_in(self.context(), Person(organizer.0), slug, who).await
    }

    async fn walks_in(&self, slug: &str, new: &WalkIn) -> Result<ApplicationView, ActionError> {
        let organizer = self.hacker_id("organizer").await;
        walk_in(self.context(), Person(organizer.0), slug, new).await
    }

    async fn counted_check_ins(&self, slug: &str) -> (i64, i64) {
        let id = self.hackathon_view(slug).await.key();
        let counts = reads::check_in_counts(&self.context().db, id).await;
        let counts = counts.expect("read");
        (counts.places, counts.checked_in)
    }
}

#[tokio::test]
async fn people_are_checked_in_once_by_code_or_login() {
    let app = TestApp::start().await;
    let slug = app.building(with_places(2), &["ada", "bo", "cy"]).await;
    let own = app.application_of(&slug, "ada").await;
    let secret = own.check_in_code().expect("a code").to_owned();
    assert_eq!(secret.len(), 8);
    // The person reads it on the page; the one on the waitlist has none.
    let shown = format!("{}-{}", &secret[..4], &secret[4..]);
    let ada = app.browser_of("ada").await;
    let page = ada.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains(&shown), "{page}");
    let path = format!("/api/v1/me/hackathons/{slug}/application");
    assert_eq!(ada.json(&path).await["check_in_code"], secret.as_str());
    let cy = app.browser_of("cy").await.json(&path).await;
    assert!(cy["check_in_code"].is_null(), "{cy}");
    let checked = app.checks_in(&slug, &shown.to_lowercase()).await;
    assert_eq!(checked.expect("checked in").login, "ada");
    app.checks_in(&slug, "BO").await.expect("checked in");
    assert_eq!(app.counted_check_ins(&slug).await, (2, 2));
    app.clock.advance(chrono::TimeDelta::hours(1));
    for who in ["ada", secret.as_str()] {
        let again = app.checks_in(&slug, who).await;
        assert_eq!(code(again), "ALREADY_CHECKED_IN");
    }
    let at_first = app.application_of(&slug, "ada").await.checked_in_at;
    assert_eq!(at_first, Some(at("2026-11-15T08:00:00Z")));
    let page = ada.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains("You have been checked in since"), "{page}");
    for _ in 0..2 {
        undo_check_in(app.context(), Operator, &slug, "ada").await.expect("undone");
    }
    assert_eq!(app.counted_check_ins(&slug).await, (2, 1));
    let undone = "SELECT count(*) FROM audit_logs WHERE action = 'application.undo_check_in'";
    assert_eq!(app.count(undone).await, 1);
    // A person who gives up their place is not checked in any more.
    let bo = app.hacker_id("bo").await;
    withdraw(app.context(), bo, &slug).await.expect("withdrawn");
    assert_eq!(app.counted_check_ins(&slug).await, (2, 0));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let app = TestApp::start().await;
    let slug = app.building(with_places(1), &["ada", "bo"]).await;
    assert_eq!(code(app.checks_in(&slug, "bo").await), "CHECK_IN_WITHOUT_PLACE");
    app.hacker("dee").await;
    for who in ["dee", "no-such-login", "", "K7WM-4RXT"] {
        assert_eq!(code(app.checks_in(&slug, who).await), "NOT_FOUND", "{who}");
    }
    // A code of another hackathon is none.
    app.clock.set(at("2026-11-01T08:00:00Z"));
    let other = app.hackathon(november()).await;
    app.applied(&other, "dee").await;
    let foreign = app.application_of(&other, "dee").await;
    let foreign = foreign.check_in_code().expect("a code").to_owned();
    app.clock.set(at("2026-11-15T08:00:00Z"));
    assert_eq!(code(app.checks_in(&slug, &foreign).await), "NOT_FOUND");
    for (login, role) in [("mo", StaffRole::Mentor), ("judy", StaffRole::Judge)] {
        app.hacker(login).await;
        add_staff(app.context(), Operator, &slug, login, role).await.expect("in the staff");
        let path = format!("/api/v1/hackathons/{slug}/check-ins");
        let browser = app.browser_of(login).await;
        let body = json!({ "who": "ada" });
        assert_eq!(browser.call("POST", &path, Some(&body)).await.status, 403);
        assert_eq!(browser.get(&path).await.status, 403);
    }
    // From the day before submissions open until the archive.
    for (instant, is_open) in [
        ("2026-11-13T17:59:59Z", false),
        ("2026-11-13T18:00:00Z", true),
        ("2026-11-29T18:00:00Z", true),
    ] {
        app.clock.set(at(instant));
        let outcome = app.checks_in(&slug, "ada").await;
        match is_open {
            true => drop(outcome.expect(instant)),
            false => assert_eq!(code(outcome), "HACKATHON_PHASE", "{instant}"),
        }
        undo_check_in(app.context(), Operator, &slug, "ada").await.ok();
    }
    let context = app.context();
    publish_results(context, Operator, &slug, "No project won.").await.expect("results");
    app.checks_in(&slug, "ada").await.expect("after the results");
    let late = app.walks_in(&slug, &walker("dee")).await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    archive(context, Operator, &slug).await.expect("archived");
    for refused in [
        app.checks_in(&slug, "ada").await.map(drop),
        undo_check_in(context, Operator, &slug, "ada").await.map(drop),
    ] {
        assert_eq!(code(refused), "HACKATHON_PHASE");
    }
    app.abandon().await;
}

#[tokio::test]
async fn walk_ins_get_a_place_and_exceed_the_number_only_if_an_organizer_says_so() {
    use ApplicationStatus::{Approved, Waitlisted};
    let app = TestApp::start().await;
    let slug = app.building(with_places(3), &["ada", "bo"]).await;
    for login in ["dee", "eve", "flo", "judy"] {
        app.hacker(login).await;
    }
    let without = WalkIn { accepts_conduct: false, ..walker("dee") };
    assert_eq!(code(app.walks_in(&slug, &without).await), "BAD_HACKATHON");
    let walked = app.walks_in(&slug, &walker("dee")).await.expect("a place");
    assert_eq!(walked.status, Approved);
    assert!(walked.checked_in_at.is_some() && walked.conduct_version == 1);
    assert!(walked.check_in_code().is_some());
    let again = app.walks_in(&slug, &walker("dee")).await;
    assert_eq!(code(again), "ALREADY_CHECKED_IN");
    // A person with a place is checked in.
    app.walks_in(&slug, &walker("ada")).await.expect("checked in");
    let full = app.walks_in(&slug, &walker("eve")).await;
    assert_eq!(code(full), "WALK_IN_WITHOUT_PLACE");
    let exceeding = WalkIn { exceeds_capacity: true, ..walker("eve") };
    app.walks_in(&slug, &exceeding).await.expect("a place");
    assert_eq!(app.counted_check_ins(&slug).await, (4, 3));
    // A place that becomes free while there are too many people is not given again.
    let bo = app.hacker_id("bo").await;
    withdraw(app.context(), bo, &slug).await.expect("withdrawn");
    let full = app.walks_in(&slug, &walker("flo")).await;
    assert_eq!(code(full), "WALK_IN_WITHOUT_PLACE");
    add_staff(app.context(), Operator, &slug, "judy", StaffRole::Judge).await.expect("a judge");
    let judge = app.walks_in(&slug, &walker("judy")).await;
    assert_eq!(code(judge), "STAFF_CANNOT_APPLY");
    let unknown = app.walks_in(&slug, &walker("no-such-login")).await;
    assert_eq!(code(unknown), "PERSON_NOT_FOUND");
    // One on the waitlist keeps their words; a rejected one is approved first.
    app.clock.set(at("2026-11-01T08:00:00Z"));
    assert_eq!(app.applied(&slug, "flo").await.status, Waitlisted);
    let rejected = app.applied(&slug, "gus").await;
    decide(
        app.context(),
        Operator,
        &slug,
        &hackathons::actions::NewDecision {
            decision: hackathons::rules::applications::Decision::Reject,
            applications: vec![rejected.key()],
            reason: String::new(),
        },
    )
    .await
    .expect("rejected");
    app.clock.set(at("2026-11-15T08:00:00Z"));
    let refused = app.walks_in(&slug, &walker("gus")).await;
    assert_eq!(code(refused), "APPLICATION_REJECTED");
    let waiting =
        WalkIn { accepts_conduct: false, exceeds_capacity: true, login: "flo".to_owned() };
    let flo = app.walks_in(&slug, &waiting).await.expect("a place");
    assert_eq!(flo.motivation, "I keep the berth book.");
    assert_eq!(flo.waitlist_rank, None);
    app.work().await;
    let titles = app.inbox(&app.browser_of("dee").await).await;
    let is_notice = |title: &String| title.contains("You have a place at Low Tide");
    assert!(titles.iter().any(is_notice), "{titles:?}");
    app.abandon().await;
}

#[tokio::test]
async fn organizers_search_check_in_and_undo_on_the_page() {
    let app = TestApp::start().await;
    let slug = app.building(with_places(2), &["ada-lovelace", "bo", "cy"]).await;
    let organizer = app.browser_of("organizer").await;
    let address = format!("/hackathons/{slug}/check-in");
    let page = organizer.get(&format!("{address}?q=LOVE")).await.text;
    assert!(page.contains("ada-lovelace") && !page.contains("bo</bdi>"), "{page}");
    assert!(page.contains("0 of 2 checked in"), "{page}");
    let page = organizer.get(&format!("{address}?q=Adá")).await.text;
    assert!(page.contains("ada-lovelace"), "{page}");
    let form = [("who", "ada-lovelace")];
    assert_eq!(organizer.post(&address, &form).await.status, 303);
    let again = organizer.post(&address, &form).await;
    assert_eq!(again.status, 409, "{}", again.text);
    assert!(again.text.contains("ada-lovelace has been checked in since"), "{}", again.text);
    let page = organizer.get(&address).await.text;
    assert!(page.contains("1 of 2 checked in"), "{page}");
    assert!(!page.contains(">cy<"), "who waits has no place: {page}");
    let file = format!("/hackathons/{slug}/applications.csv");
    let rows = organizer.get(&file).await.text;
    let head = rows.lines().next().expect("a head");
    assert!(head.ends_with("checked_in_at"), "{head}");
    assert!(rows.contains("2026-11-15T08:00:00"), "{rows}");
    let undo = format!("{address}/ada-lovelace/undo");
    assert_eq!(organizer.post(&undo, &[]).await.status, 303);
    let walk = format!("/hackathons/{slug}/walk-ins");
    app.hacker("dee").await;
    let full = [("login", "dee"), ("accepts_conduct", "yes")];
    let refused = organizer.post(&walk, &full).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("exceeds the number of places"), "{}", refused.text);
    let confirmed = [&full[..], &[("exceeds_capacity", "yes")][..]].concat();
    assert_eq!(organizer.post(&walk, &confirmed).await.status, 303);
    let path = format!("/api/v1/hackathons/{slug}/check-ins?search=Dé");
    let list = organizer.json(&path).await;
    assert_eq!((&list["places"], &list["checked_in"]), (&json!(3), &json!(1)));
    assert_eq!(list["items"][0]["login"], "dee");
    assert_eq!(list["items"][0]["checked_in_by"], "organizer");
    app.work().await;
    app.abandon().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_ten_at_once_one_checks_a_person_in_and_one_walk_in_gets_the_last_place() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(with_places(2)).await;
    let people = people(&app, 11).await;
    apply(app.context(), people[0], &slug, "", &application()).await.expect("applied");
    app.clock.set(at("2026-11-15T08:00:00Z"));
    let checking = (0..10).map(|_| {
        let (context, slug) = (app.context().clone(), slug.clone());
        tokio::spawn(async move {
            patiently(|| check_in(&context, Operator, &slug, "hacker-0")).await.map(drop)
        })
    });
    let walking = (1..11).map(|number| {
        let (context, slug) = (app.context().clone(), slug.clone());
        let new = walker(&format!("hacker-{number}"));
        tokio::spawn(async move {
            patiently(|| walk_in(&context, Operator, &slug, &new)).await.map(drop)
        })
    });
    for (tasks, refusal) in [
        (checking.collect::<Vec<_>>(), "ALREADY_CHECKED_IN"),
        (walking.collect::<Vec<_>>(), "WALK_IN_WITHOUT_PLACE"),
    ] {
        let mut done = 0;
        for outcome in join_all(tasks).await {
            match outcome.expect("ended") {
                Ok(()) => done += 1,
                refused => assert_eq!(code(refused), refusal),
            }
        }
        assert_eq!(done, 1, "{refusal}");
    }
    assert_eq!(app.counted_check_ins(&slug).await, (2, 2));
    app.finish().await;
}
