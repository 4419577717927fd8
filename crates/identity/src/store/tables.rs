use platform::db::{
    Migration,
    schema::{
        at, bytes, flag, index, int, lower_index, optional, references, run, table, text, unique,
        uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

use super::token_tables;

platform::migration!(CreateUsers, "2026_11_01_000010_create_users", additive, create);
platform::migration!(
    CreateSessions,
    "2026_11_20_000011_create_sessions",
    additive,
    create_sessions
);
platform::migration!(
    CreateUserEmails,
    "2026_11_20_000051_create_user_emails",
    additive,
    create_emails
);

platform::migration!(CreateBans, "2026_11_22_000011_create_bans", additive, create_bans);

platform::migration!(
    CreateSignInLinks,
    "2026_11_22_000014_create_sign_in_links",
    additive,
    create_sign_in_links
);

platform::migration!(
    IdentitiesByIssuer,
    "2026_11_23_000101_identities_by_issuer",
    additive,
    by_issuer
);

platform::migration!(
    CreateAccountExports,
    "2026_11_23_000103_create_account_exports",
    additive,
    create_exports
);

platform::migration!(IndexUnlisted, "2026_11_25_000074_index_unlisted", additive, index_unlisted);

platform::migration!(
    /// Adds what an identity needs to return to the person that deliveries created for it.
    MergeIdentities,
    "2026_11_25_000324_merge_identities",
    additive,
    merge_identities
);

platform::migration!(
    /// Adds when accounts were created at their provider, as far as known.
    DateAccounts,
    "2026_12_14_000001_date_accounts",
    additive,
    date_accounts
);

platform::migration!(
    /// Gives logins that deliveries named for several accounts to one of them: to one that signed in, else to the first known.
    OwnLogins,
    "2027_04_22_000001_own_logins",
    additive,
    own_logins
);

platform::migration!(
    CreateSecondFactors,
    "2027_04_25_000001_create_second_factors",
    additive,
    create_second_factors
);

platform::migration!(
    /// Adds the color scheme of pages that a person chose.
    AddThemes,
    "2027_05_10_000001_add_themes",
    additive,
    add_themes
);

platform::migration!(
    /// Adds the names and pictures that people choose, whether they are minors, and what they say about themselves.
    CreateProfiles,
    "2027_05_20_000102_create_profiles",
    additive,
    create_profiles
);

platform::migration!(
    CreateSetupCodes,
    "2027_06_11_000002_create_setup_codes",
    additive,
    create_setup_codes
);

platform::migration!(
    /// Adds the codes of sign-in links, and how many were typed for each link.
    AddSignInCodes,
    "2027_06_12_000001_add_sign_in_codes",
    additive,
    add_sign_in_codes
);

platform::migration!(
    CreateInvitations,
    "2027_06_13_000001_create_invitations",
    additive,
    create_invitations
);

platform::migration!(
    /// Adds the token of an invitation's link, and the page that it leads to.
    AddInvitationLinks,
    "2027_06_14_000001_add_invitation_links",
    additive,
    add_invitation_links
);

platform::migration!(
    /// Adds the role that groups at an issuer granted, and the one that the person has without it.
    AddGrantedRoles,
    "2027_07_01_000905_add_granted_roles",
    additive,
    add_granted_roles,
    down drop_granted_roles
);

/// The module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    let mut all: Vec<Box<dyn Migration>> = vec![
        Box::new(CreateUsers),
        Box::new(CreateSessions),
        Box::new(CreateUserEmails),
        Box::new(CreateBans),
        Box::new(CreateSignInLinks),
        Box::new(IdentitiesByIssuer),
        Box::new(CreateAccountExports),
        Box::new(IndexUnlisted),
        Box::new(MergeIdentities),
        Box::new(DateAccounts),
        Box::new(OwnLogins),
        Box::new(CreateSecondFactors),
        Box::new(AddThemes),
        Box::new(CreateProfiles),
        Box::new(CreateSetupCodes),
        Box::new(AddSignInCodes),
        Box::new(CreateInvitations),
        Box::new(AddInvitationLinks),
        Box::new(AddGrantedRoles),
    ];
    all.extend(token_tables::migrations());
    all
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
    // Not unique: when accounts exchange their logins, one statement changes both.
    lower_index(manager, "users", "login").await?;

    let mut identities = table("user_identities");
    identities.col(uuid("user_id")).col(text("provider")).col(text("subject"));
    references(&mut identities, "user_id", "users");
    manager.create_table(identities).await?;
    manager.create_index(unique("user_identities", &["provider", "subject"])).await?;
    manager.create_index(index("user_identities", &["user_id"])).await?;

    let mut logins = table("user_logins");
    logins.col(uuid("user_id")).col(text("login"));
    references(&mut logins, "user_id", "users");
    manager.create_table(logins).await?;
    manager.create_index(unique("user_logins", &["user_id", "login"])).await
}

