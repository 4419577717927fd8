//! The analytics of a project, for its maintainers.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Form, PageError, PageResult, QueryString,
    format::{Instant, Number, address, duration},
    show,
};

use super::figures::{CellValue, ChartedSheet, Sheet, contributors, figures, sheet_named, sheets};
use crate::{
    access::{AnalyticsAsked, Maintainer},
    reads::{self, ContributorFilter, FigureScope, KeptFigures, ProjectView},
    rules::analytics::{Analytics, DayRange},
};

/// The number of top contributors.
pub(crate) const TOP: i64 = 20;

/// The filter, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnalyticsSearch {
    from: String,
    to: String,
    repository: String,
    table: String,
}

impl AnalyticsSearch {
    fn asked(&self) -> AnalyticsAsked<'_> {
        AnalyticsAsked { from: &self.from, to: &self.to, repository: &self.repository }
    }

    /// Returns the form with the values as typed.
    fn form(&self) -> Form {
        Form::default()
            .with("from", &*self.from)
            .with("to", &*self.to)
            .with("repository", &*self.repository)
    }
}

#[derive(Template)]
#[template(path = "analytics.html")]
struct AnalyticsPage {
    slug: String,
    name: String,
    archived: Option<Instant>,
    form: Form,
    /// The names of the repositories to choose from.
    repositories: Vec<String>,
    /// The figures; absent if the filter is not valid.
    found: Option<RangeFigures>,
}

struct RangeFigures {
    range: DayRange,
    stats: AnalyticsTotals,
    figures: Vec<ChartedSheet>,
    contributors: Sheet,
    is_empty: bool,
    /// The path of the CSV files with this filter.
    files: String,
}

pub(super) struct AnalyticsTotals {
    pub(super) opened: Number,
    pub(super) merged: Number,
    pub(super) closed: Number,
    pub(super) rate: CellValue,
    /// The median and the 90th percentile of the time to the first review.
    pub(super) review: Option<(String, String)>,
    /// The same of the time to the merge.
    pub(super) merge: Option<(String, String)>,
    pub(super) rating: CellValue,
    pub(super) ratings: Number,
}

impl AnalyticsTotals {
    pub(super) fn of(analytics: &Analytics) -> Self {
        let times = |times: &crate::rules::analytics::TimeQuantiles| {
            Some((duration(times.median?), duration(times.p90?)))
        };
        let volume = &analytics.volume;
        Self {
            opened: Number(volume.opened),
            merged: Number(volume.merged),
            closed: Number(volume.closed),
            rate: CellValue::Percent(volume.merge_rate()),
            review: times(&analytics.review),
            merge: times(&analytics.merge),
            rating: CellValue::Mean(analytics.ratings.mean()),
            ratings: Number(analytics.ratings.count()),
        }
    }
}

/// `GET /projects/{slug}/analytics`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(kept): Extension<KeptFigures>,
    Maintainer { project, .. }: Maintainer,
    QueryString(query): QueryString<AnalyticsSearch>,
) -> Result<Response, PageError> {
    match find(&context, &kept, &project, &query).await {
        Ok(found) => {
            let form = Form::default()
                .with("from", found.range.first.to_string())
                .with("to", found.range.last.to_string())
                .with("repository", &*query.repository);
            let page = render(&context, project, form, Some(found)).await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let again = |form| render(&context, project, form, None);
            query.form().refused(error, again).await
        }
    }
}

async fn render(
    context: &Context,
    project: ProjectView,
    form: Form,
    found: Option<RangeFigures>,
) -> PageResult {
    let repositories = reads::repositories(&context.db, project.id.into()).await?;
    let public = repositories.into_iter().filter(|it| !it.is_private);
    show(&AnalyticsPage {
        slug: project.slug,
        name: project.name,
        archived: project.archived_at.map(Instant),
        form,
        repositories: public.map(|repository| repository.full_name).collect(),
        found,
    })
}

async fn find(
    context: &Context,
    kept: &KeptFigures,
    project: &ProjectView,
    query: &AnalyticsSearch,
) -> Result<RangeFigures, WebError> {
    let (scope, range) = query.asked().read(context, project.id.into()).await?;
    let analytics = kept.analytics(&context.db, &scope, range).await?;
    let (first, last) = (range.first.to_string(), range.last.to_string());
    let fields = [("from", first.as_str()), ("to", &last), ("repository", query.repository.trim())];
    Ok(RangeFigures {
        range,
        stats: AnalyticsTotals::of(&analytics),
        figures: figures(&analytics),
        contributors: top(context, kept, scope, range).await?,
        is_empty: analytics.is_empty(),
        files: address(&format!("/projects/{}/analytics.csv", project.slug), fields),
    })
}

/// Lists the people with the most merges in a range.
async fn top(
    context: &Context,
    kept: &KeptFigures,
    scope: FigureScope,
    range: DayRange,
) -> Result<Sheet, WebError> {
    let filter = ContributorFilter { scope, range: Some(range), people: None };
    let found = kept.contributors(&context.db, &filter, None, TOP).await?;
    let people = found.iter().map(|person| person.user_id);
    let known = identity::reads::who(&context.db, people).await?;
    Ok(contributors(&found, &known))
}

/// `GET /projects/{slug}/analytics.csv`: the table that `table` names, of the same range and repository as the page.
pub(super) async fn csv(
    State(context): State<Context>,
    Extension(kept): Extension<KeptFigures>,
    Maintainer { project, .. }: Maintainer,
    QueryString(query): QueryString<AnalyticsSearch>,
) -> Result<Response, PageError> {
    let (scope, range) = query.asked().read(&context, project.id.into()).await?;
    let analytics = kept.analytics(&context.db, &scope, range).await?;
    let mut sheets = sheets(&analytics);
    sheets.push(top(&context, &kept, scope, range).await?);
    let name = format!("{}-{}-to-{}", project.slug, range.first, range.last);
    Ok(sheet_named(sheets, &query.table)?.file(&name))
}
