use std::collections::BTreeMap;

use kernel::Timestamp;
use platform::web::Page;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::FoundPage,
    model::{Facet, Reason, ScorePart, ShownAnalysis},
    reads::{HealthView, OpportunityView},
};

/// The values of a facet that are listed at most.
const MOST_VALUES: usize = 50;

/// A page of opportunities, with the number of all results.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OpportunityList {
    /// The opportunities of this page.
    items: Vec<Opportunity>,
    /// Pass it as `cursor` to get the next page. Null on the last page.
    next_cursor: Option<String>,
    /// The number of results on all pages.
    total: u64,
    /// By filter, the number of results that each value would leave, most first: `language`, `level`, `topic`, `type`,
    /// `hours`, `label` and `health`.
    facets: BTreeMap<&'static str, Vec<FacetCount>>,
    /// Words that no opportunity has, with the words that were searched instead.
    corrections: Vec<Correction>,
    /// Why only words were compared, though this server also compares meanings. Absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_words_only: Option<String>,
}

impl Page for OpportunityList {
    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// A value of a filter.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FacetCount {
    /// The value.
    value: String,
    /// The number of results that it would leave.
    count: u64,
}

/// A word that was replaced.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Correction {
    /// The word.
    word: String,
    /// The word that was searched instead.
    searched: String,
}

/// An open issue that can be done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Opportunity {
    /// Its ID.
    id: Uuid,
    /// The repository, `owner/name`.
    repository: String,
    /// The number of the issue.
    number: i64,
    /// The address of the issue on GitHub.
    url: String,
    /// The type of the work: `documentation`, `bug`, `feature`, `review` or `other`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The state: `active`, `claimed`, `completed` or `expired`.
    status: &'static str,
    /// The title.
    title: String,
    /// The names of its labels.
    labels: Vec<String>,
    /// The difficulty, 0 to 10.
    complexity: f64,
    /// The use of solving it, 0 to 10.
    impact: f64,
    /// How sure it is that it can be solved, and will be merged, 0 to 1.
    confidence: f64,
    /// How soon it is needed, 0 to 10.
    urgency: f64,
    /// The worth, 0 to 10: 0.3 · impact + 0.2 · (10 − complexity) + 2.5 · confidence + 0.25 · urgency.
    overall: f64,
    /// The estimated hours, from and to.
    estimated_hours: Range,
    /// The skills that it needs, most certain first.
    required_skills: Vec<String>,
    /// The language in which the work is done.
    language: Option<String>,
    /// True when a label says that it suits a first contribution.
    is_good_first: bool,
    /// True when a label says that help is wanted.
    is_help_wanted: bool,
    /// The health of the repository, 0 to 100. Null before it was read.
    health: Option<i64>,
    /// The number of comments.
    comments: i64,
    /// The number of reactions.
    reactions: i64,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When something last happened to it.
    #[schema(value_type = String, format = DateTime)]
    active_at: Timestamp,
    /// When this server first saw it.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
}

/// A range of numbers.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct Range {
    /// The least.
    from: f64,
    /// The most.
    to: f64,
}

/// An opportunity with the reasons for its numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OpportunityDetail {
    #[serde(flatten)]
    opportunity: Opportunity,
    /// The description, as Markdown. At most 16,384 characters.
    body: String,
    /// Why it can no longer be done.
    dropped_reason: Option<String>,
    /// The contributions to its numbers. Those to a number add up to it.
    reasons: Vec<ReasonView>,
    /// The analysis by a language model. Null without one.
    model_analysis: Option<ModelAnalysisView>,
    /// The health of its repository. Null before it was read.
    repository_health: Option<RepositoryHealth>,
    /// Similar opportunities, most similar first.
    similar: Vec<SimilarOpportunity>,
}

/// A contribution to a number.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ReasonView {
    /// The number: `complexity`, `impact`, `confidence`, `urgency`, `hours_least`, `hours_most`, `overall`, `health`,
    /// `activity`, `community` or `documentation`.
    #[schema(value_type = String)]
    part: ScorePart,
    /// The value that it adds, or takes away.
    value: f64,
    /// The reason in words.
    words: String,
}

/// The words of a language model about the issue. It changes none of the other fields.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ModelAnalysisView {
    /// `model`, or `rules` if the model was given up: the skills and hours are then this server's own, and the texts are empty.
    source: &'static str,
    /// The name of the model.
    model: String,
    /// From the confidence of the issue: 0.5 to 1, and under 0.5 if the model was given up.
    confidence: f64,
    /// The issue in a few sentences.
    summary: String,
    /// The skills that it needs.
    required_skills: Vec<String>,
    /// The hours that it takes.
    estimated_hours: f64,
    /// Hints: places to look first.
    hints: Vec<String>,
    /// Difficulties.
    challenges: Vec<String>,
    /// The steps that lead to a solution.
    suggested_approach: String,
    /// How sure all of this is, and why.
    confidence_explanation: String,
    /// Why the model was given up. Null if it has answered.
    failure: Option<String>,
    /// When the model answered, or was given up.
    #[schema(value_type = String, format = DateTime)]
    analyzed_at: Timestamp,
}

