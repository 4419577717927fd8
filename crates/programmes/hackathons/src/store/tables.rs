//! The tables of hackathons, applications and teams.

use platform::db::{
    Migration,
    schema::{
        append_only, at, flag, index, int, never_replaced, optional, references, run, table, text,
        unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateHackathons,
    "2027_02_01_000001_create_hackathons",
    additive,
    create_hackathons
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateHackathons)]
}

async fn create_hackathons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    hackathons(manager).await?;
    staff(manager).await?;
    applications(manager).await?;
    teams(manager).await
}

async fn hackathons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut hackathons = table("hackathons");
    hackathons
        .col(at("updated_at"))
        .col(text("slug"))
        .col(text("title"))
        .col(text("summary"))
        .col(text("description"))
        .col(text("requirements"))
        .col(text("prizes"))
        .col(text("tags"))
        .col(text("questions"))
        .col(int("conduct_version"))
        .col(text("visibility"))
        .col(text("invite_code"))
        .col(text("places"))
        .col(optional(&int("capacity")))
        .col(int("team_min"))
        .col(int("team_max"))
        .col(text("timezone"));
    for date in [
        "application_opens_at",
        "application_closes_at",
        "submission_opens_at",
        "submission_closes_at",
        "judging_opens_at",
        "judging_closes_at",
    ] {
        hackathons.col(at(date));
    }
    hackathons.col(text("results")).col(int("sequence")).col(optional(&text("cancel_reason")));
    for step in ["published_at", "canceled_at", "results_published_at", "archived_at"] {
        hackathons.col(optional(&at(step)));
    }
    manager.create_table(hackathons).await?;
    for column in ["slug", "invite_code"] {
        manager.create_index(unique("hackathons", &[column])).await?;
    }
    manager.create_index(index("hackathons", &["submission_closes_at"])).await?;

    let mut conducts = table("hackathon_conducts");
    conducts.col(uuid("hackathon_id")).col(int("version")).col(text("text"));
    references(&mut conducts, "hackathon_id", "hackathons");
    manager.create_table(conducts).await?;
    let version = ["hackathon_id", "version"];
    manager.create_index(unique("hackathon_conducts", &version)).await?;
    append_only(manager, "hackathon_conducts").await?;
    never_replaced(manager, "hackathon_conducts", &[&["id"], &version]).await
}

async fn staff(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut hosts = table("hackathon_hosts");
    hosts.col(uuid("user_id")).col(optional(&uuid("added_by_id")));
    references(&mut hosts, "user_id", "users");
    references(&mut hosts, "added_by_id", "users");
    manager.create_table(hosts).await?;
    manager.create_index(unique("hackathon_hosts", &["user_id"])).await?;

    let mut staff = table("hackathon_staff");
    staff.col(uuid("hackathon_id")).col(uuid("user_id")).col(text("role"));
    references(&mut staff, "hackathon_id", "hackathons");
    references(&mut staff, "user_id", "users");
    manager.create_table(staff).await?;
    manager.create_index(unique("hackathon_staff", &["hackathon_id", "user_id"])).await?;
    manager.create_index(index("hackathon_staff", &["user_id"])).await
}

async fn applications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut applications = table("applications");
    applications
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(uuid("user_id"))
        .col(text("status"))
        .col(at("status_at"))
        .col(optional(&int("waitlist_rank")))
        .col(text("motivation"))
        .col(text("skills"))
        .col(text("answers"))
        .col(int("conduct_version"))
        .col(flag("is_looking_for_team"))
        .col(flag("is_approved"))
        .col(optional(&text("reason")))
        .col(optional(&uuid("decided_by_id")));
    references(&mut applications, "hackathon_id", "hackathons");
    references(&mut applications, "user_id", "users");
    references(&mut applications, "decided_by_id", "users");
    manager.create_table(applications).await?;
    manager.create_index(unique("applications", &["hackathon_id", "user_id"])).await?;
    for columns in [&["hackathon_id", "status", "waitlist_rank"][..], &["user_id"]] {
        manager.create_index(index("applications", columns)).await?;
    }
    Ok(())
}

async fn teams(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut teams = table("teams");
    teams
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(text("name"))
        .col(text("slug"))
        .col(text("invite_code"))
        .col(optional(&at("locked_at")));
    references(&mut teams, "hackathon_id", "hackathons");
    manager.create_table(teams).await?;
    for columns in [&["hackathon_id", "slug"][..], &["invite_code"]] {
        manager.create_index(unique("teams", columns)).await?;
    }

    let mut members = table("team_members");
    members
        .col(uuid("hackathon_id"))
        .col(uuid("team_id"))
        .col(uuid("user_id"))
        .col(text("role"))
        .col(text("status"))
        .col(optional(&at("ended_at")));
    references(&mut members, "hackathon_id", "hackathons");
    references(&mut members, "team_id", "teams");
    references(&mut members, "user_id", "users");
    manager.create_table(members).await?;
    for column in ["team_id", "user_id"] {
        manager.create_index(index("team_members", &[column])).await?;
    }
    let sql = "CREATE UNIQUE INDEX team_members_active ON team_members (hackathon_id, user_id) \
               WHERE status = 'active'";
    run(manager, sql).await?;
    let sql = "CREATE UNIQUE INDEX team_members_invited ON team_members (team_id, user_id) \
               WHERE status = 'invited'";
    run(manager, sql).await
}
