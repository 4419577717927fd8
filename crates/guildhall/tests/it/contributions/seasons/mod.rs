//! Seasons: their life, their leaderboards and their results.

mod api;
mod boards;
mod concurrency;
mod ends;
mod ends_at_once;
mod lifecycle;
mod notices;
pub(crate) mod objects;
mod pages;
mod privacy;
mod refusals;
mod results;
pub(crate) mod rows;
mod rules;
mod work;

use std::sync::Arc;

use contributions::{
    actions::{
        NewSanction, NewSeason, RegistrationInput, add_organizer, add_season_project,
        cancel_season, change_season, create_season, lift_sanction, publish_season, register,
        remove_organizer, remove_season_project, sanction, withdraw,
    },
    model::{SanctionKind, SignOffBlocker, season_board},
    reads::SeasonView,
    rules::seasons::{SeasonInput, sign_off::reasons},
};
use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::Actor::{self, Operator},
};
use recognition::reads::{Start, page};
use testkit::payloads::Repo;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

pub(crate) const AUTUMN: &str = "autumn";

/// The details of a season in October 2026 for registered people.
pub(crate) fn october() -> SeasonInput {
    SeasonInput {
        name: Some("Autumn".to_owned()),
        first_day: Some("2026-10-01".to_owned()),
        last_day: Some("2026-10-31".to_owned()),
        goal: Some(1),
        ..SeasonInput::default()
    }
}

impl TestApp {
    /// Runs a season from October 1 until a day.
    pub(crate) async fn season_until(&self, day: &str) {
        self.season(SeasonInput { last_day: Some(day.to_owned()), ..october() }).await;
    }
}

/// The same for everyone.
pub(crate) fn open_to_everyone() -> SeasonInput {
    SeasonInput { is_registered_only: Some(false), ..october() }
}

/// Returns `octo-org/lantern`, which belongs to the project `season` of [`TestApp::of_lantern`].
pub(crate) fn lantern() -> Arc<Repo> {
    repo(1, "lantern")
}

/// A pull request in it that a person opened and got merged at an instant.
pub(crate) fn merged(number: i64, login: &str, when: &str) -> Scenario {
    Scenario::opened(&lantern(), number, &person(login), when).merged(when)
}

/// Holds the season `autumn`, which a person organizes and takes part in, and cancels another draft.
pub(crate) async fn act(app: &TestApp, login: &str) {
    let context = app.context();
    app.draft_season(open_to_everyone()).await;
    let goal = SeasonInput { goal: Some(2), ..SeasonInput::default() };
    change_season(context, Operator, AUTUMN, goal).await.expect("changed");
    publish_season(context, Operator, AUTUMN).await.expect("published");
    for person in ["add", "remove"] {
        let changed = match person {
            "add" => add_organizer(context, Operator, AUTUMN, login).await,
            _ => remove_organizer(context, Operator, AUTUMN, login).await,
        };
        changed.expect("changed");
    }
    remove_season_project(context, Operator, AUTUMN, "season").await.expect("removed");
    app.registers(login).await;
    let warning = NewSanction {
        login: login.to_owned(),
        kind: SanctionKind::Warning,
        reason: "to try".to_owned(),
    };
    sanction(context, Operator, AUTUMN, &warning).await.expect("warned");
    app.disqualifies(login, true).await;
    withdraw(context, app.user_id_of(login).await, AUTUMN).await.expect("withdrawn");
    end_seasons(app).await;
}

/// Signs off a season that is over, and cancels a draft.
async fn end_seasons(app: &TestApp) {
    let context = app.context();
    for slug in ["summer", "winter"] {
        let new = NewSeason {
            slug: Some(slug.to_owned()),
            details: SeasonInput {
                first_day: Some("2026-08-01".to_owned()),
                last_day: Some("2026-08-31".to_owned()),
                ..october()
            },
        };
        create_season(context, Operator, new).await.expect("a draft");
    }
    cancel_season(context, Operator, "winter").await.expect("canceled");
    publish_season(context, Operator, "summer").await.expect("published");
    app.work().await;
    sign_off_season(context, Operator, "summer").await.expect("signed off");
}

/// Signs a season off, whatever may be left undecided.
pub(crate) async fn sign_off_season(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<SeasonView, ActionError> {
    let minor = reasons(SignOffBlocker::ALL.map(|it| (it, "They are minor.")))?;
    contributions::actions::sign_off_season(context, actor, slug, &minor).await
}

impl TestApp {
    /// Creates the season `autumn` as a draft, with the project `season`.
    pub(crate) async fn draft_season(&self, details: SeasonInput) {
        let new = NewSeason { slug: Some(AUTUMN.to_owned()), details };
        create_season(self.context(), Operator, new).await.expect("a season");
        add_season_project(self.context(), Operator, AUTUMN, "season").await.expect("added");
    }

    /// Creates the same season, and publishes it.
    pub(crate) async fn season(&self, details: SeasonInput) {
        self.draft_season(details).await;
        publish_season(self.context(), Operator, AUTUMN).await.expect("published");
    }

    async fn user_id_of(&self, login: &str) -> UserId {
        self.person_id(login).await.into()
    }

    /// Registers a person for the season.
    pub(crate) async fn registers(&self, login: &str) {
        let person = self.user_id_of(login).await;
        let input = RegistrationInput {
            consent_version: 1,
            shares_email: false,
            ..RegistrationInput::default()
        };
        register(self.context(), person, AUTUMN, &input).await.expect("registered");
    }

    /// Disqualifies a person, and lifts it if asked to.
    pub(crate) async fn disqualifies(&self, login: &str, is_lifted: bool) {
        let new = NewSanction {
            login: login.to_owned(),
            kind: SanctionKind::Disqualification,
            reason: "Spam".to_owned(),
        };
        let id = sanction(self.context(), Operator, AUTUMN, &new).await.expect("disqualified");
        if is_lifted {
            lift_sanction(self.context(), Operator, AUTUMN, id, "A mistake").await.expect("lifted");
        }
    }

    /// Returns the logins, points and merged pull requests on the season's board.
    pub(crate) async fn season_rows(&self) -> Vec<(String, i64, i64)> {
        self.rows_of(&season_board(AUTUMN)).await
    }

    /// Returns the logins, points and merged pull requests on a board.
    pub(crate) async fn rows_of(&self, key: &str) -> Vec<(String, i64, i64)> {
        let db = &self.context().db;
        let rows = page(db, key, Start::Top, 100).await.expect("a page").rows;
        let people = rows.iter().map(|row| row.user_id);
        let logins = identity::reads::logins(db, people).await.expect("logins");
        let row = |row: &recognition::reads::RankedRow| {
            let login = logins.get(&row.user_id).cloned().unwrap_or_default();
            (login, row.points, row.merged)
        };
        rows.iter().map(row).collect()
    }
}

/// Returns a row of a board.
pub(crate) fn row(login: &str, points: i64, merged: i64) -> (String, i64, i64) {
    (login.to_owned(), points, merged)
}
