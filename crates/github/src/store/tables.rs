use platform::db::{
    Migration,
    schema::{
        append_only, at, bytes, flag, folded_column, int, is_postgres, lower_index, never_replaced,
        optional, queue_columns, queue_index, references, run, table, text, unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(CreateInbox, "2026_11_01_000030_create_inbox", additive, inbox);
platform::migration!(CreateFacts, "2026_11_01_000031_create_facts", additive, facts);
platform::migration!(
    EndPreviousSecrets,
    "2026_11_23_000032_end_previous_hook_secrets",
    additive,
    end_previous_secrets
);
platform::migration!(
    /// Makes statements about pull requests append-only.
    KeepVersions,
    "2026_11_25_000323_keep_pull_request_versions",
    replaces,
    keep_versions
);

platform::migration!(
    ReviewsAtClosing,
    "2026_11_25_000072_reviews_at_closing",
    additive,
    reviews_at_closing
);

platform::migration!(
    /// Indexes the people that pull requests and reviews name.
    IndexPeople,
    "2026_11_26_000330_index_people_of_pull_requests",
    additive,
    index_people
);

platform::migration!(
    /// Creates the queue of repositories to read from GitHub's API, and the lists of changed files.
    CreateSyncs,
    "2026_11_28_000331_create_repository_syncs",
    additive,
    syncs
);

platform::migration!(
    /// Adds who registered a repository, and the queue of webhooks to create or delete on GitHub.
    CreateHookTasks,
    "2026_12_02_000002_create_hook_tasks",
    additive,
    hook_tasks
);

platform::migration!(
    /// Creates the queue of people whose role in a repository may have changed.
    CreateMemberChecks,
    "2026_12_02_000004_create_member_checks",
    additive,
    member_checks
);

platform::migration!(
    /// Creates the installations of the GitHub App with their repositories, and adds the installation to deliveries.
    CreateInstallations,
    "2026_12_24_000001_create_installations",
    additive,
    installations
);

platform::migration!(
    /// Adds the titles of pull requests in the form in which they are searched.
    FoldTitles,
    "2027_04_24_000001_fold_titles",
    additive,
    fold_titles
);

platform::migration!(
    /// Adds the events that the webhooks of repositories are known to deliver.
    KnowHookEvents,
    "2027_06_14_000001_know_hook_events",
    additive,
    know_hook_events
);

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    let own: [Box<dyn Migration>; 10] = [
        Box::new(CreateInbox),
        Box::new(CreateFacts),
        Box::new(EndPreviousSecrets),
        Box::new(ReviewsAtClosing),
        Box::new(KeepVersions),
        Box::new(IndexPeople),
        Box::new(CreateSyncs),
        Box::new(CreateHookTasks),
        Box::new(CreateMemberChecks),
        Box::new(CreateInstallations),
    ];
    own.into_iter()
        .chain(super::code_tables::migrations())
        .chain(super::issue_tables::migrations())
        .chain([Box::new(FoldTitles) as Box<dyn Migration>])
        .chain(super::merge_tables::migrations())
        .chain([Box::new(KnowHookEvents) as Box<dyn Migration>])
        .collect()
}

async fn know_hook_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut repositories = Table::alter();
    repositories.table("repositories").add_column(optional(&text("hook_events")));
    manager.alter_table(repositories).await
}

async fn fold_titles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    folded_column(manager, "pull_requests", "title_folded", "title").await
}

async fn index_people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let indexes = [
        ("pull_requests_author", "pull_requests (author_id, id)", "author_id"),
        ("pull_requests_merger", "pull_requests (merged_by_id, id)", "merged_by_id"),
        ("github_reviews_reviewer", "github_reviews (reviewer_id)", "reviewer_id"),
    ];
    for (name, columns, person) in indexes {
        let sql = format!("CREATE INDEX {name} ON {columns} WHERE {person} IS NOT NULL");
        run(manager, &sql).await?;
    }
    Ok(())
}

async fn keep_versions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    append_only(manager, "pull_request_versions").await?;
    let keys: [&[&str]; 2] = [&["id"], &["pull_request_id", "instant", "digest"]];
    never_replaced(manager, "pull_request_versions", &keys).await
}

async fn end_previous_secrets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut ends = Table::alter();
    ends.table("repositories").add_column(optional(&at("previous_hook_secret_ends_at")));
    manager.alter_table(ends).await
}

/// Adds when a review was dismissed, and whether its reviewer is a bot. Of the reviews that are already dismissed, only
/// the newest statement is known.
async fn reviews_at_closing(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [flag("reviewer_is_bot"), at("dismissed_at")] {
        let mut reviews = Table::alter();
        reviews.table("github_reviews").add_column(optional(&column));
        manager.alter_table(reviews).await?;
    }
    let known = "UPDATE github_reviews SET dismissed_at = seen_at WHERE state = 'dismissed'";
    run(manager, known).await
}

