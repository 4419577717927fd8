//! Submissions: versions, deadlines, decisions and reminders.

use hackathons::{
    actions::{
        self, NewDeadline, SettingsInput, appeal, check_again, extend_deadline, rule_submission,
        save_submission, set_submission_settings, submit, withdraw_submission,
    },
    model::{Phase, SubmissionStatus, Submitter},
    reads::{self, SubmissionView},
    rules::{details::HackathonInput, rulings::Ruling, submissions::SubmissionInput},
};
use identity::model::UserId;
use platform::audit::Actor::Operator;

use super::scene::{code, november};
use crate::app::{TestApp, at};

/// A submission with everything that is required.
pub(super) fn gannet() -> SubmissionInput {
    SubmissionInput {
        title: "Gannet".to_owned(),
        summary: "A berth list that works offline.".to_owned(),
        repository: "https://github.com/gannet-crew/berthlist".to_owned(),
        ..SubmissionInput::default()
    }
}

impl TestApp {
    /// Creates a hackathon to which people applied, when submissions are open. Returns its slug.
    pub(super) async fn building(&self, details: HackathonInput, people: &[&str]) -> String {
        self.clock.set(at("2026-11-01T08:00:00Z"));
        let slug = self.hackathon(details).await;
        for login in people {
            self.applied(&slug, login).await;
        }
        self.clock.set(at("2026-11-15T08:00:00Z"));
        slug
    }

    /// Returns a person's ID.
    pub(super) async fn hacker_id(&self, login: &str) -> UserId {
        self.person_id(login).await.into()
    }

    /// Returns the submission of a person and their team.
    pub(super) async fn submission_of(&self, slug: &str, login: &str) -> SubmissionView {
        let hackathon = self.hackathon_view(slug).await;
        let person = self.hacker_id(login).await;
        let found = reads::participation(&self.context().db, &hackathon, person).await;
        found.expect("read").submission.expect("a submission")
    }

    /// Returns the status of the submission of a person and their team.
    async fn submission_status(&self, slug: &str, login: &str) -> SubmissionStatus {
        let hackathon = self.hackathon_view(slug).await;
        let submission = self.submission_of(slug, login).await;
        submission.status(&hackathon, self.context().now())
    }
}

#[tokio::test]
async fn every_version_is_kept_and_the_team_shares_one_submission() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo"]).await;
    let team = app.team_of(&slug, "ada", "Gannet").await;
    app.joins(&team, "bo").await.expect("joined");
    let (ada, bo, context) = (app.hacker_id("ada").await, app.hacker_id("bo").await, app.context());
    let draft = SubmissionInput { title: "Gannet".to_owned(), ..SubmissionInput::default() };
    let saved = save_submission(context, ada, &slug, &draft).await;
    assert_eq!(saved.expect("saved").version, 0);
    assert_eq!(app.submission_status(&slug, "bo").await, SubmissionStatus::Draft);
    assert_eq!(code(submit(context, bo, &slug, &draft).await), "BAD_HACKATHON");
    let first = submit(context, bo, &slug, &gannet()).await.expect("submitted");
    assert_eq!((first.version, &*first.repository), (1, "gannet-crew/berthlist"));
    let again = submit(context, ada, &slug, &gannet()).await.expect("the same");
    assert_eq!(again.version, 1);
    let changed = SubmissionInput { title: "Gannet 2".to_owned(), ..gannet() };
    let second = submit(context, ada, &slug, &changed).await.expect("submitted");
    assert_eq!(second.version, 2);
    assert_eq!(app.submission_status(&slug, "bo").await, SubmissionStatus::Pending);
    assert_eq!(code(save_submission(context, ada, &slug, &draft).await), "ALREADY_SUBMITTED");
    let versions = reads::versions(&context.db, second.key()).await.expect("read");
    let versions: Vec<_> = versions.iter().map(|it| (it.number, &*it.title, &*it.login)).collect();
    assert_eq!(versions, [(2, "Gannet 2", "ada"), (1, "Gannet", "bo")]);
    withdraw_submission(context, ada, &slug).await.expect("withdrawn");
    assert_eq!(app.submission_status(&slug, "bo").await, SubmissionStatus::Withdrawn);
    assert_eq!(code(check_again(context, ada, &slug).await), "NO_SUBMISSION");
    let back = submit(context, ada, &slug, &changed).await.expect("submitted");
    assert_eq!(back.version, 3);
    app.abandon().await;
}

