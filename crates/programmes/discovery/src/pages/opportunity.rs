use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::MaybePerson;
use platform::Context;
use ui::{
    Address, PageError, Tag,
    format::{Instant, Number},
    markdown,
};
use uuid::Uuid;

use super::{
    explained::{Explained, HealthPart},
    found, words,
};
use crate::{
    access::{
        self,
        matches::{MatchedOpportunity, one},
    },
    model::{ScorePart, ShownAnalysis},
    reads::{self, OpportunityView, claims::ClaimsOfOpportunity},
    search::Catalog,
};

/// The numbers that are explained, in the order of the page.
const PARTS: [ScorePart; 4] =
    [ScorePart::Impact, ScorePart::Complexity, ScorePart::Confidence, ScorePart::Urgency];

#[derive(Template)]
#[template(path = "opportunity.html")]
struct OpportunityPage {
    own: OpportunityView,
    status: Tag,
    kind: &'static str,
    body: String,
    level: &'static str,
    hours: String,
    model: Option<ByModel>,
    worth: Explained,
    parts: Vec<Explained>,
    health: Option<HealthPart>,
    similar: Vec<SimilarCard>,
    claims: ClaimsOfOpportunity,
    /// How it fits the viewer.
    fit: Option<FitPart>,
    dismissals: Vec<(&'static str, &'static str)>,
    now: Instant,
    opened: Instant,
    active: Instant,
    comments: Number,
}

/// The words of a model, which are shown as a quotation.
struct ByModel {
    shown: ShownAnalysis,
    hours: String,
    at: Instant,
}

impl ByModel {
    fn of(shown: ShownAnalysis) -> Self {
        let hours = shown.written.estimated_hours;
        Self { hours: counted_hours(hours), at: Instant(shown.at), shown }
    }
}

fn counted_hours(hours: f64) -> String {
    match hours {
        1.0 => "1 hour".to_owned(),
        _ => format!("{hours} hours"),
    }
}

/// The fit of the viewer, part by part.
struct FitPart {
    percent: String,
    /// The name of each part, its evidence, its value and its weight in percent, and what it adds.
    lines: Vec<(&'static str, String, String, String)>,
    lowered: Option<(String, String)>,
    is_saved: bool,
    is_dismissed: bool,
    is_started: bool,
    is_helpful: bool,
}

impl FitPart {
    fn of(matched: &MatchedOpportunity) -> Self {
        let parts = matched.fit.parts.iter();
        let lines = parts.map(|part| {
            let counts = format!("{:.0} % × {:.0} %", part.value * 100.0, part.weight * 100.0);
            let adds = words::decimal(part.value * part.weight * 100.0);
            (part.part.title(), part.evidence.clone(), counts, adds)
        });
        let because = matched.fit.lowered_because.clone();
        Self {
            percent: matched.fit.percent(),
            lines: lines.collect(),
            lowered: because.map(|words| {
                let value = words::decimal(matched.fit.lowered * 100.0);
                (words, format!("−{value}"))
            }),
            is_saved: matched.stated.is_saved,
            is_dismissed: matched.stated.is_dismissed,
            is_started: matched.stated.is_started,
            is_helpful: matched.stated.is_helpful,
        }
    }
}

struct SimilarCard {
    address: String,
    title: String,
    repository: String,
    number: i64,
    level: &'static str,
    hours: String,
}

/// `GET /discover/{id}`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(catalog): Extension<Catalog>,
    MaybePerson(viewer): MaybePerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let (own, body) = access::opportunity(&context, id).await?;
    let similar = access::similar(&context, &catalog, &own).await?;
    let viewer = viewer.map(|viewer| viewer.user_id);
    let claims = reads::claims::of_opportunity(&context.db, id, viewer).await?;
    let fit = match viewer {
        Some(viewer) => {
            let profiled = reads::profiled(&context.db, viewer).await?;
            let stated = reads::stated(&context.db, viewer, [id]).await?;
            let stated = stated.get(&id).copied().unwrap_or_default();
            let matched = one(&profiled.person, own.clone(), stated, context.now());
            Some(FitPart::of(&matched))
        }
        None => None,
    };
    let model = reads::model_analysis(&context.db, &own).await?;
    let analysis = &own.analysis;
    let of = |part: ScorePart, total: f64| Explained::of(part, total, &analysis.reasons);
    let values = [analysis.impact, analysis.complexity, analysis.confidence, analysis.urgency];
    let parts = PARTS.into_iter().zip(values);
    let page = OpportunityPage {
        status: words::status(own.status),
        kind: words::kind(own.kind()),
        body: one_level(markdown::typed(&body)),
        level: words::level(analysis.complexity),
        hours: words::hours(analysis.hours),
        model: model.map(ByModel::of),
        worth: of(ScorePart::Overall, analysis.overall),
        parts: parts.map(|(part, total)| of(part, total)).collect(),
        health: own.health.as_ref().map(HealthPart::of),
        similar: similar.best.iter().map(|(other, _)| SimilarCard::of(other)).collect(),
        claims,
        fit,
        dismissals: words::dismissals(),
        now: Instant(context.now()),
        opened: Instant(own.opened_at),
        active: Instant(own.active_at),
        comments: Number(own.comments),
        own,
    };
    found(&page, similar.is_old)
}

/// Puts all headings of a description on the level below that of its part of the page, since descriptions begin at any level.
/// HTML in a description is escaped, so only headings match.
fn one_level(mut html: String) -> String {
    for level in 4..=6 {
        html =
            html.replace(&format!("<h{level}>"), "<h3>").replace(&format!("</h{level}>"), "</h3>");
    }
    html
}

impl SimilarCard {
    fn of(other: &OpportunityView) -> Self {
        Self {
            address: other.address(),
            title: other.title.clone(),
            repository: other.repository.clone(),
            number: other.number,
            level: words::level(other.analysis.complexity),
            hours: words::hours(other.analysis.hours),
        }
    }
}
