use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{act_on, locked, managed_team, open_application, participant, ring};
use crate::{
    model::BOARD_EXPORTS,
    reads::{self, ExportView, HackathonView, TeamView},
    rules::trello::{Connection, ConnectionInput},
    store::exports::{self, Of},
};

/// Connects the board of the team of a person with a board at Trello, instead of a former connection. The credentials are
/// encrypted. Returns the connection.
///
/// # Errors
/// When a field is missing or not valid, the person has no team or does not lead it, or the hackathon is over.
pub async fn connect_board(
    context: &Context,
    person: UserId,
    slug: &str,
    input: &ConnectionInput,
) -> Result<ExportView, ActionError> {
    let connection = Connection::read(input)?;
    let tx = context.begin().await?;
    tx.serialize(exports::CREDENTIALS).await?;
    let (hackathon, team) = led_by(&tx, context, slug, person).await?;
    exports::delete(&tx, Of::Team(team.key())).await?;
    let sealed = ring(context)?.seal(connection.credentials.as_bytes())?;
    let id = (context.ids.next(), hackathon.key());
    let (by, what) = ((team.key(), person), (connection.board.as_str(), sealed));
    exports::insert(&tx, id, by, what, context.now()).await?;
    record(&tx, context, (&hackathon, &team), (person, "board.connect")).await?;
    let connected = connection_of(&tx, &team).await?;
    tx.commit().await?;
    Ok(connected)
}

/// Deletes the connection of the team of a person with its credentials, also when the hackathon is over. Cards at Trello stay.
/// Repeating it changes nothing.
///
/// # Errors
/// When the person has no team or does not lead it.
pub async fn disconnect_board(
    context: &Context,
    person: UserId,
    slug: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    open_application(&tx, context, &hackathon, person).await?;
    let (team, _) = managed_team(&tx, &hackathon, person).await?;
    if exports::delete(&tx, Of::Team(team.key())).await? > 0 {
        let by = (person, "board.disconnect");
        record(&tx, context, (&hackathon, &team), by).await?;
    }
    Ok(tx.commit().await?)
}

/// Requests an export of the board of the team of a person, and wakes the worker. Returns the connection.
///
/// # Errors
/// When the person has no team or does not lead it, the board is not connected, or the hackathon is over.
pub async fn export_board(
    context: &Context,
    person: UserId,
    slug: &str,
) -> Result<ExportView, ActionError> {
    let mut tx = context.begin().await?;
    let (hackathon, team) = led_by(&tx, context, slug, person).await?;
    let export = connection_of(&tx, &team).await?;
    exports::request(&tx, export.id, context.now()).await?;
    record(&tx, context, (&hackathon, &team), (person, "board.export")).await?;
    tx.raise(BOARD_EXPORTS);
    let requested = connection_of(&tx, &team).await?;
    tx.commit().await?;
    Ok(requested)
}

/// Finds the team that a person leads alone or with others, and locks the row of the hackathon, which can change.
async fn led_by(
    tx: &Tx,
    context: &Context,
    slug: &str,
    person: UserId,
) -> Result<(HackathonView, TeamView), ActionError> {
    let (hackathon, _) = participant(tx, context, slug, person).await?;
    let (team, _) = managed_team(tx, &hackathon, person).await?;
    Ok((hackathon, team))
}

async fn connection_of(tx: &Tx, team: &TeamView) -> Result<ExportView, ActionError> {
    let found = reads::board_export(tx, team.key()).await?;
    Ok(found.ok_or_else(|| {
        let detail = "The board of your team is not connected. Connect it with a board at Trello.";
        Problem::new(ProblemKind::Conflict, "BOARD_NOT_CONNECTED", detail)
    })?)
}

async fn record(
    tx: &Tx,
    context: &Context,
    (hackathon, team): (&HackathonView, &TeamView),
    (person, action): (UserId, &'static str),
) -> Result<(), ActionError> {
    let act = (Actor::Person(person.0), action);
    let after = json!({ "team": team.id });
    audit::record(tx, context, act_on(hackathon, act, Some(after))).await?;
    Ok(())
}
