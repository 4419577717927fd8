//! The checks of submissions, against a simulated GitHub.

use chrono::TimeDelta;
use hackathons::{
    actions::{SettingsInput, check_again, set_submission_settings, submit},
    model::{CheckKind, CheckOutcome, CheckTrigger, Verdict},
    reads::{self, ReportView},
    rules::submissions::SubmissionInput,
};
use kernel::Timestamp;
use platform::audit::Actor::Operator;
use testkit::fake_github::{
    Role,
    code::{CodeStory, CommitStory, PushStory, WorkflowStory},
};

use super::{scene::november, submissions::gannet};
use crate::app::{SECRET, at, browser::Browser, github_scene::Scene};

/// The repository of the team.
pub(super) const CODE: &str = "ada/berthlist";

/// A text that is large enough to count.
fn text(seed: &str, lines: usize) -> String {
    (0..lines).map(|line| format!("{seed} writes line {line} of the berth list\n")).collect()
}

fn commit(author: &str, hour: &str, file: &str, lines: usize) -> CommitStory {
    CommitStory::new(author, at(hour), "Keep the berths").file(file, &text(file, lines))
}

/// Returns the honest story of a team: two pushes inside the window.
pub(super) fn honest(repository: &str, author: &str) -> CodeStory {
    let start = commit(author, "2026-11-14T19:00:00Z", "README.md", 20);
    CodeStory::new(repository, at("2026-11-14T18:30:00Z"))
        .license("MIT")
        .push(PushStory::new(author, at("2026-11-14T19:05:00Z")).commit(start))
        .push(PushStory::new(author, at("2026-11-15T07:00:00Z")).commit(commit(
            author,
            "2026-11-15T06:00:00Z",
            "src/main.rs",
            200,
        )))
}

pub(super) struct Checked {
    pub(super) scene: Scene,
    pub(super) slug: String,
}

impl Checked {
    /// Starts a hackathon in its submission phase, in which `people` take part, who signed in with GitHub.
    pub(super) async fn start(people: &[&str]) -> Self {
        let scene = Scene::start(|config| {
            config.github_api_token = Some("token-hexacat".to_owned().into());
        });
        Self::on(scene.await, people).await
    }

    /// Starts it on a server without a token, to which GitHub does not tell the pushes that it recorded.
    async fn without_token(people: &[&str]) -> Self {
        Self::on(Scene::start(|_| {}).await, people).await
    }

    async fn on(scene: Scene, people: &[&str]) -> Self {
        for login in ["hexacat", "stranger"] {
            scene.github.add_user(login);
        }
        for login in people {
            scene.github.add_user(login);
            let browser = Browser::new(&scene.app);
            browser.sign_in(&scene.github, login).await.location();
        }
        let slug = scene.app.hackathon(november()).await;
        for login in people {
            scene.app.applied(&slug, login).await;
        }
        let checked = Self { scene, slug };
        checked.set("2026-11-15T08:00:00Z");
        checked
    }

    pub(super) fn set(&self, now: &str) {
        let now: Timestamp = at(now);
        self.scene.clock.set(now);
        self.scene.app.clock.set(now);
    }

    async fn browser(&self, login: &str) -> Browser<'_> {
        let browser = Browser::new(&self.scene.app);
        browser.sign_in(&self.scene.github, login).await.location();
        browser
    }

    pub(super) async fn submits(&self, login: &str, repository: &str) {
        let input = SubmissionInput { repository: repository.to_owned(), ..gannet() };
        let app = &self.scene.app;
        let person = app.hacker_id(login).await;
        submit(app.context(), person, &self.slug, &input).await.expect("submitted");
        app.work().await;
    }

    /// Adds the honest repository of ada, which delivers its events to the server, and submits it.
    async fn submits_with_hook(&self) {
        let github = &self.scene.github;
        github.add_code(&honest(CODE, "ada")).expect("added");
        let url = format!("{}/api/v1/webhooks/github", self.scene.app.url);
        github.add_hook(CODE, &url, SECRET).expect("added");
        self.submits("ada", CODE).await;
    }

    /// Pushes a commit of ada and waits until GitHub delivered that; returns the new commit.
    async fn pushes(&self, push: PushStory, (hour, file): (&str, &str)) -> String {
        let push = push.commit(commit("ada", hour, file, 50));
        let (_, after) = self.scene.github.push_code(CODE, &push).expect("pushed");
        self.scene.github.settle().await;
        after
    }

    pub(super) async fn report(&self, login: &str) -> ReportView {
        let app = &self.scene.app;
        let submission = app.submission_of(&self.slug, login).await;
        let found = reads::latest_report(&app.context().db, submission.key()).await;
        let state = reads::check_state(&app.context().db, submission.key()).await;
        let report = found.expect("read");
        report.unwrap_or_else(|| panic!("no report: {state:?}"))
    }

    async fn outcome(&self, login: &str, kind: CheckKind) -> (CheckOutcome, String) {
        let checks = self.report(login).await.checks();
        let check = checks.iter().find(|check| check.kind() == Some(kind));
        let check = check.unwrap_or_else(|| panic!("no check {kind:?} in {checks:?}"));
        (check.outcome, check.evidence.join(" "))
    }
}

