//! Judges who ask for projects and score them.

use futures_util::future::join_all;
use hackathons::{
    actions::{
        RoundInput, ScoreInput, add_staff, close_round, declare_conflict, next_project, score,
        set_judging, set_tracks, settle_tie, submit,
    },
    model::{ConflictKind, StaffRole, SubmissionId},
    reads,
    rules::{
        judging::{decisions::Decision, rubric::Criterion, settings::JudgingInput},
        submissions::SubmissionInput,
        tracks::TrackInput,
    },
};
use identity::model::UserId;
use platform::{ActionError, Context, audit::Actor::Operator};
use uuid::Uuid;

use super::scene::{code, november};
use crate::app::TestApp;

const SLUG: &str = "low-tide";

pub(super) fn rubric(looks: i64) -> JudgingInput {
    let craft =
        Criterion { name: "Craft".to_owned(), min: 1, max: 5, weight: 10, ..Criterion::default() };
    JudgingInput {
        mode: "rubric".to_owned(),
        looks,
        minutes_per_look: 5,
        minutes: 120,
        criteria: vec![craft],
        unread: None,
    }
}

pub(super) fn levels(level: i64) -> ScoreInput {
    ScoreInput {
        levels: vec![Some(level)],
        private_note: "Ask about rain.".to_owned(),
        ..ScoreInput::default()
    }
}

/// Lets a judge give their next projects these levels. Returns the projects.
pub(super) async fn scored(app: &TestApp, judge: UserId, given: &[i64]) -> Vec<Uuid> {
    let context = app.context();
    let mut projects = Vec::new();
    for level in given {
        let project = next_project(context, judge, SLUG, false).await;
        let project = project.expect("a project");
        score(context, judge, SLUG, project, &levels(*level)).await.expect("scored");
        projects.push(project.0);
    }
    projects
}

pub(super) fn order(projects: &[Uuid]) -> Decision<Uuid> {
    Decision { projects: projects.to_vec(), is_settled: true }
}

impl TestApp {
    /// Creates a hackathon that is being judged, with submissions of people without a team and with judges.
    pub(super) async fn judged(&self, projects: usize, judges: usize) -> Vec<UserId> {
        let slug = self.hackathon(november()).await;
        let mut people = Vec::new();
        for number in 0..projects {
            let login = format!("hacker-{number}");
            self.applied(&slug, &login).await;
            people.push(self.person_id(&login).await.into());
        }
        let submitting = "UPDATE hackathons SET application_closes_at = created_at, submission_opens_at = created_at";
        self.change(submitting).await.expect("changed");
        for (person, number) in people.into_iter().zip(0..) {
            let input = SubmissionInput {
                title: format!("Project {number}"),
                summary: "A tide clock.".to_owned(),
                repository: "hacker/tide-clock".to_owned(),
                ..SubmissionInput::default()
            };
            let person: UserId = person;
            submit(self.context(), person, &slug, &input).await.expect("submitted");
        }
        let judging = "UPDATE hackathons SET submission_closes_at = created_at, judging_opens_at = created_at";
        self.change(judging).await.expect("changed");
        let mut appointed = Vec::new();
        for number in 0..judges {
            let login = format!("judge-{number}");
            self.know_created(&login, None).await;
            add_staff(self.context(), Operator, &slug, &login, StaffRole::Judge)
                .await
                .expect("a judge");
            appointed.push(self.person_id(&login).await.into());
        }
        appointed
    }
}

/// The people who submit to the hackathon that one person judges.
const BUILDERS: [&str; 3] = ["hack-builder", "hack-maker", "hack-tinkerer"];

/// Lets the organizer of a hackathon set its criteria, score projects alike, settle their tie, declare a conflict with another
/// one, and close the round.
pub(super) async fn act(app: &TestApp, person: UserId, slug: &str) {
    let context = app.context();
    for login in BUILDERS {
        app.applied(slug, login).await;
    }
    let dates = |columns: &str| {
        let set = columns.replace(' ', " = created_at, ");
        format!("UPDATE hackathons SET {set} = created_at WHERE slug = '{slug}'")
    };
    let submitting = dates("application_opens_at application_closes_at submission_opens_at");
    app.change(&submitting).await.expect("changed");
    for login in BUILDERS {
        let input = SubmissionInput {
            title: login.to_owned(),
            summary: "A tide clock.".to_owned(),
            repository: "hacker/tide-clock".to_owned(),
            ..SubmissionInput::default()
        };
        let builder = app.person_id(login).await.into();
        submit(context, builder, slug, &input).await.expect("submitted");
    }
    let judging = dates("submission_closes_at judging_opens_at");
    app.change(&judging).await.expect("changed");
    let actor = platform::audit::Actor::Person(person.0);
    set_judging(context, actor, slug, &rubric(3)).await.expect("criteria");
    let track = TrackInput { name: "Harbors".to_owned(), ..TrackInput::default() };
    set_tracks(context, actor, slug, &[track]).await.expect("tracks");
    let mut projects = Vec::new();
    for _ in 0..2 {
        let project = next_project(context, person, slug, false).await.expect("a project");
        score(context, person, slug, project, &levels(4)).await.expect("scored");
        projects.push(project.0);
    }
    let decision = Decision { projects, is_settled: true };
    settle_tie(context, actor, slug, None, &decision, "The first came first.")
        .await
        .expect("settled");
    let third = next_project(context, person, slug, false).await.expect("a project");
    declare_conflict(context, person, slug, third, ConflictKind::Other, "We sail together.")
        .await
        .expect("declared");
    let round = RoundInput { round: 1, carried: 1, is_confirmed: true };
    close_round(context, actor, slug, round).await.expect("closed");
}

