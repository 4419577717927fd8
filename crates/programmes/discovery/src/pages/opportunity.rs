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

use super::{card::sentence, found, words};
use crate::{
    access,
    model::{Part, Reason, ShownAnalysis},
    reads::{self, OpportunityView, claims::ClaimsOfOpportunity},
    search::Catalog,
};

/// The numbers that are explained, in the order of the page.
const PARTS: [Part; 4] = [
    Part::Impact,
    Part::Complexity,
    Part::Confidence,
    Part::Urgency,
];

/// The parts of a repository's health, with their weights.
const HEALTH: [(Part, &str); 3] = [
    (Part::Activity, "40 %"),
    (Part::Community, "40 %"),
    (Part::Documentation, "20 %"),
];

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
    similar: Vec<Similar>,
    claims: ClaimsOfOpportunity,
    now: Instant,
    opened: Instant,
    active: Instant,
    comments: Number,
}

/// The words of a model, which are shown as a quotation.
struct ByModel {
    shown: ShownAnalysis,
    hours: String,
    /// How far to trust it, in percent.
    percent: String,
    at: Instant,
}

impl ByModel {
    fn of(shown: ShownAnalysis) -> Self {
        let hours = shown.written.estimated_hours;
        Self {
            hours: counted_hours(hours),
            percent: format!("{:.0} %", shown.confidence * 100.0),
            at: Instant(shown.at),
            shown,
        }
    }
}

fn counted_hours(hours: f64) -> String {
    match hours {
        1.0 => "1 hour".to_owned(),
        _ => format!("{hours} hours"),
    }
}

/// A number with its contributions.
struct Explained {
    title: &'static str,
    total: String,
    most: &'static str,
    lines: Vec<(String, String)>,
}

/// The health of the repository.
struct HealthPart {
    tag: Tag,
    total: i64,
    response: Option<String>,
    parts: Vec<(Explained, &'static str)>,
    scanned: Instant,
}

/// A similar opportunity.
struct Similar {
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
    let model = reads::model_analysis(&context.db, &own).await?;
    let analysis = &own.analysis;
    let of = |part: Part, total: f64| Explained::of(part, total, &analysis.reasons);
    let values = [
        analysis.impact,
        analysis.complexity,
        analysis.confidence,
        analysis.urgency,
    ];
    let parts = PARTS.into_iter().zip(values);
    let page = OpportunityPage {
        status: words::status(own.status),
        kind: words::kind(own.kind()),
        body: one_level(markdown::typed(&body)),
        level: words::level(analysis.complexity),
        hours: words::hours(analysis.hours),
        model: model.map(ByModel::of),
        worth: of(Part::Overall, analysis.overall),
        parts: parts.map(|(part, total)| of(part, total)).collect(),
        health: own.health.as_ref().map(|health| HealthPart {
            tag: words::health(health.health),
            total: health.health,
            response: health.response_words.clone(),
            parts: HEALTH
                .into_iter()
                .zip([health.activity, health.community, health.documentation])
                .map(|((part, weight), total)| {
                    (Explained::of(part, total as f64, &health.reasons), weight)
                })
                .collect(),
            scanned: Instant(health.last_scanned_at),
        }),
        similar: similar
            .best
            .iter()
            .map(|(other, _)| Similar::of(other))
            .collect(),
        claims,
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
        html = html
            .replace(&format!("<h{level}>"), "<h3>")
            .replace(&format!("</h{level}>"), "</h3>");
    }
    html
}

impl Explained {
    fn of(part: Part, total: f64, reasons: &[Reason]) -> Self {
        let (title, most) = words::part(part);
        let lines = reasons.iter().filter(|reason| reason.part == part);
        let lines = lines.enumerate().map(|(place, reason)| {
            let value = words::decimal(reason.value.abs());
            let sign = match (place, reason.value < 0.0) {
                (_, true) => "−",
                (0, false) => "",
                (_, false) => "+",
            };
            let words = match part {
                Part::Overall => reason.words.clone(),
                _ => sentence(&reason.words),
            };
            (words, format!("{sign}{value}"))
        });
        Self {
            title,
            total: words::decimal(total),
            most,
            lines: lines.collect(),
        }
    }
}

impl Similar {
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
