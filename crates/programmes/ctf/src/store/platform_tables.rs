//! The tables of what the game platform reports, and of the sync.

use platform::db::{
    Migration,
    schema::{
        at, flag, index, int, keyed_table, optional, queue_columns, queue_index, references, run,
        table, text, unique, uuid,
    },
};
use sea_orm_migration::{
    SchemaManager,
    prelude::{ColumnDef, Table},
    sea_orm::DbErr,
};

platform::migration!(
    CreateGamePlatform,
    "2027_01_05_000011_create_game_platform",
    additive,
    create
);

platform::migration!(
    CountStoredRows,
    "2027_04_25_000006_count_stored_rows_of_game_platform",
    additive,
    count_stored_rows
);

/// Returns the migrations of the game platform's tables, in order.
pub(super) fn migrations() -> [Box<dyn Migration>; 2] {
    [Box::new(CreateGamePlatform), Box::new(CountStoredRows)]
}

/// Adds the number of solves and results in events that were stored after the last sync, by which deleted ones are noticed, and
/// when the solves of a month were counted, which is more often than the platform's totals are stored.
async fn count_stored_rows(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut state = Table::alter();
    state.table("game_platform_sync_state").add_column(optional(&int("stored_rows")));
    manager.alter_table(state).await?;
    let mut stats = Table::alter();
    stats.table("game_platform_stats").add_column(optional(&at("counted_at")));
    manager.alter_table(stats).await?;
    run(manager, "UPDATE game_platform_stats SET counted_at = synced_at").await?;
    let sql = "UPDATE game_platform_sync_state SET stored_rows = \
               (SELECT count(*) FROM game_platform_challenge_solves v \
               WHERE v.syned_user_id = game_platform_sync_state.syned_user_id) + \
               (SELECT count(*) FROM game_platform_flash_ctf_events e \
               WHERE e.syned_user_id = game_platform_sync_state.syned_user_id)";
    run(manager, sql).await
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    stats(manager).await?;
    solves(manager).await?;
    events(manager).await?;
    state(manager).await?;
    runs(manager).await?;
    erasures(manager).await?;
    milestones(manager).await?;
    division_figures(manager).await?;
    reconciliations(manager).await?;
    differences(manager).await?;
    discrepancies(manager).await?;
    support_tickets(manager).await
}

/// Creates the reports that a number is wrong, with both sums at that time. A competitor has at most one that is open.
async fn discrepancies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut discrepancies = table("ctf_discrepancies");
    discrepancies
        .col(uuid("competitor_id"))
        .col(text("reporter"))
        .col(int("solves_here"))
        .col(int("points_here"))
        .col(optional(&int("solves_there")))
        .col(optional(&int("points_there")))
        .col(optional(&at("resolved_at")))
        .col(optional(&uuid("resolved_by_id")));
    references(&mut discrepancies, "competitor_id", "competitors");
    references(&mut discrepancies, "resolved_by_id", "users");
    manager.create_table(discrepancies).await?;
    manager.create_index(index("ctf_discrepancies", &["competitor_id", "created_at"])).await?;
    let sql = "CREATE UNIQUE INDEX ctf_discrepancies_open ON ctf_discrepancies (competitor_id) \
               WHERE resolved_at IS NULL";
    run(manager, sql).await
}

/// Creates the numbers of support tickets that admins enter, by month.
async fn support_tickets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut tickets = table("ctf_support_tickets");
    tickets.col(at("updated_at")).col(text("month")).col(int("tickets"));
    manager.create_table(tickets).await?;
    manager.create_index(unique("ctf_support_tickets", &["month"])).await
}

/// Creates the comparisons with the platform.
async fn reconciliations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut comparisons = table("game_platform_reconciliations");
    comparisons
        .col(text("trigger"))
        .col(text("scope"))
        .col(optional(&at("started_at")))
        .col(optional(&uuid("position")))
        .col(int("competitors").default(0))
        .col(int("skipped").default(0))
        .col(int("failed").default(0))
        .col(int("differences").default(0))
        .col(int("calls").default(0))
        .col(optional(&text("reason")));
    queue_columns(&mut comparisons);
    manager.create_table(comparisons).await?;
    queue_index(manager, "game_platform_reconciliations").await?;
    manager.create_index(index("game_platform_reconciliations", &["completed_at"])).await?;
    manager.create_index(index("game_platform_reconciliations", &["scope", "id"])).await
}