/// Lets a judge ask and score until no project is left. Returns the projects that they judged.
async fn judge(context: Context, person: UserId) -> Vec<SubmissionId> {
    let mut judged = Vec::new();
    loop {
        match next_project(&context, person, SLUG, false).await {
            Ok(project) => {
                score(&context, person, SLUG, project, &levels(3)).await.expect("scored");
                judged.push(project);
            }
            Err(ActionError::Refused(problem)) if problem.code == "PROJECTS_OCCUPIED" => {
                tokio::task::yield_now().await;
            }
            refused => {
                assert_eq!(code(refused), "NO_PROJECT_LEFT");
                return judged;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_judges_at_once_give_every_project_its_looks() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(12, 30).await;
    set_judging(app.context(), Operator, SLUG, &rubric(3)).await.expect("criteria");
    let id = app.hackathon_view(SLUG).await.key();
    let conflicted = next_project(app.context(), judges[0], SLUG, false).await.expect("a project");
    declare_conflict(app.context(), judges[0], SLUG, conflicted, ConflictKind::Family, "A cousin.")
        .await
        .expect("declared");
    let judging = judges.iter().map(|person| tokio::spawn(judge(app.context().clone(), *person)));
    let outcomes = join_all(judging).await.into_iter();
    let judged: Vec<_> = outcomes.map(|it| it.expect("ended")).collect();
    assert!(!judged[0].contains(&conflicted));
    let coverage = reads::coverage(&app.context().db, id, None).await.expect("read");
    for project in &coverage.projects {
        assert_eq!(project.judged, 3, "{}", project.title);
    }
    assert_eq!(judged.iter().map(Vec::len).sum::<usize>(), 36);
    let results = reads::judging_results(&app.context().db, id).await;
    let results = results.expect("read");
    assert_eq!(results.len(), 12);
    assert!(results.iter().all(|it| it.result.rank == 1 && it.result.looks == 3));
    app.finish().await;
}

#[tokio::test]
async fn a_judge_keeps_a_project_and_the_criteria_lock_at_the_first_score() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(2, 2).await;
    let (context, [one, two]) = (app.context(), [judges[0], judges[1]]);
    let early = next_project(context, one, SLUG, false).await;
    assert_eq!(code(early), "NO_CRITERIA");
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    let first = next_project(context, one, SLUG, false).await.expect("a project");
    let again = next_project(context, one, SLUG, false).await.expect("the same");
    assert_eq!(first, again);
    let other = next_project(context, two, SLUG, false).await.expect("a project");
    assert_ne!(first, other);
    let foreign = score(context, two, SLUG, first, &levels(3)).await;
    assert_eq!(code(foreign), "NOT_ASSIGNED");
    let outside = score(context, one, SLUG, first, &levels(6)).await;
    assert_eq!(code(outside), "BAD_HACKATHON");
    score(context, one, SLUG, first, &levels(4)).await.expect("scored");
    let mut changed = rubric(2);
    set_judging(context, Operator, SLUG, &changed).await.expect("looks");
    changed.criteria[0].weight = 20;
    let locked = set_judging(context, Operator, SLUG, &changed).await;
    assert_eq!(code(locked), "RUBRIC_LOCKED");
    let id = app.hackathon_view(SLUG).await.key();
    let own = reads::own_assignments(&context.db, id, two).await.expect("read");
    assert!(own.iter().all(|it| it.submission_id == other.0));
    let over = "UPDATE hackathons SET judging_closes_at = judging_opens_at";
    app.change(over).await.expect("changed");
    let closed = score(context, one, SLUG, first, &levels(5)).await;
    assert_eq!(code(closed), "JUDGING_CLOSED");
    app.finish().await;
}

#[tokio::test]
async fn putting_a_project_aside_keeps_what_was_typed_as_a_draft() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(2, 1).await;
    let context = app.context();
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    let browser = app.browser_of("judge-0").await;
    let page = format!("/hackathons/{SLUG}/judging");
    for (aside, note) in [("skipped", "Ask about rain"), ("busy", "Come back at noon")] {
        let project = next_project(context, judges[0], SLUG, false).await.expect("a project").0;
        let typed = [("c1", "4"), ("private_note", note), ("team_note", ""), ("status", aside)];
        let form = browser.get(&page).await.text;
        let button =
            format!("formaction=\"{page}/{project}/status\" name=\"status\" value=\"{aside}\"");
        assert!(form.contains(&button), "{form}");
        // With a note that is too long, the project is not put aside.
        let long = "A".repeat(5000);
        let too_long = [("private_note", &*long), ("status", aside)];
        let refused = browser.post(&format!("{page}/{project}/status"), &too_long).await;
        refused.refuses_form(422, Some("private_note"), "");
        assert!(refused.text.contains(&long));
        let put = browser.post(&format!("{page}/{project}/status"), &typed).await;
        assert_eq!(put.status, 303, "{}", put.text);
        let shown = browser.get(&format!("{page}?project={project}")).await.text;
        assert!(shown.contains(&format!("{note}</textarea>")), "{shown}");
        assert!(shown.contains("name=\"c1\" value=\"4\" checked"), "{shown}");
    }
    app.finish().await;
}
