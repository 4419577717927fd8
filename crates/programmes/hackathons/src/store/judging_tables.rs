//! The tables of judging.

use platform::db::{
    Migration,
    schema::{at, flag, index, int, optional, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(CreateJudging, "2027_02_20_000001_create_judging", additive, create_judging);

platform::migration!(
    CreateTieDecisions,
    "2027_03_20_000001_create_tie_decisions",
    additive,
    create_tie_decisions
);

platform::migration!(
    CreateJudgingRounds,
    "2027_03_20_000002_create_judging_rounds",
    replaces,
    create_judging_rounds
);

platform::migration!(
    AddJudgeTracks,
    "2027_03_21_000001_add_judge_tracks",
    additive,
    add_judge_tracks
);

pub(super) fn migrations() -> [Box<dyn Migration>; 4] {
    [
        Box::new(CreateJudging),
        Box::new(CreateTieDecisions),
        Box::new(CreateJudgingRounds),
        Box::new(AddJudgeTracks),
    ]
}

async fn add_judge_tracks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table("hackathon_staff").add_column(text("tracks").default(""));
    manager.alter_table(alter).await
}

async fn create_judging(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    settings(manager).await?;
    assignments(manager).await?;
    scores(manager).await?;
    rankings(manager).await?;
    conflicts(manager).await
}

async fn settings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut settings = table("judging_settings");
    settings
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(text("mode"))
        .col(int("looks"))
        .col(int("minutes_per_look"))
        .col(int("minutes"));
    references(&mut settings, "hackathon_id", "hackathons");
    manager.create_table(settings).await?;
    manager.create_index(unique("judging_settings", &["hackathon_id"])).await?;

    let mut criteria = table("judging_criteria");
    criteria
        .col(uuid("hackathon_id"))
        .col(int("position"))
        .col(text("name"))
        .col(text("question"))
        .col(int("min_level"))
        .col(int("max_level"))
        .col(int("weight"))
        .col(text("levels"));
    references(&mut criteria, "hackathon_id", "hackathons");
    manager.create_table(criteria).await?;
    manager.create_index(unique("judging_criteria", &["hackathon_id", "position"])).await
}

async fn assignments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut assignments = table("judging_assignments");
    assignments
        .col(uuid("hackathon_id"))
        .col(uuid("submission_id"))
        .col(uuid("user_id"))
        .col(text("status"))
        .col(at("status_at"));
    references(&mut assignments, "hackathon_id", "hackathons");
    references(&mut assignments, "submission_id", "submissions");
    references(&mut assignments, "user_id", "users");
    manager.create_table(assignments).await?;
    manager.create_index(unique("judging_assignments", &["submission_id", "user_id"])).await?;
    for columns in [&["hackathon_id"][..], &["user_id"]] {
        manager.create_index(index("judging_assignments", columns)).await?;
    }
    let sql = "CREATE UNIQUE INDEX judging_assignments_open ON judging_assignments (hackathon_id, user_id) \
               WHERE status = 'open'";
    run(manager, sql).await
}

async fn scores(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut scores = table("judging_scores");
    scores
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(uuid("assignment_id"))
        .col(text("levels"))
        .col(text("team_note"));
    references(&mut scores, "hackathon_id", "hackathons");
    references(&mut scores, "assignment_id", "judging_assignments");
    manager.create_table(scores).await?;
    manager.create_index(unique("judging_scores", &["assignment_id"])).await?;
    manager.create_index(index("judging_scores", &["hackathon_id"])).await?;

    // Private notes are apart from scores, because they are deleted earlier.
    let mut notes = table("judging_notes");
    notes.col(at("updated_at")).col(uuid("assignment_id")).col(text("note"));
    references(&mut notes, "assignment_id", "judging_assignments");
    manager.create_table(notes).await?;
    manager.create_index(unique("judging_notes", &["assignment_id"])).await
}

async fn rankings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut rankings = table("judging_rankings");
    rankings
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(uuid("user_id"))
        .col(text("places"))
        .col(text("answers"));
    references(&mut rankings, "hackathon_id", "hackathons");
    references(&mut rankings, "user_id", "users");
    manager.create_table(rankings).await?;
    manager.create_index(unique("judging_rankings", &["hackathon_id", "user_id"])).await?;
    manager.create_index(index("judging_rankings", &["user_id"])).await
}

async fn conflicts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut conflicts = table("judging_conflicts");
    conflicts
        .col(uuid("hackathon_id"))
        .col(uuid("submission_id"))
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(text("detail"));
    references(&mut conflicts, "hackathon_id", "hackathons");
    references(&mut conflicts, "submission_id", "submissions");
    references(&mut conflicts, "user_id", "users");
    manager.create_table(conflicts).await?;
    manager.create_index(unique("judging_conflicts", &["submission_id", "user_id"])).await?;
    for column in ["hackathon_id", "user_id"] {
        manager.create_index(index("judging_conflicts", &[column])).await?;
    }
    Ok(())
}

async fn create_tie_decisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut decisions = table("judging_decisions");
    decisions
        .col(uuid("hackathon_id"))
        .col(optional(&uuid("decided_by_id")))
        .col(text("projects"))
        .col(flag("is_settled"))
        .col(text("reason"));
    references(&mut decisions, "hackathon_id", "hackathons");
    references(&mut decisions, "decided_by_id", "users");
    manager.create_table(decisions).await?;
    for column in ["hackathon_id", "decided_by_id"] {
        manager.create_index(index("judging_decisions", &[column])).await?;
    }
    Ok(())
}

/// Gives assignments, orders and decisions a round. Those before this migration belong to the first one.
async fn create_judging_rounds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for table in ["judging_assignments", "judging_rankings", "judging_decisions"] {
        let mut alter = Table::alter();
        alter.table(table).add_column(int("round").default(1));
        manager.alter_table(alter).await?;
    }
    for index in
        ["judging_assignments_submission_id_user_id", "judging_rankings_hackathon_id_user_id"]
    {
        run(manager, &format!("DROP INDEX {index}")).await?;
    }
    for (table, columns) in [
        ("judging_assignments", ["submission_id", "user_id", "round"]),
        ("judging_rankings", ["hackathon_id", "user_id", "round"]),
    ] {
        manager.create_index(unique(table, &columns)).await?;
    }
    let mut rounds = table("judging_rounds");
    rounds
        .col(uuid("hackathon_id"))
        .col(int("number"))
        .col(int("carried"))
        .col(text("forward"))
        .col(optional(&uuid("closed_by_id")));
    references(&mut rounds, "hackathon_id", "hackathons");
    references(&mut rounds, "closed_by_id", "users");
    manager.create_table(rounds).await?;
    manager.create_index(unique("judging_rounds", &["hackathon_id", "number"])).await?;
    manager.create_index(index("judging_rounds", &["closed_by_id"])).await
}
