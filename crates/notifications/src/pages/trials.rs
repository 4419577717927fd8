//! Buttons for operators: a test alert, a test email, and messages that wait sent at once.

use std::time::Duration;

use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::{counted, first_words};
use platform::{
    ActionError, Context,
    alerts::{Operators, Severity, TriedAlert, try_alert},
    outbox::{Post, TRIAL_LASTS, is_mailbox, search, try_own_mail},
    web::{Patience, WebError},
};
use serde::Deserialize;
use ui::{Address, Filled, PageError, redirect};
use uuid::Uuid;

const PAGE: &str = "/admin/notifications";

/// How long a request may take in which messages are sent.
const SENDING: Duration = TRIAL_LASTS.saturating_add(Duration::from_secs(10));

/// The longest notice, in characters: a cookie carries it.
const LONGEST: usize = 600;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AlertTrial {
    severity: String,
}

/// `POST /admin/notifications/test-alert`: sends a test alert, and shows what each channel answered.
pub(super) async fn alert(
    State(context): State<Context>,
    Extension(operators): Extension<Operators>,
    Extension(patience): Extension<Patience>,
    _: Admin,
    Filled(trial, _): Filled<AlertTrial>,
) -> Result<Response, PageError> {
    patience.extend(SENDING);
    let severity = Severity::named(&trial.severity).unwrap_or(Severity::Critical);
    let tried = try_alert(&context, &operators, severity).await.map_err(ActionError::from)?;
    let said: Vec<String> = tried.iter().map(TriedAlert::says).collect();
    let said = if said.is_empty() {
        format!("Nothing was sent: no channel of {} alerts has an address.", severity.as_str())
    } else {
        said.join(" ")
    };
    Ok(redirect(PAGE, &first_words(&said, LONGEST)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MailTrial {
    address: String,
}

/// `POST /admin/notifications/test-email`: sends a test email, and shows what the mail server answered.
pub(super) async fn email(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Extension(patience): Extension<Patience>,
    _: Admin,
    Filled(trial, _): Filled<MailTrial>,
) -> Result<Response, PageError> {
    patience.extend(SENDING);
    let address = trial.address.trim();
    let said = if is_mailbox(address) {
        match try_own_mail(&context, &post, address).await.map_err(ActionError::from)? {
            Ok(answer) => format!("Sent to {address} ({answer})."),
            Err(why) => format!("NOT sent to {address}: {why}."),
        }
    } else {
        format!("Nothing was sent: “{address}” is no email address.")
    };
    Ok(redirect(PAGE, &first_words(&said, LONGEST)))
}

/// `POST /admin/notifications/{id}/send`: sends a message that waits for a later time at once.
pub(super) async fn send(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    search::send_waiting(&context, viewer.actor(), Some(id)).await.map_err(WebError::from)?;
    Ok(redirect(PAGE, "The message is sent now"))
}

/// `POST /admin/notifications/send`: sends all messages at once that were tried before and wait to be tried again.
pub(super) async fn send_all(
    State(context): State<Context>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    let sent = search::send_waiting(&context, viewer.actor(), None).await;
    let sent = counted(sent.map_err(WebError::from)?, "message is", "messages are");
    Ok(redirect(PAGE, &format!("{sent} sent now")))
}
