use platform::db::schema::{
    at, bytes, flag, index, int, lower_index, optional, references, run, table, text, unique, uuid,
};
use sea_orm_migration::{MigrationTrait, SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(CreateUsers, "2026_11_01_000010_create_users", create);
platform::migration!(
    CreateSessions,
    "2026_11_20_000011_create_sessions",
    create_sessions
);
platform::migration!(
    CreateUserEmails,
    "2026_11_20_000051_create_user_emails",
    create_emails
);

/// This room's tables, in the order they are made.
#[must_use]
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(CreateUsers),
        Box::new(CreateSessions),
        Box::new(CreateUserEmails),
    ]
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut users = table("users");
    users
        .col(at("updated_at"))
        .col(text("login"))
        .col(at("login_seen_at"))
        .col(optional(&text("name")))
        .col(optional(&text("avatar_url")))
        .col(text("kind"))
        .col(text("role").default("user"))
        .col(int("total_points").default(0))
        .col(optional(&text("email")))
        .col(flag("is_email_verified"))
        .col(optional(&text("timezone")))
        .col(flag("is_banned"))
        .col(flag("is_deleted"));
    manager.create_table(users).await?;
    // Not unique: GitHub lets a freed login be taken by another account before we hear of both changes.
    lower_index(manager, "users", "login").await?;

    let mut identities = table("user_identities");
    identities
        .col(uuid("user_id"))
        .col(text("provider"))
        .col(text("subject"));
    references(&mut identities, "user_id", "users");
    manager.create_table(identities).await?;
    manager
        .create_index(unique("user_identities", &["provider", "subject"]))
        .await?;
    manager
        .create_index(index("user_identities", &["user_id"]))
        .await?;

    let mut logins = table("user_logins");
    logins.col(uuid("user_id")).col(text("login"));
    references(&mut logins, "user_id", "users");
    manager.create_table(logins).await?;
    manager
        .create_index(unique("user_logins", &["user_id", "login"]))
        .await
}

async fn create_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut claimed = Table::alter();
    claimed
        .table("users")
        .add_column(optional(&at("claimed_at")));
    manager.alter_table(claimed).await?;

    let mut sessions = table("sessions");
    sessions
        .col(uuid("user_id"))
        .col(bytes("token_hash"))
        .col(at("last_seen_at"))
        .col(at("expires_at"))
        .col(optional(&text("user_agent")))
        .col(optional(&text("address_prefix")))
        .col(optional(&at("revoked_at")));
    references(&mut sessions, "user_id", "users");
    manager.create_table(sessions).await?;
    manager
        .create_index(unique("sessions", &["token_hash"]))
        .await?;
    manager
        .create_index(index("sessions", &["user_id", "last_seen_at"]))
        .await?;
    manager
        .create_index(index("sessions", &["expires_at"]))
        .await
}

async fn create_emails(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut emails = table("user_emails");
    emails
        .col(uuid("user_id"))
        .col(text("address"))
        .col(optional(&at("verified_at")))
        // The link that was mailed, until it is used: its token's hash, and the session it is bound to.
        .col(optional(&bytes("token_hash")))
        .col(optional(&uuid("session_id")))
        .col(optional(&at("expires_at")));
    references(&mut emails, "user_id", "users");
    manager.create_table(emails).await?;
    manager
        .create_index(index("user_emails", &["user_id"]))
        .await?;
    manager
        .create_index(unique("user_emails", &["token_hash"]))
        .await?;
    let one_person = "CREATE UNIQUE INDEX user_emails_verified ON user_emails (lower(address)) \
                      WHERE verified_at IS NOT NULL";
    run(manager, one_person).await
}
