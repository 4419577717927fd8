use std::sync::Arc;

use platform::{
    db::CodeColumn,
    flags::Outgoing as _,
    jobs::Jobs,
    module::{
        ApiLink, ApiParameter, ApiTag, Audience, AuditKind, Module, NavItem, NavPlace,
        ParameterKind, Personal, ProblemCode, Table, UseSeries,
    },
    outbox::EMAIL,
    theme::Theme,
};

use crate::{
    actions, api, emails, gateway, jobs,
    model::{AccountKind, DemoPeople, Role, Scopes},
    pages::{self, SignIn},
    reads,
    rules::Signer,
    store,
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "identity",
    tables: TABLES,
    migrations: store::migrations,
    api: api::routes,
    pages: pages::routes,
    panels: pages::PANELS,
    tasks: reads::TASKS,
    search: pages::SEARCH,
    public_routes: &["/api/v1/search", "/search"],
    page_parameters: &[("/search", &["kind", "q"])],
    provide: |services, provided| {
        let methods = SignIn::new(services).methods(services.post.channels.has(EMAIL));
        provided.insert(Arc::new(Signer::of(services)));
        provided.insert(Arc::new(methods));
        provided.insert(services.cookies());
        provided.insert(services.extensions.get::<DemoPeople>().cloned().unwrap_or_default());
        provided.insert(gateway::OauthApp::of(&services.config));
    },
    guarded_routes: &[
        "/api/v1/auth/",
        "/sign-in/demo",
        "/sign-in/email",
        "/sign-in/github/callback",
        "/sign-in/openid",
    ],
    navigation: &[
        NavItem::new(NavPlace::Admin, 10, "People", "/admin/people")
            .to(Audience::Moderators)
            .counting(&["erasure"]),
        setting(30, "Email", "/settings/email").in_group("Messages"),
        NavItem::new(NavPlace::Admin, 64, "Reported pictures", "/admin/pictures")
            .to(Audience::Moderators)
            .in_group("Server")
            .counting(&["picture"]),
        setting(2, "Profile", "/settings/profile"),
        setting(4, "Pictures", "/settings/pictures"),
        setting(40, "Sign-in methods", "/settings/identities").in_group("Sign-in"),
        setting(45, "Second factor", "/settings/second-factor").in_group("Sign-in"),
        setting(46, "Sessions", "/settings/sessions").in_group("Sign-in"),
        setting(70, "Tokens", "/settings/tokens").in_group("Programs"),
        setting(90, "Account", "/settings/account").in_group("Data"),
    ],
    jobs: |services| Jobs {
        workers: jobs::workers(
            &services.post,
            services.modules(),
            gateway::Avatars::of(&services.config),
        ),
        schedules: jobs::schedules(),
    },
    series: &[UseSeries {
        code: "sign_ups",
        title: "Sign-ups",
        unit: "people",
        flag: None,
        read: |context, since| Box::pin(reads::sign_ups(&context.db, since)),
    }],
    flags: &[gateway::GithubSignIn::FLAG, gateway::OpenIdSignIn::FLAG],
    audit: AUDIT,
    problems: PROBLEMS,
    api_tags: &[
        ApiTag {
            name: "Your account",
            description: "Your notifications, sessions, tokens, sign-in methods and data.",
        },
        ApiTag { name: "Search", description: "Everything that has a page." },
    ],
    api_parameters: PARAMETERS,
    api_links: &[
        ApiLink::new("list_people", "list_people", "cursor", "/next_cursor"),
        ApiLink::new("list_tokens", "revoke_token", "id", "/items/0/id"),
    ],
    services: |config, _| gateway::services(config),
    sealed: &store::SEALED,
    email_samples: emails::samples,
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person.into()))),
    invites: Some(|tx, context, address| Box::pin(reads::invites(tx, address, context.now()))),
    erase: Some(|tx, context, actor, person| {
        Box::pin(actions::erase(tx, context, actor, person.into()))
    }),
    ..Module::EMPTY
};