#[tokio::test]
async fn an_honest_submission_passes_and_is_pinned() {
    let checked = Checked::start(&["ada"]).await;
    let github = &checked.scene.github;
    github.add_code(&honest(CODE, "ada")).expect("added");
    checked.submits("ada", CODE).await;
    let report = checked.report("ada").await;
    for check in report.checks() {
        assert_eq!(check.outcome, CheckOutcome::Pass, "{check:?}");
    }
    assert_eq!(report.checks().len(), 7);
    let app = &checked.scene.app;
    let submission = app.submission_of(&checked.slug, "ada").await;
    assert_eq!(submission.facts().verdict, Some(Verdict::Valid));
    assert_eq!(submission.commit_sha, report.commit_sha);
    assert!(report.commit_sha.is_some());
    let ada = checked.browser("ada").await;
    let page = ada.get(&format!("/hackathons/{}/submission", checked.slug)).await;
    for part in ["7 pass", "Work was done inside the window", "Valid"] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    checked.scene.app.abandon().await;
}

#[tokio::test]
async fn a_push_after_the_deadline_does_not_count() {
    let checked = Checked::start(&["ada"]).await;
    let github = &checked.scene.github;
    github.add_code(&honest(CODE, "ada")).expect("added");
    checked.submits("ada", CODE).await;
    let pinned = checked.report("ada").await.commit_sha;
    checked.set("2026-11-20T08:00:00Z");
    let push =
        PushStory::now("ada").commit(commit("ada", "2026-11-20T07:00:00Z", "src/tide.rs", 50));
    let (_, in_time) = github.push_code(CODE, &push).expect("pushed");
    assert_eq!(checked.scene.app.run_schedule("SubmissionPolls").await, "1 submission");
    checked.scene.app.work().await;
    let polled = checked.report("ada").await;
    assert_ne!(polled.commit_sha, pinned);
    assert_eq!(polled.commit_sha, Some(in_time.clone()));
    checked.set("2026-11-22T18:00:30Z");
    let late =
        PushStory::now("ada").commit(commit("ada", "2026-11-22T17:00:00Z", "src/late.rs", 50));
    let (_, too_late) = github.push_code(CODE, &late).expect("pushed");
    checked.scene.app.run_schedule("SubmissionDeadlines").await;
    checked.scene.app.work().await;
    let frozen = checked.report("ada").await;
    assert_eq!(frozen.commit_sha, Some(in_time));
    assert_ne!(frozen.commit_sha, Some(too_late));
    checked.scene.app.abandon().await;
}

#[tokio::test]
async fn a_look_without_news_makes_no_report() {
    let checked = Checked::start(&["ada"]).await;
    checked.scene.github.add_code(&honest(CODE, "ada")).expect("added");
    checked.submits("ada", CODE).await;
    let before = checked.report("ada").await.created_at;
    checked.scene.pass(TimeDelta::minutes(10));
    assert_eq!(checked.scene.app.run_schedule("SubmissionPolls").await, "1 submission");
    checked.scene.app.work().await;
    assert_eq!(checked.report("ada").await.created_at, before);
    assert_eq!(checked.scene.app.run_schedule("SubmissionPolls").await, "0 submissions");
    checked.scene.app.finish().await;
}

