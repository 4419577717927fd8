use platform::db::{
    Migration,
    schema::{at, bytes, index, int, optional, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateNotifications,
    "2026_11_20_000060_create_notifications",
    additive,
    create
);

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateNotifications), Box::new(RenameKinds), Box::new(CreatePhones)]
}

platform::migration!(CreatePhones, "2026_12_28_000001_create_phones", additive, create_phones);

async fn create_phones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut phones = table("phones");
    phones
        .col(uuid("user_id"))
        .col(text("number"))
        .col(optional(&at("verified_at")))
        // The code that proves that the person has the phone, until it is used.
        .col(optional(&bytes("code_hash")))
        .col(at("code_sent_at"))
        .col(int("wrong_codes").default(0));
    references(&mut phones, "user_id", "users");
    manager.create_table(phones).await?;
    manager.create_index(unique("phones", &["user_id"])).await
}

platform::migration!(
    RenameKinds,
    "2026_11_24_000061_rename_notification_kinds",
    replaces,
    rename_kinds
);

async fn rename_kinds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let renamed = [
        ("token_made", "token_created"),
        ("sign_in_copied", "refresh_token_reused"),
        ("maintainer_appointed", "maintainer_added"),
    ];
    for (old, new) in renamed {
        for table in ["notifications", "notification_preferences"] {
            let sql = format!("UPDATE {table} SET kind = '{new}' WHERE kind = '{old}'");
            run(manager, &sql).await?;
        }
    }
    Ok(())
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut news = table("notifications");
    news.col(uuid("user_id"))
        .col(text("kind"))
        .col(uuid("object_id"))
        .col(text("occurrence"))
        .col(text("title"))
        .col(text("link"))
        .col(optional(&at("read_at")))
        // When the digest with this notification is due.
        .col(optional(&at("digest_at")));
    references(&mut news, "user_id", "users");
    manager.create_table(news).await?;
    let key = ["user_id", "kind", "object_id", "occurrence"];
    manager.create_index(unique("notifications", &key)).await?;
    manager.create_index(index("notifications", &["user_id", "created_at", "id"])).await?;
    for column in ["read_at", "digest_at"] {
        let (of, when) = match column {
            "read_at" => ("user_id", "read_at IS NULL"),
            _ => ("digest_at", "digest_at IS NOT NULL"),
        };
        let sql =
            format!("CREATE INDEX notifications_{column} ON notifications ({of}) WHERE {when}");
        run(manager, &sql).await?;
    }

    let mut preferences = table("notification_preferences");
    preferences
        .col(at("updated_at"))
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(text("channel"))
        .col(text("mode"));
    references(&mut preferences, "user_id", "users");
    manager.create_table(preferences).await?;
    let key = ["user_id", "kind", "channel"];
    manager.create_index(unique("notification_preferences", &key)).await?;

    let mut settings = table("notification_settings");
    settings
        .col(at("updated_at"))
        .col(uuid("user_id"))
        .col(optional(&int("quiet_from")))
        .col(optional(&int("quiet_until")))
        .col(optional(&int("daily_cap")))
        // Unsubscribe links are valid until this changes.
        .col(int("generation").default(0));
    references(&mut settings, "user_id", "users");
    manager.create_table(settings).await?;
    manager.create_index(unique("notification_settings", &["user_id"])).await
}
