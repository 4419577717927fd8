//! Points, badges and notices with the results of a hackathon.

use guildhall::{MODULES, PROGRAMMES, privacy};
use hackathons::{
    actions::{appeal, approve_points, rule_submission, submit},
    model::{JuryOutcome, SubmissionStatus},
    rules::{points::PointValues, rulings::Ruling},
};
use platform::audit::Actor::Operator;
use recognition::model::SettlementMode;

use super::{
    scene::{code, november, publish_results, with_places},
    submissions::gannet,
};
use crate::app::{TestApp, at};

impl TestApp {
    /// Lets each person submit.
    async fn submitted(&self, slug: &str, people: &[&str]) {
        for login in people {
            let person = self.hacker_id(login).await;
            submit(self.context(), person, slug, &gannet()).await.expect("submitted");
        }
    }

    /// Decides about the submission of a person, as the organizer.
    async fn ruled(&self, slug: &str, login: &str, ruling: Ruling) {
        let organizer = self.hacker_id("organizer").await;
        let id = self.submission_of(slug, login).await.key();
        rule_submission(self.context(), organizer, slug, id, ruling, "It is a copy.")
            .await
            .expect("decided");
    }

    /// Publishes the results when judging is over.
    async fn results(&self, slug: &str) {
        self.clock.set(at("2026-11-29T18:00:00Z"));
        publish_results(self.context(), Operator, slug, "**Gannet** wins.")
            .await
            .expect("published");
    }

    /// Approves the usual points.
    async fn approved(&self, slug: &str) {
        approve_points(self.context(), Operator, slug, PointValues::default())
            .await
            .expect("approved");
    }

    async fn points<const N: usize>(&self, people: [&str; N]) -> [i64; N] {
        let mut points = [0; N];
        for (place, login) in people.iter().enumerate() {
            let sql = format!("SELECT total_points FROM users WHERE login = '{login}'");
            points[place] = self.count(&sql).await;
        }
        points
    }

    /// Settles everything again. Returns the number of entries that this posts.
    async fn rebuilt(&self, mode: SettlementMode) -> usize {
        let rebuilt = recognition::actions::rebuild(self.context(), PROGRAMMES, mode, |_| {}).await;
        let parts = rebuilt.expect("rebuilt");
        parts.iter().map(|part| part.entries).sum()
    }

    /// Checks that the ledger agrees with the facts, and that settling again posts nothing.
    async fn consistent(&self) {
        self.verify().await;
        let before = self.dump().await;
        assert_eq!(self.rebuilt(SettlementMode::Check).await, 0);
        assert_eq!(self.rebuilt(SettlementMode::Post).await, 0);
        assert_eq!(self.dump().await, before);
        self.verify().await;
    }

    /// Returns a page as visitors see it.
    async fn shown(&self, path: &str) -> String {
        let response = self.get(path).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.expect("text")
    }

    /// Returns the slugs of a person's badges of this module, sorted.
    async fn hackathon_badges(&self, login: &str) -> Vec<String> {
        let found = self.json(&format!("/api/v1/people/{login}/badges")).await;
        let items = found["items"].as_array().expect("a list").iter();
        let slugs = items.filter_map(|it| it["slug"].as_str().map(str::to_owned));
        let mut slugs: Vec<String> = slugs.filter(|it| it.starts_with("hackathon-")).collect();
        slugs.sort();
        slugs
    }
}

/// Creates a hackathon whose winner is a team of two, with a finalist and another submission. Returns its slug.
async fn judged(app: &TestApp) -> String {
    let slug = app.building(november(), &["ada", "bo", "cy", "dee", "eve"]).await;
    let team = app.team_of(&slug, "ada", "Gannet").await;
    app.joins(&team, "bo").await.expect("joined");
    app.submitted(&slug, &["ada", "cy"]).await;
    app.clock.set(at("2026-11-22T19:00:00Z"));
    app.submitted(&slug, &["dee"]).await;
    let winner = Ruling::Choose(Some(JuryOutcome::Winner));
    app.ruled(&slug, "ada", winner).await;
    let finalist = Ruling::Choose(Some(JuryOutcome::Finalist));
    app.ruled(&slug, "cy", finalist).await;
    slug
}

const EVERYONE: [&str; 5] = ["ada", "bo", "cy", "dee", "eve"];

