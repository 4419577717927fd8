//! The results of judging, with their ties and the decisions about them.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::State, response::Response};
use kernel::Problem;
use platform::Context;
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString,
    csv::{self, Cell},
    format::Instant,
    redirect, show,
};
use uuid::Uuid;

use super::{HackathonCard, LocalNow};
use crate::{
    access::{Organizer, SeenHackathon},
    actions,
    model::JudgingMode,
    reads::{self, DecisionView, HackathonView, JudgedResult, Tie},
    rules::{
        invalid,
        judging::decisions::{Decision, REASON, placed},
        tracks::Track,
    },
};

#[derive(Template)]
#[template(path = "judging_results.html")]
struct ResultsPage {
    card: HackathonCard,
    rows: Vec<JudgedResult>,
    /// The ties, for organizers.
    ties: Vec<Tie>,
    /// The decisions about ties, for organizers.
    decisions: Vec<DecisionView>,
    organizes: bool,
    is_published: bool,
    ranks: bool,
    /// The round that the page shows; `None` for the standings after all.
    round: Option<i64>,
    rounds: i64,
    tracks: Vec<Track>,
    /// The slug of the track that the page shows; empty for all.
    track: String,
    form: Form,
    now: LocalNow,
}

impl ResultsPage {
    fn is_track(&self, slug: &str) -> bool {
        self.track == slug
    }

    fn is_round(&self, number: &i64) -> bool {
        self.round == Some(*number)
    }

    fn can_settle(&self) -> bool {
        self.organizes && self.card.is_changeable()
    }

    /// Returns the value of a field for the place of a project of a tie: as it was typed, else as it is.
    fn place(&self, tie: &Tie, index: &usize) -> String {
        let stored = if tie.is_decided { (index + 1).to_string() } else { String::new() };
        let name = format!("place_{}", tie.projects[*index].result.project);
        self.form.value_or(&name, &stored).to_owned()
    }

    /// Returns whether the form of a tie was refused.
    fn is_refused(&self, tie: &Tie) -> bool {
        self.form.value("tie") == tie.key()
    }

    fn title(&self, project: &Uuid) -> &str {
        let found = self.rows.iter().find(|it| it.result.project == *project);
        found.map_or("a project that no longer counts", |it| it.title.as_str())
    }
}

/// The round that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoundQuery {
    round: String,
    track: String,
}

impl RoundQuery {
    /// Returns the number of the round; `None` if there is none.
    pub(super) fn number(&self) -> Option<i64> {
        self.round.trim().parse().ok()
    }
}

/// `GET /hackathons/{slug}/judging/results`: for organizers, and for everyone once the results are published.
pub(super) async fn page(
    State(context): State<Context>,
    seen: SeenHackathon,
    QueryString(query): QueryString<RoundQuery>,
) -> PageResult {
    let organizes = seen.organizes();
    render(&context, &seen.hackathon, query.number(), organizes, &query.track, Form::default())
        .await
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    asked: Option<i64>,
    organizes: bool,
    track: &str,
    form: Form,
) -> PageResult {
    let is_published = hackathon.steps().results_published_at.is_some();
    let (db, id) = (&context.db, hackathon.key());
    let settings = reads::judging_settings(db, id).await?;
    let (mut rounds, mut round, mut rows) = (1, None, Vec::new());
    if is_published || organizes {
        rounds = reads::current_round(db, id).await?.number;
        round = asked.filter(|it| rounds > 1 && (1..=rounds).contains(it));
        rows = match round {
            Some(round) => reads::round_results(db, id, round).await?,
            None => reads::judging_results(db, id).await?,
        };
    }
    let tracks = reads::tracks(db, id).await?;
    let track = tracks.iter().find(|it| it.slug == track);
    if let Some(track) = track {
        rows = reads::results_in_track(rows, &track.slug);
    }
    let track = track.map(|it| it.slug.clone()).unwrap_or_default();
    let (mut ties, mut decisions) = (Vec::new(), Vec::new());
    if organizes {
        // Ties are settled in the scores of their round.
        if track.is_empty() && (rounds == 1 || round.is_some()) {
            ties = reads::ties(&rows);
        }
        decisions = reads::tie_decisions(db, id).await?;
    }
    show(&ResultsPage {
        card: HackathonCard::of(hackathon, context.now()),
        rows,
        ties,
        decisions,
        organizes,
        is_published,
        ranks: settings.mode == JudgingMode::Ranking,
        round,
        rounds,
        tracks,
        track,
        form,
        now: LocalNow(context.now(), hackathon.zone()),
    })
}

/// The fields of the form that decides about a tie. The places are read from the form itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionFields {
    round: String,
    reason: String,
    then: String,
}

/// `POST /hackathons/{slug}/judging/decisions`: settles a tie, or leaves it a tie.
pub(super) async fn settle(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<DecisionFields>,
) -> Result<Response, PageError> {
    let (slug, is_settled) = (&hackathon.slug, fields.then != "tie");
    let round = fields.round.trim().parse().ok();
    let settled = match decision(&form, is_settled) {
        Ok(decision) => {
            actions::settle_tie(
                &context,
                viewer.actor(),
                slug,
                round,
                &decision,
                fields.reason.as_str(),
            )
            .await
        }
        Err(problem) => Err(problem.into()),
    };
    match settled {
        Ok(()) => {
            let said =
                if is_settled { "The tie is settled" } else { "The projects are tied again" };
            let shown = round.map(|it: i64| format!("?round={it}")).unwrap_or_default();
            let address = format!("{}/judging/results{shown}", hackathon.address());
            Ok(redirect(&address, said))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, round, true, "", form);
            form.refused(error, again).await
        }
    }
}

/// Reads the decision of a form, with a field for the place of each project: `place_` and its ID.
fn decision(form: &Form, is_settled: bool) -> Result<Decision<Uuid>, Problem> {
    let place = |(name, value): &(String, String)| {
        let project = Uuid::try_parse(name.strip_prefix("place_")?).ok()?;
        Some((project, value.clone()))
    };
    let typed: BTreeMap<Uuid, String> = form.fields().iter().filter_map(place).collect();
    if typed.is_empty() {
        let detail = "Choose a tie and give each of its projects a place.".to_owned();
        return Err(invalid("places", detail));
    }
    let projects = if is_settled {
        let typed: Vec<(Uuid, &str)> = typed.iter().map(|it| (*it.0, it.1.as_str())).collect();
        placed(&typed)?
    } else {
        typed.into_keys().collect()
    };
    Ok(Decision { projects, is_settled })
}

/// `GET /hackathons/{slug}/judging/results.csv`: the results by project.
pub(super) async fn csv(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Response, PageError> {
    let rows = reads::judging_results(&context.db, hackathon.key()).await?;
    let name = format!("{}-results", hackathon.slug);
    let rows = rows.into_iter().map(cells);
    Ok(csv::file(&name, HEAD, rows))
}

const HEAD: [&str; 11] = [
    "rank",
    "round",
    "is_tied",
    "is_decided",
    "project",
    "team",
    "value",
    "mean",
    "trimmed",
    "looks",
    "id",
];

fn cells(row: JudgedResult) -> [Cell; 11] {
    let result = row.result;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    [
        count(result.rank).into(),
        result.round.into(),
        result.is_tied.to_string().into(),
        result.is_decided.to_string().into(),
        row.title.into(),
        row.team.into(),
        Cell::Decimal(Some(result.value)),
        Cell::Decimal(result.raw),
        Cell::Decimal(result.trimmed),
        count(result.looks).into(),
        result.project.to_string().into(),
    ]
}
