use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use identity::{
    access::{InPerson, ProvenInPerson, SignedIn},
    model::Viewer,
};
use platform::{
    Context,
    outbox::{
        Post,
        webhook::{self, Endpoint, MOST, NewEndpoint, WebhookAttempt},
    },
    web::WebError,
};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, Number, tame},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    actions::{self, unknown_webhook},
    api::ATTEMPTS,
};

const PATH: &str = "/settings/webhooks";

struct Row {
    id: Uuid,
    url: String,
    name: String,
    description: String,
    state: (&'static str, &'static str),
    added: Instant,
    accepted: Option<Instant>,
    failing: Option<Instant>,
    disabled: Option<(Instant, String)>,
    previous: Option<Instant>,
}

impl From<Endpoint> for Row {
    fn from(endpoint: Endpoint) -> Self {
        let state = match (endpoint.disabled_at, endpoint.failing_since) {
            (Some(_), _) => ("t-gules", "Disabled"),
            (None, Some(_)) => ("t-or", "Failing"),
            (None, None) => ("t-vert solid", "Enabled"),
        };
        let description = tame(&endpoint.description);
        Self {
            id: endpoint.id,
            name: if description.is_empty() { endpoint.host() } else { description.clone() },
            state,
            description,
            added: Instant(endpoint.created_at),
            accepted: endpoint.last_success_at.map(Instant),
            failing: endpoint.failing_since.map(Instant),
            disabled: endpoint.disabled_at.map(Instant).zip(endpoint.disabled_reason),
            previous: endpoint.previous_until.map(Instant),
            url: endpoint.url,
        }
    }
}

struct AttemptRow {
    at: Instant,
    kind: String,
    is_accepted: bool,
    status: String,
    milliseconds: Number,
    answer: String,
}

impl From<WebhookAttempt> for AttemptRow {
    fn from(attempt: WebhookAttempt) -> Self {
        let status = attempt.status.map(|status| status.to_string());
        Self {
            at: Instant(attempt.created_at),
            kind: attempt.kind,
            is_accepted: attempt.is_accepted,
            status: status.unwrap_or_else(|| "No response".to_owned()),
            milliseconds: Number(attempt.milliseconds),
            answer: tame(&attempt.answer),
        }
    }
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    rows: Vec<Row>,
    /// The name and the secret of the webhook that was just added.
    created: Option<(String, String)>,
    form: Form,
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct WebhookPage {
    row: Row,
    attempts: Vec<AttemptRow>,
    /// The secret that was just created.
    secret: Option<String>,
    form: Form,
}

/// `GET /settings/webhooks`.
pub(super) async fn list(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    all(&context, &viewer, None, Form::default()).await
}

async fn all(
    context: &Context,
    viewer: &Viewer,
    created: Option<(String, String)>,
    form: Form,
) -> PageResult {
    let found = webhook::of_person(&context.db, viewer.user_id.0).await?;
    show(&WebhooksPage { rows: found.into_iter().map(Into::into).collect(), created, form })
}

/// A webhook to add.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebhookInput {
    url: String,
    description: String,
}

/// `POST /settings/webhooks`: responds with a page that shows the secret once.
pub(super) async fn add(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(input, form): Filled<WebhookInput>,
) -> Result<Response, PageError> {
    let new = NewEndpoint { url: input.url, description: input.description };
    match actions::add_webhook(&context, &post, &viewer, &new).await {
        Ok((endpoint, secret)) => {
            let secret = secret.text().expose_secret().to_owned();
            let created = Some((Row::from(endpoint).name, secret));
            let page = all(&context, &viewer, created, Form::default()).await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let again = async |form| all(&context, &viewer, None, form).await;
            form.refused(error, again).await
        }
    }
}

async fn own(context: &Context, viewer: &Viewer, id: Uuid) -> Result<Endpoint, PageError> {
    let own = webhook::own(&context.db, viewer.user_id.0, id).await?;
    Ok(own.ok_or_else(unknown_webhook)?)
}

async fn one(
    context: &Context,
    endpoint: Endpoint,
    secret: Option<String>,
    form: Form,
) -> PageResult {
    let attempts = webhook::attempts(&context.db, endpoint.id, ATTEMPTS).await?;
    let now = context.now();
    let endpoint = Endpoint {
        // One that has ended is deleted within a day.
        previous_until: endpoint.previous_until.filter(|until| now < *until),
        ..endpoint
    };
    show(&WebhookPage {
        row: endpoint.into(),
        attempts: attempts.into_iter().map(Into::into).collect(),
        secret,
        form,
    })
}

/// `GET /settings/webhooks/{id}`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
) -> PageResult {
    let endpoint = own(&context, &viewer, id).await?;
    one(&context, endpoint, None, Form::default()).await
}

/// A changed webhook.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DescriptionInput {
    description: String,
}

/// `POST /settings/webhooks/{id}`.
pub(super) async fn describe(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
    Filled(input, form): Filled<DescriptionInput>,
) -> Result<Response, PageError> {
    let endpoint = own(&context, &viewer, id).await?;
    match actions::describe_webhook(&context, &viewer, id, &input.description).await {
        Ok(_) => Ok(redirect(&format!("{PATH}/{id}"), "Description saved")),
        Err(error) => {
            let again = async |form| one(&context, endpoint, None, form).await;
            form.refused(error, again).await
        }
    }
}

/// `POST /settings/webhooks/{id}/rotate`: responds with a page that shows the new secret once.
pub(super) async fn rotate(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Address(id): Address<Uuid>,
) -> PageResult {
    let rotated = actions::rotate_webhook(&context, &post, &viewer, id).await;
    let (endpoint, secret) = rotated.map_err(WebError::from)?;
    let secret = secret.text().expose_secret().to_owned();
    one(&context, endpoint, Some(secret), Form::default()).await
}

/// `POST /settings/webhooks/{id}/enable`.
pub(super) async fn enable(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let enabled = actions::enable_webhook(&context, &viewer, id).await;
    enabled.map_err(WebError::from)?;
    Ok(redirect(&format!("{PATH}/{id}"), "Webhook enabled"))
}

/// `POST /settings/webhooks/{id}/test`.
pub(super) async fn test(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let sent = actions::test_webhook(&context, &post, &viewer, id).await;
    sent.map_err(WebError::from)?;
    let said = "Test event queued. Reload this page to see the result";
    Ok(redirect(&format!("{PATH}/{id}"), said))
}

/// `GET /settings/webhooks/{id}/delete`: asks before a webhook is deleted.
pub(super) async fn ask_to_delete(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> PageResult {
    let row = Row::from(own(&context, &viewer, id).await?);
    show(&Confirmation {
        question: format!("Delete the webhook “{}”?", row.name),
        consequence:
            "It no longer receives notifications. Its secret and its attempts are deleted."
                .to_owned(),
        facts: vec![("Address", row.url.clone()), ("State", row.state.1.to_owned())],
        action: format!("{PATH}/{id}/delete"),
        fields: Vec::new(),
        button: "Delete webhook".to_owned(),
        is_ending: true,
        back: format!("{PATH}/{id}"),
    })
}

/// `POST /settings/webhooks/{id}/delete`.
pub(super) async fn delete(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let removed = actions::remove_webhook(&context, &viewer, id).await;
    removed.map_err(WebError::from)?;
    Ok(redirect(PATH, "Webhook deleted"))
}