/// Adds an index of the few people who are banned, closed or erased, because the boards look them up.
async fn index_unlisted(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let unlisted =
        "CREATE INDEX users_unlisted ON users (id) WHERE is_deleted OR ban_id IS NOT NULL";
    run(manager, unlisted).await
}

async fn create_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut claimed = Table::alter();
    claimed.table("users").add_column(optional(&at("claimed_at")));
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
    manager.create_index(unique("sessions", &["token_hash"])).await?;
    manager.create_index(index("sessions", &["user_id", "last_seen_at"])).await?;
    manager.create_index(index("sessions", &["expires_at"])).await
}

async fn create_emails(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut emails = table("user_emails");
    emails
        .col(uuid("user_id"))
        .col(text("address"))
        .col(optional(&at("verified_at")))
        // The emailed link, until it is used: the hash of its token, and its session.
        .col(optional(&bytes("token_hash")))
        .col(optional(&uuid("session_id")))
        .col(optional(&at("expires_at")));
    references(&mut emails, "user_id", "users");
    manager.create_table(emails).await?;
    manager.create_index(index("user_emails", &["user_id"])).await?;
    manager.create_index(unique("user_emails", &["token_hash"])).await?;
    let one_person = "CREATE UNIQUE INDEX user_emails_verified ON user_emails (lower(address)) \
                      WHERE verified_at IS NOT NULL";
    run(manager, one_person).await
}

/// Creates `bans`, with a row for each ban and each lifting of one. No trigger protects the rows, because a
/// reason is about a person and must be erasable with them.
async fn create_bans(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut bans = table("bans");
    bans.col(uuid("user_id"))
        .col(optional(&uuid("by_id")))
        .col(flag("is_lift"))
        .col(text("reason"))
        .col(optional(&at("ends_at")));
    references(&mut bans, "user_id", "users");
    manager.create_table(bans).await?;
    manager.create_index(index("bans", &["user_id", "created_at"])).await?;
    let mut users = Table::alter();
    users.table("users").add_column(optional(&uuid("ban_id")));
    manager.alter_table(users).await?;
    // Keeps earlier bans, which had no reason. The person's ID serves as the ban's.
    let kept = "INSERT INTO bans (id, created_at, user_id, is_lift, reason) SELECT id, updated_at, id, \
                false, 'Banned before reasons were kept' FROM users WHERE is_banned";
    run(manager, kept).await?;
    run(manager, "UPDATE users SET ban_id = id WHERE is_banned").await
}

/// Creates `sign_in_links`: requests of browsers, which get a person and a token when the email is
/// written.
async fn create_sign_in_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut links = table("sign_in_links");
    links
        .col(text("address"))
        .col(bytes("browser_hash"))
        .col(text("return_to"))
        .col(at("expires_at"))
        .col(optional(&uuid("user_id")))
        .col(optional(&bytes("token_hash")))
        .col(optional(&at("used_at")));
    references(&mut links, "user_id", "users");
    manager.create_table(links).await?;
    manager.create_index(unique("sign_in_links", &["token_hash"])).await?;
    manager.create_index(index("sign_in_links", &["address", "created_at"])).await?;
    for column in ["user_id", "expires_at"] {
        manager.create_index(index("sign_in_links", &[column])).await?;
    }
    Ok(())
}

/// Adds an identity's name at its provider, its last use, and whether it was unlinked. An unlinked identity
/// with points is not deleted.
async fn by_issuer(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [text("label"), at("used_at"), at("unlinked_at")] {
        let mut identities = Table::alter();
        identities.table("user_identities").add_column(optional(&column));
        manager.alter_table(identities).await?;
    }
    Ok(())
}

async fn merge_identities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [uuid("origin_user_id"), text("former_login")] {
        let mut identities = Table::alter();
        identities.table("user_identities").add_column(optional(&column));
        manager.alter_table(identities).await?;
    }
    Ok(())
}

/// Creates `account_exports`, and adds the times at which accounts were closed and erased.
async fn create_exports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [at("closed_at"), at("erased_at")] {
        let mut users = Table::alter();
        users.table("users").add_column(optional(&column));
        manager.alter_table(users).await?;
    }
    // Few accounts are due for erasure, and a nightly job looks them up.
    let waiting = "CREATE INDEX users_closed ON users (closed_at) \
                   WHERE closed_at IS NOT NULL AND erased_at IS NULL";
    run(manager, waiting).await?;
    let mut exports = table("account_exports");
    exports
        .col(uuid("user_id"))
        .col(optional(&at("completed_at")))
        .col(optional(&bytes("document")));
    references(&mut exports, "user_id", "users");
    manager.create_table(exports).await?;
    manager.create_index(unique("account_exports", &["user_id"])).await?;
    manager.create_index(index("account_exports", &["created_at"])).await
}

async fn date_accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut identities = Table::alter();
    identities.table("user_identities").add_column(optional(&at("account_created_at")));
    manager.alter_table(identities).await
}