#[tokio::test]
async fn results_give_points_and_a_disqualification_takes_them_back() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.approved(&slug).await;
    assert_eq!(app.points(EVERYONE).await, [0; 5]);
    app.results(&slug).await;
    assert_eq!(app.points(EVERYONE).await, [1_350, 1_350, 550, 150, 0]);
    app.consistent().await;

    app.ruled(&slug, "ada", Ruling::Disqualify).await;
    assert_eq!(app.points(EVERYONE).await, [0, 0, 550, 150, 0]);
    let reversed = "SELECT count(*) FROM point_transactions WHERE kind = 'REVERSAL'";
    assert_eq!(app.count(reversed).await, 4);
    app.consistent().await;

    let ada = app.hacker_id("ada").await;
    let appealed = appeal(app.context(), ada, &slug, "It is our template.").await;
    assert!(appealed.expect("appealed").appeal.is_some());
    app.ruled(&slug, "ada", Ruling::Reinstate).await;
    assert_eq!(app.points(EVERYONE).await, [1_350, 1_350, 550, 150, 0]);
    let hackathon = app.hackathon_view(&slug).await;
    let submission = app.submission_of(&slug, "ada").await;
    let status = submission.status(&hackathon, app.context().now());
    assert_eq!(status, SubmissionStatus::Winner);
    app.consistent().await;
    app.abandon().await;
}

#[tokio::test]
async fn only_approved_hackathons_give_points() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.results(&slug).await;
    assert_eq!(app.points(EVERYONE).await, [0; 5]);
    app.consistent().await;
    let values = PointValues { submission: 10, finalist: 20, winner: 0 };
    let approve = |values| approve_points(app.context(), Operator, &slug, values);
    approve(values).await.expect("approved");
    assert_eq!(app.points(EVERYONE).await, [30, 30, 30, 10, 0]);
    approve(values).await.expect("the same again");
    let other = approve(PointValues::default()).await;
    assert_eq!(code(other), "HACKATHON_PHASE");
    assert_eq!(app.points(EVERYONE).await, [30, 30, 30, 10, 0]);
    app.consistent().await;
    app.abandon().await;
}

#[tokio::test]
async fn a_missing_settlement_is_found_and_a_rebuild_posts_it() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.results(&slug).await;
    let lost = format!(
        "INSERT INTO hackathon_points (id, created_at, approved_at, hackathon_id, submission_points, \
         finalist_points, winner_points) SELECT id, created_at, created_at, id, 150, 400, 1200 \
         FROM hackathons WHERE slug = '{slug}'"
    );
    app.change(&lost).await.expect("planted");
    let found = recognition::actions::verify(app.context(), PROGRAMMES).await;
    let found = found.expect("verified");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].what, "unposted entries");
    assert_eq!(found[0].stored, "7");
    assert_eq!(app.rebuilt(SettlementMode::Post).await, 7);
    assert_eq!(app.points(EVERYONE).await, [1_350, 1_350, 550, 150, 0]);
    app.consistent().await;
    app.abandon().await;
}

#[tokio::test]
async fn an_erased_person_leaves_their_points_in_the_ledger() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.approved(&slug).await;
    app.results(&slug).await;
    let entries = "SELECT count(*) FROM point_transactions WHERE kind <> 'REVERSAL'";
    let before = app.count(entries).await;
    for login in ["bo", "cy"] {
        let person = app.hacker_id(login).await;
        privacy::erase(MODULES, app.context(), Operator, person).await.expect("erased");
    }
    assert_eq!(app.count(entries).await, before);
    let results = "SELECT count(*) FROM hackathon_results";
    assert_eq!(app.count(results).await, 4);
    app.consistent().await;
    app.ruled(&slug, "ada", Ruling::Disqualify).await;
    assert_eq!(app.points(["ada", "dee"]).await, [0, 150]);
    app.consistent().await;
    app.abandon().await;
}

#[tokio::test]
async fn each_entry_is_explained_with_a_link() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.approved(&slug).await;
    app.results(&slug).await;
    let project = app.submission_of(&slug, "ada").await.id;
    let address = format!("/hackathons/{slug}/projects/{project}");
    let page = app.shown("/people/ada").await;
    assert!(page.contains(&address), "{page}");
    let explained = app.shown(&address).await;
    let says = "150 points for a submission to Low Tide that was judged.";
    for page in [&page, &explained] {
        assert!(page.contains(says), "{page}");
    }
    app.ruled(&slug, "ada", Ruling::Disqualify).await;
    let page = app.shown("/people/ada").await;
    assert!(!page.contains(&address), "{page}");
    assert!(page.contains(&format!("/hackathons/{slug}")), "{page}");
    app.abandon().await;
}

