//! People confirm their places by a time, and others get those that are not confirmed.

use futures_util::future::join_all;
use hackathons::{
    actions::{apply, confirm_place, edit_hackathon, settle_confirmations, withdraw},
    model::ApplicationStatus,
    reads::{self, ApplicationView},
    rules::details::HackathonInput,
};
use platform::{ActionError, audit::Actor::Operator};

use super::{
    at_once::{patiently, people},
    scene::{application, code, november, with_places},
};
use crate::app::{TestApp, at};

const BY: &str = "2026-11-10T18:00:00Z";

fn confirmed(places: i64) -> HackathonInput {
    HackathonInput { confirm_by: Some(BY.to_owned()), ..with_places(places) }
}

impl TestApp {
    async fn confirms(&self, slug: &str, login: &str) -> Result<ApplicationView, ActionError> {
        let person = self.hacker_id(login).await;
        confirm_place(self.context(), person, slug).await
    }

    async fn settles(&self) -> (usize, usize) {
        let settled = settle_confirmations(self.context()).await;
        settled.expect("settled")
    }

    async fn statuses(&self, slug: &str, logins: &[&str]) -> Vec<ApplicationStatus> {
        let mut statuses = Vec::new();
        for login in logins {
            statuses.push(self.status_of(slug, login).await);
        }
        statuses
    }
}

#[tokio::test]
async fn an_unconfirmed_place_goes_to_the_next_in_order_also_by_a_late_run() {
    use ApplicationStatus::{AutoAccepted, Waitlisted};
    let app = TestApp::start().await;
    app.clock.set(at("2026-11-01T08:00:00Z"));
    let slug = app.hackathon(confirmed(2)).await;
    let all = ["ada", "bo", "cy", "dee"];
    for login in all {
        app.applied(&slug, login).await;
    }
    app.work().await;
    let bo = app.browser_of("bo").await;
    let page = bo.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains("Confirm your place by"), "{page}");
    for _ in 0..2 {
        app.confirms(&slug, "ada").await.expect("confirmed");
    }
    assert_eq!(code(app.confirms(&slug, "cy").await), "NO_PLACE");
    let ada = app.browser_of("ada").await;
    let page = ada.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains("Your place is confirmed."), "{page}");
    assert!(!page.contains("Confirm your place by"), "{page}");
    // Each reminder is sent once, to those who have to confirm.
    for (instant, reminders) in [
        ("2026-11-07T17:59:00Z", 0),
        ("2026-11-07T18:00:00Z", 1),
        ("2026-11-09T18:00:00Z", 1),
        ("2026-11-10T17:59:59Z", 0),
    ] {
        app.clock.set(at(instant));
        assert_eq!(app.settles().await, (reminders, 0), "{instant}");
        assert_eq!(app.settles().await, (0, 0), "{instant} again");
        app.work().await;
    }
    let reminded = |titles: Vec<String>| {
        let about = titles.into_iter();
        about.filter(|it| it.contains("Confirm your place at Low Tide")).count()
    };
    assert_eq!(reminded(app.inbox(&bo).await), 2);
    assert_eq!(reminded(app.inbox(&ada).await), 0);
    // The run is late. Until then nothing is taken, and nothing is confirmed any more.
    app.clock.set(at("2026-11-11T00:00:00Z"));
    assert_eq!(code(app.confirms(&slug, "bo").await), "NO_CONFIRMATION");
    assert_eq!(app.settles().await, (0, 1));
    assert_eq!(
        app.statuses(&slug, &all).await,
        [AutoAccepted, Waitlisted, AutoAccepted, Waitlisted]
    );
    assert_eq!(app.settles().await, (0, 0));
    assert_eq!(code(app.confirms(&slug, "bo").await), "NO_PLACE");
    let id = app.hackathon_view(&slug).await.key();
    let person = app.hacker_id("bo").await;
    let own = reads::application(&app.context().db, id, person).await;
    let own = own.expect("read").expect("an application");
    let place = reads::place_on_waitlist(&app.context().db, &own).await;
    assert_eq!(place.expect("read"), Some(2), "behind dee");
    let reason = "You did not confirm your place in time.";
    assert_eq!(own.reason.as_deref(), Some(reason));
    // Those who got their place since need not confirm, and the next place goes on in order.
    withdraw(app.context(), app.hacker_id("cy").await, &slug).await.expect("withdrawn");
    withdraw(app.context(), app.hacker_id("ada").await, &slug).await.expect("withdrawn");
    assert_eq!(app.settles().await, (0, 0));
    assert_eq!(app.statuses(&slug, &["bo", "dee"]).await, [AutoAccepted, AutoAccepted]);
    let own = reads::application(&app.context().db, id, person).await;
    assert_eq!(own.expect("read").expect("an application").reason, None);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn those_who_get_their_place_in_the_last_day_need_not_confirm() {
    use ApplicationStatus::{AutoAccepted, Waitlisted};
    let app = TestApp::start().await;
    app.clock.set(at("2026-11-01T08:00:00Z"));
    let slug = app.hackathon(confirmed(3)).await;
    for login in ["ada", "bo", "cy", "dee", "eve"] {
        app.applied(&slug, login).await;
    }
    app.clock.set(at("2026-11-09T18:00:00Z"));
    // `dee` has exactly a day, and `eve` less.
    for (login, instant) in [("ada", "2026-11-09T18:00:00Z"), ("bo", "2026-11-09T18:00:01Z")] {
        app.clock.set(at(instant));
        withdraw(app.context(), app.hacker_id(login).await, &slug).await.expect("withdrawn");
    }
    app.confirms(&slug, "cy").await.expect("confirmed");
    app.clock.set(at(BY));
    app.applied_late_to_waitlist(&slug, "flo").await;
    assert_eq!(app.settles().await, (0, 1));
    assert_eq!(
        app.statuses(&slug, &["cy", "dee", "eve", "flo"]).await,
        [AutoAccepted, Waitlisted, AutoAccepted, AutoAccepted]
    );
    app.work().await;
    app.finish().await;
}

