//! A project's rules: all versions with their changes.

use askama::Template;
use axum::extract::State;
use platform::Context;
use ui::{Address, PageResult, format::Instant, show};

use super::{
    rule_guide::GUIDE,
    rule_versions::{Version, of},
};
use crate::{access, reads::ProjectDetail};

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    slug: String,
    name: String,
    archived: Option<Instant>,
    /// The versions, latest first.
    versions: Vec<Version>,
}

/// `GET /projects/{slug}/rules`.
pub(super) async fn rules(
    State(context): State<Context>,
    Address(slug): Address<String>,
) -> PageResult {
    let ProjectDetail { project, rules, .. } = access::project_detail(&context, &slug).await?;
    show(&RulesPage {
        slug: project.slug,
        name: project.name,
        archived: project.archived_at.map(Instant),
        versions: of(&rules),
    })
}
