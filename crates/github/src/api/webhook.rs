use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use identity::rules::address_prefix;
use kernel::ProblemKind;
use platform::{
    config::LARGEST_BODY,
    module::Services,
    processes::Noticed,
    telemetry::activity::{self, Work},
    web::{Client, WebError},
};
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Hooks,
    headers::{
        check_signature_form, check_type, declared_length, fingerprint, is_of_app, number,
        required, text,
    },
    hooks::{Signer, SigningSecret, which},
    memory::{BodyMemory, Memory},
    refusals::{malformed, not_stored, too_busy, too_large, too_slow, unsigned},
};
use crate::{
    actions::{Inbox, NewDelivery, turn},
    rules::{
        body::pack,
        envelope::{Envelope, claimed_repository, inspect},
    },
    telemetry::DELIVERIES,
};

/// The timeout for receiving a body, which is shorter than that of a response.
const BODY_TIMEOUT: Duration = Duration::from_secs(7);

/// The state of the webhook handler. Clones share it.
#[derive(Clone, Debug)]
pub struct Webhook(Arc<Receiver>);

#[derive(Debug)]
struct Receiver {
    inbox: Inbox,
    hooks: Hooks,
    /// The secret of webhooks without their own.
    secret: Option<SecretString>,
    /// The previous secret, while it is still valid.
    previous: Option<SecretString>,
    /// The current and the previous secret of the GitHub App, if the server has one.
    app: Option<[Option<SecretString>; 2]>,
    /// The memory for bodies.
    memory: Memory,
    noticed: Noticed,
}

/// The sender of a delivery, by its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DeliverySigner {
    /// The webhook of the repository with this GitHub ID.
    Repository(i64),
    /// The server's GitHub App.
    App,
    /// A webhook with the server's secret.
    Server,
}

impl Webhook {
    /// Starts the inbox of an application.
    #[must_use]
    pub fn of(services: &Services) -> Self {
        let (context, config) = (&services.context, &services.config);
        Self::new(
            Inbox::start(context.clone()),
            Hooks::new(context.clone(), services.ring.clone()),
            [config.github_webhook_secret.clone(), config.github_webhook_secret_previous.clone()],
            [
                config.github_app_webhook_secret.clone(),
                config.github_app_webhook_secret_previous.clone(),
            ],
            config.inbox_bytes_in_flight,
            services.once(Noticed::default),
        )
    }

    /// Creates a webhook that stores into `inbox`. `secret` and `previous` are for webhooks without
    /// their own secret, and `app` is for the GitHub App. Refused signatures are noticed.
    #[must_use]
    pub fn new(
        inbox: Inbox,
        hooks: Hooks,
        [secret, previous]: [Option<SecretString>; 2],
        app: [Option<SecretString>; 2],
        bytes_in_flight: usize,
        noticed: Noticed,
    ) -> Self {
        Self(Arc::new(Receiver {
            inbox,
            hooks,
            secret,
            previous,
            app: app[0].is_some().then_some(app),
            memory: Memory::new(bytes_in_flight),
            noticed,
        }))
    }
}

/// Returns the webhook at both of its paths.
pub fn routes() -> OpenApiRouter<Webhook> {
    OpenApiRouter::default().routes(routes!(receive)).route("/api/webhooks/github", post(receive))
}

/// The response to an accepted delivery.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "duplicate": false }))]
struct Accepted {
    /// True when the delivery was already stored.
    duplicate: bool,
    /// True when the delivery is signed with the previous secret, which will expire. Update the webhook's secret on
    /// GitHub.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    used_previous_secret: bool,
    #[serde(skip)]
    is_altered: bool,
}