impl TestApp {
    /// Lets a person apply while applications were open.
    async fn applied_late_to_waitlist(&self, slug: &str, login: &str) {
        let now = self.context().now();
        self.clock.set(at("2026-11-06T17:00:00Z"));
        let applied = self.applied(slug, login).await;
        assert_eq!(applied.status, ApplicationStatus::Waitlisted);
        self.clock.set(now);
    }
}

#[tokio::test]
async fn the_email_about_a_place_asks_only_those_who_have_to_confirm() {
    let (app, mailbox) = TestApp::mailing().await;
    app.clock.set(at("2026-11-01T08:00:00Z"));
    let slug = app.hackathon(confirmed(1)).await;
    for login in ["ada", "bo"] {
        app.hacker(login).await;
        app.verify_address(login).await;
        app.applied(&slug, login).await;
    }
    let work = async || {
        app.work().await;
        app.work().await;
    };
    work().await;
    // `bo` gets the place less than a day before.
    app.clock.set(at("2026-11-09T18:00:01Z"));
    withdraw(app.context(), app.hacker_id("ada").await, &slug).await.expect("withdrawn");
    work().await;
    let mut emails = mailbox.taken();
    emails.retain(|it| it.content.subject == "You have a place at Low Tide");
    let asked = emails.iter().map(|it| {
        let text = &it.content.text;
        (it.recipient.as_str(), ["Confirm by", "Confirm your place"].map(|ask| text.contains(ask)))
    });
    let expected = [("ada@oak.example", [true; 2]), ("bo@oak.example", [false; 2])];
    assert_eq!(asked.collect::<Vec<_>>(), expected);
    app.finish().await;
}

