//! Projects, repositories and maintainers for tests, and the programme's part in the tests of all modules.

use std::collections::BTreeSet;

use contributions::{
    actions::{
        FlagDecision, GivenReview, NewProject, NewReview, NewRules, ProjectChange, ReportInput,
        ReviewingMaintainer, add_maintainer, add_organizer, add_repository, allow_repositories,
        change_project, create_project, decide_flags, detect_gaming, exclude_repository,
        give_review, include_repository, publish_rules, remove_maintainer, remove_repository,
        reopen_flag, report, set_repository_state, sync_repository,
    },
    model::{InactiveState, ReportReason, ReviewAction, ReviewVerdict},
    rules::review::ReviewWords,
};
use github::{actions::NewRepository, rules::own_repository::Allowed};
use platform::{ActionError, audit::Actor};

use super::{
    disputes, fair_play,
    objects::OBJECTS,
    rows::ROWS,
    seasons::{self, AUTUMN, open_to_everyone},
};
use crate::app::{
    TestApp,
    programme::ProgrammeTests,
    scenarios::{Scenario, person, repo},
};

/// The maintainer of the project in the rows.
pub(super) const MAINTAINER: &str = "maintainer-m";

pub(crate) const TESTS: ProgrammeTests = ProgrammeTests {
    rows: &[
        ROWS,
        super::leaderboards::ROWS,
        seasons::rows::ROWS,
        super::fair_play_rows::ROWS,
        super::analytics::rows::ROWS,
        fair_play::rows::ROWS,
        disputes::rows::ROWS,
    ],
    objects: &[
        OBJECTS,
        seasons::objects::OBJECTS,
        fair_play::rows::OBJECTS,
        disputes::objects::OBJECTS,
    ],
    prepare: |app| Box::pin(prepare(app)),
    act: |app, login| Box::pin(act(app, login)),
};

/// Creates a project with a maintainer, who organizes a season of it, and a merged pull request by `subject`.
async fn prepare(app: &TestApp) {
    app.project("season").await;
    app.project("elsewhere").await;
    let tags = ProjectChange { tags: Some(vec!["rust".to_owned()]), ..ProjectChange::default() };
    change_project(app.context(), Actor::Operator, "season", tags).await.expect("tags");
    app.season(open_to_everyone()).await;
    app.repository("season", "octo-org/lantern", 1).await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("subject"), "2026-10-02T08:00:00Z")
            .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    app.browser_of(MAINTAINER).await;
    app.add_maintainer("season", MAINTAINER).await;
    app.make_owner("elsewhere", MAINTAINER).await;
    add_organizer(app.context(), Actor::Operator, AUTUMN, MAINTAINER).await.expect("an organizer");
    disputes::objects::prepare(app).await;
}