/// Receives a webhook delivery from GitHub. A 202 response means that the delivery is stored.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/github",
    operation_id = "receive_delivery",
    tag = "Webhooks",
    params(
        ("X-GitHub-Event" = String, Header, description = "The event", example = "ping"),
        ("X-GitHub-Delivery" = String, Header, description = "The delivery ID", example = "0b989ba4-242f-11e5-81e1-c7b6966d2516"),
        ("X-GitHub-Hook-ID" = Option<String>, Header, description = "The webhook's ID. It selects the secret if the webhook has its own"),
        ("X-GitHub-Hook-Installation-Target-Type" = Option<String>, Header, description = "`integration` selects the secret of the server's GitHub App, if it has one")
    ),
    request_body(content = Object, description = "The payload from GitHub, at most 25 MiB", content_type = "application/json"),
    responses(
        (status = 202, description = "The delivery is stored", body = Accepted),
        (status = 400, description = "A header is missing, or the body is not a JSON object"),
        (status = 408, description = "The body was not received in time"),
        (status = 413, description = "The body is larger than 25 MiB"),
    ),
    security(("signature" = []))
)]
async fn receive(
    State(webhook): State<Webhook>,
    request: Request,
) -> Result<(StatusCode, Json<Accepted>), WebError> {
    let client = request.extensions().get::<Client>().copied();
    let mut sender = Sender::default();
    let outcome = webhook.0.receive(request, client, &mut sender).await;
    if let Err(WebError::Refused(problem)) = &outcome
        && problem.kind == ProblemKind::Unauthenticated
    {
        let address = client.map(|client| address_prefix(client.0));
        sender.log_refusal(address.as_deref(), &problem.detail);
        webhook.0.noticed.refused_signature();
    }
    let label = match &outcome {
        Ok(accepted) if accepted.is_altered => "altered",
        Ok(accepted) if accepted.duplicate => "duplicate",
        Ok(_) => "accepted",
        Err(WebError::Refused(problem)) => problem.code,
        Err(WebError::Failed(_)) => "failed",
    };
    DELIVERIES.add(&[label], 1);
    if label == "accepted" {
        activity::count(Work::Accepted, 1);
    }
    Ok((StatusCode::ACCEPTED, Json(outcome?)))
}

/// Claims of a delivery about its sender, for the log line of a refused signature. Nothing confirms them.
#[derive(Debug, Default)]
struct Sender {
    hook_id: Option<i64>,
    repository: Option<i64>,
}

impl Sender {
    fn log_refusal(&self, address: Option<&str>, reason: &str) {
        let (hook, repository) = (self.hook_id, self.repository);
        tracing::info!(repository, hook, address, reason, "refused a delivery");
    }
}