async fn own_logins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = "UPDATE users SET login = (SELECT min(i.subject) || '.github' FROM user_identities i \
               WHERE i.user_id = users.id AND i.provider = 'github') \
               WHERE NOT is_deleted AND EXISTS (SELECT 1 FROM user_identities i \
               WHERE i.user_id = users.id AND i.provider = 'github') \
               AND EXISTS (SELECT 1 FROM users o WHERE lower(o.login) = lower(users.login) \
               AND NOT o.is_deleted AND (o.claimed_at IS NULL, o.created_at, o.id) \
               < (users.claimed_at IS NULL, users.created_at, users.id))";
    run(manager, sql).await
}

async fn add_themes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut users = Table::alter();
    users.table("users").add_column(optional(&text("theme")));
    manager.alter_table(users).await
}

/// Creates `second_factors`, `recovery_codes` and `wrong_codes`, and adds when sessions and tokens proved a second factor.
async fn create_second_factors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for holder in ["sessions", "api_tokens"] {
        let mut altered = Table::alter();
        altered.table(holder).add_column(optional(&at("factor_proven_at")));
        manager.alter_table(altered).await?;
    }
    let mut factors = table("second_factors");
    factors
        .col(uuid("user_id"))
        .col(bytes("totp_secret"))
        .col(optional(&at("confirmed_at")))
        .col(optional(&int("last_step")));
    references(&mut factors, "user_id", "users");
    manager.create_table(factors).await?;
    manager.create_index(unique("second_factors", &["user_id"])).await?;

    let mut codes = table("recovery_codes");
    codes.col(uuid("user_id")).col(bytes("code_hash")).col(optional(&at("used_at")));
    references(&mut codes, "user_id", "users");
    manager.create_table(codes).await?;
    manager.create_index(unique("recovery_codes", &["user_id", "code_hash"])).await?;

    let mut wrong = table("wrong_codes");
    wrong.col(uuid("user_id"));
    references(&mut wrong, "user_id", "users");
    manager.create_table(wrong).await?;
    manager.create_index(index("wrong_codes", &["user_id", "created_at"])).await?;
    manager.create_index(index("wrong_codes", &["created_at"])).await
}

async fn create_profiles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [optional(&text("picture")), flag("is_minor")] {
        let mut users = Table::alter();
        users.table("users").add_column(column);
        manager.alter_table(users).await?;
    }
    let mut profiles = table("profiles");
    profiles
        .col(at("updated_at"))
        .col(uuid("user_id"))
        .col(text("bio"))
        .col(text("pronouns"))
        .col(text("location"))
        .col(text("links"))
        .col(text("open_to"))
        .col(text("contact"))
        .col(text("hidden"))
        .col(optional(&at("avatar_asked_at")));
    references(&mut profiles, "user_id", "users");
    manager.create_table(profiles).await?;
    manager.create_index(unique("profiles", &["user_id"])).await
}

/// Creates `setup_codes` and `setup_tries`, the wrong codes.
async fn create_setup_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut codes = table("setup_codes");
    codes
        .col(bytes("code_hash"))
        .col(at("expires_at"))
        .col(optional(&at("used_at")))
        .col(optional(&uuid("user_id")));
    references(&mut codes, "user_id", "users");
    manager.create_table(codes).await?;
    manager.create_index(unique("setup_codes", &["code_hash"])).await?;
    manager.create_index(index("setup_codes", &["user_id"])).await?;

    let mut tries = table("setup_tries");
    tries.col(text("address_prefix"));
    manager.create_table(tries).await?;
    manager.create_index(index("setup_tries", &["created_at"])).await
}

async fn add_sign_in_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [optional(&bytes("code_hash")), int("code_tries").default(0).take()] {
        let mut links = Table::alter();
        links.table("sign_in_links").add_column(column);
        manager.alter_table(links).await?;
    }
    manager.create_index(index("sign_in_links", &["browser_hash"])).await
}

async fn create_invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut invitations = table("invitations");
    invitations.col(text("address")).col(uuid("invited_by_id"));
    references(&mut invitations, "invited_by_id", "users");
    manager.create_table(invitations).await?;
    manager.create_index(unique("invitations", &["address"])).await?;
    for column in ["invited_by_id", "created_at"] {
        manager.create_index(index("invitations", &[column])).await?;
    }
    Ok(())
}

async fn add_invitation_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [optional(&bytes("token_hash")), text("return_to").default("/").take()] {
        let mut invitations = Table::alter();
        invitations.table("invitations").add_column(column);
        manager.alter_table(invitations).await?;
    }
    manager.create_index(unique("invitations", &["token_hash"])).await
}

async fn add_granted_roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [text("granted_role"), text("role_before")] {
        let mut identities = Table::alter();
        identities.table("user_identities").add_column(optional(&column));
        manager.alter_table(identities).await?;
    }
    Ok(())
}

async fn drop_granted_roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["granted_role", "role_before"] {
        run(manager, &format!("ALTER TABLE user_identities DROP COLUMN {column}")).await?;
    }
    Ok(())
}
