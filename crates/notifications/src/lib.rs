//! Notifications of people: kinds of notifications, each person's choices, the inbox and the daily digest.
//! Owns `notifications`, `notification_preferences`, `notification_settings` and `phones`. Depends on kernel,
//! platform, ui and identity, and never on a programme.

pub mod actions;
pub mod api;
pub mod emails;
pub mod jobs;
pub mod model;
mod pages;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    db::CodeColumn,
    jobs::Jobs,
    module::{
        AlertRule, ApiLink, ApiParameter, Audience, AuditKind, Guide, Module, NavItem, NavPlace,
        NewsMode, ParameterKind, Personal, ProblemCode, Table,
    },
    outbox,
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "notifications",
    tables: &[
        Table::new("notifications", "news", Personal::Erased, "a year"),
        Table::new("notification_preferences", "choices", Personal::Erased, "until erased")
            .with_codes(&[CodeColumn::of::<NewsMode>("mode")]),
        Table::new("notification_settings", "people", Personal::Erased, "until erased"),
        Table::new("phones", "people", Personal::Erased, "until removed; two days if not verified"),
    ],
    migrations: store::migrations,
    api: api::routes,
    api_parameters: PARAMETERS,
    api_links: &[
        ApiLink::new("list_notifications", "list_notifications", "cursor", "/next_cursor"),
        ApiLink::new("list_notifications", "mark_notification_read", "id", "/items/0/id"),
        ApiLink::new("list_webhooks", "delete_webhook", "id", "/items/0/id"),
        ApiLink::new("list_webhooks", "enable_webhook", "id", "/items/0/id"),
        ApiLink::new("list_webhooks", "get_webhook", "id", "/items/0/id"),
        ApiLink::new("list_webhooks", "list_webhook_attempts", "id", "/items/0/id"),
        ApiLink::new("list_webhooks", "rotate_webhook_secret", "id", "/items/0/id"),
        ApiLink::new("list_webhooks", "test_webhook", "id", "/items/0/id"),
        ApiLink::new("list_webhooks", "update_webhook", "id", "/items/0/id"),
    ],
    pages: |_| pages::routes(),
    panels: pages::PANELS,
    navigation: &[
        NavItem {
            count: Some(|context, person| Box::pin(reads::unread(&context.db, person.into()))),
            ..NavItem::new(NavPlace::Tools, 80, "Notices", "/inbox").to(Audience::SignedIn)
        },
        NavItem::new(NavPlace::Settings, 25, "Notifications", "/settings/notifications")
            .to(Audience::SignedIn)
            .in_group("Messages"),
        NavItem::new(NavPlace::Settings, 75, "Webhooks", "/settings/webhooks")
            .to(Audience::SignedIn)
            .in_group("Programs"),
        NavItem {
            count: Some(|context, _| Box::pin(outbox::search::dead(&context.db))),
            ..NavItem::new(NavPlace::Admin, 63, "Messages", "/admin/notifications")
                .to(Audience::Admins)
                .in_group("Server")
        },
    ],
    guides: &[Guide {
        order: 14,
        group: "For contributors",
        name: "webhooks",
        title: "Receive notifications in a program",
        summary: "How to receive your notifications in your own program, and how to verify signatures.",
        markdown: include_str!("../../../docs/guides/webhooks.md"),
    }],
    provide: |services, provided| {
        provided.insert(model::NewsKinds(services.modules()));
    },
    audit: &[
        AuditKind::new("push.add", "user", "Browser added for notices"),
        AuditKind::new("push.remove", "user", "Browser removed from notices"),
        AuditKind::new("phone.verify", "user", "Phone number verified"),
        AuditKind::new("phone.remove", "user", "Phone number removed"),
        AuditKind::new("webhook.add", "user", "Webhook added"),
        AuditKind::new("webhook.describe", "user", "Webhook described"),
        AuditKind::new("webhook.rotate", "user", "Secret of a webhook replaced"),
        AuditKind::new("webhook.enable", "user", "Webhook enabled"),
        AuditKind::new("webhook.remove", "user", "Webhook removed"),
    ],
    problems: &[
        ProblemCode::new(
            "SECURITY_NOTIFICATION",
            "security notifications cannot be turned off",
            "Leave this kind of notification on.",
        ),
        ProblemCode::new(
            "BAD_CAP",
            "the maximum number of emails per day is out of range",
            "Send a number between 1 and 100.",
        ),
        ProblemCode::new(
            "BAD_TIME",
            "the time of day is invalid",
            "Send a time of day such as `22:00`.",
        ),
        ProblemCode::new(
            "TEXTS_NOT_CONFIGURED",
            "the server cannot send text messages",
            "Ask an admin to set it up at `/admin/settings`.",
        ),
        ProblemCode::new(
            "NOT_A_PHONE_NUMBER",
            "not a phone number in international form",
            "Use a plus sign, the country code and the number: `+15551234567`.",
        ),
        ProblemCode::new(
            "PHONE_ALREADY_VERIFIED",
            "you have already verified this phone number",
            "Nothing needs to be done.",
        ),
        ProblemCode::new(
            "TOO_MANY_CODES",
            "too many codes were requested for a person or a number in 24 hours",
            "Try again in 24 hours.",
        ),
        ProblemCode::new(
            "NOT_A_CODE",
            "not a code of six digits",
            "Enter the code of the last text message.",
        ),
        ProblemCode::new(
            "TOO_MANY_TEXTS",
            "this server has sent the maximum number of text messages of a day",
            "Try again after the number of seconds in `Retry-After`.",
        ),
        ProblemCode::new(
            "CODE_INVALID",
            "the code is wrong, was not sent in the last 10 minutes, or five wrong ones were entered",
            "Check the last text message, or request a new code.",
        ),
        ProblemCode::new(
            "NO_SUCH_KIND",
            "unknown kind of notification",
            "Use a kind that `GET /api/v1/me/notification-settings` lists.",
        ),
        ProblemCode::new(
            "NO_SUCH_MODE",
            "unknown notification mode",
            "Use `off`, `instant` or `digest`; browsers, text messages and webhooks support only `off` and `instant`.",
        ),
    ],
    jobs: |services| Jobs {
        workers: jobs::workers(&services.post),
        schedules: jobs::schedules(&services.post, model::NewsKinds(services.modules())),
    },
    alerts: &[AlertRule::new(actions::TEXTS, |services| {
        Box::pin(async move { Ok(actions::watch_texts(&services.context, &services.post).await?) })
    })],
    news: model::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person.into()))),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move { Ok(actions::erase(tx, person.into()).await?) })
    }),
    ..Module::EMPTY
};

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("me/notifications/{id}", ParameterKind::Uuid, "The notification's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "no notification among your notices has this ID"),
    ApiParameter::new("admin/notifications/{id}", ParameterKind::Uuid, "The message's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "no message in the outbox has this ID"),
    ApiParameter::new("push-subscriptions/{id}", ParameterKind::Uuid, "The subscription's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "no browser of yours has this ID"),
    ApiParameter::new("webhooks/{id}", ParameterKind::Uuid, "The webhook's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "no webhook of yours has this ID"),
];