const fn setting(order: u8, label: &'static str, address: &'static str) -> NavItem {
    NavItem::new(NavPlace::Settings, order, label, address).to(Audience::SignedIn)
}

const TABLES: &[Table] = &[
    Table::new("users", "people", Personal::Pseudonymous, "forever").with_codes(&[
        CodeColumn::of::<AccountKind>("kind"),
        CodeColumn::of::<Role>("role"),
        CodeColumn::of::<Theme>("theme"),
    ]),
    Table::new("user_identities", "sign-in methods", Personal::Pseudonymous, "forever").with_codes(
        &[CodeColumn::of::<Role>("granted_role"), CodeColumn::of::<Role>("role_before")],
    ),
    Table::new("user_logins", "logins", Personal::Erased, "forever"),
    Table::new("user_emails", "addresses", Personal::Erased, "30 days when never verified"),
    Table::new("sessions", "sign-ins", Personal::Erased, "30 days after they end"),
    Table::new("sign_in_links", "links", Personal::Erased, "an hour"),
    Table::new("refresh_tokens", "sign-ins of apps", Personal::Erased, "30 days after they end"),
    Table::new("api_tokens", "tokens", Personal::Erased, "30 days after they end")
        .with_codes(&[CodeColumn::of::<Scopes>("scopes")]),
    Table::new("github_tokens", "people", Personal::Erased, "until disconnected or revoked"),
    Table::new("second_factors", "second factors", Personal::Erased, "until removed"),
    Table::new("recovery_codes", "recovery codes", Personal::Erased, "until replaced or removed"),
    Table::new("wrong_codes", "wrong codes", Personal::Erased, "15 minutes"),
    Table::new("setup_codes", "setup codes", Personal::Erased, "an hour"),
    Table::new("setup_tries", "wrong setup codes", Personal::None, "an hour"),
    Table::new("invitations", "invitations", Personal::Erased, "30 days"),
    Table::new("bans", "bans", Personal::Erased, "forever"),
    Table::new("profiles", "people", Personal::Erased, "forever"),
    Table::new("account_exports", "exports", Personal::Erased, "7 days"),
];

const AUDIT: &[AuditKind] = &[
    AuditKind::new("email.remove", "user", "Email address removed"),
    AuditKind::new("email.verify", "user", "Email address verified"),
    AuditKind::new("invitation.send", "invitation", "Person invited"),
    AuditKind::new("invitation.withdraw", "invitation", "Invitation withdrawn"),
    AuditKind::new("session.reuse", "session", "Old sign-in of an app used again"),
    AuditKind::new("token.create", "token", "Token created"),
    AuditKind::new("token.revoke", "token", "Token revoked"),
    AuditKind::new("user.add_second_factor", "user", "Second factor set up"),
    AuditKind::new("user.ban", "user", "Person banned"),
    AuditKind::new("user.close", "user", "Account closed"),
    AuditKind::new("user.connect_github", "user", "GitHub connected"),
    AuditKind::new("user.disconnect_github", "user", "GitHub disconnected"),
    AuditKind::new("user.erase", "user", "Account erased"),
    AuditKind::new("user.export", "user", "Data exported"),
    AuditKind::new("user.first_admin", "user", "Became the first admin"),
    AuditKind::new("user.grant", "user", "Role changed"),
    AuditKind::new("user.link", "user", "Sign-in method linked"),
    AuditKind::new("user.remove_second_factor", "user", "Second factor removed"),
    AuditKind::new("user.renew_recovery_codes", "user", "Recovery codes replaced"),
    AuditKind::new("user.reopen", "user", "Account reopened"),
    AuditKind::new("user.reset_second_factor", "user", "Second factor reset"),
    AuditKind::new("user.setup_code", "user", "Setup code made"),
    AuditKind::new("user.unban", "user", "Ban lifted"),
    AuditKind::new("user.unlink", "user", "Sign-in method unlinked"),
];

