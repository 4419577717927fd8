//! Comparisons of a roster with the game platform, for its coaches.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::Context;
use ui::{
    Filled, Form, PageError, PageResult,
    format::{Instant, Number},
    redirect, show,
};

use super::{
    integration,
    reconciliation::{SAMPLE, SampleFields},
};
use crate::{
    access::RosterReader,
    actions,
    gateway::Platforms,
    reads::{self, ReconciliationView, RosterView},
    rules::{
        compare::{MOST_SAMPLED, check_sampled},
        reconcile_kinds::DifferenceKind,
    },
};

/// The number of differences on the page.
const ROWS: i64 = 100;

/// A difference of a competitor of the roster.
struct Row {
    name: String,
    address: String,
    kind: DifferenceKind,
    here: String,
    there: String,
    since: Instant,
}

#[derive(Template)]
#[template(path = "roster_comparison.html")]
struct ComparisonPage {
    roster: RosterView,
    /// The switch that holds the integration back for the roster.
    off: Option<String>,
    last: Option<ReconciliationView>,
    rows: Vec<Row>,
    form: Form,
    now: Instant,
}

/// `GET /ctf/rosters/{roster}/comparison`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    reader: RosterReader,
) -> PageResult {
    render(&context, &platforms, &reader, Form::default()).await
}

/// Shows the comparison. It names competitors, so that the read of an admin is recorded, also after an error in the form.
async fn render(
    context: &Context,
    platforms: &Platforms,
    reader: &RosterReader,
    form: Form,
) -> PageResult {
    reader.note(context).await?;
    let (db, id) = (&context.db, reader.roster.key());
    let found = reads::roster_differences(db, id, ROWS).await?;
    let row = |found: reads::DifferenceView| {
        Some(Row {
            name: found.name()?,
            address: format!("/ctf/competitors/{}", found.competitor_id?),
            kind: found.kind,
            here: found.here,
            there: found.there,
            since: Instant(found.first_seen_at),
        })
    };
    show(&ComparisonPage {
        off: integration::off_for(context, platforms, id).await?,
        last: reads::last_roster_sample(db, id).await?,
        rows: found.into_iter().filter_map(row).collect(),
        roster: reader.roster.clone(),
        form,
        now: Instant(context.now()),
    })
}

/// `POST /ctf/rosters/{roster}/comparison`: compares a number of competitors, chosen at random.
pub(super) async fn compare(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    reader: RosterReader,
    Filled(fields, form): Filled<SampleFields>,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let id = reader.roster.key();
    let requested = async {
        let number = check_sampled(&fields.number)?;
        actions::compare_roster(&context, reader.viewer.actor(), id, number).await
    };
    match requested.await {
        Ok(_) => {
            let address = format!("{}/comparison", reader.roster.address());
            let said = "The comparison has been requested. Reload the page to see its result";
            Ok(redirect(&address, said))
        }
        Err(error) => {
            let again = |form| render(&context, &platforms, &reader, form);
            form.refused(error, again).await
        }
    }
}
