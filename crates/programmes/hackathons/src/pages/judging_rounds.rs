//! The rounds of the judging of a hackathon, for organizers.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::Context;
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, QueryString, format::Instant, redirect, show};
use uuid::Uuid;

use super::{HackathonCard, LocalNow};
use crate::{
    access::Organizer,
    actions::{self, RoundInput},
    model::Phase,
    reads::{self, CoverageView, HackathonView, JudgedResult, RoundView},
    rules::{
        invalid,
        judging::rounds::{MOST_CARRIED, forward},
    },
};

#[derive(Template)]
#[template(path = "judging_rounds.html")]
struct RoundsPage {
    card: HackathonCard,
    closed: Vec<RoundView>,
    coverage: CoverageView,
    results: Vec<JudgedResult>,
    /// The number of ranks that the organizer chose, and the projects that would move on.
    preview: Option<(usize, Vec<JudgedResult>)>,
    form: Form,
    now: LocalNow,
}

impl RoundsPage {
    fn is_open(&self) -> bool {
        self.card.phase == Phase::Judging
    }

    /// Returns the number of projects that lack looks.
    fn lacking(&self) -> usize {
        let looks = self.coverage.settings.looks;
        let projects = self.coverage.projects.iter();
        projects.filter(|it| it.judged < looks).count()
    }
}

/// The number of ranks that a URL previews.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PreviewQuery {
    carried: String,
}

/// `GET /hackathons/{slug}/judging/rounds`.
pub(super) async fn page(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    QueryString(query): QueryString<PreviewQuery>,
) -> PageResult {
    render(&context, &hackathon, &query.carried, Form::default()).await
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    carried: &str,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    let coverage = reads::coverage(db, id, None).await?;
    let results = reads::round_results(db, id, coverage.round).await?;
    let chosen = carried.trim().parse::<usize>().ok();
    let chosen = chosen.filter(|it| (1..=MOST_CARRIED).contains(it));
    show(&RoundsPage {
        card: HackathonCard::of(hackathon, context.now()),
        closed: reads::closed_rounds(db, id).await?,
        preview: chosen.map(|number| (number, first(&results, number))),
        coverage,
        results,
        form,
        now: LocalNow(context.now(), hackathon.zone()),
    })
}

/// Returns the results of the projects that would move on.
fn first(results: &[JudgedResult], number: usize) -> Vec<JudgedResult> {
    let rank = |it: &JudgedResult| (it.result.project, it.result.rank);
    let ranks: Vec<(Uuid, usize)> = results.iter().map(rank).collect();
    let forward = forward(&ranks, number);
    let goes = |it: &&JudgedResult| forward.contains(&it.result.project);
    results.iter().filter(goes).cloned().collect()
}

/// The fields of the form that closes a round.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoundFields {
    round: String,
    carried: String,
    is_confirmed: String,
}

/// `POST /hackathons/{slug}/judging/rounds`: closes the current round.
pub(super) async fn close(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<RoundFields>,
) -> Result<Response, PageError> {
    let number = |typed: &str| typed.trim().parse::<i64>().ok();
    let closed = match (number(&fields.round), number(&fields.carried)) {
        (Some(round), Some(carried)) => {
            let input = RoundInput { round, carried, is_confirmed: fields.is_confirmed == "yes" };
            actions::close_round(&context, viewer.actor(), &hackathon.slug, input).await
        }
        _ => Err(invalid("carried", "Enter how many projects move on.".to_owned()).into()),
    };
    match closed {
        Ok(forward) => {
            let count = i64::try_from(forward.len()).unwrap_or(i64::MAX);
            let goes = kernel::counted(count, "project goes", "projects go");
            let address = format!("{}/judging/rounds", hackathon.address());
            Ok(redirect(&address, &format!("The round is closed. {goes} forward")))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, &fields.carried, form);
            form.refused(error, again).await
        }
    }
}
