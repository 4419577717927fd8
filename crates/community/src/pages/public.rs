use askama::Template;
use axum::{Extension, extract::State};
use platform::Context;
use ui::{PageResult, format::Instant, markdown, show};

use crate::{
    model::{Facts, TextName},
    reads,
};

#[derive(Template)]
#[template(path = "text.html")]
struct TextPage {
    name: TextName,
    summary: String,
    /// Sanitized HTML.
    html: String,
    /// When it was last changed; absent for the proposed text.
    saved: Option<Instant>,
}

async fn page(context: &Context, facts: &Facts, name: TextName) -> PageResult {
    let shown = reads::shown(&context.db, facts, name).await?;
    show(&TextPage {
        name,
        summary: summary(name, facts),
        html: markdown::text(&shown.body),
        saved: shown.saved.map(|saved| Instant(saved.created_at)),
    })
}

fn summary(name: TextName, facts: &Facts) -> String {
    let community = &facts.name;
    match name {
        TextName::About => format!("What {community} is, and how to take part."),
        TextName::Conduct => {
            format!("How people treat each other in {community}, and how to report.")
        }
        TextName::Privacy => format!("What {community} stores about people, and what they can do."),
        TextName::Contact => format!("How to reach the people who run {community}."),
    }
}

/// `GET /about`.
pub(super) async fn about(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
) -> PageResult {
    page(&context, &facts, TextName::About).await
}

/// `GET /conduct`.
pub(super) async fn conduct(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
) -> PageResult {
    page(&context, &facts, TextName::Conduct).await
}

/// `GET /privacy`.
pub(super) async fn privacy(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
) -> PageResult {
    page(&context, &facts, TextName::Privacy).await
}

/// `GET /contact`.
pub(super) async fn contact(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
) -> PageResult {
    page(&context, &facts, TextName::Contact).await
}
