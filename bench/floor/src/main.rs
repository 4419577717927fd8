//! The baseline for the inbox: a bare axum handler that does only what every inbox must. It checks the signature,
//! parses, compresses, and answers after a grouped insert is committed. The difference to Guildhall's inbox is the cost
//! of a full server.

mod event;
mod postgres;
mod sqlite;
mod writer;

use std::{cell::RefCell, env, sync::Arc};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
    serve::ListenerExt as _,
};
use bytes::Bytes;
use chrono::{SubsecRound, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zstd::bulk::Compressor;

use crate::{
    event::Event,
    writer::{Row, Writer},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MOST_BYTES: usize = 25 * 1024 * 1024;

#[derive(Clone)]
struct Inbox {
    key: Arc<Hmac<Sha256>>,
    writer: Writer,
}

#[tokio::main]
async fn main() -> Result<()> {
    let setting = |name: &str| env::var(name).with_context(|| format!("set {name}"));
    let secret = setting("GITHUB_WEBHOOK_SECRET")?;
    let key = Arc::new(Hmac::new_from_slice(secret.as_bytes())?);
    let writer = writer::start(&setting("DATABASE_URL")?).await?;
    let app = Router::new()
        .route("/api/v1/webhooks/github", post(receive))
        .route("/readyz", get(async || "ready"))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Inbox { key, writer });
    let listener = tokio::net::TcpListener::bind(setting("FLOOR_BIND")?).await?;
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, app).await?;
    Ok(())
}

type Answer = (StatusCode, &'static str);

async fn receive(State(inbox): State<Inbox>, headers: HeaderMap, body: Bytes) -> Answer {
    match accept(&inbox, &headers, &body) {
        Err(refusal) => refusal,
        Ok(row) => match inbox.writer.write(row).await {
            Some(true) => (StatusCode::ACCEPTED, r#"{"duplicate": false}"#),
            Some(false) => (StatusCode::ACCEPTED, r#"{"duplicate": true}"#),
            None => (StatusCode::SERVICE_UNAVAILABLE, "not stored"),
        },
    }
}

fn accept(inbox: &Inbox, headers: &HeaderMap, body: &[u8]) -> Result<Row, Answer> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signature = header("x-hub-signature-256").and_then(|value| value.strip_prefix("sha256="));
    let signature = signature.and_then(|digits| hex::decode(digits).ok());
    let mut mac = Hmac::clone(&inbox.key);
    mac.update(body);
    if signature.as_ref().is_none_or(|signature| mac.verify_slice(signature).is_err()) {
        return Err((StatusCode::UNAUTHORIZED, "the signature is wrong"));
    }
    let refuse = |why| (StatusCode::BAD_REQUEST, why);
    let event: Event =
        serde_json::from_slice(body).map_err(|_| refuse("not the JSON it claims"))?;
    // Any digest of the body identifies it; this one is already computed.
    let fingerprint =
        signature.and_then(|digest| digest.get(..16).map(<[u8]>::to_vec)).unwrap_or_default();
    let kept = pack(body).map_err(|_| refuse("not compressible"))?;
    Ok(Row {
        id: new_id(),
        delivery_id: header("x-github-delivery").ok_or(refuse("no delivery id"))?.to_owned(),
        event: header("x-github-event").ok_or(refuse("no event"))?.to_owned(),
        action: event.action.map(Into::into),
        hook_id: header("x-github-hook-id").and_then(|id| id.parse().ok()),
        repository_github_id: event.repository.map(|repository| repository.id),
        received_at: now(),
        fingerprint,
        body_size: body.len() as i64,
        body: kept,
    })
}

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses a body. Creating a compressor's tables costs more than using them, so each thread reuses its own.
fn pack(body: &[u8]) -> std::io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| match kept {
        Some(compressor) => compressor.compress(body),
        None => kept.insert(Compressor::new(1)?).compress(body),
    })
}

#[allow(clippy::disallowed_methods, reason = "the floor has no kernel and no tests of time")]
fn new_id() -> Uuid {
    Uuid::now_v7()
}

#[allow(clippy::disallowed_methods, reason = "the floor has no kernel and no tests of time")]
fn now() -> chrono::DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
