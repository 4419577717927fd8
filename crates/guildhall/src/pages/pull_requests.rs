use askama::Template;
use axum::{extract::State, response::Response};
use contributions::{
    pages::{Reckoning, cause},
    rules::Explanation,
};
use kernel::Problem;
use platform::Context;
use recognition::model::EntryWithExplanation;
use ui::{
    Address, PageError, PageResult,
    csv::{self, Cell},
    format::{self, Instant, Number, Signed},
    show,
};

use super::words::{self, Tag};
use crate::api::{NOBODY, PullRequestView, explained};

#[derive(Template)]
#[template(path = "pull_request.html")]
struct PullRequestPage {
    /// For the page's title: nothing there can stand apart.
    name: String,
    view: PullRequestView,
    state: Tag,
    opened: Instant,
    author_address: String,
    address: String,
    github: String,
    reckoning: Reckoning,
    points: Number,
    pending: Number,
    ledger: Vec<Entry>,
    balance: Number,
    life: Vec<Moment>,
    changed: String,
    counted: Option<Number>,
}

/// An entry of the ledger.
struct Entry {
    earned: Instant,
    posted: Instant,
    kind: &'static str,
    is_reversal: bool,
    reason: String,
    sentences: Vec<String>,
    points: Signed,
}

/// Something that happened to the pull request.
struct Moment {
    shield: Tag,
    words: &'static str,
    at: Instant,
}

/// `GET /pull-requests/{owner}/{repository}/{number}`.
pub(super) async fn pull_request(
    State(context): State<Context>,
    Address((owner, repository, number)): Address<(String, String, String)>,
) -> PageResult {
    let view = find(&context, &owner, &repository, &number).await?;
    show(&PullRequestPage::of(view))
}

/// `GET /pull-requests/{owner}/{repository}/{number}/ledger.csv`.
pub(super) async fn ledger_csv(
    State(context): State<Context>,
    Address((owner, repository, number)): Address<(String, String, String)>,
) -> Result<Response, PageError> {
    let view = find(&context, &owner, &repository, &number).await?;
    let parts: Vec<&Explanation> = view.opening.iter().chain(&view.merge).collect();
    let rows = ledger(&view.entries, &parts);
    let name = format!("{repository}-{number}-ledger");
    Ok(csv::file(
        &name,
        Entry::HEAD,
        rows.into_iter().map(Entry::cells),
    ))
}

async fn find(
    context: &Context,
    owner: &str,
    repository: &str,
    number: &str,
) -> Result<PullRequestView, PageError> {
    let full_name = format!("{owner}/{repository}");
    let unknown = |_| Problem::not_found(format!("{full_name}#{number} is not followed here."));
    let parsed = number.parse().map_err(unknown)?;
    Ok(explained(context, &full_name, parsed).await?)
}

impl Entry {
    const HEAD: [&'static str; 6] = ["earned_at", "posted_at", "entry", "reason", "why", "points"];

    fn cells(self) -> [Cell; 6] {
        [
            self.earned.0.into(),
            self.posted.0.into(),
            self.kind.into(),
            self.reason.into(),
            self.sentences.join(" ").into(),
            self.points.0.into(),
        ]
    }
}

impl PullRequestPage {
    fn of(view: PullRequestView) -> Self {
        let parts: Vec<&Explanation> = view.opening.iter().chain(&view.merge).collect();
        let author = view.author.as_deref().unwrap_or_default();
        let mut reckoning = Reckoning::of(parts.iter().copied());
        if view.author.is_none() {
            reckoning.note(NOBODY);
        }
        Self {
            name: format::tame(&format!(
                "{} #{}, {}",
                view.repository, view.number, view.title
            )),
            state: words::state(&view.state),
            opened: Instant(view.opened_at),
            author_address: format!("/people/{}", format::segment(author)),
            address: format!("/pull-requests/{}", path(&view)),
            github: github(&view),
            reckoning,
            counted: Reckoning::counted_lines(parts.iter().copied()),
            points: Number(view.points),
            pending: Number(view.pending_points),
            ledger: ledger(&view.entries, &parts),
            balance: Number(view.entries.iter().map(|entry| entry.points).sum()),
            life: life(&view),
            changed: changed(&view),
            view,
        }
    }
}

fn github(view: &PullRequestView) -> String {
    format!("https://github.com/{}/pull/{}", name(view), view.number)
}

/// What follows `/pull-requests/` in its address.
fn path(view: &PullRequestView) -> String {
    format!("{}/{}", name(view), view.number)
}

fn name(view: &PullRequestView) -> String {
    let parts: Vec<_> = view.repository.split('/').map(format::segment).collect();
    parts.join("/")
}

/// In the order in which they were posted.
fn ledger(entries: &[EntryWithExplanation], parts: &[&Explanation]) -> Vec<Entry> {
    let mut posted: Vec<&EntryWithExplanation> = entries.iter().collect();
    posted.sort_by_key(|entry| {
        (
            entry.created_at,
            entry.occurred_at,
            entry.reason.as_str(),
            entry.generation,
        )
    });
    let entry = |entry: &EntryWithExplanation| Entry {
        earned: Instant(entry.occurred_at),
        posted: Instant(entry.created_at),
        kind: entry.kind_word(),
        is_reversal: entry.is_reversal(),
        reason: words::reason(&entry.reason),
        sentences: cause(entry, entries, parts),
        points: Signed(entry.points),
    };
    posted.into_iter().map(entry).collect()
}

fn life(view: &PullRequestView) -> Vec<Moment> {
    let moment = |code, words, at: Option<_>| {
        at.map(|at| Moment {
            shield: words::state(code),
            words,
            at: Instant(at),
        })
    };
    let closed = view.closed_at.filter(|_| view.merged_at.is_none());
    let mut life: Vec<_> = [
        moment("OPEN", "Opened", Some(view.opened_at)),
        moment(
            "UNDER_REVIEW",
            "First reviewed by a maintainer",
            view.reviewed_at,
        ),
        moment("APPROVED", "Approved", view.approved_at),
        moment("MERGED", "Merged", view.merged_at),
        moment("CLOSED", "Closed without a merge", closed),
    ]
    .into_iter()
    .flatten()
    .collect();
    life.sort_by_key(|moment| moment.at);
    life
}

/// "+811 −201, 9 files", with a dash for what is unknown.
fn changed(view: &PullRequestView) -> String {
    let lines = match (view.additions, view.deletions) {
        (Some(added), Some(deleted)) => format!("+{} −{}", Number(added), Number(deleted)),
        _ => return "–".to_owned(),
    };
    match view.changed_files {
        Some(files) => format!("{lines}, {}", Number(files).of("file", "files")),
        None => lines,
    }
}
