//! Projects, repositories and maintainers for tests, and the programme's part in the tests of all modules.

use contributions::actions::{
    NewProject, NewRules, ProjectChange, add_maintainer, add_repository, change_project,
    create_project, publish_rules, remove_maintainer, remove_repository, sync_repository,
};
use github::actions::NewRepository;
use platform::audit::Actor;

use super::rows::{OBJECTS, ROWS};
use crate::app::{
    TestApp,
    programme::ProgrammeTests,
    scenarios::{Scenario, person, repo},
};

/// The maintainer of the project in the rows.
pub(super) const MAINTAINER: &str = "maintainer-m";

pub(crate) const TESTS: ProgrammeTests = ProgrammeTests {
    rows: ROWS,
    objects: OBJECTS,
    prepare: |app| Box::pin(prepare(app)),
    act: |app, login| Box::pin(act(app, login)),
};

/// Creates a project with a maintainer, and a merged pull request by `subject`.
async fn prepare(app: &TestApp) {
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let scenario = Scenario::opened(
        &repo(1, "lantern"),
        1,
        &person("subject"),
        "2026-10-02T08:00:00Z",
    )
    .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    app.browser_of(MAINTAINER).await;
    app.add_maintainer("season", MAINTAINER).await;
}

/// Appoints a person as maintainer, dismisses and appoints them again. Changes, archives and restores the project, removes
/// its repository, adds it again, requests that it is read, and publishes rules in the name of the person.
async fn act(app: &TestApp, login: &str) {
    app.project("kept").await;
    app.repository("kept", "octo-org/kept", 99).await;
    app.add_maintainer("kept", login).await;
    app.remove_maintainer("kept", login).await;
    app.add_maintainer("kept", login).await;
    let description = ProjectChange {
        description: Some("Light.".to_owned()),
        ..ProjectChange::default()
    };
    let moved = |archived| ProjectChange {
        archived: Some(archived),
        ..ProjectChange::default()
    };
    for change in [description, moved(true), moved(false)] {
        change_project(app.context(), Actor::Operator, "kept", change)
            .await
            .expect("changed");
    }
    remove_repository(app.context(), Actor::Operator, "kept", 99)
        .await
        .expect("removed");
    app.repository("kept", "octo-org/kept", 99).await;
    app.work().await;
    sync_repository(app.context(), Actor::Operator, "kept", 99, true)
        .await
        .expect("requested");
    let person = identity::reads::find_account(&app.context().db, login).await;
    let person = Actor::Person(person.expect("known").id);
    let rules = NewRules {
        document: r#"{"merged": 60}"#.to_owned(),
        based_on: None,
    };
    publish_rules(app.context(), person, "kept", rules)
        .await
        .expect("published");
}

impl TestApp {
    pub(crate) async fn project(&self, slug: &str) {
        let new = NewProject {
            name: slug.to_owned(),
            slug: Some(slug.to_owned()),
            ..NewProject::default()
        };
        create_project(self.context(), Actor::Operator, new)
            .await
            .expect("a project");
    }

    pub(crate) async fn repository(&self, slug: &str, full_name: &str, github_id: i64) {
        let new = NewRepository {
            full_name: full_name.to_owned(),
            github_id,
            hook: None,
        };
        self.register(slug, &new).await;
    }

    pub(crate) async fn register(&self, slug: &str, new: &NewRepository) {
        add_repository(
            self.context(),
            &self.server.ring,
            Actor::Operator,
            slug,
            new,
        )
        .await
        .expect("a repository");
    }

    pub(crate) async fn add_maintainer(&self, slug: &str, login: &str) {
        add_maintainer(self.context(), Actor::Operator, slug, login)
            .await
            .expect("appointed");
    }

    pub(crate) async fn remove_maintainer(&self, slug: &str, login: &str) {
        remove_maintainer(self.context(), Actor::Operator, slug, login)
            .await
            .expect("dismissed");
    }
}
