//! Announcements of organizers to segments of people.

use chrono::TimeDelta;
use futures_util::future::join_all;
use hackathons::{
    actions::{add_staff, announce, archive, rule_submission, submit},
    model::{JuryOutcome, Segment, StaffRole},
    reads,
    rules::{announcements::AnnouncementInput, rulings::Ruling},
};
use platform::{ActionError, audit::Actor::Operator};

use super::{
    at_once::patiently,
    scene::{code, publish_results, with_places},
    submissions::gannet,
};
use crate::app::{TestApp, at, browser::Browser};

fn news(segment: Segment, subject: &str) -> AnnouncementInput {
    AnnouncementInput {
        segment: segment.as_str().to_owned(),
        subject: subject.to_owned(),
        body: "Meet us at the **harbor**.".to_owned(),
    }
}

impl TestApp {
    async fn announces(
        &self,
        slug: &str,
        segment: Segment,
        subject: &str,
    ) -> Result<i64, ActionError> {
        let new = news(segment, subject);
        let sent = announce(self.context(), Operator, slug, &new).await?;
        Ok(sent.recipients)
    }

    /// Returns how many announcements with a subject a person was notified of.
    async fn heard(&self, login: &str, subject: &str) -> usize {
        let browser = self.browser_of(login).await;
        let titles = self.inbox(&browser).await.into_iter();
        titles.filter(|title| title.contains(subject)).count()
    }

    /// Creates a hackathon with four places while teams submit: `ada` and `bo` submitted as a team and `cy` alone, `dee` has not,
    /// and `eve` waits. `judy` judges and `mo` is a mentor. The team is a finalist.
    async fn announced(&self) -> String {
        let people = ["ada", "bo", "cy", "dee", "eve"];
        let slug = self.building(with_places(4), &people).await;
        for (login, role) in [("judy", StaffRole::Judge), ("mo", StaffRole::Mentor)] {
            self.hacker(login).await;
            add_staff(self.context(), Operator, &slug, login, role).await.expect("in the staff");
        }
        let team = self.team_of(&slug, "ada", "Gannet").await;
        self.joins(&team, "bo").await.expect("joined");
        for login in ["ada", "cy"] {
            let person = self.hacker_id(login).await;
            submit(self.context(), person, &slug, &gannet()).await.expect("submitted");
        }
        let organizer = self.hacker_id("organizer").await;
        let id = self.submission_of(&slug, "ada").await.key();
        // The jury chooses when no team can submit.
        let now = self.context().now();
        self.clock.set(at("2026-11-22T18:00:00Z"));
        rule_submission(
            self.context(),
            organizer,
            &slug,
            id,
            Ruling::Choose(Some(JuryOutcome::Finalist)),
            "",
        )
        .await
        .expect("a finalist");
        self.clock.set(now);
        slug
    }
}

#[tokio::test]
async fn each_segment_reaches_its_people_once() {
    let app = TestApp::start().await;
    let slug = app.announced().await;
    for (segment, people) in [
        (Segment::Accepted, &["ada", "bo", "cy", "dee"][..]),
        (Segment::Waitlisted, &["eve"]),
        (Segment::WithoutSubmission, &["dee"]),
        (Segment::Submitters, &["ada", "bo", "cy"]),
        (Segment::Finalists, &["ada", "bo"]),
        (Segment::Judges, &["judy"]),
        (Segment::Mentors, &["mo"]),
    ] {
        let subject = format!("For {}", segment.as_str());
        let sent = app.announces(&slug, segment, &subject).await;
        assert_eq!(sent.expect("sent"), people.len() as i64, "{segment:?}");
        for _ in 0..2 {
            app.work().await;
        }
        for login in ["ada", "bo", "cy", "dee", "eve", "judy", "mo"] {
            let expected = usize::from(people.contains(&login));
            assert_eq!(app.heard(login, &subject).await, expected, "{login}: {subject}");
        }
    }
    app.abandon().await;
}

