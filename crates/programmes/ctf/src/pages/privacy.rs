//! The consent text, and deletions on the game platform, for admins.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, format::Instant, redirect, show,
};
use uuid::Uuid;

use crate::{
    actions::{self, CONSENT},
    reads::{self, ConsentText, ErasureList},
};

const PAGE: &str = "/admin/ctf/privacy";

#[derive(Template)]
#[template(path = "ctf_privacy.html")]
struct PrivacyPage {
    erasures: ErasureList,
    /// True if it is not the first page.
    is_later: bool,
    /// The IDs on this page that are not deleted.
    open: Vec<String>,
    /// The versions of the consent text, newest first.
    versions: Vec<ConsentText>,
    form: Form,
    now: Instant,
}

/// The part of the list of deletions that a URL selects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PrivacyQuery {
    after: String,
}

/// `GET /admin/ctf/privacy`.
pub(super) async fn page(
    State(context): State<Context>,
    _: Admin,
    QueryString(query): QueryString<PrivacyQuery>,
) -> PageResult {
    let present = reads::latest_consent(&context.db).await?;
    let text = present.map(|present| present.text).unwrap_or_default();
    let after = Uuid::try_parse(&query.after).ok();
    render(&context, after, Form::default().with("text", text)).await
}

async fn render(context: &Context, after: Option<Uuid>, form: Form) -> PageResult {
    let erasures = reads::erasures(&context.db, after).await?;
    let open = erasures.rows.iter().filter(|row| row.confirmed_at.is_none());
    show(&PrivacyPage {
        is_later: after.is_some(),
        open: open.map(|row| row.syned_user_id.clone()).collect(),
        erasures,
        versions: reads::consents(&context.db).await?,
        form,
        now: Instant(context.now()),
    })
}

/// The field of the form that publishes a consent text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConsentFields {
    text: String,
}

/// `POST /admin/ctf/privacy`: publishes a version of the consent text.
pub(super) async fn publish(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<ConsentFields>,
) -> Result<Response, PageError> {
    match actions::publish_consent(&context, viewer.actor(), &fields.text).await {
        Ok(version) => {
            let said = format!("Version {version} of the consent text is in use");
            Ok(redirect(PAGE, &said))
        }
        Err(error) => form.refused(error, |form| render(&context, None, form)).await,
    }
}

/// `POST /admin/ctf/erasures/{erasure}/confirm`.
pub(super) async fn confirm(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(erasure): Address<Uuid>,
) -> Result<Response, PageError> {
    let confirmed = actions::confirm_erasure(&context, viewer.actor(), erasure).await;
    confirmed.map_err(WebError::from)?;
    Ok(redirect(PAGE, "The deletion is confirmed"))
}