#[tokio::test]
async fn missing_files_and_repositories_make_it_invalid_and_notify() {
    let checked = Checked::start(&["ada"]).await;
    checked.submits("ada", "ada/nothing").await;
    let (fails, says) = checked.outcome("ada", CheckKind::Repository).await;
    assert_eq!(fails, CheckOutcome::Fail, "{says}");
    let app = &checked.scene.app;
    let submission = app.submission_of(&checked.slug, "ada").await;
    assert_eq!(submission.facts().verdict, Some(Verdict::Invalid));
    app.work().await;
    let inbox = app.inbox(&checked.browser("ada").await).await;
    let says = "A required check of Gannet fails";
    assert_eq!(inbox.iter().filter(|it| it.ends_with(says)).count(), 1, "{inbox:?}");
    let bare = CodeStory::new(CODE, at("2026-11-14T18:30:00Z")).push(
        PushStory::new("ada", at("2026-11-14T19:05:00Z")).commit(commit(
            "ada",
            "2026-11-14T19:00:00Z",
            "src/main.rs",
            40,
        )),
    );
    checked.scene.github.add_code(&bare).expect("added");
    checked.submits("ada", CODE).await;
    let (fails, says) = checked.outcome("ada", CheckKind::Files).await;
    assert_eq!(fails, CheckOutcome::Fail);
    assert!(says.contains("README, LICENSE"), "{says}");
    checked.scene.app.finish().await;
}

#[tokio::test]
async fn a_member_proves_with_their_connection_that_they_can_push() {
    let checked = Checked::start(&["ada"]).await;
    let (app, github) = (&checked.scene.app, &checked.scene.github);
    github.add_code(&honest("stranger/plans", "stranger")).expect("added");
    github.permit("stranger/plans", "ada", Role::Write).expect("permitted");
    checked.submits("ada", "stranger/plans").await;
    let (warns, says) = checked.outcome("ada", CheckKind::Repository).await;
    assert_eq!(warns, CheckOutcome::Warn, "{says}");
    assert!(says.contains("/settings/identities"), "{says}");
    let ada = checked.browser("ada").await;
    checked.scene.connect(&ada, "ada").await.location();
    let person = app.hacker_id("ada").await;
    check_again(app.context(), person, &checked.slug).await.expect("requested");
    app.work().await;
    let (passes, says) = checked.outcome("ada", CheckKind::Repository).await;
    assert_eq!(
        (passes, says.as_str()),
        (CheckOutcome::Pass, "A member of the team can push to it.")
    );
    // What GitHub no longer accepts is forgotten, and the server asks by itself again.
    github.revoke_apps("ada").expect("revoked");
    check_again(app.context(), person, &checked.slug).await.expect("requested");
    app.work().await;
    let (warns, _) = checked.outcome("ada", CheckKind::Repository).await;
    assert_eq!(warns, CheckOutcome::Warn);
    let kept = "SELECT count(*) FROM github_tokens WHERE token_secret IS NOT NULL";
    assert_eq!(app.count(kept).await, 0);
    checked.scene.app.finish().await;
}

#[tokio::test]
async fn a_private_repository_of_others_tells_nothing() {
    let checked = Checked::start(&["ada"]).await;
    let secret = CodeStory { is_private: true, ..honest("stranger/plans", "stranger") };
    checked.scene.github.add_code(&secret).expect("added");
    checked.submits("ada", "stranger/plans").await;
    let checks = checked.report("ada").await.checks();
    assert_eq!(checks.len(), 1, "{checks:?}");
    let (fails, says) = checked.outcome("ada", CheckKind::Repository).await;
    assert_eq!(fails, CheckOutcome::Fail);
    assert!(says.contains("does not exist, or this server cannot read it"), "{says}");
    checked.scene.app.finish().await;
}

