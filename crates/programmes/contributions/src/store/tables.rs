use super::{dispute_tables, fair_play_tables};
use platform::db::{
    Migration,
    schema::{
        append_only, at, drop_references, flag, folded_column, index, int, is_postgres,
        keyed_table, never_replaced, optional, queue_columns, queue_index, references, run, table,
        text, unique, uuid,
    },
};
use sea_orm_migration::{
    SchemaManager,
    prelude::{ColumnDef, Table},
    sea_orm::DbErr,
};

use super::review_tables;

platform::migration!(CreateProjects, "2026_11_01_000040_create_projects", additive, projects);
platform::migration!(
    CreateContributions,
    "2026_11_01_000041_create_contributions",
    additive,
    contributions
);
platform::migration!(
    IndexContributions,
    "2026_11_20_000042_index_contributions",
    additive,
    by_project
);

platform::migration!(
    IndexOpen,
    "2026_11_26_000331_index_open_contributions",
    additive,
    open_by_project
);

platform::migration!(
    NeverReplaceRules,
    "2026_11_21_000042_never_replace_rules",
    replaces,
    never_replace
);

platform::migration!(
    /// Drops the foreign keys, which a settlement checked twice for each pull request. `ledger verify` checks them.
    FreeContributions,
    "2026_11_27_000042_free_contributions",
    replaces,
    free
);

platform::migration!(
    /// Keys contributions by their pull request, without an ID of their own, and drops the time from which openings were
    /// counted: a settlement writes a tree and two columns less for each pull request.
    KeyContributions,
    "2026_11_28_000041_key_contributions",
    replaces,
    key_by_pull_request
);

platform::migration!(
    /// Adds the kinds of repositories that a project allows.
    AllowRepositories,
    "2026_12_02_000003_allow_repositories",
    additive,
    allow_repositories
);

platform::migration!(
    /// Adds the indexes that the analytics of a project read instead of its pull requests.
    IndexAnalytics,
    "2026_12_12_000001_index_analytics",
    additive,
    index_analytics
);

platform::migration!(
    /// Lets a project have at most one owner. `projects.owner_id` is not used: the owner is one of the maintainers.
    OneOwner,
    "2026_12_23_000041_one_owner_of_a_project",
    replaces,
    one_owner
);

platform::migration!(
    /// Adds the names of projects in the form in which they are searched.
    FoldProjects,
    "2027_04_24_000002_fold_names_of_projects",
    additive,
    fold_projects
);

platform::migration!(
    /// Adds the season whose organizers published a version of the rules of a project.
    AddSeasonsOfRules,
    "2027_04_23_000003_add_seasons_of_rules",
    additive,
    add_seasons_of_rules
);

platform::migration!(
    /// Adds the pictures of projects and what they show.
    AddPictures,
    "2027_06_10_000001_add_pictures_of_projects",
    additive,
    add_pictures
);

platform::migration!(
    /// Adds the state of inactive repositories, whose new pull requests earn no points.
    AddInactiveRepositories,
    "2027_06_20_000002_add_inactive_repositories",
    additive,
    add_inactive_repositories
);

platform::migration!(
    /// Creates the queue of abandoned pull requests to close on GitHub, and adds whether a project has them closed.
    CloseAbandoned,
    "2027_06_20_000003_close_abandoned",
    additive,
    close_abandoned
);

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    let mut migrations: Vec<Box<dyn Migration>> = vec![
        Box::new(CreateProjects),
        Box::new(CreateContributions),
        Box::new(IndexContributions),
        Box::new(NeverReplaceRules),
        Box::new(IndexOpen),
        Box::new(FreeContributions),
        Box::new(KeyContributions),
        Box::new(AllowRepositories),
    ];
    migrations.extend(review_tables::migrations());
    migrations.extend(super::season_tables::migrations());
    migrations.extend(fair_play_tables::migrations());
    migrations.extend(dispute_tables::migrations());
    migrations.push(Box::new(IndexAnalytics));
    migrations.extend(super::report_tables::migrations());
    migrations.push(Box::new(OneOwner));
    migrations.push(Box::new(FoldProjects));
    migrations.push(Box::new(AddSeasonsOfRules));
    migrations.push(Box::new(AddPictures));
    migrations.push(Box::new(AddInactiveRepositories));
    migrations.push(Box::new(CloseAbandoned));
    migrations
}

async fn fold_projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    folded_column(manager, "projects", "name_folded", "name").await
}

async fn add_seasons_of_rules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut rules = Table::alter();
    rules.table("project_rules").add_column(optional(&uuid("season_id")));
    manager.alter_table(rules).await
}

async fn add_pictures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["picture", "picture_text"] {
        let mut projects = Table::alter();
        projects.table("projects").add_column(optional(&text(column)));
        manager.alter_table(projects).await?;
    }
    Ok(())
}