impl ModelAnalysisView {
    fn of(shown: ShownAnalysis) -> Self {
        let written = shown.written;
        Self {
            source: match shown.failure {
                None => "model",
                Some(_) => "rules",
            },
            model: shown.model,
            confidence: (shown.confidence * 1_000.0).round() / 1_000.0,
            summary: written.summary,
            required_skills: written.required_skills,
            estimated_hours: written.estimated_hours,
            hints: written.hints,
            challenges: written.challenges,
            suggested_approach: written.suggested_approach,
            confidence_explanation: written.confidence_explanation,
            failure: shown.failure,
            analyzed_at: shown.at,
        }
    }
}

/// The health of a repository with its three parts, each 0 to 100.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct RepositoryHealth {
    /// The whole: 40 % activity, 40 % community, 20 % documentation.
    health: i64,
    /// How recently something was pushed.
    activity: i64,
    /// How maintainers respond to people from outside.
    community: i64,
    /// The files and texts that newcomers need.
    documentation: i64,
    /// How maintainers respond, in words.
    response_words: Option<String>,
    /// The contributions to all four numbers.
    reasons: Vec<ReasonView>,
    /// When it was last read.
    #[schema(value_type = String, format = DateTime)]
    last_scanned_at: Timestamp,
}

/// A similar opportunity.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SimilarOpportunity {
    /// The opportunity's ID.
    id: Uuid,
    /// The repository, `owner/name`.
    repository: String,
    /// The number of the issue.
    number: i64,
    /// The title.
    title: String,
    /// The similarity, 0 to 1.
    similarity: f64,
}

impl OpportunityList {
    /// Describes a page of results.
    pub(super) fn of(page: FoundPage) -> Self {
        let facets = page.found.facets;
        let facets = Facet::ALL.into_iter().map(|facet| {
            let counts = facets.get(&facet).into_iter().flatten();
            let mut counts: Vec<FacetCount> = counts
                .map(|(value, count)| FacetCount { value: value.clone(), count: *count })
                .collect();
            counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            counts.truncate(MOST_VALUES);
            (facet.name(), counts)
        });
        let corrections = page.found.corrections.into_iter();
        Self {
            items: page.items.iter().map(Opportunity::of).collect(),
            next_cursor: page.next,
            total: page.found.total,
            facets: facets.collect(),
            by_words_only: page.found.by_words_only,
            corrections: corrections
                .map(|(word, searched)| Correction { word, searched })
                .collect(),
        }
    }
}

impl Opportunity {
    /// Describes an opportunity.
    pub(super) fn of(own: &OpportunityView) -> Self {
        let analysis = &own.analysis;
        Self {
            id: own.id,
            repository: own.repository.clone(),
            number: own.number,
            url: own.issue_address(),
            kind: own.kind().as_str(),
            status: own.status.as_str(),
            title: own.title.clone(),
            labels: own.labels.clone(),
            complexity: analysis.complexity,
            impact: analysis.impact,
            confidence: analysis.confidence,
            urgency: analysis.urgency,
            overall: analysis.overall,
            estimated_hours: Range { from: analysis.hours.0, to: analysis.hours.1 },
            required_skills: analysis.skills.clone(),
            language: analysis.language.clone(),
            is_good_first: analysis.is_good_first,
            is_help_wanted: analysis.is_help_wanted,
            health: own.health.as_ref().map(|health| health.health),
            comments: own.comments,
            reactions: own.reactions,
            opened_at: own.opened_at,
            active_at: own.active_at,
            first_seen_at: own.first_seen_at,
        }
    }
}

impl OpportunityDetail {
    /// Describes an opportunity with its description, and similar ones.
    pub(super) fn of(
        own: &OpportunityView,
        body: String,
        model: Option<ShownAnalysis>,
        similar: &[(OpportunityView, f64)],
    ) -> Self {
        Self {
            opportunity: Opportunity::of(own),
            body,
            dropped_reason: own.dropped_reason.clone(),
            reasons: reasons(&own.analysis.reasons),
            model_analysis: model.map(ModelAnalysisView::of),
            repository_health: own.health.as_ref().map(RepositoryHealth::of),
            similar: similar
                .iter()
                .map(|(other, similarity)| SimilarOpportunity {
                    id: other.id,
                    repository: other.repository.clone(),
                    number: other.number,
                    title: other.title.clone(),
                    similarity: (similarity * 1_000.0).round() / 1_000.0,
                })
                .collect(),
        }
    }
}

impl RepositoryHealth {
    /// Describes the health of a repository.
    pub(super) fn of(own: &HealthView) -> Self {
        Self {
            health: own.health,
            activity: own.activity,
            community: own.community,
            documentation: own.documentation,
            response_words: own.response_words.clone(),
            reasons: reasons(&own.reasons),
            last_scanned_at: own.last_scanned_at,
        }
    }
}

fn reasons(own: &[Reason]) -> Vec<ReasonView> {
    let view = |reason: &Reason| ReasonView {
        part: reason.part,
        value: reason.value,
        words: reason.words.clone(),
    };
    own.iter().map(view).collect()
}