/// Problem codes and their meanings.
#[rustfmt::skip]
const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("BAD_EXPIRY", "the end is in the past, or more than 100 years from now", "Send a time in the future, at most 100 years from now."),
    ProblemCode::new("BAD_KIND", "no kind of things has this name", "Use one of the names that the response lists."),
    ProblemCode::new("BAD_LIFETIME", "the lifetime of a token must be 1 to 366 days", "Send a number of days between 1 and 366."),
    ProblemCode::new("BAD_PROFILE", "texts, links or choices of the profile are not valid; `errors` names all", "Correct what `errors` names."),
    ProblemCode::new("BAD_SEARCH", "the text of the search is too short or too long", "Send 2 to 100 characters."),
    ProblemCode::new("NO_AVATAR", "the account has no picture on GitHub", "Link a GitHub account, or upload a picture."),
    ProblemCode::new("NOT_FOR_MINORS", "people under 18 have no pictures and no public page", "No action is possible."),
    ProblemCode::new("BAD_NAME", "the token's name is empty or too long", "Send a name of 1 to 60 characters."),
    ProblemCode::new("BANNED", "you are banned; `detail` gives the reason and the end", "Sign in with a browser. `/me/standing` shows the ban, which can be contested once within 14 days."),
    ProblemCode::new("LINK_INVALID", "the link was already used, has expired or belongs to another session", "Request a new link, and open it in the same browser."),
    ProblemCode::new("EMAIL_ALREADY_VERIFIED", "you have already verified the address", "No action is needed: the address is already verified."),
    ProblemCode::new("EMAIL_TAKEN", "another person has verified the address", "Use another address, or sign in to the account that has this one."),
    ProblemCode::new("EXPORT_TOO_OFTEN", "you requested an export within the last hour", "Use the export that you have, or wait the number of seconds in `Retry-After`."),
    ProblemCode::new("ALREADY_SET_UP", "the server has an admin, and no setup code was made for one", "Sign in. An admin who cannot gets a code with `guildhall setup-code`."),
    ProblemCode::new("AMBIGUOUS_LOGIN", "several accounts have this login", "Send the person's ID instead of the login."),
    ProblemCode::new("GITHUB_ACCOUNT_NOT_LINKED", "the account on GitHub is not linked to yours", "Switch to your own account on GitHub, or link the other one first."),
    ProblemCode::new("GITHUB_SCOPE_MISSING", "GitHub did not grant the permission to manage webhooks", "Connect GitHub again, and allow it when GitHub asks."),
    ProblemCode::new("LAST_ADMIN", "the server would have no admin left", "Make someone else an admin first."),
    ProblemCode::new("LAST_SIGN_IN_METHOD", "you would have no sign-in method left", "Add another sign-in method first."),
    ProblemCode::new("INVITED_ADDRESS_NOT_VERIFIED", "the invitation was emailed to an address that you have not verified", "Sign in with an emailed link to that address, or verify it, and open the invitation again."),
    ProblemCode::new("EMAIL_NOT_CONFIGURED", "this server cannot send email", "Ask an admin to set up email."),
    ProblemCode::new("NOT_AN_EMAIL", "the email address is invalid", "Correct the address."),
    ProblemCode::new("NOT_BANNED", "the person is not banned", "No action is needed."),
    ProblemCode::new("NOT_CONFIRMED", "the login does not match yours", "Send your own login."),
    ProblemCode::new("NO_SUCH_ADMIN", "the setup code is for no single admin", "Name an admin with `--as`."),
    ProblemCode::new("NO_SUCH_SCOPE", "the scopes are missing or unknown", "Send at least one of `read`, `write` and `admin`."),
    ProblemCode::new("NO_SUCH_THEME", "unknown theme of pages", "Send `device`, `light` or `dark`."),
    ProblemCode::new("NO_SUCH_TIMEZONE", "unknown time zone", "Use a name of the IANA time zone database, such as `Europe/Berlin`."),
    ProblemCode::new("NO_SUCH_ROLE", "unknown role", "Use `user`, `moderator` or `admin`."),
    ProblemCode::new("CROSS_SITE_REQUEST", "a request with a session cookie came from another site", "Send the request from a page of this server, or with a token instead of the cookie."),
    ProblemCode::new("MAINTENANCE", "the server is read-only for a while, so nothing was changed", "Send the request again after the number of seconds in `Retry-After`."),
    ProblemCode::new("CANNOT_RESET_OWN_FACTOR", "you cannot reset your own second factor", "Remove it with a code, or ask another admin."),
    ProblemCode::new("NOT_A_CODE", "the text is no code of a second factor", "Send the 6 digits that the app shows, or the 20 digits of a recovery code."),
    ProblemCode::new("NO_SECOND_FACTOR", "there is no second factor, or none waits for its first code", "Set one up at `/settings/second-factor`, or with `POST /api/v1/me/second-factor`."),
    ProblemCode::new("SECOND_FACTOR_EXISTS", "you already have a second factor", "Remove it first, with a code."),
    ProblemCode::new("SECOND_FACTOR_UNREADABLE", "the server cannot decrypt your second factor with its keys", "Send a recovery code, or ask an admin to reset the factor."),
    ProblemCode::new("TOO_MANY_CODES", "five codes were wrong in the last 15 minutes", "Wait the number of seconds in `Retry-After`, then send a new code."),
    ProblemCode::new("WRONG_CODE", "the code is wrong, or was already used", "Send the code that the app shows now, or a recovery code that you have not used."),
    ProblemCode::new("CANNOT_BAN_SELF", "you cannot ban yourself", "Ask another admin."),
    ProblemCode::new("CANNOT_CHANGE_OWN_ROLE", "you cannot change your own role", "Ask another admin."),
    ProblemCode::new("PERSON_NOT_FOUND", "unknown login", "Check the login."),
    ProblemCode::new("ROLE_REQUIRED", "your role does not allow this", "Ask an admin for the role that `detail` names."),
    ProblemCode::new("SCOPE_REQUIRED", "the token lacks the scope that `detail` names", "Create a token with the scope that `detail` names."),
    ProblemCode::new("SESSION_REQUIRED", "tokens cannot do this", "Sign in with a browser, and send its session cookie."),
    ProblemCode::new("SETUP_CODE_WRONG", "the setup code is wrong, was used or has expired", "Enter the latest code from the log of the server, or make one with `guildhall setup-code`."),
    ProblemCode::new("SIGN_IN_AGAIN", "you signed in more than an hour ago", "Sign in again, then repeat the request within an hour."),
    ProblemCode::new("TOKEN_EXPIRED", "the token has expired", "Get a new access token with the refresh token, or create a new personal token."),
    ProblemCode::new("TOKEN_INVALID", "unknown or revoked token", "Check the token, or create a new one."),
    ProblemCode::new("TOKEN_REUSED", "the refresh token was already used, so the app was signed out", "Sign the app in again. Use each refresh token once."),
    ProblemCode::new("TOO_MANY_EMAILS", "too many emailed links were requested", "Use the latest email, or wait the number of seconds in `Retry-After`."),
    ProblemCode::new("TOO_MANY_APPS", "you already have 50 apps signed in", "End one that you no longer use at /settings/sessions."),
    ProblemCode::new("TOO_MANY_TRIES", "too many setup codes were wrong in the last hour", "Make a new code with `guildhall setup-code`, or wait the number of seconds in `Retry-After`."),
    ProblemCode::new("TOO_MANY_TOKENS", "you already have 50 tokens", "Revoke a token that you no longer use."),
];

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("{login}", ParameterKind::Text, "The person's login (case-insensitive)", "wren-oak", "the login is unknown"),
    ApiParameter::new("admin/people/{login}", ParameterKind::Text, "The person's login (case-insensitive), or ID", "wren-oak", "the login is unknown"),
    ApiParameter::new("identities/{id}", ParameterKind::Uuid, "The linked account's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "no linked account of yours has this ID, or it is already unlinked"),
    ApiParameter::new("sessions/{id}", ParameterKind::Uuid, "The session's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "the session does not exist or has already ended"),
    ApiParameter::new("tokens/{id}", ParameterKind::Uuid, "The token's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "the token is unknown or revoked"),
];
