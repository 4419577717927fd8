//! Actions that change seasons.

mod board;
mod change;
mod create;
mod note_ends;
mod notify;
mod notify_ends;
mod notify_rules;
mod organizers;
mod penalize;
mod projects;
mod publish_rules;
mod register;
mod sanction;
mod sign_off;
mod step;

pub use change::change_season;
pub use create::{NewSeason, create_season, create_season_with};
pub use note_ends::note_season_ends;
pub use notify::{notify_registration, notify_results, notify_sanction};
pub use notify_ends::notify_season_end;
pub use notify_rules::notify_season_rules;
pub use organizers::{add_organizer, remove_organizer};
pub(super) use penalize::{lift_penalties, penalize};
pub use projects::{add_season_project, remove_season_project};
pub use publish_rules::{RulesOutcome, publish_season_rules};
pub use register::{RegistrationInput, register, withdraw};
pub(super) use sanction::lift_within;
pub use sanction::{NewSanction, lift_sanction, sanction};
pub use sign_off::{season_closes_at, sign_off_season};
pub use step::{cancel_season, publish_season};

use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{Act, Actor},
    db::Tx,
};
use serde_json::Value;

use crate::{
    access,
    reads::{self, SeasonView},
    rules::seasons::SeasonState,
};

/// Finds a season and locks its row: of two transactions that change it, one waits for the other.
async fn locked(tx: &Tx, slug: &str) -> Result<SeasonView, ActionError> {
    let found = reads::season_id(tx, slug).await?;
    let id = found.ok_or_else(|| access::unknown_season(slug))?;
    tx.lock_rows("seasons", [id.0]).await?;
    let season = reads::season(tx, slug).await?;
    Ok(season.ok_or_else(|| access::unknown_season(slug))?)
}

/// Like [`locked`], for a change that final and canceled seasons refuse.
async fn changeable(tx: &Tx, context: &Context, slug: &str) -> Result<SeasonView, ActionError> {
    let season = locked(tx, slug).await?;
    let name = &season.name;
    match season.state(context.now()) {
        SeasonState::SignedOff => Err(refused(format!(
            "The results of {name} are final, so it can no longer be changed."
        ))),
        SeasonState::Canceled => {
            Err(refused(format!("{name} is canceled, so it can no longer be changed.")))
        }
        _ => Ok(season),
    }
}

/// Returns the error for a change that the state of a season does not allow.
fn refused(detail: String) -> ActionError {
    Problem::new(ProblemKind::Conflict, "SEASON_STATE", detail).into()
}

/// Returns an action on a season, to record.
fn act_on(
    season: &SeasonView,
    actor: Actor,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> Act<'static> {
    Act { actor, action, target_kind: "season", target_id: season.id, before, after, reason: None }
}

/// Finds the person with a login, for a field of that name.
async fn person_named(tx: &Tx, actor: Actor, login: &str) -> Result<(UserId, String), ActionError> {
    let found = identity::reads::find_named_by(tx, actor, login).await;
    let person = found.map_err(|error| error.at("login"))?;
    Ok((person.id.into(), person.login))
}
