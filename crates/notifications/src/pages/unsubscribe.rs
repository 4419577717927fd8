use askama::Template;
use axum::{Extension, extract::State};
use platform::{Context, outbox::Post, web::WebError};
use ui::{Address, PageResult, show};

use crate::{
    actions::{opened, unsubscribe},
    model::NewsKinds,
};

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage {
    kind: &'static str,
    token: String,
    is_done: bool,
}

/// `GET /unsubscribe/{token}`: asks for confirmation, because mail clients open links by themselves.
pub(super) async fn confirm(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    Extension(post): Extension<Post>,
    Address(token): Address<String>,
) -> PageResult {
    let opened = opened(&context, &post, kinds, &token).await;
    let (_, kind) = opened.map_err(WebError::from)?;
    show(&UnsubscribePage { kind: kind.title, token, is_done: false })
}

/// `POST /unsubscribe/{token}`: sent by the button, or by a mail client's one-click unsubscribe.
pub(super) async fn end(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    Extension(post): Extension<Post>,
    Address(token): Address<String>,
) -> PageResult {
    let ended = unsubscribe(&context, &post, kinds, &token).await;
    let kind = ended.map_err(WebError::from)?;
    show(&UnsubscribePage { kind: kind.title, token, is_done: true })
}