#[tokio::test]
async fn only_people_with_a_place_submit_while_submissions_are_open() {
    let app = TestApp::start().await;
    let pair = HackathonInput { team_min: Some(2), capacity: Some(Some(1)), ..november() };
    let slug = app.building(pair, &["ada", "bo"]).await;
    app.hacker("cy").await;
    let context = app.context();
    let [ada, bo, cy] =
        [app.hacker_id("ada").await, app.hacker_id("bo").await, app.hacker_id("cy").await];
    assert_eq!(code(submit(context, ada, &slug, &gannet()).await), "TEAM_TOO_SMALL");
    save_submission(context, ada, &slug, &gannet()).await.expect("a draft");
    assert_eq!(code(submit(context, bo, &slug, &gannet()).await), "NO_PLACE");
    assert_eq!(code(submit(context, cy, &slug, &gannet()).await), "NOT_A_PARTICIPANT");
    app.clock.set(at("2026-11-10T08:00:00Z"));
    assert_eq!(code(submit(context, ada, &slug, &gannet()).await), "SUBMISSIONS_NOT_OPEN");
    app.abandon().await;
}

#[tokio::test]
async fn what_came_on_time_freezes_and_what_comes_late_is_marked() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo", "cy"]).await;
    let context = app.context();
    let [ada, bo, cy] =
        [app.hacker_id("ada").await, app.hacker_id("bo").await, app.hacker_id("cy").await];
    submit(context, ada, &slug, &gannet()).await.expect("on time");
    app.clock.set(at("2026-11-22T17:59:59Z"));
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "0 submissions");
    app.clock.set(at("2026-11-22T18:00:00Z"));
    assert_eq!(code(submit(context, ada, &slug, &gannet()).await), "SUBMISSIONS_CLOSED");
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "1 submission");
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "0 submissions");
    assert!(app.submission_of(&slug, "ada").await.locked_at.is_some());
    let late = submit(context, bo, &slug, &gannet()).await.expect("late");
    assert!(late.facts().is_late);
    let settings = SettingsInput {
        refuses_late: true,
        required_files: "demo.md".to_owned(),
        reminders: "1 h".to_owned(),
        workflow_event: String::new(),
    };
    set_submission_settings(context, Operator, &slug, &settings).await.expect("set");
    assert_eq!(code(submit(context, cy, &slug, &gannet()).await), "SUBMISSIONS_CLOSED");
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "0 submissions");
    app.clock.set(at("2026-11-23T18:00:00Z"));
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "1 submission");
    assert_eq!(app.hackathon_view(&slug).await.phase(context.now()), Phase::Judging);
    assert_eq!(app.submission_status(&slug, "bo").await, SubmissionStatus::UnderReview);
    app.abandon().await;
}

#[tokio::test]
async fn operators_are_alerted_when_a_deadline_freezes_nothing() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada"]).await;
    let ada = app.hacker_id("ada").await;
    submit(app.context(), ada, &slug, &gannet()).await.expect("on time");
    let open = "SELECT count(*) FROM alerts WHERE kind = 'submission_deadlines' \
                AND severity = 'critical' AND resolved_at IS NULL";
    for (now, alerts) in [("18:02:59", 0), ("18:03:00", 1)] {
        app.clock.set(at(&format!("2026-11-22T{now}Z")));
        app.run_schedule("OperatorAlerts").await;
        assert_eq!(app.count(open).await, alerts, "{now}");
    }
    app.run_schedule("SubmissionDeadlines").await;
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(app.count(open).await, 0);
    app.abandon().await;
}

