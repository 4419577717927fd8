//! Actions that change hackathons, their staff, applications and teams.

mod apply;
mod create;
mod decide;
mod edit;
mod erase;
mod hosts;
mod join_team;
mod leave_team;
mod manage_team;
mod notify;
mod places;
mod staff;
mod step;
mod withdraw;

pub use apply::{apply, set_looking};
pub use create::{NewHackathon, create_hackathon};
pub use decide::{Decided, NewDecision, decide};
pub use edit::{edit_hackathon, replace_invite_code};
pub use erase::erase;
pub use hosts::{add_host, remove_host};
pub use join_team::{create_team, join_team};
pub use leave_team::{leave_team, remove_member};
pub use manage_team::{TeamChange, change_team, set_team_role};
pub use notify::{notify_completion, notify_decision, notify_move};
pub use places::fill_all_places;
pub use staff::{add_staff, remove_staff};
pub use step::{archive, cancel, publish, publish_results};
pub use withdraw::withdraw;

use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{Act, Actor},
    crypto,
    db::Tx,
};
use serde_json::Value;

use crate::{
    access,
    reads::{self, HackathonView},
    rules::teams::code_of,
};

/// Finds a hackathon and locks its row: of two transactions that change its people, one waits for the other.
async fn locked(tx: &Tx, slug: &str) -> Result<HackathonView, ActionError> {
    let found = reads::hackathon(tx, slug).await?;
    let id = found.ok_or_else(|| access::unknown_hackathon(slug))?.id;
    tx.lock_rows("hackathons", [id]).await?;
    let found = reads::hackathon(tx, slug).await?;
    Ok(found.ok_or_else(|| access::unknown_hackathon(slug))?)
}

/// Like [`locked`], for a change that a completed, archived or canceled hackathon refuses.
async fn changeable(tx: &Tx, context: &Context, slug: &str) -> Result<HackathonView, ActionError> {
    let hackathon = locked(tx, slug).await?;
    still_changeable(context, &hackathon)?;
    Ok(hackathon)
}

/// Refuses a change of a completed, archived or canceled hackathon.
fn still_changeable(context: &Context, hackathon: &HackathonView) -> Result<(), ActionError> {
    let phase = hackathon.phase(context.now());
    match phase.is_over() {
        false => Ok(()),
        true => Err(refused(format!(
            "{} is {}, so it can no longer be changed.",
            hackathon.title,
            phase.heading().to_lowercase()
        ))),
    }
}

/// Returns the error for a change that the phase of a hackathon does not allow.
fn refused(detail: String) -> ActionError {
    Problem::new(ProblemKind::Conflict, "HACKATHON_PHASE", detail).into()
}

/// Returns an action on a hackathon, to record.
fn act_on(
    hackathon: &HackathonView,
    (actor, action): (Actor, &'static str),
    after: Option<Value>,
) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "hackathon",
        target_id: hackathon.id,
        before: None,
        after,
        reason: None,
    }
}

/// Finds the person with a login, for a field of that name.
async fn person_named(tx: &Tx, login: &str) -> Result<(UserId, String), ActionError> {
    let found = identity::reads::find_named(tx, login).await;
    let person = found.map_err(|error| error.at("login"))?;
    Ok((person.id.into(), person.login))
}

/// Returns a new code of a team, or of an invitation link. Eight characters of 32 are a million million codes, so one that is
/// taken is an error of the database, and the request can be repeated.
fn new_code() -> Result<String, ActionError> {
    Ok(code_of(crypto::random()?))
}