async fn add_inactive_repositories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [text("inactive_state"), at("inactive_since")] {
        let mut repositories = Table::alter();
        repositories.table("project_repositories").add_column(optional(&column));
        manager.alter_table(repositories).await?;
    }
    Ok(())
}

async fn close_abandoned(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut projects = Table::alter();
    projects.table("projects").add_column(flag("closes_abandoned"));
    manager.alter_table(projects).await?;
    let mut closings = table("pull_closings");
    closings
        .col(uuid("pull_request_id"))
        .col(optional(&at("close_began_at")))
        .col(optional(&at("comment_began_at")));
    queue_columns(&mut closings);
    references(&mut closings, "pull_request_id", "pull_requests");
    manager.create_table(closings).await?;
    manager.create_index(unique("pull_closings", &["pull_request_id"])).await?;
    queue_index(manager, "pull_closings").await
}

async fn one_owner(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let owner = "CREATE UNIQUE INDEX project_maintainers_owner \
                 ON project_maintainers (project_id) WHERE role = 'owner'";
    run(manager, owner).await
}

async fn index_analytics(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // All that is counted of pull requests that ended, which are written to it once.
    let ended = "CREATE INDEX contributions_ended ON contributions \
                 (project_id, closed_at, author_id, state, opened_at, reviewed_at, repository_id, \
                 score, pull_request_id) WHERE state IN ('MERGED', 'CLOSED')";
    run(manager, ended).await?;
    let rated = "CREATE INDEX pr_reviews_rated ON pr_reviews \
                 (pull_request_id, reviewer_id, created_at, id, rating) WHERE rating IS NOT NULL";
    run(manager, rated).await
}

async fn allow_repositories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["allows_forks", "allows_private"] {
        let mut projects = Table::alter();
        projects.table("projects").add_column(flag(column));
        manager.alter_table(projects).await?;
    }
    Ok(())
}

async fn free(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    drop_references(manager, "contributions").await
}

async fn never_replace(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    never_replaced(manager, "project_rules", &[&["id"], &["project_id", "version"]]).await
}

async fn projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut projects = table("projects");
    projects
        .col(at("updated_at"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("description"))
        .col(text("tags"))
        .col(optional(&text("difficulty")))
        .col(optional(&uuid("owner_id")))
        .col(optional(&at("archived_at")));
    references(&mut projects, "owner_id", "users");
    manager.create_table(projects).await?;
    manager.create_index(unique("projects", &["slug"])).await?;

    let mut rules = table("project_rules");
    rules
        .col(uuid("project_id"))
        .col(int("version"))
        .col(text("document"))
        .col(at("published_at"))
        .col(optional(&uuid("published_by_id")));
    references(&mut rules, "project_id", "projects");
    references(&mut rules, "published_by_id", "users");
    manager.create_table(rules).await?;
    manager.create_index(unique("project_rules", &["project_id", "version"])).await?;
    append_only(manager, "project_rules").await?;

    let mut maintainers = table("project_maintainers");
    maintainers
        .col(at("updated_at"))
        .col(uuid("project_id"))
        .col(uuid("user_id"))
        .col(text("role"));
    references(&mut maintainers, "project_id", "projects");
    references(&mut maintainers, "user_id", "users");
    manager.create_table(maintainers).await?;
    manager.create_index(unique("project_maintainers", &["project_id", "user_id"])).await?;

    let mut repositories = table("project_repositories");
    repositories.col(uuid("project_id")).col(uuid("repository_id"));
    references(&mut repositories, "project_id", "projects");
    references(&mut repositories, "repository_id", "repositories");
    manager.create_table(repositories).await?;
    manager.create_index(unique("project_repositories", &["repository_id"])).await?;
    manager.create_index(index("project_repositories", &["project_id"])).await
}

