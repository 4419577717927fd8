//! The audited actions about teams and the sync, with a person, for the tests of all modules.

use ctf::{
    actions::{
        add_team_member, clear_sync_error, create_team, delete_team, edit_team, refresh_roster,
        remove_team_member, request_competitor_sync, request_sync, retry_roster,
        send_password_reset, sync_team,
    },
    model::RosterId,
    rules::{
        runs::{Scope, Trigger},
        teams::TeamInput,
    },
};

use super::platform::switched_on;
use crate::app::TestApp;

/// Performs the actions on a roster of the person.
pub(super) async fn act(app: &TestApp, login: &str, roster: RosterId) {
    let actor = app.actor(login).await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    app.on_platform(ada, (0, 0)).await;
    let (context, platforms, _fake) = switched_on(app, &ada.to_string()).await;
    let input = TeamInput {
        name: "Null Owls".to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    };
    let team = create_team(&context, actor, roster, &input).await;
    let team = team.expect("created");
    edit_team(&context, actor, team, &input)
        .await
        .expect("edited");
    add_team_member(&context, actor, team, ada)
        .await
        .expect("added");
    sync_team(&context, &platforms, actor, team)
        .await
        .expect("sent");
    remove_team_member(&context, actor, team, ada)
        .await
        .expect("removed");
    delete_team(&context, &platforms, actor, team)
        .await
        .expect("deleted");
    send_password_reset(&context, &platforms, actor, ada)
        .await
        .expect("sent");
    app.change("UPDATE competitors SET game_platform_sync_error = 'It failed.'")
        .await
        .expect("changed");
    retry_roster(&context, actor, roster)
        .await
        .expect("requested");
    clear_sync_error(&context, actor, ada)
        .await
        .expect("cleared");
    refresh_roster(&context, actor, roster)
        .await
        .expect("requested");
    request_competitor_sync(&context, actor, ada)
        .await
        .expect("requested");
    request_sync(&context, Some(actor), Trigger::Admin, Scope::All)
        .await
        .expect("requested");
}