impl Receiver {
    async fn receive(
        &self,
        request: Request,
        client: Option<Client>,
        sender: &mut Sender,
    ) -> Result<Accepted, WebError> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        let length = declared_length(&parts.headers)?;
        let hook_id = number(&parts.headers, "x-github-hook-id");
        sender.hook_id = hook_id;
        check_signature_form(&parts.headers)?;
        let network = client.map_or(Ipv4Addr::UNSPECIFIED.into(), Client::network);
        let mut memory = self.memory.body(network);
        let read = tokio::time::timeout(BODY_TIMEOUT, read(body, length, &mut memory));
        let body = read.await.map_err(|_| too_slow())??;
        let authenticated = self.authenticate(&parts.headers, hook_id, &body).await;
        if authenticated.is_err() {
            sender.repository = claimed_repository(&body);
        }
        let (signed, by) = authenticated?;
        memory.verify();
        let (event, delivery_id) = (
            required(&parts.headers, "x-github-event")?,
            required(&parts.headers, "x-github-delivery")?,
        );
        let envelope =
            inspect(&body).map_err(|error| malformed("BAD_BODY", format!("{error}.")))?;
        sender.repository = envelope.repository_id;
        self.check_repository(&envelope, signed).await?;
        let body_size = body.len() as i64;
        let _turn = turn(body_size).await;
        let delivery = NewDelivery {
            delivery_id: delivery_id.clone(),
            event,
            action: envelope.action,
            hook_id,
            repository_github_id: envelope.repository_id,
            installation_id: envelope.installation_id.filter(|_| signed == DeliverySigner::App),
            fingerprint: fingerprint(&parts.headers),
            body_size,
            body: pack(&body).map_err(|error| WebError::Failed(Box::new(error)))?,
        };
        drop(body);
        let receipt =
            self.inbox.accept(delivery).await.map_err(|error| not_stored(error.is_full))?;
        if receipt.is_altered {
            tracing::warn!(
                delivery_id,
                "delivery ID reused with a different body or secret; keeping the first delivery"
            );
        }
        if by == SigningSecret::Previous {
            tracing::info!(
                delivery_id,
                hook_id,
                repository = envelope.repository_id,
                "delivery signed with the previous secret; enter the new one in the webhook's settings on GitHub"
            );
        }
        Ok(Accepted {
            duplicate: receipt.is_duplicate,
            used_previous_secret: by == SigningSecret::Previous,
            is_altered: receipt.is_altered,
        })
    }

    /// Checks that the sender of a body may make statements about its repository.
    async fn check_repository(
        &self,
        envelope: &Envelope,
        signed: DeliverySigner,
    ) -> Result<(), WebError> {
        let detail = match (signed, envelope.repository_id) {
            // A repository's own webhook always names it, in the format that the envelope reads.
            (DeliverySigner::Repository(own), named) if named != Some(own) => {
                "This webhook belongs to a different repository than the one in the body. Use it only in its own \
                 repository, or register this repository with its own webhook."
            }
            (DeliverySigner::Server, Some(named)) if self.hooks.has_own(named).await? => {
                "This repository has its own webhook. Sign its deliveries with the secret of that webhook, and send the \
                 webhook's ID in X-GitHub-Hook-ID."
            }
            (DeliverySigner::Server, Some(named))
                if self.app.is_some() && self.hooks.is_of_app(named).await? =>
            {
                "The GitHub App delivers the events of this repository. Delete this webhook on GitHub, or remove the \
                 repository from the App's installation."
            }
            (DeliverySigner::App, Some(named)) if !self.is_installed(envelope, named).await? => {
                "The installation in the body does not include its repository. Add the repository to the installation of \
                 the GitHub App."
            }
            _ => return Ok(()),
        };
        Err(unsigned(detail).into())
    }

    /// Returns true if the installation that a body of the GitHub App names includes its repository, or may do so.
    async fn is_installed(&self, envelope: &Envelope, repository: i64) -> Result<bool, WebError> {
        match envelope.installation_id {
            Some(installation) => Ok(self.hooks.may_include(installation, repository).await?),
            None => Ok(false),
        }
    }

    /// Verifies the signature of the raw bytes. Returns the sender, and which of its secrets signed the body.
    async fn authenticate(
        &self,
        headers: &HeaderMap,
        hook_id: Option<i64>,
        body: &Bytes,
    ) -> Result<(DeliverySigner, SigningSecret), WebError> {
        let Some(signature) = text(headers, "x-hub-signature-256") else {
            return Err(unsigned(
                "The X-Hub-Signature-256 header is missing. Set a secret in the webhook's settings on GitHub.",
            )
            .into());
        };
        let unknown = || {
            unsigned(
                "The signature does not match the webhook's secret. Check the secret in the webhook's settings on GitHub.",
            )
        };
        if let Some([secret, previous]) = &self.app
            && is_of_app(headers)
        {
            let by = which(secret.as_ref(), previous.as_ref(), body, signature);
            return Ok((DeliverySigner::App, by.ok_or_else(unknown)?));
        }
        let by_server = || {
            let (secret, previous) = (self.secret.as_ref(), self.previous.as_ref());
            which(secret, previous, body, signature)
        };
        let other = hook_id.filter(|id| self.hooks.is_other(*id));
        if let Some(by) = other.and_then(|_| by_server()) {
            return Ok((DeliverySigner::Server, by));
        }
        let hook = match hook_id {
            Some(id) => self.hooks.signed_by(id, body, signature).await?,
            None => Signer::Unknown,
        };
        let signer = match hook {
            Signer::Repository(id, by) => Some((DeliverySigner::Repository(id), by)),
            Signer::OtherSecret => None,
            Signer::Unknown => by_server().map(|by| (DeliverySigner::Server, by)),
        };
        if let (Some(id), Some((DeliverySigner::Server, _))) = (hook_id, &signer) {
            self.hooks.remember_other(id);
        }
        Ok(signer.ok_or_else(unknown)?)
    }
}

/// Reads a body, and adds to its memory only bytes that have arrived.
async fn read(
    mut body: Body,
    declared: Option<usize>,
    memory: &mut BodyMemory<'_>,
) -> Result<Bytes, WebError> {
    // A body that will not fit is refused before it fills memory.
    memory.fits(declared.unwrap_or(0)).map_err(too_busy)?;
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let cut_off = |_| {
            malformed("BAD_BODY", "The body is incomplete. Send the delivery again.".to_owned())
        };
        let Ok(data) = frame.map_err(cut_off)?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > LARGEST_BODY {
            return Err(too_large().into());
        }
        memory.grow(data.len()).map_err(too_busy)?;
        let announced = declared.unwrap_or(0).saturating_sub(bytes.len());
        if bytes.is_empty() {
            bytes.reserve(announced.min(16 * data.len()));
        } else if bytes.capacity() - bytes.len() < data.len() {
            // Growing in steps would copy a large body, and space takes no memory until bytes arrive.
            bytes.reserve(announced.max(data.len()));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}