#[tokio::test]
async fn results_give_badges_and_a_disqualification_revokes_them() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.work().await;
    for login in EVERYONE {
        assert_eq!(app.hackathon_badges(login).await, ["hackathon-applicant"]);
    }
    app.results(&slug).await;
    app.work().await;
    let all =
        ["hackathon-applicant", "hackathon-on-time", "hackathon-selected", "hackathon-winner"];
    assert_eq!(app.hackathon_badges("bo").await, all);
    assert_eq!(app.hackathon_badges("cy").await, all[..3]);
    assert_eq!(app.hackathon_badges("dee").await, all[..1]);
    app.ruled(&slug, "bo", Ruling::Disqualify).await;
    app.work().await;
    assert_eq!(app.hackathon_badges("bo").await, all[..1]);
    assert_eq!(app.hackathon_badges("cy").await, all[..3]);
    app.abandon().await;
}

#[tokio::test]
async fn people_with_a_place_are_notified_of_results_once() {
    let app = TestApp::start().await;
    let slug = app.building(with_places(1), &["ada", "bo"]).await;
    app.submitted(&slug, &["ada"]).await;
    app.approved(&slug).await;
    app.results(&slug).await;
    for _ in 0..2 {
        app.work().await;
    }
    let says = |titles: &[String]| {
        let about = titles.iter().filter(|it| it.contains("are published"));
        about.count()
    };
    let ada = app.inbox(&app.browser_of("ada").await).await;
    assert_eq!(says(&ada), 1, "{ada:?}");
    let bo = app.inbox(&app.browser_of("bo").await).await;
    assert_eq!(says(&bo), 0, "{bo:?}");
    app.abandon().await;
}

#[tokio::test]
async fn words_are_removed_180_days_after_the_results() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.approved(&slug).await;
    app.results(&slug).await;
    app.ruled(&slug, "ada", Ruling::Disqualify).await;
    let ada = app.hacker_id("ada").await;
    appeal(app.context(), ada, &slug, "It is our template.").await.expect("appealed");
    let words = [
        "SELECT count(*) FROM applications WHERE motivation <> ''",
        "SELECT count(*) FROM submissions WHERE appeal IS NOT NULL AND reason IS NOT NULL",
    ];
    app.clock.set(at("2027-05-28T17:59:59Z"));
    assert_eq!(app.run_schedule("HackathonRetention").await, "0 hackathons");
    for sql in words {
        assert!(app.count(sql).await > 0, "{sql}");
    }
    app.clock.set(at("2027-05-28T18:00:00Z"));
    assert_eq!(app.run_schedule("HackathonRetention").await, "1 hackathon");
    for sql in words {
        assert_eq!(app.count(sql).await, 0, "{sql}");
    }
    assert_eq!(app.run_schedule("HackathonRetention").await, "0 hackathons");
    let late = appeal(app.context(), ada, &slug, "Why?").await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    assert_eq!(app.points(EVERYONE).await, [0, 0, 550, 150, 0]);
    app.consistent().await;
    app.abandon().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn points_are_posted_once_if_all_happens_at_once() {
    let app = TestApp::start().await;
    let slug = judged(&app).await;
    app.clock.set(at("2026-11-29T18:00:00Z"));
    let acts = (0..8).map(|number| {
        let (context, slug) = (app.context().clone(), slug.clone());
        tokio::spawn(async move {
            match number % 2 {
                0 => {
                    approve_points(&context, Operator, &slug, PointValues::default()).await.is_ok()
                }
                _ => publish_results(&context, Operator, &slug, "**Gannet** wins.").await.is_ok(),
            }
        })
    });
    let mut done = 0;
    for act in acts.collect::<Vec<_>>() {
        done += usize::from(act.await.expect("ended"));
    }
    assert_eq!(done, 5);
    assert_eq!(app.points(EVERYONE).await, [1_350, 1_350, 550, 150, 0]);
    assert_eq!(app.count("SELECT count(*) FROM hackathon_results").await, 4);
    assert_eq!(app.count("SELECT count(*) FROM point_transactions").await, 7);
    app.consistent().await;
    app.abandon().await;
}
