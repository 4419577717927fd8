//! The tables of coaches, rosters, competitors and teams.

use platform::db::{
    Migration,
    schema::{
        append_only, at, flag, folded_column, index, int, never_replaced, optional, references,
        run, table, text, unique, uuid,
    },
};
use sea_orm_migration::{
    SchemaManager,
    prelude::{Table, TableCreateStatement},
    sea_orm::DbErr,
};

platform::migration!(CreateRosters, "2027_01_05_000010_create_rosters", additive, create_rosters);

platform::migration!(
    /// Adds the names of competitors in the form in which they are searched.
    FoldCompetitors,
    "2027_04_24_000003_fold_names_of_competitors",
    additive,
    fold_competitors
);

platform::migration!(
    /// Adds who answers for the account of a competitor that was connected through a link.
    AnswerForAccounts,
    "2027_04_30_000001_answer_for_accounts",
    additive,
    answer_for_accounts
);

platform::migration!(
    /// Adds the name that a parent typed with their consent.
    NameConsents,
    "2027_05_04_000008_name_consents",
    additive,
    name_consents
);

platform::migration!(
    /// Adds the digests of the tokens in emails, which their makers do not know.
    MailLinks,
    "2027_06_12_000002_mail_links",
    additive,
    mail_links
);

async fn mail_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut links = Table::alter();
    links.table("ctf_links").add_column(optional(&text("mailed_digest")));
    manager.alter_table(links).await?;
    manager.create_index(unique("ctf_links", &["mailed_digest"])).await
}

async fn name_consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut competitors = Table::alter();
    competitors.table("competitors").add_column(optional(&text("consent_name")));
    manager.alter_table(competitors).await
}

async fn answer_for_accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [uuid("connected_by_id"), at("connected_at")] {
        let mut competitors = Table::alter();
        competitors.table("competitors").add_column(optional(&column));
        manager.alter_table(competitors).await?;
    }
    manager.create_index(index("competitors", &["connected_by_id"])).await
}

/// Returns the first migrations of rosters, in order.
pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateRosters)]
}

/// Returns the migrations that follow all others, in order.
pub(super) fn later_migrations() -> [Box<dyn Migration>; 4] {
    [
        Box::new(FoldCompetitors),
        Box::new(AnswerForAccounts),
        Box::new(NameConsents),
        Box::new(MailLinks),
    ]
}

async fn fold_competitors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    folded_column(manager, "competitors", "name_folded", "first_name || ' ' || last_name").await
}

async fn create_rosters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    coaches(manager).await?;
    rosters(manager).await?;
    competitors(manager).await?;
    consents(manager).await?;
    links(manager).await?;
    teams(manager).await
}

/// Adds the columns of an account on the game platform. Operators may clear `game_platform_id`; `account_id` stays, so that the
/// deletion of the account can still be asked for.
fn account_columns(table: &mut TableCreateStatement) {
    table
        .col(optional(&text("game_platform_id")))
        .col(optional(&text("account_id")))
        .col(optional(&at("game_platform_synced_at")))
        .col(optional(&text("game_platform_sync_error")))
        .col(optional(&int("metactf_user_id")))
        .col(optional(&text("metactf_username")))
        .col(optional(&text("metactf_user_status")))
        .col(optional(&at("last_login_at")));
}

async fn coaches(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut coaches = table("coaches");
    coaches
        .col(at("updated_at"))
        .col(uuid("user_id"))
        .col(text("school"))
        .col(text("division"))
        .col(text("region"))
        .col(flag("approved"))
        .col(text("milestone_notices").default("each"))
        .col(optional(&at("last_seen_at")))
        .col(optional(&int("rating")))
        .col(optional(&at("rated_at")))
        .col(optional(&at("erased_at")));
    account_columns(&mut coaches);
    references(&mut coaches, "user_id", "users");
    manager.create_table(coaches).await?;
    for column in ["user_id", "game_platform_id"] {
        manager.create_index(unique("coaches", &[column])).await?;
    }
    Ok(())
}

async fn rosters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut rosters = table("rosters");
    rosters
        .col(at("updated_at"))
        .col(text("name"))
        .col(text("school"))
        .col(text("school_year"))
        .col(text("timezone"))
        .col(optional(&at("archived_at")))
        .col(optional(&at("refreshed_at")))
        .col(optional(&text("week_sent")));
    manager.create_table(rosters).await?;

    let mut shared = table("roster_coaches");
    shared.col(uuid("roster_id")).col(uuid("coach_id")).col(text("role"));
    references(&mut shared, "roster_id", "rosters");
    references(&mut shared, "coach_id", "coaches");
    manager.create_table(shared).await?;
    manager.create_index(unique("roster_coaches", &["roster_id", "coach_id"])).await?;
    manager.create_index(index("roster_coaches", &["coach_id"])).await
}

