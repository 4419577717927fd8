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
    model::{BOARD_EXPORTS, BoardService},
    reads::{self, ExportView, HackathonView, TeamView},
    rules::{
        board_exports::{Connection, ConnectionInput},
        notion, trello,
    },
    store::exports::{self, DeletedExports, NewConnection},
};

/// Connects the board of the team of a person with a board at a service, instead of a former connection with this service. The
/// credentials are encrypted. Returns the connection.
///
/// # Errors
/// When a field is missing or not valid, the person has no team or does not lead it, or the hackathon is over.
pub async fn connect_board(
    context: &Context,
    person: UserId,
    slug: &str,
    service: BoardService,
    input: &ConnectionInput,
) -> Result<ExportView, ActionError> {
    let Connection { credentials, board } = match service {
        BoardService::Trello => trello::connection(input)?,
        BoardService::Notion => notion::connection(input)?,
    };
    let tx = context.begin().await?;
    tx.serialize(exports::CREDENTIALS).await?;
    let (hackathon, team) = led_by(&tx, context, slug, person).await?;
    exports::delete(&tx, DeletedExports::Team(team.key(), service)).await?;
    let sealed = ring(context)?.seal(credentials.as_bytes())?;
    let new = NewConnection {
        hackathon: hackathon.key(),
        team: team.key(),
        connected_by: person,
        service,
        board: &board,
        sealed,
    };
    exports::insert(&tx, context.ids.next(), new, context.now()).await?;
    record(&tx, context, &hackathon, &team, service, person, "board.connect").await?;
    let connected = connection_of(&tx, &team, service).await?;
    tx.commit().await?;
    Ok(connected)
}

/// Deletes the connection of the team of a person with a service and its credentials, also when the hackathon is over. Cards there stay.
/// Repeating it changes nothing.
///
/// # Errors
/// When the person has no team or does not lead it.
pub async fn disconnect_board(
    context: &Context,
    person: UserId,
    slug: &str,
    service: BoardService,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    open_application(&tx, context, &hackathon, person).await?;
    let (team, _) = managed_team(&tx, &hackathon, person).await?;
    if exports::delete(&tx, DeletedExports::Team(team.key(), service)).await? > 0 {
        record(&tx, context, &hackathon, &team, service, person, "board.disconnect").await?;
    }
    Ok(tx.commit().await?)
}

/// Requests an export of the board of the team of a person to a service, and wakes the worker. Returns the connection.
///
/// # Errors
/// When the person has no team or does not lead it, the board is not connected, or the hackathon is over.
pub async fn export_board(
    context: &Context,
    person: UserId,
    slug: &str,
    service: BoardService,
) -> Result<ExportView, ActionError> {
    let mut tx = context.begin().await?;
    let (hackathon, team) = led_by(&tx, context, slug, person).await?;
    let export = connection_of(&tx, &team, service).await?;
    exports::request(&tx, export.id, context.now()).await?;
    record(&tx, context, &hackathon, &team, service, person, "board.export").await?;
    tx.raise(BOARD_EXPORTS);
    let requested = connection_of(&tx, &team, service).await?;
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

async fn connection_of(
    tx: &Tx,
    team: &TeamView,
    service: BoardService,
) -> Result<ExportView, ActionError> {
    let found = reads::board_export(tx, team.key(), service).await?;
    Ok(found.ok_or_else(|| {
        let name = service.heading();
        let detail =
            format!("The board of your team is not connected with {name}. Connect it first.");
        Problem::new(ProblemKind::Conflict, "BOARD_NOT_CONNECTED", detail)
    })?)
}

async fn record(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    team: &TeamView,
    service: BoardService,
    person: UserId,
    action: &'static str,
) -> Result<(), ActionError> {
    let after = json!({ "team": team.id, "service": service.as_str() });
    let act = act_on(hackathon, Actor::Person(person.0), action, Some(after));
    audit::record(tx, context, act).await?;
    Ok(())
}