async fn inbox(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut deliveries = table("webhook_deliveries");
    deliveries
        .col(text("delivery_id"))
        .col(text("event"))
        .col(optional(&text("action")))
        .col(optional(&int("hook_id")))
        .col(optional(&int("repository_github_id")))
        .col(at("received_at"));
    queue_columns(&mut deliveries);
    // The body is the last column, so that reading a delivery's state does not read past it.
    deliveries.col(bytes("fingerprint")).col(int("body_size")).col(optional(&bytes("body")));
    manager.create_table(deliveries).await?;
    manager.create_index(unique("webhook_deliveries", &["delivery_id"])).await?;
    queue_index(manager, "webhook_deliveries").await?;
    let unregistered = "CREATE INDEX webhook_deliveries_unregistered ON webhook_deliveries \
                        (repository_github_id) WHERE outcome = 'repository not registered'";
    run(manager, unregistered).await?;
    if is_postgres(manager) {
        // Bodies are already compressed, so compressing them again costs more than it saves.
        run(manager, "ALTER TABLE webhook_deliveries ALTER COLUMN body SET STORAGE EXTERNAL")
            .await?;
    }
    let received = "CREATE INDEX webhook_deliveries_received_at ON webhook_deliveries (received_at) \
                    WHERE body IS NOT NULL";
    run(manager, received).await
}

async fn facts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    repositories(manager).await?;
    pull_requests(manager).await?;
    versions(manager).await?;
    reviews(manager).await?;
    pushes(manager).await
}

async fn repositories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut repositories = table("repositories");
    repositories
        .col(at("updated_at"))
        .col(int("github_id"))
        .col(text("full_name"))
        .col(at("name_seen_at"))
        .col(optional(&text("default_branch")))
        .col(flag("is_private"))
        .col(flag("is_fork"))
        .col(flag("is_archived"))
        .col(at("settings_seen_at"))
        .col(flag("is_enabled"))
        .col(optional(&text("disabled_reason")))
        .col(optional(&text("sync_status")))
        .col(optional(&at("last_synced_at")))
        .col(optional(&int("hook_id")))
        .col(optional(&bytes("hook_secret")))
        .col(optional(&bytes("previous_hook_secret")));
    manager.create_table(repositories).await?;
    manager.create_index(unique("repositories", &["github_id"])).await?;
    manager.create_index(unique("repositories", &["hook_id"])).await?;
    // Not unique: on GitHub, a freed name can be taken before this server learns of both changes.
    lower_index(manager, "repositories", "full_name").await
}

async fn pull_requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut pulls = table("pull_requests");
    pulls
        .col(at("updated_at"))
        .col(int("github_id"))
        .col(uuid("repository_id"))
        .col(int("number"))
        .col(optional(&uuid("author_id")))
        .col(optional(&uuid("author_identity_id")))
        .col(text("title"))
        .col(optional(&text("body_digest")))
        .col(text("labels"))
        .col(flag("draft"))
        .col(text("state"))
        .col(optional(&int("additions")))
        .col(optional(&int("deletions")))
        .col(optional(&int("changed_files")))
        .col(optional(&int("commits")))
        .col(optional(&text("base_ref")))
        .col(optional(&text("head_ref")))
        .col(optional(&text("head_sha")))
        .col(at("opened_at"))
        .col(optional(&at("closed_at")))
        .col(optional(&at("merged_at")))
        .col(optional(&uuid("merged_by_id")))
        .col(at("github_updated_at"))
        .col(flag("needs_fetch"));
    references(&mut pulls, "repository_id", "repositories");
    references(&mut pulls, "author_id", "users");
    references(&mut pulls, "author_identity_id", "user_identities");
    references(&mut pulls, "merged_by_id", "users");
    manager.create_table(pulls).await?;
    // GitHub's ID is unique only within its repository. Otherwise, one repository could claim an ID
    // before the repository that it belongs to does.
    manager.create_index(unique("pull_requests", &["repository_id", "github_id"])).await?;
    manager.create_index(unique("pull_requests", &["repository_id", "number"])).await
}

async fn versions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut versions = table("pull_request_versions");
    versions
        .col(uuid("pull_request_id"))
        .col(at("instant"))
        .col(bytes("digest"))
        .col(text("facts"));
    references(&mut versions, "pull_request_id", "pull_requests");
    manager.create_table(versions).await?;
    let key = ["pull_request_id", "instant", "digest"];
    manager.create_index(unique("pull_request_versions", &key)).await
}

