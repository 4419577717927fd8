//! The audited actions about teams and the sync, with a person, for the tests of all modules.

use ctf::{
    actions::{
        add_team_member, clear_sync_error, create_team, delete_team, edit_team, fix_difference,
        note_differences_read, note_preflight_read, note_run_read, refresh_roster, remind_inactive,
        remove_team_member, report_discrepancy, request_competitor_sync, request_reconciliation,
        request_sync, resolve_discrepancy, retry_roster, send_password_reset, set_support_tickets,
        sync_team,
    },
    model::{CompetitorId, DifferenceId, ReconciliationId, Reporter, RosterId},
    reads,
    rules::{
        compare::CompareScope,
        runs::{RunScope, Trigger},
        teams::TeamInput,
    },
};
use platform::{Context, db::Sql as _};

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
    edit_team(&context, actor, team, &input).await.expect("edited");
    add_team_member(&context, actor, team, ada).await.expect("added");
    sync_team(&context, &platforms, actor, team).await.expect("sent");
    remove_team_member(&context, actor, team, ada).await.expect("removed");
    let deleted = delete_team(&context, &platforms, actor, team).await;
    assert_eq!(deleted.expect("deleted here"), None, "deleted there too");
    send_password_reset(&context, &platforms, actor, ada).await.expect("sent");
    app.change("UPDATE competitors SET game_platform_sync_error = 'It failed.'")
        .await
        .expect("changed");
    retry_roster(&context, actor, roster).await.expect("requested");
    remind_inactive(&context, &app.server.post, actor, roster).await.expect("reminded");
    clear_sync_error(&context, actor, ada).await.expect("cleared");
    refresh_roster(&context, actor, roster).await.expect("requested");
    request_competitor_sync(&context, actor, ada).await.expect("requested");
    let comparison = request_reconciliation(&context, Some(actor), CompareScope::All).await;
    let comparison = comparison.expect("requested");
    note_differences_read(&context, actor, comparison, &[ada.0]).await.expect("noted");
    note_preflight_read(&context, actor, &[ada.0]).await.expect("noted");
    let requested = request_sync(&context, Some(actor), Trigger::Admin, RunScope::All).await;
    let run = requested.expect("requested").run;
    note_run_read(&context, actor, run, &[ada.0]).await.expect("noted");
    report_discrepancy(&context, actor, ada, Reporter::Coach).await.expect("reported");
    let open = reads::open_discrepancy(&context.db, ada).await;
    let open = open.expect("read").expect("a report").id.into();
    resolve_discrepancy(&context, actor, open).await.expect("resolved");
    set_support_tickets(&context, actor, "2026-10", "7").await.expect("entered");
    let difference = differs(&context, comparison, ada).await;
    fix_difference(&context, &platforms, actor, difference).await.expect("fixed");
}

/// Stores that the results of a competitor differ.
async fn differs(
    context: &Context,
    comparison: ReconciliationId,
    competitor: CompetitorId,
) -> DifferenceId {
    let id = DifferenceId::new(context.ids.next());
    let tx = context.begin().await.expect("a transaction");
    let sql = "INSERT INTO game_platform_differences (id, created_at, kind, subject, competitor_id, here, there, \
               first_seen_at, last_seen_at, seen_in) \
               VALUES ($1, $2, 'totals', $3, $4, '1 challenge', '2 challenges', $2, $2, $5)";
    let values = [
        id.into(),
        context.now().into(),
        format!("competitor:{competitor}").into(),
        competitor.into(),
        comparison.into(),
    ];
    tx.run(tx.statement(sql, values)).await.expect("a row");
    tx.commit().await.expect("committed");
    id
}
