//! The page on which admins make the server read-only for a while, and end that.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use platform::{
    Context,
    settings::{
        MAINTENANCE_MESSAGE, Maintenance, Reload, maintain, maintenance_place, overlay, saved_at,
    },
};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, format::Instant, redirect, show};

use crate::model::Accounts;

const PAGE: &str = "/admin/maintenance";

#[derive(Template)]
#[template(path = "admin_maintenance.html")]
struct MaintenancePage {
    /// The message on every page; empty while people can change things.
    message: String,
    stops_jobs: bool,
    /// When the message was saved; absent if it is not saved in the browser or by the command.
    since: Option<Instant>,
    /// The place outside of the browser, such as "in GUILDHALL_MAINTENANCE"; absent if it can be changed here.
    place: Option<String>,
    form: Form,
    now: Instant,
}

impl MaintenancePage {
    /// Returns the message in the field: the typed one, the present one, or the usual one.
    fn field(&self) -> &str {
        let present = if self.message.is_empty() { MAINTENANCE_MESSAGE } else { &self.message };
        self.form.value_or("maintenance", present)
    }

    /// Returns true if the box is checked that stops the jobs.
    fn is_stop_checked(&self) -> bool {
        self.form.has("maintenance_jobs", "stop", self.stops_jobs)
    }
}

async fn render(context: &Context, accounts: &Accounts, form: Form) -> PageResult {
    let config = overlay(&accounts.config, &context.db, context.keys.as_ref()).await?;
    show(&MaintenancePage {
        stops_jobs: config.stops_jobs(),
        since: saved_at(&context.db, "maintenance").await?.map(Instant),
        place: maintenance_place(&config),
        message: config.maintenance,
        form,
        now: Instant(context.now()),
    })
}

/// `GET /admin/maintenance`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(accounts): Extension<Accounts>,
    _: Admin,
) -> PageResult {
    render(&context, &accounts, Form::default()).await
}

/// The fields of the forms. `state` is `on` or `off`, and the others are named like their settings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MaintenanceInput {
    state: String,
    maintenance: String,
    maintenance_jobs: String,
}

/// `POST /admin/maintenance`: makes the server read-only, changes its message, or ends that.
pub(super) async fn change(
    State(context): State<Context>,
    Extension(accounts): Extension<Accounts>,
    reload: Option<Extension<Reload>>,
    Admin(viewer): Admin,
    Filled(input, form): Filled<MaintenanceInput>,
) -> Result<Response, PageError> {
    let line = input.maintenance.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = if line.is_empty() { MAINTENANCE_MESSAGE } else { line.as_str() };
    let (wanted, says) = if input.state == "on" {
        let stops_jobs = input.maintenance_jobs == "stop";
        (Maintenance::On { message, stops_jobs }, "The server is read-only")
    } else {
        (Maintenance::Off, "Maintenance ended. People can change things again.")
    };
    match maintain(&context, &accounts.config, viewer.actor(), wanted).await {
        Ok(()) => {
            if let Some(Extension(reload)) = reload {
                reload.now().await;
            }
            Ok(redirect(PAGE, says))
        }
        Err(error) => {
            form.refused(error, async |form| render(&context, &accounts, form).await).await
        }
    }
}