#[tokio::test]
async fn people_find_announcements_on_the_page_of_the_hackathon() {
    let app = TestApp::start().await;
    let slug = app.announced().await;
    let organizer = app.browser_of("organizer").await;
    let form = [
        ("segment", "submitters"),
        ("subject", "Dinner <is> at eight"),
        ("body", "Meet us at the **harbor**. <script>"),
    ];
    let address = format!("/hackathons/{slug}/announcements");
    let preview = organizer.post(&format!("{address}/preview"), &form).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    assert!(preview.text.contains("3 people get it"), "{}", preview.text);
    assert!(preview.text.contains("<strong>harbor</strong>"), "{}", preview.text);
    assert!(!preview.text.contains("<script>"), "{}", preview.text);
    let count = "SELECT count(*) FROM announcements";
    assert_eq!(app.count(count).await, 0);
    let edited = [&form[..], &[("step", "edit")][..]].concat();
    let again = organizer.post(&address, &edited).await;
    assert!(
        again.text.contains("Dinner &#60;is&#62; at eight")
            || again.text.contains("Dinner &lt;is&gt; at eight")
    );
    assert_eq!(app.count(count).await, 0);
    // A double click sends it once.
    for _ in 0..2 {
        let sent = organizer.post(&address, &form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }
    assert_eq!(app.count(count).await, 1);
    app.work().await;
    let page = |login: &'static str| {
        let (app, path) = (&app, format!("/hackathons/{slug}"));
        async move { app.browser_of(login).await.get(&path).await.text }
    };
    assert!(page("bo").await.contains("<strong>harbor</strong>"));
    assert!(!page("dee").await.contains("<strong>harbor</strong>"));
    let visitor = Browser::new(&app).get(&format!("/hackathons/{slug}")).await;
    assert!(!visitor.text.contains("<strong>harbor</strong>"));
    let path = format!("/api/v1/me/hackathons/{slug}/announcements");
    let own = app.browser_of("bo").await.json(&path).await;
    assert_eq!(own["items"][0]["subject"], "Dinner <is> at eight");
    assert!(own["items"][0]["recipients"].is_null());
    let other = app.browser_of("dee").await.json(&path).await;
    assert_eq!(other["items"], serde_json::json!([]));
    let list = organizer.json(&format!("/api/v1{address}")).await;
    assert_eq!(list["items"][0]["recipients"], 3);
    let audited = "SELECT count(*) FROM audit_logs WHERE action = 'announcement.send'";
    assert_eq!(app.count(audited).await, 1);
    app.abandon().await;
}

#[tokio::test]
async fn each_refusal_has_its_code_and_sends_nothing() {
    let app = TestApp::start().await;
    let slug = app.building(with_places(4), &["ada"]).await;
    for (new, refusal) in [
        (news(Segment::Accepted, " "), "BAD_HACKATHON"),
        (
            AnnouncementInput {
                segment: "everyone".to_owned(),
                ..news(Segment::Accepted, "Dinner")
            },
            "BAD_HACKATHON",
        ),
        (
            AnnouncementInput { body: " ".to_owned(), ..news(Segment::Accepted, "Dinner") },
            "BAD_HACKATHON",
        ),
        (news(Segment::Judges, "Dinner"), "NO_RECIPIENTS"),
    ] {
        let refused = announce(app.context(), Operator, &slug, &new).await;
        assert_eq!(code(refused), refusal, "{new:?}");
    }
    let unknown = app.announces("unknown", Segment::Accepted, "Dinner").await;
    assert_eq!(code(unknown), "NOT_FOUND");
    for number in 0..10 {
        let subject = format!("Dinner {number}");
        app.announces(&slug, Segment::Accepted, &subject).await.expect("sent");
    }
    let refused = app.announces(&slug, Segment::Accepted, "Dinner 10").await;
    assert_eq!(code(refused), "TOO_MANY_ANNOUNCEMENTS");
    let organizer = app.browser_of("organizer").await;
    let body =
        serde_json::json!({ "segment": "accepted", "subject": "Dinner 10", "body": "At eight." });
    let path = format!("/api/v1/hackathons/{slug}/announcements");
    let refused = organizer.call("POST", &path, Some(&body)).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!(refused.header("retry-after").parse::<u32>().expect("seconds") > 3_500);
    app.clock.advance(TimeDelta::minutes(61));
    app.announces(&slug, Segment::Accepted, "Dinner 10").await.expect("an hour later");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    publish_results(app.context(), Operator, &slug, "No project won.").await.expect("results");
    app.announces(&slug, Segment::Accepted, "Thank you").await.expect("after the results");
    archive(app.context(), Operator, &slug).await.expect("archived");
    let late = app.announces(&slug, Segment::Accepted, "Late").await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    assert_eq!(app.count("SELECT count(*) FROM announcements").await, 12);
    app.work().await;
    app.abandon().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_at_once_send_ten_and_the_same_one_once() {
    let app = TestApp::start().await;
    let slug = app.building(with_places(4), &["ada", "bo"]).await;
    for (subjects, expected) in [(1, 1), (20, 10)] {
        let sending = (0..20).map(|number| {
            let (context, slug) = (app.context().clone(), slug.clone());
            let new = news(Segment::Accepted, &format!("Dinner {}", number % subjects));
            tokio::spawn(
                async move { patiently(|| announce(&context, Operator, &slug, &new)).await },
            )
        });
        for outcome in join_all(sending).await {
            match outcome.expect("ended") {
                Ok(_) => {}
                refused => assert_eq!(code(refused), "TOO_MANY_ANNOUNCEMENTS"),
            }
        }
        let sent = app.count("SELECT count(*) FROM announcements").await;
        assert_eq!(sent, expected);
    }
    let hackathon = app.hackathon_view(&slug).await.key();
    let found = reads::announcements(&app.context().db, hackathon, None, None, 100).await;
    assert!(found.expect("read").iter().all(|it| it.recipients == 2));
    let rows = "SELECT count(*) FROM announcement_recipients";
    assert_eq!(app.count(rows).await, 20);
    app.work().await;
    for login in ["ada", "bo"] {
        assert_eq!(app.heard(login, "Dinner").await, 10);
    }
    app.abandon().await;
}
