use platform::db::{
    Migration,
    schema::{
        at, flag, index, int, optional, queue_columns, queue_index, references, table, text,
        unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Adds the repositories whose issues programmes follow, their issues and descriptions.
    FollowIssues,
    "2027_04_01_000001_follow_issues",
    additive,
    follow_issues
);

platform::migration!(
    /// Adds the issues that pull requests close, and the people that issues are assigned to.
    LinkPullRequests,
    "2027_04_05_000001_link_pull_requests",
    additive,
    link_pull_requests
);

/// Returns the migrations of issues, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(FollowIssues), Box::new(LinkPullRequests)]
}

async fn link_pull_requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [text("assignee_ids"), at("watched_until")] {
        let mut issues = Table::alter();
        issues.table("issues").add_column(optional(&column));
        manager.alter_table(issues).await?;
    }
    closing_references(manager).await?;
    linked_pulls(manager).await
}

/// An issue of another repository than the pull request's is named by the repository's name in lower case.
async fn closing_references(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut closing = table("closing_references");
    closing
        .col(uuid("pull_request_id"))
        .col(optional(&uuid("repository_id")))
        .col(optional(&text("repository_name")))
        .col(int("number"));
    references(&mut closing, "pull_request_id", "pull_requests");
    references(&mut closing, "repository_id", "repositories");
    manager.create_table(closing).await?;
    for columns in
        [&["pull_request_id"][..], &["repository_id", "number"], &["repository_name", "number"]]
    {
        manager.create_index(index("closing_references", columns)).await?;
    }
    Ok(())
}

/// The pull requests that would close a watched issue, as GitHub states them with the issue.
async fn linked_pulls(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut pulls = table("linked_pulls");
    pulls
        .col(uuid("issue_id"))
        .col(text("name"))
        .col(flag("is_open"))
        .col(optional(&int("author_github_id")))
        .col(optional(&at("merged_at")))
        .col(at("active_at"));
    references(&mut pulls, "issue_id", "issues");
    manager.create_table(pulls).await?;
    manager.create_index(unique("linked_pulls", &["issue_id", "name"])).await
}

async fn follow_issues(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut repositories = Table::alter();
    repositories.table("repositories").add_column(flag("follows_issues"));
    manager.alter_table(repositories).await?;
    issues(manager).await?;
    profiles(manager).await?;
    syncs(manager).await
}

async fn issues(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut issues = table("issues");
    issues
        .col(uuid("repository_id"))
        .col(int("number"))
        .col(int("github_id"))
        .col(text("title"))
        .col(text("body"))
        .col(text("labels"))
        .col(flag("is_closed"))
        .col(optional(&text("state_reason")))
        .col(flag("is_locked"))
        .col(flag("author_is_bot"))
        .col(text("author_association"))
        .col(int("assignees"))
        .col(optional(&int("open_pulls")))
        .col(int("comments"))
        .col(optional(&int("reactions")))
        .col(at("opened_at"))
        .col(at("changed_at"))
        .col(optional(&at("closed_at")))
        .col(text("statement_rank"))
        .col(at("read_at"))
        .col(at("updated_at"));
    references(&mut issues, "repository_id", "repositories");
    manager.create_table(issues).await?;
    manager.create_index(unique("issues", &["repository_id", "number"])).await
}

async fn profiles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut profiles = table("repository_profiles");
    profiles
        .col(uuid("repository_id"))
        .col(text("profile"))
        .col(at("read_at"))
        .col(at("updated_at"));
    references(&mut profiles, "repository_id", "repositories");
    manager.create_table(profiles).await?;
    manager.create_index(unique("repository_profiles", &["repository_id"])).await
}

async fn syncs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut syncs = table("issue_syncs");
    syncs
        .col(uuid("repository_id"))
        .col(at("requested_at"))
        .col(optional(&at("since")))
        .col(optional(&text("place")))
        .col(int("page_size"))
        .col(int("issues_read"))
        .col(optional(&int("issues_total")))
        .col(int("calls"))
        .col(int("all_calls"))
        .col(optional(&text("issues_etag")))
        .col(optional(&at("read_until")));
    queue_columns(&mut syncs);
    references(&mut syncs, "repository_id", "repositories");
    manager.create_table(syncs).await?;
    manager.create_index(unique("issue_syncs", &["repository_id"])).await?;
    queue_index(manager, "issue_syncs").await?;
    manager.create_index(index("issue_syncs", &["completed_at"])).await
}