#[tokio::test]
async fn dishonest_work_is_pointed_out() {
    let checked = Checked::start(&["ada", "bo"]).await;
    let (app, github) = (&checked.scene.app, &checked.scene.github);
    let old =
        honest(CODE, "ada").push(PushStory::new("ada", at("2026-11-15T07:30:00Z")).commit(commit(
            "ada",
            "2026-10-01T06:00:00Z",
            "src/old.rs",
            500,
        )));
    // The old commit is the newest of the branch, so its own time tells.
    github.add_code(&old).expect("added");
    checked.submits("ada", CODE).await;
    let (warns, says) = checked.outcome("ada", CheckKind::Window).await;
    assert_eq!(warns, CheckOutcome::Warn, "{says}");
    let stranger = honest("bo/copy", "stranger").collaborator("bo").push(
        PushStory::new("stranger", at("2026-11-15T07:40:00Z")).commit(commit(
            "bo",
            "2026-11-15T07:35:00Z",
            "src/old.rs",
            500,
        )),
    );
    github.add_code(&stranger).expect("added");
    checked.submits("bo", "bo/copy").await;
    let (fails, says) = checked.outcome("bo", CheckKind::Authors).await;
    assert_eq!(fails, CheckOutcome::Fail);
    assert!(says.contains("2 of 3 commits"), "{says}");
    let (copies, says) = checked.outcome("bo", CheckKind::Copies).await;
    assert_eq!(copies, CheckOutcome::Fail, "{says}");
    // They are valid until a person decides, and the list of organizers says which to look at.
    let list = format!("/hackathons/{}/submissions", checked.slug);
    let page = app.browser_of("organizer").await.get(&list).await.text;
    assert_eq!(page.matches("to review").count(), 2, "{page}");
    checked.scene.app.finish().await;
}

#[tokio::test]
async fn a_delivered_push_is_checked_at_once() {
    let checked = Checked::start(&["ada"]).await;
    checked.submits_with_hook().await;
    let app = &checked.scene.app;
    checked.set("2026-11-16T08:00:00Z");
    let push = PushStory::now("ada");
    let pushed = checked.pushes(push, ("2026-11-16T07:00:00Z", "src/a.rs"));
    let pushed = pushed.await;
    app.work().await;
    let report = checked.report("ada").await;
    assert_eq!(report.trigger_code, CheckTrigger::Push);
    assert_eq!(report.commit_sha, Some(pushed));
    let submission = app.submission_of(&checked.slug, "ada").await;
    assert_eq!(submission.commit_sha, report.commit_sha);
    checked.set("2026-11-16T09:00:00Z");
    let forced = PushStory::now("ada").forced(1);
    let forced = checked.pushes(forced, ("2026-11-16T08:30:00Z", "src/b.rs"));
    let forced = forced.await;
    app.work().await;
    let report = checked.report("ada").await;
    assert_eq!(report.trigger_code, CheckTrigger::Push);
    assert_eq!(report.commit_sha, Some(forced));
    checked.scene.app.finish().await;
}

#[tokio::test]
async fn a_push_to_another_branch_makes_no_report() {
    let checked = Checked::start(&["ada"]).await;
    checked.submits_with_hook().await;
    let before = checked.report("ada").await;
    checked.set("2026-11-16T08:00:00Z");
    let push = PushStory::now("ada").to("dev");
    checked.pushes(push, ("2026-11-16T07:00:00Z", "src/a.rs")).await;
    checked.scene.app.work().await;
    let after = checked.report("ada").await;
    assert_eq!((after.created_at, after.commit_sha), (before.created_at, before.commit_sha));
    checked.scene.app.finish().await;
}

#[tokio::test]
async fn a_delivered_push_after_the_deadline_changes_nothing() {
    let checked = Checked::start(&["ada"]).await;
    checked.submits_with_hook().await;
    let app = &checked.scene.app;
    let before = checked.report("ada").await;
    // The deadline has come, and the submission is not frozen yet.
    checked.set("2026-11-22T18:00:30Z");
    let late = ("2026-11-22T17:00:00Z", "src/late.rs");
    let pushed = checked.pushes(PushStory::now("ada"), late).await;
    app.work().await;
    let after = checked.report("ada").await;
    assert_eq!(after.created_at, before.created_at);
    assert_eq!(app.run_schedule("SubmissionDeadlines").await, "1 submission");
    app.work().await;
    let frozen = checked.report("ada").await;
    assert_eq!(frozen.trigger_code, CheckTrigger::Deadline);
    assert_eq!(frozen.commit_sha, before.commit_sha);
    let later = ("2026-11-22T17:30:00Z", "src/later.rs");
    checked.pushes(PushStory::now("ada"), later).await;
    app.work().await;
    let last = checked.report("ada").await;
    assert_eq!(last.created_at, frozen.created_at);
    assert_ne!(last.commit_sha, Some(pushed));
    checked.scene.app.abandon().await;
}