#[tokio::test]
async fn one_team_gets_a_later_deadline() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo"]).await;
    app.team_of(&slug, "ada", "Gannet").await;
    let context = app.context();
    let [ada, bo] = [app.hacker_id("ada").await, app.hacker_id("bo").await];
    submit(context, ada, &slug, &gannet()).await.expect("submitted");
    app.clock.set(at("2026-11-22T18:00:00Z"));
    app.run_schedule("SubmissionDeadlines").await;
    let organizer = app.hacker_id("organizer").await;
    let later = |name: &str, closes_at: &str| NewDeadline {
        name: name.to_owned(),
        closes_at: at(closes_at),
        reason: "The ferry was late.".to_owned(),
    };
    for (new, field) in [
        (later("terns", "2026-11-23T18:00:00Z"), "name"),
        (later("gannet", "2026-11-22T17:00:00Z"), "closes_at"),
        (
            NewDeadline { reason: " ".to_owned(), ..later("gannet", "2026-11-23T18:00:00Z") },
            "reason",
        ),
    ] {
        let refused = extend_deadline(context, organizer, &slug, &new).await;
        let Err(platform::ActionError::Refused(problem)) = refused else {
            panic!("not refused: {refused:?}");
        };
        assert_eq!(problem.field, Some(field));
    }
    for name in ["gannet", "bo"] {
        let new = later(name, "2026-11-23T12:00:00Z");
        extend_deadline(context, organizer, &slug, &new).await.expect("extended");
    }
    let changed = SubmissionInput { title: "Gannet 2".to_owned(), ..gannet() };
    let version = submit(context, ada, &slug, &changed).await.expect("submitted");
    assert!(!version.facts().is_late);
    assert!(!submit(context, bo, &slug, &gannet()).await.expect("submitted").facts().is_late);
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "0 submissions");
    app.clock.set(at("2026-11-23T12:00:00Z"));
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "2 submissions");
    app.work().await;
    let inbox = app.inbox(&app.browser_of("ada").await).await;
    let says = "You can submit to Low Tide until 23 Nov 2026, 12:00 (Europe/Lisbon)";
    assert!(inbox.iter().any(|it| it.ends_with(says)), "{inbox:?}");
    app.abandon().await;
}

#[tokio::test]
async fn a_disqualified_team_reads_the_reason_and_appeals() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada"]).await;
    let context = app.context();
    let (ada, organizer) = (app.hacker_id("ada").await, app.hacker_id("organizer").await);
    let id = submit(context, ada, &slug, &gannet()).await.expect("submitted").key();
    assert_eq!(code(appeal(context, ada, &slug, "Why?").await), "NOT_DISQUALIFIED");
    let rule = |ruling, reason: &'static str| {
        rule_submission(context, organizer, &slug, id, ruling, reason)
    };
    assert_eq!(code(rule(Ruling::Disqualify, " ").await), "BAD_HACKATHON");
    let out = rule(Ruling::Disqualify, "It is a copy.").await.expect("disqualified");
    assert_eq!(out.reason.as_deref(), Some("It is a copy."));
    assert_eq!(app.submission_status(&slug, "ada").await, SubmissionStatus::Disqualified);
    assert_eq!(code(submit(context, ada, &slug, &gannet()).await), "DISQUALIFIED");
    app.work().await;
    appeal(context, ada, &slug, "It is our template.").await.expect("appealed");
    rule(Ruling::Reinstate, "").await.expect("reinstated");
    assert_eq!(app.submission_status(&slug, "ada").await, SubmissionStatus::Pending);
    app.work().await;
    let inbox = app.inbox(&app.browser_of("ada").await).await;
    for says in ["Gannet is disqualified", "Gannet takes part again"] {
        assert!(inbox.iter().any(|it| it.ends_with(says)), "{inbox:?}");
    }
    let other =
        app.building(HackathonInput { title: Some("Ebb".to_owned()), ..november() }, &[]).await;
    let elsewhere = rule_submission(context, organizer, &other, id, Ruling::Admit, "").await;
    assert_eq!(code(elsewhere), "NOT_FOUND");
    app.abandon().await;
}

#[tokio::test]
async fn a_persons_submission_follows_them_into_a_team_once() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo"]).await;
    let context = app.context();
    let [ada, bo] = [app.hacker_id("ada").await, app.hacker_id("bo").await];
    for person in [ada, bo] {
        submit(context, person, &slug, &gannet()).await.expect("submitted");
    }
    let team = app.team_of(&slug, "ada", "Gannet").await;
    let own = app.submission_of(&slug, "ada").await;
    assert!(matches!(own.by(), Submitter::Team(_)));
    assert_eq!(own.version, 1);
    app.joins(&team, "bo").await.expect("joined");
    assert_eq!(app.submission_of(&slug, "bo").await.id, own.id);
    let hackathon = app.hackathon_view(&slug).await.key();
    let alone = reads::submission_by(&context.db, hackathon, Submitter::Person(bo)).await;
    let alone = alone.expect("read").expect("kept");
    assert!(alone.facts().is_withdrawn);
    app.abandon().await;
}