#[tokio::test]
async fn the_time_is_between_the_dates_and_leaves_a_day() {
    let app = TestApp::start().await;
    app.clock.set(at("2026-11-01T08:00:00Z"));
    let slug = app.hackathon(with_places(2)).await;
    let change =
        |by: &str| HackathonInput { confirm_by: Some(by.to_owned()), ..HackathonInput::default() };
    let edited = async |change: &HackathonInput| {
        edit_hackathon(app.context(), Operator, &slug, change).await
    };
    for by in ["2026-11-06T17:59:00Z", "2026-11-14T18:01:00Z", "soon"] {
        assert_eq!(code(edited(&change(by)).await), "BAD_HACKATHON", "{by}");
    }
    let unlimited = HackathonInput { capacity: Some(None), ..change(BY) };
    assert_eq!(code(edited(&unlimited).await), "BAD_HACKATHON");
    edited(&change(BY)).await.expect("set");
    let view = app.hackathon_view(&slug).await;
    assert_eq!(view.confirm_by, Some(at(BY)));
    app.clock.set(at("2026-11-09T19:00:00Z"));
    let sooner = edited(&change("2026-11-10T18:30:00Z")).await;
    assert_eq!(code(sooner), "BAD_HACKATHON", "23.5 hours");
    edited(&change("2026-11-10T19:00:00Z")).await.expect("a day");
    edited(&change("")).await.expect("removed");
    assert_eq!(app.hackathon_view(&slug).await.confirm_by, None);
    app.clock.set(at("2026-11-01T08:00:00Z"));
    app.applied(&slug, "ada").await;
    assert_eq!(code(app.confirms(&slug, "ada").await), "NO_CONFIRMATION");
    let other = app.hackathon(november()).await;
    assert_eq!(code(app.confirms(&other, "ada").await), "NOT_A_PARTICIPANT");
    // The page keeps the time, and the API shows it.
    edited(&change(BY)).await.expect("set");
    let organizer = app.browser_of("organizer").await;
    let page = organizer.get(&format!("/hackathons/{slug}/edit")).await.text;
    assert!(page.contains("2026-11-10T18:00"), "{page}");
    let shown = organizer.json(&format!("/api/v1/hackathons/{slug}")).await;
    assert!(shown["confirm_by"].as_str().expect("a time").starts_with("2026-11-10T18:00:00"));
    app.work().await;
    app.abandon().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_place_is_confirmed_or_given_away_never_both() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    app.clock.set(at("2026-11-01T08:00:00Z"));
    let slug = app.hackathon(confirmed(30)).await;
    let people = people(&app, 90).await;
    for person in &people {
        apply(app.context(), *person, &slug, "", &application()).await.expect("applied");
    }
    app.clock.set(at("2026-11-10T17:59:59Z"));
    let confirming: Vec<_> = people[..30]
        .iter()
        .map(|person| {
            let (context, slug, person) = (app.context().clone(), slug.clone(), *person);
            tokio::spawn(async move {
                patiently(|| confirm_place(&context, person, &slug)).await.map(drop)
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    app.clock.set(at(BY));
    let settling = (0..3).map(|_| {
        let context = app.context().clone();
        tokio::spawn(async move { patiently(|| settle_confirmations(&context)).await })
    });
    for settled in join_all(settling).await {
        settled.expect("ended").expect("settled");
    }
    let id = app.hackathon_view(&slug).await.key();
    for (outcome, person) in join_all(confirming).await.into_iter().zip(&people) {
        let own = reads::application(&app.context().db, id, *person).await;
        let own = own.expect("read").expect("an application");
        match outcome.expect("ended") {
            Ok(()) => assert!(own.status.holds_place() && own.confirmed_at.is_some()),
            refused => {
                let refused = code(refused);
                assert!(["NO_PLACE", "NO_CONFIRMATION"].contains(&refused), "{refused}");
                assert_eq!(own.status, ApplicationStatus::Waitlisted);
            }
        }
    }
    for (sql, expected) in [
        ("SELECT count(*) FROM applications WHERE status = 'auto_accepted'", 30),
        ("SELECT count(DISTINCT waitlist_rank) FROM applications", 60),
        (
            "SELECT count(*) FROM applications WHERE status = 'waitlisted' AND confirmed_at IS NOT NULL",
            0,
        ),
    ] {
        assert_eq!(app.count(sql).await, expected, "{sql}");
    }
    app.finish().await;
}