#[tokio::test]
async fn a_push_that_was_received_in_time_counts_although_github_does_not_tell_it() {
    let checked = Checked::without_token(&["ada"]).await;
    checked.submits_with_hook().await;
    let app = &checked.scene.app;
    let before = checked.report("ada").await.commit_sha;
    assert!(before.is_some());
    // Both deliveries are applied only after the deadline.
    checked.set("2026-11-22T17:59:00Z");
    let in_time = ("2026-11-22T17:00:00Z", "src/tide.rs");
    let in_time = checked.pushes(PushStory::now("ada"), in_time).await;
    checked.set("2026-11-22T18:00:30Z");
    let late = ("2026-11-22T17:30:00Z", "src/late.rs");
    checked.pushes(PushStory::now("ada"), late).await;
    app.work().await;
    assert_eq!(checked.report("ada").await.commit_sha, before);
    app.run_schedule("SubmissionDeadlines").await;
    app.work().await;
    assert_eq!(checked.report("ada").await.commit_sha, Some(in_time));
    checked.scene.app.abandon().await;
}

/// Lets the hackathon have own checks, and the repository a workflow that ends like this.
async fn with_own_checks(checked: &Checked, conclusion: &str) {
    let settings =
        SettingsInput { workflow_event: "hackathon-check".to_owned(), ..SettingsInput::default() };
    let context = checked.scene.app.context();
    set_submission_settings(context, Operator, &checked.slug, &settings).await.expect("set");
    let workflow =
        WorkflowStory { name: "Harbor checks".to_owned(), conclusion: conclusion.to_owned() };
    let set = checked.scene.github.set_workflow(CODE, workflow);
    set.expect("a repository");
}

#[tokio::test]
async fn own_checks_are_started_once_for_a_commit_and_their_results_shown() {
    let checked = Checked::start(&["ada"]).await;
    let github = &checked.scene.github;
    github.add_code(&honest(CODE, "ada")).expect("added");
    github.permit(CODE, "hexacat", Role::Write).expect("permitted");
    let url = format!("{}/api/v1/webhooks/github", checked.scene.app.url);
    github.add_hook(CODE, &url, SECRET).expect("added");
    with_own_checks(&checked, "failure").await;
    checked.submits("ada", CODE).await;
    let app = &checked.scene.app;
    let commit = checked.report("ada").await.commit_sha.expect("pinned");
    let started = vec![("hackathon-check".to_owned(), serde_json::json!({ "commit": commit }))];
    assert_eq!(github.dispatched(CODE).expect("known"), started);
    let person = app.hacker_id("ada").await;
    check_again(app.context(), person, &checked.slug).await.expect("requested");
    app.work().await;
    assert_eq!(github.dispatched(CODE).expect("known"), started);
    github.settle().await;
    app.work().await;
    let ada = checked.browser("ada").await;
    let path = format!("/api/v1/me/hackathons/{}/submission", checked.slug);
    let own = ada.json(&path).await["own_checks"].clone();
    assert_eq!(own["commit_sha"], commit.as_str());
    assert!(own["refusal"].is_null() && own["started_at"].is_string());
    let result = own["results"].as_array().and_then(|all| {
        let mut runs = all.iter();
        runs.find(|run| run["event"] == "repository_dispatch")
    });
    let result = result.unwrap_or_else(|| panic!("no result in {own}"));
    assert_eq!(result["name"], "Harbor checks");
    assert_eq!(result["conclusion"], "failure");
    // They decide nothing.
    let submission = app.submission_of(&checked.slug, "ada").await;
    assert_eq!(submission.facts().verdict, Some(Verdict::Valid));
    let page = format!("/hackathons/{}/submission", checked.slug);
    let page = ada.get(&page).await;
    for part in ["Checks at the code host", "Harbor checks"] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    checked.scene.app.abandon().await;
}

#[tokio::test]
async fn own_checks_that_cannot_be_started_say_why() {
    let checked = Checked::start(&["ada"]).await;
    let github = &checked.scene.github;
    github.add_code(&honest(CODE, "ada")).expect("added");
    with_own_checks(&checked, "success").await;
    checked.submits("ada", CODE).await;
    assert_eq!(github.dispatched(CODE).expect("known"), []);
    let ada = checked.browser("ada").await;
    let page = format!("/hackathons/{}/submission", checked.slug);
    let page = ada.get(&page).await;
    let says = "Install the GitHub App in the repository";
    assert!(page.text.contains(says), "{}", page.text);
    checked.scene.app.abandon().await;
}