#[tokio::test]
async fn reminders_wait_until_submissions_open() {
    let app = TestApp::start().await;
    let mut late = november();
    late.dates[2] = Some("2026-11-16T18:00:00Z".to_owned());
    let slug = app.hackathon(late).await;
    app.applied(&slug, "ada").await;
    for (time, outcome) in [
        ("2026-11-15T18:00:00Z", "0 reminders"),
        ("2026-11-16T18:30:00Z", "0 reminders"),
        ("2026-11-21T18:00:00Z", "1 reminder"),
    ] {
        app.clock.set(at(time));
        assert_eq!(app.run_schedule("DeadlineReminder").await, outcome, "{time}");
    }
    app.abandon().await;
}

#[tokio::test]
async fn each_reminder_is_sent_once_for_a_deadline() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo", "cy"]).await;
    let context = app.context();
    let bo = app.hacker_id("bo").await;
    submit(context, bo, &slug, &gannet()).await.expect("submitted");
    app.clock.set(at("2026-11-15T17:59:00Z"));
    assert_eq!(app.run_schedule("DeadlineReminder").await, "0 reminders");
    app.clock.set(at("2026-11-15T18:00:00Z"));
    assert_eq!(app.run_schedule("DeadlineReminder").await, "2 reminders");
    assert_eq!(app.run_schedule("DeadlineReminder").await, "0 reminders");
    app.clock.set(at("2026-11-22T13:00:00Z"));
    // The server was down at the reminders of 24 hours; only the latest is due.
    assert_eq!(app.run_schedule("DeadlineReminder").await, "2 reminders");
    let mut moved = HackathonInput::default();
    moved.dates[3] = Some("2026-11-23T12:00:00Z".to_owned());
    moved.dates[4] = Some("2026-11-24T12:00:00Z".to_owned());
    actions::edit_hackathon(context, Operator, &slug, &moved).await.expect("moved");
    app.work().await;
    let inbox = |login: &'static str| {
        let app = &app;
        async move {
            let browser = app.browser_of(login).await;
            let titles = app.inbox(&browser).await;
            let reminders = titles.into_iter().filter(|it| it.contains("close in"));
            reminders.map(|it| it.trim_start_matches('*').to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(inbox("ada").await, [] as [String; 0], "the deadline moved before they were sent");
    assert_eq!(app.run_schedule("DeadlineReminder").await, "2 reminders");
    app.work().await;
    assert_eq!(inbox("ada").await, ["Submissions to Low Tide close in 1 day"]);
    assert_eq!(inbox("bo").await, [] as [String; 0]);
    app.clock.set(at("2026-11-23T11:30:00Z"));
    let cy = app.hacker_id("cy").await;
    assert_eq!(app.run_schedule("DeadlineReminder").await, "2 reminders");
    submit(context, cy, &slug, &gannet()).await.expect("submitted");
    app.work().await;
    assert_eq!(inbox("ada").await.len(), 2);
    assert_eq!(inbox("cy").await.len(), 1, "they have submitted since");
    app.abandon().await;
}

#[tokio::test]
async fn statements_read_the_status_of_a_submission() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada"]).await;
    let person = app.hacker_id("ada").await;
    save_submission(app.context(), person, &slug, &gannet()).await.expect("saved");
    let agree = async |expected: &str| {
        let stored = app.values("SELECT status AS value FROM submissions").await;
        let facts = app.submission_of(&slug, "ada").await.facts();
        assert_eq!(
            (stored, facts.status(Phase::Completed).as_str()),
            (vec![expected.to_owned()], expected)
        );
    };
    agree("draft").await;
    for (change, expected) in [
        ("version = 1", "pending"),
        ("verdict = 'valid'", "valid"),
        ("is_late = true", "late"),
        ("verdict = 'invalid'", "invalid"),
        ("is_admitted = true", "late"),
        ("outcome = 'finalist'", "finalist"),
        ("outcome = 'winner'", "winner"),
        ("disqualified_at = created_at", "disqualified"),
        ("withdrawn_at = created_at", "withdrawn"),
    ] {
        app.change(&format!("UPDATE submissions SET {change}")).await.expect("changed");
        agree(expected).await;
    }
    let canceled = "UPDATE hackathons SET canceled_at = created_at";
    app.change(canceled).await.expect("changed");
    let found = "SELECT count(*) FROM hackathons WHERE cancelled_at = created_at";
    assert_eq!(app.count(found).await, 1);
    app.abandon().await;
}
