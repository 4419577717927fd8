//! The last step: what is set up, what failed its check, and what to do next.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State};
use identity::{access::Admin, model::SignInMethods, reads::has_github};
use platform::{
    Context,
    module::{FirstStep, Modules},
};
use ui::{PageResult, Who, show};

use super::{
    frame::Frame,
    programs::names,
    steps::{STEPS, Step},
};
use crate::health::{Finding, Watch};

/// A step, with what was set up in it.
struct Row {
    title: &'static str,
    address: &'static str,
    state: Option<String>,
}

#[derive(Template)]
#[template(path = "setup_done.html")]
struct DonePage {
    frame: Frame,
    admin: Who,
    rows: Vec<Row>,
    /// The checks that failed.
    failed: Vec<Finding>,
    next: Vec<FirstStep>,
    /// The page where anyone can sign in; `None` without a provider such as GitHub.
    invitation: Option<String>,
    /// True if people can be invited by email.
    by_email: bool,
    /// True if the admin proves an account on GitHub by its bio, and has not yet.
    lacks_github: bool,
}

/// `GET /setup/done`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(modules): Extension<Modules>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    Admin(viewer): Admin,
) -> PageResult {
    let config = &watch.config;
    let mut failed = watch.findings(&context).await;
    failed.retain(|finding| !finding.is_ok);
    let programs = names(&context, modules);
    let row = |step: &Step| Row {
        title: step.title,
        address: step.address,
        state: step.says(config, &programs),
    };
    show(&DonePage {
        frame: Frame::of("/setup/done", config),
        admin: viewer.who,
        // The first is the admin's own, and the last is this one.
        rows: STEPS[1..STEPS.len() - 1].iter().map(row).collect(),
        failed,
        next: modules.first_steps(&context).await?,
        invitation: (!methods.providers.is_empty()).then(|| format!("{}/sign-in", config.site())),
        by_email: methods.by_email,
        lacks_github: !methods.has_github() && !has_github(&context.db, viewer.user_id).await?,
    })
}
