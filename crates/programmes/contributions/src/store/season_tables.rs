//! The tables of seasons.

use platform::db::{
    Migration,
    schema::{
        append_only, at, flag, index, int, keyed_table, never_replaced, optional, references,
        table, text, unique, uuid,
    },
};
use sea_orm_migration::{
    SchemaManager,
    prelude::{Index, Table},
    sea_orm::DbErr,
};

platform::migration!(CreateSeasons, "2026_11_30_000002_create_seasons", additive, create_seasons);

platform::migration!(
    /// Adds the last day of the season that a person was last notified of, so that each is notified once of each.
    NoteEnds,
    "2026_12_25_000041_note_ends_of_seasons",
    additive,
    note_ends
);

platform::migration!(
    /// Creates the reasons for which organizers signed seasons off although something was not decided.
    CreateSignOffReasons,
    "2027_04_23_000002_create_sign_off_reasons",
    additive,
    sign_off_reasons
);

/// Returns the migrations of seasons, in order.
pub(super) fn migrations() -> [Box<dyn Migration>; 3] {
    [Box::new(CreateSeasons), Box::new(NoteEnds), Box::new(CreateSignOffReasons)]
}

async fn sign_off_reasons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reasons = table("sign_off_reasons");
    reasons
        .col(uuid("season_id"))
        .col(text("blocker"))
        .col(int("count"))
        .col(text("reason"))
        .col(optional(&uuid("decided_by_id")));
    references(&mut reasons, "season_id", "seasons");
    references(&mut reasons, "decided_by_id", "users");
    manager.create_table(reasons).await?;
    manager.create_index(unique("sign_off_reasons", &["season_id", "blocker"])).await?;
    manager.create_index(index("sign_off_reasons", &["decided_by_id"])).await
}

async fn note_ends(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for people in ["season_participants", "season_organizers"] {
        let mut altered = Table::alter();
        altered.table(people).add_column(optional(&text("end_noted_day")));
        manager.alter_table(altered).await?;
    }
    Ok(())
}

async fn create_seasons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    seasons(manager).await?;
    people(manager).await?;
    results(manager).await
}

async fn seasons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut seasons = table("seasons");
    seasons
        .col(at("updated_at"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("description"))
        .col(text("first_day"))
        .col(text("last_day"))
        .col(text("registration_first_day"))
        .col(text("registration_last_day"))
        .col(int("consent_version"))
        .col(int("goal"))
        .col(text("rules"))
        .col(flag("is_registered_only"))
        .col(optional(&at("published_at")))
        .col(optional(&at("canceled_at")))
        .col(optional(&at("signed_off_at")));
    manager.create_table(seasons).await?;
    manager.create_index(unique("seasons", &["slug"])).await?;

    let mut consents = table("season_consents");
    consents.col(uuid("season_id")).col(int("version")).col(text("text"));
    references(&mut consents, "season_id", "seasons");
    manager.create_table(consents).await?;
    let version = ["season_id", "version"];
    manager.create_index(unique("season_consents", &version)).await?;
    append_only(manager, "season_consents").await?;
    never_replaced(manager, "season_consents", &[&["id"], &version]).await?;

    let mut projects = table("season_projects");
    projects.col(uuid("season_id")).col(uuid("project_id"));
    references(&mut projects, "season_id", "seasons");
    references(&mut projects, "project_id", "projects");
    manager.create_table(projects).await?;
    manager.create_index(unique("season_projects", &["season_id", "project_id"])).await?;
    manager.create_index(index("season_projects", &["project_id"])).await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut organizers = table("season_organizers");
    organizers.col(uuid("season_id")).col(uuid("user_id"));
    references(&mut organizers, "season_id", "seasons");
    references(&mut organizers, "user_id", "users");
    manager.create_table(organizers).await?;
    manager.create_index(unique("season_organizers", &["season_id", "user_id"])).await?;

    let mut participants = table("season_participants");
    participants
        .col(at("updated_at"))
        .col(uuid("season_id"))
        .col(uuid("user_id"))
        .col(text("timezone"))
        .col(int("consent_version"))
        .col(flag("shares_email"))
        .col(optional(&at("withdrawn_at")));
    references(&mut participants, "season_id", "seasons");
    references(&mut participants, "user_id", "users");
    manager.create_table(participants).await?;
    manager.create_index(unique("season_participants", &["season_id", "user_id"])).await?;
    manager.create_index(index("season_participants", &["user_id"])).await?;

    let mut sanctions = table("sanctions");
    sanctions
        .col(uuid("season_id"))
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(text("reason"))
        .col(optional(&uuid("decided_by_id")))
        .col(optional(&at("lifted_at")))
        .col(optional(&text("lift_reason")));
    references(&mut sanctions, "season_id", "seasons");
    references(&mut sanctions, "user_id", "users");
    references(&mut sanctions, "decided_by_id", "users");
    manager.create_table(sanctions).await?;
    manager.create_index(index("sanctions", &["season_id", "user_id"])).await?;
    manager.create_index(index("sanctions", &["user_id"])).await
}

async fn results(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut results = keyed_table("season_results");
    results
        .col(uuid("season_id"))
        .col(uuid("user_id"))
        .col(int("place"))
        .col(int("rank"))
        .col(int("points"))
        .col(int("merged"))
        .col(flag("has_reached_goal"))
        .primary_key(Index::create().col("season_id").col("place"));
    references(&mut results, "season_id", "seasons");
    references(&mut results, "user_id", "users");
    manager.create_table(results).await?;
    manager.create_index(unique("season_results", &["season_id", "user_id"])).await?;
    append_only(manager, "season_results").await?;
    let keys: [&[&str]; 2] = [&["season_id", "place"], &["season_id", "user_id"]];
    never_replaced(manager, "season_results", &keys).await
}
