//! The differences between here and the game platform, for admins.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString,
    format::{Instant, Number},
    paging::{List, place},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    actions::{self, unknown_difference},
    gateway::Platforms,
    model::DifferenceId,
    reads::{self, DifferenceView, ReconciliationView},
    rules::{
        compare::{CompareScope, MOST_SAMPLED, check_sampled},
        reconcile_kinds::{DifferenceKind, Remedy},
    },
};

const PAGE: &str = "/admin/game-platform/reconciliation";

/// The number of differences on a page.
const ROWS: i64 = 50;

/// The number of competitors in the form of the sample before anyone changes it.
pub(super) const SAMPLE: &str = "10";

/// The filter of the list, as in its address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DifferenceQuery {
    kind: String,
    after: String,
}

struct Row {
    id: Uuid,
    name: String,
    /// The page of the subject.
    address: Option<String>,
    kind: DifferenceKind,
    here: String,
    there: String,
    since: Instant,
}

impl Row {
    fn of(found: DifferenceView) -> Self {
        let (name, address) = subject(&found);
        Self {
            id: found.id,
            name,
            address,
            kind: found.kind,
            here: found.here,
            there: found.there,
            since: Instant(found.first_seen_at),
        }
    }

    /// Returns whether the platform's support has to be written to.
    fn is_message(&self) -> bool {
        self.kind.remedy() == Remedy::Message
    }
}

/// Returns the name of what a difference is about, and its page.
fn subject(found: &DifferenceView) -> (String, Option<String>) {
    if let (Some(id), Some(name)) = (found.competitor_id, found.name()) {
        return (name, Some(format!("/ctf/competitors/{id}")));
    }
    if let Some(id) = found.team_id {
        let name = found.team.clone();
        let address = name.as_ref().map(|_| format!("/ctf/teams/{id}"));
        return (name.unwrap_or_else(|| "Deleted team".to_owned()), address);
    }
    if let Some(coach) = &found.coach {
        return (format!("{coach} (coach)"), Some("/admin/ctf".to_owned()));
    }
    (found.platform_id.clone().unwrap_or_default(), None)
}

#[derive(Template)]
#[template(path = "reconciliation.html")]
struct ReconciliationPage {
    /// The switch that holds the integration back; `None` if it is on for everyone.
    held_back: Option<String>,
    is_on: bool,
    /// The last comparison of everyone that ended.
    last: Option<ReconciliationView>,
    /// The comparison of everyone that has not ended.
    open: Option<ReconciliationView>,
    sample: Option<ReconciliationView>,
    kinds: Vec<(DifferenceKind, Number)>,
    total: Number,
    query: DifferenceQuery,
    list: List<Row>,
    form: Form,
    now: Instant,
}

/// `GET /admin/game-platform/reconciliation`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
    QueryString(query): QueryString<DifferenceQuery>,
) -> PageResult {
    let list = rows(&context, &query).await?;
    let competitors = list.rows.iter().filter_map(|row| row.competitor_id);
    let competitors: Vec<Uuid> = competitors.collect();
    if let Some(first) = list.rows.first().filter(|_| !competitors.is_empty()) {
        let comparison = first.seen_in.into();
        let noted =
            actions::note_differences_read(&context, viewer.actor(), comparison, &competitors);
        noted.await?;
    }
    render(&context, &platforms, query, list, Form::default()).await
}

async fn rows(
    context: &Context,
    query: &DifferenceQuery,
) -> Result<List<DifferenceView>, WebError> {
    let kind = DifferenceKind::named(&query.kind);
    let after = place(&query.after)?;
    let found = reads::differences(&context.db, kind, after, ROWS + 1).await?;
    let position = |row: &DifferenceView| (row.first_seen_at, row.id);
    Ok(List::cut(found, ROWS, &query.after, position))
}

async fn render(
    context: &Context,
    platforms: &Platforms,
    query: DifferenceQuery,
    list: List<DifferenceView>,
    form: Form,
) -> PageResult {
    let db = &context.db;
    let (last, open) = reads::reconciliations(db).await?;
    let counts = reads::difference_counts(db).await?;
    show(&ReconciliationPage {
        held_back: platforms.held_back(context, &[]),
        is_on: platforms.is_enabled(context),
        last,
        open,
        sample: reads::last_sample(db).await?,
        total: Number(counts.iter().map(|(_, count)| count).sum()),
        kinds: counts.into_iter().map(|(kind, count)| (kind, Number(count))).collect(),
        query,
        list: list.map(|found| Some(Row::of(found))),
        form,
        now: Instant(context.now()),
    })
}

/// `POST /admin/game-platform/reconciliation`: compares everyone with the platform.
pub(super) async fn compare(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let actor = Some(viewer.actor());
    let requested = actions::request_reconciliation(&context, actor, CompareScope::All).await;
    requested.map_err(WebError::from)?;
    Ok(redirect(PAGE, "The comparison has been requested"))
}

/// The field of the form that compares a sample.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SampleFields {
    pub(super) number: String,
}

/// `POST /admin/game-platform/sample`: compares a number of competitors, chosen at random.
pub(super) async fn sample(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<SampleFields>,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let requested = async {
        let scope = CompareScope::Sample(check_sampled(&fields.number)?);
        actions::request_reconciliation(&context, Some(viewer.actor()), scope).await
    };
    match requested.await {
        Ok(_) => {
            let said = "The comparison of the sample has been requested";
            Ok(redirect(&format!("{PAGE}#sample"), said))
        }
        Err(error) => {
            let again = |form| async {
                let query = DifferenceQuery::default();
                let list = rows(&context, &query).await?;
                let none = List { rows: Vec::new(), ..list };
                render(&context, &platforms, query, none, form).await
            };
            form.refused(error, again).await
        }
    }
}

/// `POST /admin/game-platform/differences/{difference}/fix`.
pub(super) async fn fix(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
    Address(difference): Address<Uuid>,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let id = DifferenceId::new(difference);
    let fixed = actions::fix_difference(&context, &platforms, viewer.actor(), id).await;
    let kind = fixed.map_err(WebError::from)?;
    Ok(redirect(PAGE, kind.done()))
}

#[derive(Template)]
#[template(path = "difference_message.html")]
struct MessagePage {
    kind: DifferenceKind,
    message: String,
}

/// `GET /admin/game-platform/differences/{difference}/message`: the draft of a message to the platform's support.
pub(super) async fn message(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    _: Admin,
    Address(difference): Address<Uuid>,
) -> PageResult {
    let found = reads::difference(&context.db, difference.into()).await?;
    let found = found.ok_or_else(unknown_difference)?;
    let kind = found.kind;
    actions::check_own(&platforms, &found)?;
    let id = found.platform_id.unwrap_or_default();
    let message = kind.message(&id, &found.here, &found.there);
    show(&MessagePage { kind, message: message.ok_or_else(unknown_difference)? })
}