async fn reviews(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reviews = table("github_reviews");
    reviews
        .col(at("updated_at"))
        .col(int("github_id"))
        .col(uuid("pull_request_id"))
        .col(optional(&uuid("reviewer_id")))
        .col(optional(&int("reviewer_github_id")))
        .col(text("state"))
        .col(at("submitted_at"))
        .col(optional(&text("author_association")))
        .col(at("seen_at"));
    references(&mut reviews, "pull_request_id", "pull_requests");
    references(&mut reviews, "reviewer_id", "users");
    manager.create_table(reviews).await?;
    manager.create_index(unique("github_reviews", &["pull_request_id", "github_id"])).await
}

async fn pushes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut pushes = table("pushes");
    pushes
        .col(uuid("repository_id"))
        .col(text("ref_name"))
        .col(text("before_sha"))
        .col(text("after_sha"))
        .col(flag("forced"))
        .col(optional(&at("committed_at")))
        .col(at("received_at"));
    references(&mut pushes, "repository_id", "repositories");
    manager.create_table(pushes).await?;
    let key = ["repository_id", "ref_name", "before_sha", "after_sha"];
    manager.create_index(unique("pushes", &key)).await
}

async fn syncs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut syncs = table("repository_syncs");
    syncs
        .col(uuid("repository_id"))
        .col(at("requested_at"))
        .col(optional(&at("since")))
        .col(optional(&text("place")))
        .col(int("page_size"))
        .col(int("pulls_read"))
        .col(optional(&int("pulls_total")))
        .col(int("calls"))
        .col(int("refused"))
        .col(optional(&text("repository_etag")))
        .col(optional(&text("pulls_etag")));
    queue_columns(&mut syncs);
    references(&mut syncs, "repository_id", "repositories");
    manager.create_table(syncs).await?;
    manager.create_index(unique("repository_syncs", &["repository_id"])).await?;
    queue_index(manager, "repository_syncs").await?;
    let mut files = table("pull_request_files");
    files.col(uuid("pull_request_id")).col(text("head_sha")).col(text("files"));
    references(&mut files, "pull_request_id", "pull_requests");
    manager.create_table(files).await?;
    manager.create_index(unique("pull_request_files", &["pull_request_id", "head_sha"])).await
}

async fn hook_tasks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [optional(&uuid("registered_by_id")), flag("allows_private")] {
        let mut repositories = Table::alter();
        repositories.table("repositories").add_column(column);
        manager.alter_table(repositories).await?;
    }
    let mut tasks = table("hook_tasks");
    tasks
        .col(int("repository_github_id"))
        .col(text("full_name"))
        .col(uuid("user_id"))
        .col(text("action"))
        .col(optional(&int("hook_id")));
    queue_columns(&mut tasks);
    references(&mut tasks, "user_id", "users");
    manager.create_table(tasks).await?;
    manager.create_index(unique("hook_tasks", &["repository_github_id"])).await?;
    queue_index(manager, "hook_tasks").await
}

async fn member_checks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut checks = table("member_checks");
    checks.col(uuid("repository_id")).col(int("github_id")).col(optional(&at("lost_at")));
    queue_columns(&mut checks);
    references(&mut checks, "repository_id", "repositories");
    manager.create_table(checks).await?;
    manager.create_index(unique("member_checks", &["repository_id", "github_id"])).await?;
    let lost =
        "CREATE INDEX member_checks_lost ON member_checks (github_id) WHERE lost_at IS NOT NULL";
    run(manager, lost).await?;
    queue_index(manager, "member_checks").await
}

async fn installations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut installations = table("installations");
    installations
        .col(at("updated_at"))
        .col(int("github_id"))
        .col(optional(&int("account_github_id")))
        .col(at("seen_at"))
        .col(at("received_at"))
        .col(optional(&at("suspended_at")))
        .col(optional(&at("deleted_at")));
    manager.create_table(installations).await?;
    manager.create_index(unique("installations", &["github_id"])).await?;
    let mut repositories = table("installation_repositories");
    repositories
        .col(at("updated_at"))
        .col(uuid("installation_id"))
        .col(int("repository_github_id"))
        .col(at("seen_at"))
        .col(at("received_at"))
        .col(optional(&at("removed_at")));
    references(&mut repositories, "installation_id", "installations");
    manager.create_table(repositories).await?;
    let key = ["installation_id", "repository_github_id"];
    manager.create_index(unique("installation_repositories", &key)).await?;
    let of_repository = "CREATE INDEX installation_repositories_repository ON installation_repositories \
                         (repository_github_id)";
    run(manager, of_repository).await?;
    // The column is after the body, which only deliveries of the App are read past: an absent number takes no space.
    let mut deliveries = Table::alter();
    deliveries.table("webhook_deliveries").add_column(optional(&int("installation_id")));
    manager.alter_table(deliveries).await?;
    let waiting = "CREATE INDEX webhook_deliveries_installation ON webhook_deliveries (installation_id) \
                   WHERE due_at IS NOT NULL AND installation_id IS NOT NULL";
    run(manager, waiting).await
}