/// Creates the differences that comparisons found. Teams can be deleted, so that no key refers to them.
async fn differences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut differences = table("game_platform_differences");
    differences
        .col(text("kind"))
        .col(text("subject"))
        .col(optional(&uuid("competitor_id")))
        .col(optional(&uuid("coach_id")))
        .col(optional(&uuid("team_id")))
        .col(optional(&text("platform_id")))
        .col(text("here"))
        .col(text("there"))
        .col(at("first_seen_at"))
        .col(at("last_seen_at"))
        .col(uuid("seen_in"))
        .col(optional(&at("resolved_at")));
    references(&mut differences, "competitor_id", "competitors");
    references(&mut differences, "coach_id", "coaches");
    references(&mut differences, "seen_in", "game_platform_reconciliations");
    manager.create_table(differences).await?;
    manager.create_index(unique("game_platform_differences", &["kind", "subject"])).await?;
    for column in ["competitor_id", "resolved_at"] {
        manager.create_index(index("game_platform_differences", &[column])).await?;
    }
    let sql = "CREATE INDEX game_platform_differences_open ON game_platform_differences \
               (first_seen_at, id) WHERE resolved_at IS NULL";
    run(manager, sql).await
}

async fn stats(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut stats = table("game_platform_stats");
    stats
        .col(uuid("competitor_id"))
        .col(int("challenges_completed"))
        .col(int("monthly_ctf_challenges"))
        .col(int("total_score"))
        .col(optional(&at("last_activity")))
        .col(at("synced_at"))
        .col(int("revision").default(0));
    references(&mut stats, "competitor_id", "competitors");
    manager.create_table(stats).await?;
    manager.create_index(unique("game_platform_stats", &["competitor_id"])).await
}

async fn solves(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut solves = table("game_platform_challenge_solves");
    solves
        .col(uuid("competitor_id"))
        .col(text("syned_user_id"))
        .col(text("challenge_solve_id"))
        .col(text("challenge_id"))
        .col(text("title"))
        .col(text("category"))
        .col(text("domain"))
        .col(int("points"))
        .col(at("solved_at"))
        .col(text("source"))
        .col(optional(&text("event_id")))
        .col(flag("in_both"))
        .col(flag("is_retired"))
        .col(text("nice_work_roles").default("[]"))
        .col(text("raw"))
        .col(optional(&text("previous")))
        .col(optional(&at("corrected_at")))
        .col(optional(&at("vanished_at")));
    references(&mut solves, "competitor_id", "competitors");
    manager.create_table(solves).await?;
    manager
        .create_index(unique(
            "game_platform_challenge_solves",
            &["syned_user_id", "challenge_solve_id"],
        ))
        .await?;
    manager
        .create_index(index("game_platform_challenge_solves", &["competitor_id", "solved_at"]))
        .await?;
    // Covers the figures of a dashboard, which add up the solves of all competitors of a roster by domain: they are read in the
    // order of their groups from the index alone, a fifth of the time that sorting rows of the table takes.
    let sql = "CREATE INDEX game_platform_challenge_solves_figures ON game_platform_challenge_solves \
               (competitor_id, domain, solved_at, points, source, vanished_at)";
    run(manager, sql).await?;
    // Covers the counts of the solves of everyone, and of each Flash CTF, which every run needs. SQLite reads them from the index
    // alone only if it has all columns of the conditions.
    let sql = "CREATE INDEX game_platform_challenge_solves_counts ON game_platform_challenge_solves \
               (syned_user_id, event_id, vanished_at, source, in_both)";
    run(manager, sql).await
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut events = table("game_platform_flash_ctf_events");
    events
        .col(uuid("competitor_id"))
        .col(text("syned_user_id"))
        .col(text("event_id"))
        .col(text("name"))
        .col(int("challenges_solved"))
        .col(int("points_earned"))
        .col(int("max_points_possible"))
        .col(optional(&int("rank")))
        .col(at("started_at"))
        .col(text("raw"))
        .col(optional(&at("vanished_at")));
    references(&mut events, "competitor_id", "competitors");
    manager.create_table(events).await?;
    manager
        .create_index(unique("game_platform_flash_ctf_events", &["syned_user_id", "event_id"]))
        .await?;
    manager.create_index(index("game_platform_flash_ctf_events", &["competitor_id"])).await
}

async fn state(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut state = keyed_table("game_platform_sync_state");
    state
        .col(ColumnDef::new("syned_user_id").text().not_null().primary_key())
        .col(optional(&at("last_odl_synced_at")))
        .col(optional(&at("last_flash_ctf_synced_at")))
        .col(optional(&at("last_remote_accessed_at")))
        .col(optional(&at("last_attempt_at")))
        .col(optional(&text("last_result")))
        .col(optional(&text("error_message")))
        .col(flag("needs_totals_refresh"))
        .col(int("consecutive_failures").default(0))
        .col(optional(&at("totals_refreshed_at")));
    manager.create_table(state).await?;
    manager.create_index(index("game_platform_sync_state", &["last_attempt_at"])).await
}