/// Takes every action of a maintainer on a pull request of the project `kept`.
async fn review_in_every_way(app: &TestApp, login: &str) {
    let (repo, author) = (repo(99, "kept"), person("reviewed-author"));
    let scenario = Scenario::opened(&repo, 1, &author, "2026-10-30T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    app.know_reviewer("kept", "kept-colleague").await;
    let other = (login, "kept-colleague");
    for (by, action) in [
        (other.0, ReviewAction::Started),
        (other.0, ReviewAction::Commented),
        (other.0, ReviewAction::Approved),
        (other.1, ReviewAction::RequestedChanges),
        (other.0, ReviewAction::Overrode),
        (other.0, ReviewAction::Rated),
        (other.0, ReviewAction::MarkedSpam),
        (other.0, ReviewAction::UnmarkedSpam),
        (other.0, ReviewAction::MarkedLowValue),
        (other.0, ReviewAction::UnmarkedLowValue),
        (other.0, ReviewAction::Rejected),
        (other.0, ReviewAction::Released),
    ] {
        let given = app.review("kept", 1, by, action).await;
        given.unwrap_or_else(|error| panic!("{action:?} by {by}: {error}"));
    }
}

/// Dismisses, reopens and confirms a flag on a series of the project `kept`.
async fn decide_on_a_flag(app: &TestApp, person: Actor) {
    let scenarios = super::flags::series(&repo(99, "kept"), "kept-author", 101..=109);
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    detect_gaming(app.context()).await.expect("detected");
    let sql = "SELECT max(number) FROM fair_play_flags";
    let number = app.count(sql).await;
    let numbers = BTreeSet::from([number]);
    let confirmed = FlagDecision::Confirm { effect: None, spared: BTreeSet::new() };
    for decision in [FlagDecision::Dismiss, confirmed] {
        decide_flags(app.context(), person, &numbers, &decision, "to try").await.expect("decided");
        reopen_flag(app.context(), person, number, "to try").await.expect("reopened");
    }
}

/// Excludes the repository `kept` and includes it again, and reports a pull request of it.
async fn moderate(app: &TestApp, login: &str) {
    exclude_repository(app.context(), Actor::Operator, 99, "to try").await.expect("excluded");
    include_repository(app.context(), Actor::Operator, 99, "to try").await.expect("included");
    let input = ReportInput {
        repository: "octo-org/kept".to_owned(),
        number: Some(1),
        reason: ReportReason::Other,
        words: format!("Said by {login}."),
    };
    let person = app.person_id(login).await.into();
    report(app.context(), person, &input).await.expect("reported");
}

/// Appoints a person as maintainer, dismisses them and makes them the owner. Changes, archives and restores the project,
/// removes its repository, adds it again, requests that it is read, and publishes rules in the name of the person. Holds
/// seasons that the person takes part in, and disputes.
async fn act(app: &TestApp, login: &str) {
    app.project("kept").await;
    app.repository("kept", "octo-org/kept", 99).await;
    app.add_maintainer("kept", login).await;
    app.remove_maintainer("kept", login).await;
    app.make_owner("kept", login).await;
    let description =
        ProjectChange { description: Some("Light.".to_owned()), ..ProjectChange::default() };
    let moved = |archived| ProjectChange { archived: Some(archived), ..ProjectChange::default() };
    for change in [description, moved(true), moved(false)] {
        change_project(app.context(), Actor::Operator, "kept", change).await.expect("changed");
    }
    for state in [Some(InactiveState::Paused), Some(InactiveState::Archived), None] {
        let changed = set_repository_state(app.context(), Actor::Operator, "kept", 99, state).await;
        changed.expect("changed");
    }
    remove_repository(app.context(), Actor::Operator, "kept", 99).await.expect("removed");
    app.repository("kept", "octo-org/kept", 99).await;
    app.work().await;
    sync_repository(app.context(), Actor::Operator, "kept", 99, true).await.expect("requested");
    review_in_every_way(app, login).await;
    let forks = Allowed { forks: true, private: false };
    allow_repositories(app.context(), Actor::Operator, "kept", forks).await.expect("allowed");
    let person = identity::reads::find_account(&app.context().db, login).await;
    let person = Actor::Person(person.expect("known").id);
    decide_on_a_flag(app, person).await;
    moderate(app, login).await;
    let rules = NewRules { document: r#"{"merged": 60}"#.to_owned(), based_on: None };
    publish_rules(app.context(), person, "kept", rules).await.expect("published");
    seasons::act(app, login).await;
    disputes::act(app, login).await;
}

impl TestApp {
    /// Adds a maintainer to a project who has signed in.
    pub(crate) async fn know_reviewer(&self, slug: &str, login: &str) {
        self.browser_of(login).await;
        self.add_maintainer(slug, login).await;
    }

    /// Reviews an open pull request of `octo-org/lantern`, shows the queue, and ends what is idle.
    pub(crate) async fn review_for_a_day(&self, slug: &str) {
        let (repo, author) = (repo(1, "lantern"), person("monacat"));
        let open = Scenario::opened(&repo, 5, &author, "2026-11-01T00:00:00Z");
        self.deliver(&open.deliveries).await;
        self.work().await;
        self.know_reviewer(slug, "wren-oak").await;
        for action in [ReviewAction::Started, ReviewAction::Approved] {
            let given = self.review("lantern", 5, "wren-oak", action).await;
            given.expect("given");
        }
        self.work().await;
        let wren = self.browser_of("wren-oak").await;
        let queue = format!("/projects/{slug}/reviews?text=lantern");
        for page in ["/reviews", &queue, "/pull-requests/octo-org/lantern/5"] {
            assert_eq!(wren.get(page).await.status, 200, "{page}");
        }
        self.run_schedule("ReviewDeadlines").await;
        self.work().await;
    }

    /// Reviews `octo-org/NAME#NUMBER`, with what the action needs.
    pub(crate) async fn review(
        &self,
        name: &str,
        number: i64,
        login: &str,
        action: ReviewAction,
    ) -> Result<GivenReview, ActionError> {
        self.give_review(name, number, login, review_of(action, login)).await
    }

    /// Gives a review of `octo-org/NAME#NUMBER`, by a maintainer who may override conflicts.
    pub(crate) async fn give_review(
        &self,
        name: &str,
        number: i64,
        login: &str,
        new: NewReview,
    ) -> Result<GivenReview, ActionError> {
        let by =
            ReviewingMaintainer { person: self.person_id(login).await.into(), may_override: true };
        let full_name = format!("octo-org/{name}");
        let found = github::reads::pull_request(&self.context().db, &full_name, number).await;
        let pull = found.expect("looked").expect("a pull request").id.into();
        give_review(self.context(), by, pull, new).await
    }

    pub(crate) async fn project_id(&self, slug: &str) -> uuid::Uuid {
        let found = contributions::reads::project(&self.context().db, slug).await;
        found.expect("read").expect(slug).id
    }

    pub(crate) async fn project(&self, slug: &str) {
        self.project_named(slug, slug).await;
    }

    pub(crate) async fn project_named(&self, slug: &str, name: &str) {
        let new = NewProject {
            name: name.to_owned(),
            slug: Some(slug.to_owned()),
            ..NewProject::default()
        };
        create_project(self.context(), Actor::Operator, new).await.expect("a project");
    }

    /// Adds the second version of the rules of the only project, as it was stored before new versions stated every
    /// rule.
    pub(crate) async fn publish_as_before(&self, document: &str) {
        let now = self.context().now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let sql = format!(
            "INSERT INTO project_rules (id, project_id, version, document, published_at, created_at) \
             SELECT p.id, p.id, 2, '{document}', '{now}', p.created_at FROM projects p"
        );
        self.change(&sql).await.expect("published");
    }

    pub(crate) async fn repository(&self, slug: &str, full_name: &str, github_id: i64) {
        let new = NewRepository { full_name: full_name.to_owned(), github_id, hook: None };
        self.register(slug, &new).await;
    }

    pub(crate) async fn register(&self, slug: &str, new: &NewRepository) {
        add_repository(self.context(), &self.server.ring, Actor::Operator, slug, new)
            .await
            .expect("a repository");
    }

    /// Requests that a repository is read from GitHub.
    pub(crate) async fn sync(&self, slug: &str, github_id: i64) {
        sync_repository(self.context(), Actor::Operator, slug, github_id, false)
            .await
            .expect("requested");
    }

    pub(crate) async fn add_maintainer(&self, slug: &str, login: &str) {
        add_maintainer(self.context(), Actor::Operator, slug, login).await.expect("appointed");
    }

    pub(crate) async fn remove_maintainer(&self, slug: &str, login: &str) {
        remove_maintainer(self.context(), Actor::Operator, slug, login).await.expect("dismissed");
    }
}

/// Returns a review with what its action needs, and comments that name the reviewer.
pub(crate) fn review_of(action: ReviewAction, login: &str) -> NewReview {
    NewReview {
        action,
        rating: (action == ReviewAction::Rated).then_some(4),
        decision: (action == ReviewAction::Overrode).then_some(ReviewVerdict::Approved),
        words: ReviewWords {
            public_comment: Some(format!("Said by {login}.")),
            internal_comment: Some(format!("Noted by {login}.")),
        },
    }
}