async fn competitors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut competitors = table("competitors");
    competitors
        .col(at("updated_at"))
        .col(uuid("roster_id"))
        .col(optional(&uuid("user_id")))
        .col(text("first_name"))
        .col(text("last_name"))
        .col(optional(&text("email_personal")))
        .col(optional(&text("email_school")))
        .col(optional(&flag("is_18_or_over")))
        .col(optional(&int("grade")))
        .col(optional(&int("years_competing")))
        .col(optional(&text("parent_name")))
        .col(optional(&text("parent_email")))
        .col(optional(&int("consent_version")))
        .col(optional(&at("consented_at")))
        .col(flag("release_signed"))
        .col(optional(&text("release_signed_on")))
        .col(optional(&text("release_stated_by")))
        .col(optional(&at("release_withdrawn_at")))
        .col(flag("wants_weekly_mail"))
        .col(optional(&at("reminded_at")))
        .col(optional(&at("password_reset_at")))
        .col(optional(&at("confirmed_at")))
        .col(text("status"))
        .col(optional(&at("left_at")))
        .col(optional(&at("erased_at")));
    account_columns(&mut competitors);
    references(&mut competitors, "roster_id", "rosters");
    references(&mut competitors, "user_id", "users");
    manager.create_table(competitors).await?;
    for column in ["user_id", "game_platform_id"] {
        manager.create_index(unique("competitors", &[column])).await?;
    }
    manager.create_index(index("competitors", &["roster_id"])).await
}

async fn consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut consents = table("ctf_consents");
    consents.col(int("version")).col(text("text"));
    manager.create_table(consents).await?;
    manager.create_index(unique("ctf_consents", &["version"])).await?;
    append_only(manager, "ctf_consents").await?;
    never_replaced(manager, "ctf_consents", &[&["id"], &["version"]]).await
}

async fn links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut links = table("ctf_links");
    links
        .col(text("kind"))
        .col(text("digest"))
        .col(optional(&uuid("roster_id")))
        .col(optional(&uuid("competitor_id")))
        .col(optional(&text("role")))
        .col(optional(&text("email")))
        .col(at("expires_at"))
        .col(optional(&at("used_at")))
        .col(optional(&at("revoked_at")))
        .col(optional(&uuid("created_by_id")));
    references(&mut links, "roster_id", "rosters");
    references(&mut links, "competitor_id", "competitors");
    references(&mut links, "created_by_id", "users");
    manager.create_table(links).await?;
    manager.create_index(unique("ctf_links", &["digest"])).await?;
    for column in ["roster_id", "competitor_id"] {
        manager.create_index(index("ctf_links", &[column])).await?;
    }
    Ok(())
}

async fn teams(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut teams = table("ctf_teams");
    teams
        .col(at("updated_at"))
        .col(uuid("roster_id"))
        .col(text("name"))
        .col(text("division"))
        .col(text("affiliation"))
        .col(text("status"))
        .col(optional(&text("game_platform_id")))
        .col(optional(&at("game_platform_synced_at")))
        .col(optional(&text("game_platform_sync_error")));
    references(&mut teams, "roster_id", "rosters");
    manager.create_table(teams).await?;
    manager.create_index(unique("ctf_teams", &["roster_id", "name"])).await?;
    manager.create_index(unique("ctf_teams", &["game_platform_id"])).await?;

    let mut members = table("ctf_team_members");
    members
        .col(uuid("team_id"))
        .col(uuid("competitor_id"))
        .col(optional(&at("assigned_at")))
        .col(optional(&at("left_at")));
    references(&mut members, "team_id", "ctf_teams");
    references(&mut members, "competitor_id", "competitors");
    manager.create_table(members).await?;
    manager.create_index(index("ctf_team_members", &["team_id"])).await?;
    let sql = "CREATE UNIQUE INDEX ctf_team_members_present ON ctf_team_members (competitor_id) \
               WHERE left_at IS NULL";
    run(manager, sql).await?;
    manager.create_index(index("ctf_team_members", &["competitor_id"])).await
}