async fn runs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut runs = table("game_platform_sync_runs");
    runs.col(text("trigger"))
        .col(text("scope"))
        .col(text("state"))
        .col(optional(&at("started_at")))
        .col(optional(&at("finished_at")))
        .col(int("total").default(0))
        .col(int("synced").default(0))
        .col(int("skipped").default(0))
        .col(int("failed").default(0))
        .col(int("teams_total").default(0))
        .col(int("teams_synced").default(0))
        .col(int("teams_skipped").default(0))
        .col(int("teams_failed").default(0))
        .col(int("calls").default(0))
        .col(text("request_keys").default(""))
        .col(optional(&int("call_p50_ms")))
        .col(optional(&int("call_p95_ms")))
        .col(optional(&int("duration_ms")))
        .col(optional(&uuid("requested_by_id")));
    queue_columns(&mut runs);
    references(&mut runs, "requested_by_id", "users");
    manager.create_table(runs).await?;
    queue_index(manager, "game_platform_sync_runs").await?;
    let indexes: [&[&str]; 3] =
        [&["created_at"], &["scope", "created_at"], &["scope", "finished_at", "id"]];
    for columns in indexes {
        manager.create_index(index("game_platform_sync_runs", columns)).await?;
    }
    for sql in [
        // Serves the latest runs, for which SQLite prefers a scan to an index on all rows.
        "CREATE INDEX game_platform_sync_runs_finished ON game_platform_sync_runs (finished_at, id) \
         WHERE state = 'finished'",
        "CREATE INDEX game_platform_sync_runs_switched_off ON game_platform_sync_runs (scope, created_at) \
         WHERE outcome = 'switched_off'",
    ] {
        run(manager, sql).await?;
    }
    let sql = "CREATE UNIQUE INDEX game_platform_sync_runs_running ON game_platform_sync_runs (state) \
               WHERE state = 'running'";
    run(manager, sql).await?;

    let mut failures = table("game_platform_sync_failures");
    failures.col(uuid("run_id")).col(uuid("competitor_id")).col(text("kind")).col(text("message"));
    references(&mut failures, "run_id", "game_platform_sync_runs");
    references(&mut failures, "competitor_id", "competitors");
    manager.create_table(failures).await?;
    manager.create_index(index("game_platform_sync_failures", &["run_id"])).await?;
    manager.create_index(index("game_platform_sync_failures", &["competitor_id"])).await?;
    manager.create_index(index("game_platform_sync_failures", &["created_at"])).await
}

/// Creates what the platform has to delete: the accounts of erased competitors and coaches, and teams that it did not delete when
/// they were deleted here. `syned_user_id` is their ID on the platform.
async fn erasures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut erasures = table("game_platform_erasures");
    erasures
        .col(optional(&uuid("competitor_id")))
        .col(optional(&uuid("coach_id")))
        .col(text("syned_user_id"))
        .col(optional(&uuid("requested_by_id")))
        .col(optional(&at("confirmed_at")))
        .col(optional(&uuid("confirmed_by_id")));
    references(&mut erasures, "competitor_id", "competitors");
    references(&mut erasures, "coach_id", "coaches");
    references(&mut erasures, "requested_by_id", "users");
    references(&mut erasures, "confirmed_by_id", "users");
    manager.create_table(erasures).await?;
    manager.create_index(unique("game_platform_erasures", &["syned_user_id"])).await?;
    manager.create_index(index("game_platform_erasures", &["competitor_id"])).await
}

/// Creates the milestones that competitors reached, each once.
async fn milestones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut milestones = table("ctf_milestones");
    milestones
        .col(uuid("competitor_id"))
        .col(text("code"))
        .col(flag("is_imported"))
        .col(optional(&at("notified_at")));
    references(&mut milestones, "competitor_id", "competitors");
    manager.create_table(milestones).await?;
    manager.create_index(unique("ctf_milestones", &["competitor_id", "code"])).await?;
    let sql = "CREATE INDEX ctf_milestones_open ON ctf_milestones (competitor_id) \
               WHERE notified_at IS NULL";
    run(manager, sql).await
}

/// Creates the distribution of points by division, which comparisons with peers read. It is derived from the solves every hour.
async fn division_figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut figures = table("ctf_division_figures");
    figures
        .col(text("division"))
        .col(int("days"))
        .col(text("domain"))
        .col(int("competitors"))
        .col(int("rosters"))
        .col(text("quantiles"));
    manager.create_table(figures).await?;
    manager.create_index(unique("ctf_division_figures", &["division", "days", "domain"])).await
}
