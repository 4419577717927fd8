//! What reaches whom, when: kinds of news, what people chose, the inbox in the server, the day's summary.
//! Owns `notifications`, `notification_preferences`, `notification_settings`. Knows identity, platform and
//! kernel. Never knows what a programme's news is about.

pub mod actions;
pub mod api;
pub mod emails;
pub mod jobs;
pub mod model;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    jobs::Jobs,
    module::{Module, Personal, Table},
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "notifications",
    tables: &[
        Table::new("notifications", "news", Personal::Erased, "a year"),
        Table::new(
            "notification_preferences",
            "choices",
            Personal::Erased,
            "until erased",
        ),
        Table::new(
            "notification_settings",
            "people",
            Personal::Erased,
            "until erased",
        ),
    ],
    migrations: store::migrations,
    api: api::routes,
    jobs: |services| Jobs {
        workers: jobs::workers(&services.post),
        schedules: jobs::schedules(&services.post),
    },
    news: model::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move { Ok(actions::erase(tx, person.into()).await?) })
    }),
    ..Module::EMPTY
};