async fn contributions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut contributions = table("contributions");
    contributions
        .col(at("updated_at"))
        .col(uuid("pull_request_id"))
        .col(uuid("project_id"))
        .col(uuid("repository_id"))
        .col(int("github_id"))
        .col(optional(&uuid("author_id")))
        .col(optional(&uuid("author_identity_id")))
        .col(text("state"))
        .col(at("opened_at"))
        // 24 hours before the opening, from when openings are counted.
        .col(at("day_before_at"))
        // When the opening is earned: when it was opened, or when a draft became ready.
        .col(at("opening_at"))
        .col(optional(&at("reviewed_at")))
        .col(optional(&at("approved_at")))
        .col(optional(&at("merged_at")))
        .col(optional(&at("closed_at")))
        .col(int("rules_version"))
        .col(text("facts"))
        .col(int("opening_points").default(0))
        .col(int("merge_points").default(0))
        .col(int("score").default(0))
        .col(int("opening_pending").default(0))
        .col(int("merge_pending").default(0))
        .col(optional(&at("opening_matures_at")))
        .col(optional(&at("merge_matures_at")))
        .col(optional(&text("opening_explanation")))
        .col(optional(&text("merge_explanation")));
    references(&mut contributions, "pull_request_id", "pull_requests");
    references(&mut contributions, "project_id", "projects");
    references(&mut contributions, "repository_id", "repositories");
    references(&mut contributions, "author_id", "users");
    references(&mut contributions, "author_identity_id", "user_identities");
    manager.create_table(contributions).await?;
    manager.create_index(unique("contributions", &["pull_request_id"])).await?;
    // A single index lists a person's pull requests, counts their openings and finds their months,
    // because each additional index by person costs about a page per pull request.
    let place =
        ["author_id", "opened_at", "id", "repository_id", "github_id", "opening_at", "merged_at"];
    manager.create_index(index("contributions", &place)).await?;
    matures_index(manager).await?;
    if is_postgres(manager) {
        // Settlement writes a row and then its points: free space on the page keeps the second write
        // off the indexes.
        run(manager, "ALTER TABLE contributions SET (fillfactor = 50)").await?;
    }
    Ok(())
}

/// Adds the indexes for pull requests with points that mature, which are few.
async fn matures_index(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for part in ["opening", "merge"] {
        let column = format!("{part}_matures_at");
        let sql = format!(
            "CREATE INDEX contributions_{column} ON contributions ({column}) WHERE {column} IS NOT NULL"
        );
        run(manager, &sql).await?;
    }
    Ok(())
}

/// Adds an index for the open pull requests on a project's page, which are few among those of years.
async fn open_by_project(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let open = "CREATE INDEX contributions_open ON contributions (project_id, opened_at, id) \
                WHERE state NOT IN ('MERGED', 'CLOSED')";
    run(manager, open).await
}

/// Adds an index for the latest pull requests on a project's page.
async fn by_project(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let latest = ["project_id", "opened_at", "id"];
    manager.create_index(index("contributions", &latest)).await
}

async fn key_by_pull_request(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        at("created_at"),
        at("updated_at"),
        uuid("project_id"),
        uuid("repository_id"),
        int("github_id"),
        optional(&uuid("author_id")),
        optional(&uuid("author_identity_id")),
        text("state"),
        at("opened_at"),
        // When the opening is earned: when it was opened, or when a draft became ready.
        at("opening_at"),
        optional(&at("reviewed_at")),
        optional(&at("approved_at")),
        optional(&at("merged_at")),
        optional(&at("closed_at")),
        int("rules_version"),
        text("facts"),
        int("opening_points").default(0).take(),
        int("merge_points").default(0).take(),
        int("score").default(0).take(),
        int("opening_pending").default(0).take(),
        int("merge_pending").default(0).take(),
        optional(&at("opening_matures_at")),
        optional(&at("merge_matures_at")),
        optional(&text("opening_explanation")),
        optional(&text("merge_explanation")),
    ];
    let names = columns.iter().map(ColumnDef::get_column_name);
    let names = names.collect::<Vec<_>>().join(", ");
    let mut keyed = keyed_table("keyed_contributions");
    keyed.col(uuid("pull_request_id").primary_key());
    for mut column in columns {
        keyed.col(&mut column);
    }
    manager.create_table(keyed).await?;
    let copied = format!(
        "INSERT INTO keyed_contributions (pull_request_id, {names}) \
         SELECT pull_request_id, {names} FROM contributions ORDER BY pull_request_id"
    );
    run(manager, &copied).await?;
    run(manager, "DROP TABLE contributions").await?;
    let renamed = "ALTER TABLE keyed_contributions RENAME TO contributions";
    run(manager, renamed).await?;
    if is_postgres(manager) {
        let key = "ALTER INDEX keyed_contributions_pkey RENAME TO contributions_pkey";
        run(manager, key).await?;
        // A pull request changes a few times: free space on each page keeps these writes off the indexes.
        run(manager, "ALTER TABLE contributions SET (fillfactor = 85)").await?;
    }
    // A single index lists a person's pull requests, counts their openings and finds their months.
    let place = [
        "author_id",
        "opened_at",
        "pull_request_id",
        "repository_id",
        "github_id",
        "opening_at",
        "merged_at",
    ];
    manager.create_index(index("contributions", &place)).await?;
    let latest = ["project_id", "opened_at", "pull_request_id"];
    manager.create_index(index("contributions", &latest)).await?;
    let open = "CREATE INDEX contributions_open ON contributions (project_id, opened_at, pull_request_id) \
                WHERE state NOT IN ('MERGED', 'CLOSED')";
    run(manager, open).await?;
    matures_index(manager).await?;
    if is_postgres(manager) {
        // A new table has no statistics until it is vacuumed.
        run(manager, "ANALYZE contributions").await?;
    }
    Ok(())
}
