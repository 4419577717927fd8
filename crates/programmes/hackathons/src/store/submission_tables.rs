//! The tables of submissions.

use platform::db::{
    Migration,
    schema::{
        append_only, at, flag, index, int, never_replaced, optional, queue_columns, queue_index,
        references, table, text, unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    CreateSubmissions,
    "2027_02_10_000001_create_submissions",
    additive,
    create_submissions
);

platform::migration!(CreateTracks, "2027_03_20_000003_create_tracks", additive, create_tracks);

platform::migration!(AddExpoPlaces, "2027_03_21_000003_add_expo_places", additive, add_expo_places);

pub(super) fn migrations() -> [Box<dyn Migration>; 3] {
    [Box::new(CreateSubmissions), Box::new(CreateTracks), Box::new(AddExpoPlaces)]
}

async fn create_submissions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    submissions(manager).await?;
    versions(manager).await?;
    checks(manager).await?;
    reports(manager).await?;
    settings(manager).await?;
    extensions(manager).await?;
    reminders(manager).await
}

async fn submissions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut submissions = table("submissions");
    submissions
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(optional(&uuid("team_id")))
        .col(optional(&uuid("user_id")));
    for column in DETAILS {
        submissions.col(text(column));
    }
    submissions
        .col(int("version"))
        .col(optional(&at("submitted_at")))
        .col(flag("is_late"))
        .col(optional(&at("locked_at")))
        .col(optional(&at("withdrawn_at")))
        .col(optional(&uuid("repository_id")))
        .col(optional(&text("commit_sha")))
        .col(optional(&text("verdict")))
        .col(optional(&at("checked_at")))
        .col(flag("is_admitted"))
        .col(optional(&text("outcome")))
        .col(optional(&at("disqualified_at")))
        .col(optional(&text("reason")))
        .col(optional(&text("appeal")))
        .col(optional(&uuid("decided_by_id")));
    references(&mut submissions, "hackathon_id", "hackathons");
    references(&mut submissions, "team_id", "teams");
    references(&mut submissions, "user_id", "users");
    references(&mut submissions, "repository_id", "repositories");
    references(&mut submissions, "decided_by_id", "users");
    manager.create_table(submissions).await?;
    for columns in [["hackathon_id", "team_id"], ["hackathon_id", "user_id"]] {
        manager.create_index(unique("submissions", &columns)).await?;
    }
    for column in ["team_id", "user_id", "repository_id"] {
        manager.create_index(index("submissions", &[column])).await?;
    }
    Ok(())
}

/// The columns of what people enter.
const DETAILS: [&str; 7] =
    ["title", "summary", "repository", "branch", "demo_url", "video_url", "technologies"];

async fn versions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut versions = table("submission_versions");
    versions
        .col(uuid("submission_id"))
        .col(int("number"))
        .col(uuid("user_id"))
        .col(flag("is_late"));
    references(&mut versions, "submission_id", "submissions");
    references(&mut versions, "user_id", "users");
    manager.create_table(versions).await?;
    let number = ["submission_id", "number"];
    manager.create_index(unique("submission_versions", &number)).await?;
    manager.create_index(index("submission_versions", &["user_id"])).await?;
    append_only(manager, "submission_versions").await?;
    never_replaced(manager, "submission_versions", &[&["id"], &number]).await?;

    // Words are apart from the record of versions, so that erasing a person can remove them.
    let mut texts = table("submission_texts");
    texts.col(uuid("version_id"));
    for column in DETAILS {
        texts.col(text(column));
    }
    references(&mut texts, "version_id", "submission_versions");
    manager.create_table(texts).await?;
    manager.create_index(unique("submission_texts", &["version_id"])).await
}

async fn checks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut checks = table("submission_checks");
    checks.col(uuid("submission_id")).col(text("trigger_code")).col(int("requests"));
    queue_columns(&mut checks);
    references(&mut checks, "submission_id", "submissions");
    manager.create_table(checks).await?;
    manager.create_index(unique("submission_checks", &["submission_id"])).await?;
    queue_index(manager, "submission_checks").await
}

async fn reports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reports = table("submission_reports");
    reports
        .col(uuid("submission_id"))
        .col(int("version"))
        .col(text("trigger_code"))
        .col(optional(&text("commit_sha")))
        .col(text("verdict"))
        .col(text("checks"));
    references(&mut reports, "submission_id", "submissions");
    manager.create_table(reports).await?;
    manager.create_index(index("submission_reports", &["submission_id"])).await?;
    append_only(manager, "submission_reports").await?;

    let mut blobs = table("submission_blobs");
    blobs
        .col(uuid("hackathon_id"))
        .col(uuid("submission_id"))
        .col(text("blob_sha"))
        .col(int("size"))
        .col(optional(&at("seen_at")));
    references(&mut blobs, "hackathon_id", "hackathons");
    references(&mut blobs, "submission_id", "submissions");
    manager.create_table(blobs).await?;
    manager.create_index(unique("submission_blobs", &["submission_id", "blob_sha"])).await?;
    manager.create_index(index("submission_blobs", &["hackathon_id", "blob_sha"])).await
}

async fn settings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut settings = table("submission_settings");
    settings
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(flag("refuses_late"))
        .col(text("required_files"))
        .col(text("reminders"));
    references(&mut settings, "hackathon_id", "hackathons");
    manager.create_table(settings).await?;
    manager.create_index(unique("submission_settings", &["hackathon_id"])).await
}

async fn extensions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut extensions = table("submission_extensions");
    extensions
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(optional(&uuid("team_id")))
        .col(optional(&uuid("user_id")))
        .col(at("closes_at"))
        .col(text("reason"))
        .col(uuid("decided_by_id"));
    references(&mut extensions, "hackathon_id", "hackathons");
    references(&mut extensions, "team_id", "teams");
    references(&mut extensions, "user_id", "users");
    references(&mut extensions, "decided_by_id", "users");
    manager.create_table(extensions).await?;
    for columns in [["hackathon_id", "team_id"], ["hackathon_id", "user_id"]] {
        manager.create_index(unique("submission_extensions", &columns)).await?;
    }
    for column in ["team_id", "user_id"] {
        manager.create_index(index("submission_extensions", &[column])).await?;
    }
    Ok(())
}

async fn reminders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reminders = table("submission_reminders");
    reminders
        .col(uuid("hackathon_id"))
        .col(uuid("user_id"))
        .col(at("closes_at"))
        .col(int("minutes"));
    references(&mut reminders, "hackathon_id", "hackathons");
    references(&mut reminders, "user_id", "users");
    manager.create_table(reminders).await?;
    let once = ["hackathon_id", "user_id", "closes_at", "minutes"];
    manager.create_index(unique("submission_reminders", &once)).await?;
    manager.create_index(index("submission_reminders", &["user_id"])).await
}

async fn add_expo_places(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table("submissions").add_column(text("place").default(""));
    manager.alter_table(alter).await
}

async fn create_tracks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut tracks = table("hackathon_tracks");
    tracks
        .col(uuid("hackathon_id"))
        .col(int("position"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("description"));
    references(&mut tracks, "hackathon_id", "hackathons");
    manager.create_table(tracks).await?;
    manager.create_index(unique("hackathon_tracks", &["hackathon_id", "slug"])).await?;
    for table in ["submissions", "submission_texts"] {
        let mut alter = Table::alter();
        alter.table(table).add_column(text("tracks").default(""));
        manager.alter_table(alter).await?;
    }
    Ok(())
}
