use askama::Template;
use axum::{extract::State, response::Response};
use platform::Context;
use recognition::model::EntryWithExplanation;
use ui::{
    Address, Form, PageError, PageResult, Tag, Who,
    csv::{self, Cell},
    format::{self, Instant, Number, Signed, segment},
    show,
};

use super::{
    Calculation, CurrentExplanations, cause,
    life::{LifeRow, life},
    overrides,
    review_panel::panel,
    state::state,
};
use crate::{
    access::{self, PullAdmin, PullMaintainer},
    reads::{ExplainedPull, OverrideView},
    rules::{DELETED_AUTHOR, EntryReason, Explanation, PullFacts},
};

#[derive(Template)]
#[template(path = "pull_request.html")]
struct PullRequestPage {
    /// The page's title, as plain text.
    name: String,
    view: PullView,
    state: Tag,
    opened: Instant,
    author: Option<Who>,
    address: String,
    /// The path of the form to report it.
    report: String,
    github: String,
    calculation: Calculation,
    points: Number,
    /// A sentence for other sites.
    summary: String,
    pending: Number,
    ledger: Vec<LedgerEntryRow>,
    balance: Number,
    decision: Option<OverridingDecision>,
    life: Vec<LifeRow>,
    scored_on: ScoredOn,
    counted: Option<Number>,
    /// The part for its viewer, as HTML; empty on the cached page, which has a slot for it.
    own: String,
}

struct PullView {
    /// The project's slug and name.
    project: Option<(String, String)>,
    repository: String,
    number: i64,
    title: String,
    author: Option<String>,
    is_draft: bool,
    rules_version: i64,
    needs_fetch: bool,
}

struct OverridingDecision {
    reason: String,
    at: Instant,
    /// The number of the dispute that led to it.
    dispute: Option<i64>,
}

impl OverridingDecision {
    fn of(decision: &OverrideView) -> Self {
        Self {
            reason: format::tame(&decision.reason),
            at: Instant(decision.at),
            dispute: decision.dispute,
        }
    }
}

/// The facts that the pull request was scored on. GitHub's may have changed since.
struct ScoredOn {
    /// The title, if it is not the current one.
    title: Option<String>,
    changed: String,
    labels: Vec<String>,
}

struct LedgerEntryRow {
    earned: Instant,
    posted: Instant,
    kind: &'static str,
    is_reversal: bool,
    reason: String,
    sentences: Vec<String>,
    points: Signed,
}

/// `GET /pull-requests/{owner}/{repository}/{number}`.
pub(super) async fn pull_request(
    State(context): State<Context>,
    Address((owner, repository, number)): Address<(String, String, String)>,
) -> PageResult {
    let found = find(&context, &owner, &repository, &number).await?;
    show(&PullRequestPage::of(found, String::new()))
}

/// Shows the page to a maintainer whose review was refused, with what they typed.
pub(super) async fn reviewed_page(
    context: &Context,
    maintainer: &PullMaintainer,
    form: Form,
) -> PageResult {
    let (pull, own) = (&maintainer.pull, panel(context, maintainer, form).await?);
    let found = access::explained(context, &pull.full_name, pull.number).await?;
    show(&PullRequestPage::of(found, own))
}

/// Shows the page to an admin whose override was refused, with what they typed.
pub(super) async fn overridden_page(
    context: &Context,
    admin: &PullAdmin,
    form: Form,
) -> PageResult {
    let (pull, own) = (&admin.pull, overrides::panel(context, &admin.pull, form).await?);
    let found = access::explained(context, &pull.full_name, pull.number).await?;
    show(&PullRequestPage::of(found, own))
}

/// `GET /pull-requests/{owner}/{repository}/{number}/ledger.csv`.
pub(super) async fn ledger_csv(
    State(context): State<Context>,
    Address((owner, repository, number)): Address<(String, String, String)>,
) -> Result<Response, PageError> {
    let found = find(&context, &owner, &repository, &number).await?;
    let parts = found.parts();
    let rows = ledger(&found.entries, current(&found, &parts));
    let name = format!("{repository}-{number}-ledger");
    Ok(csv::file(&name, LedgerEntryRow::HEAD, rows.into_iter().map(LedgerEntryRow::cells)))
}

async fn find(
    context: &Context,
    owner: &str,
    repository: &str,
    number: &str,
) -> Result<ExplainedPull, PageError> {
    let full_name = format!("{owner}/{repository}");
    let parsed = number.parse();
    let number = parsed.map_err(|_| access::not_followed(&full_name, number))?;
    Ok(access::explained(context, &full_name, number).await?)
}

impl LedgerEntryRow {
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
    fn of(found: ExplainedPull, own: String) -> Self {
        let (parts, pull) = (found.parts(), &found.pull);
        let contribution = &found.contribution;
        let mut calculation = Calculation::of(parts.iter().copied());
        if found.author.is_none() {
            calculation.note(DELETED_AUTHOR);
        }
        if let Some(reason) = &found.exclusion_reason {
            let reason = format::tame(reason);
            calculation.note(&format!("The repository was excluded: {reason}"));
        }
        let title = format!("{} #{}, {}", pull.full_name, pull.number, pull.title);
        let path: Vec<_> = pull.full_name.split('/').map(segment).collect();
        let path = path.join("/");
        Self {
            own,
            author: found.author_who.clone(),
            name: format::tame(&title),
            state: state(contribution.state),
            opened: Instant(contribution.opened_at),
            address: format!("/pull-requests/{path}/{}", pull.number),
            report: format!(
                "/reports/new?repository={}&number={}",
                segment(&pull.full_name),
                pull.number
            ),
            github: format!("https://github.com/{path}/pull/{}", pull.number),
            calculation,
            counted: Calculation::counted_lines(parts.iter().copied()),
            points: Number(contribution.score),
            summary: format!(
                "{}. See each step of the calculation.",
                Number(contribution.score).of("point", "points")
            ),
            pending: Number(contribution.opening_pending + contribution.merge_pending),
            ledger: ledger(&found.entries, current(&found, &parts)),
            balance: Number(found.entries.iter().map(|entry| entry.points).sum()),
            decision: found.decision.as_ref().map(OverridingDecision::of),
            life: life(&found),
            scored_on: ScoredOn::of(&found),
            view: PullView::of(found),
        }
    }
}

impl PullView {
    fn of(found: ExplainedPull) -> Self {
        let project = found.project.map(|project| (project.slug, project.name));
        Self {
            project,
            repository: found.pull.full_name,
            number: found.pull.number,
            title: found.pull.title,
            author: found.author,
            is_draft: found.pull.draft,
            rules_version: found.contribution.rules_version,
            needs_fetch: found.pull.needs_fetch,
        }
    }
}

/// Returns the name of an entry's reason. The code of another programme is shown unchanged.
fn reason(code: &str) -> String {
    let known = EntryReason::from_code(code).map(|reason| reason.word().to_owned());
    known.unwrap_or_else(|| code.replace('_', " "))
}

fn current<'a>(found: &ExplainedPull, parts: &'a [&'a Explanation]) -> CurrentExplanations<'a> {
    CurrentExplanations { parts, decided: found.decision.as_ref().map(|decision| decision.at) }
}

/// Returns the entries in the order in which they were posted.
fn ledger(
    entries: &[EntryWithExplanation],
    current: CurrentExplanations<'_>,
) -> Vec<LedgerEntryRow> {
    let mut posted: Vec<&EntryWithExplanation> = entries.iter().collect();
    posted.sort_by_key(|entry| {
        (entry.created_at, entry.occurred_at, entry.reason.as_str(), entry.generation)
    });
    let entry = |entry: &EntryWithExplanation| LedgerEntryRow {
        earned: Instant(entry.occurred_at),
        posted: Instant(entry.created_at),
        kind: entry.kind_word(),
        is_reversal: entry.is_reversal(),
        reason: reason(&entry.reason),
        sentences: cause(entry, entries, current),
        points: Signed(entry.points),
    };
    posted.into_iter().map(entry).collect()
}

impl ScoredOn {
    fn of(found: &ExplainedPull) -> Self {
        let Some(facts) = &found.facts else {
            return Self { title: None, changed: "–".to_owned(), labels: Vec::new() };
        };
        Self {
            title: (facts.title != found.pull.title).then(|| facts.title.clone()),
            changed: changed(facts),
            labels: facts.labels.clone(),
        }
    }
}

/// Returns the size of the change, such as "+811 −201, 9 files", or a dash if it is unknown.
fn changed(facts: &PullFacts) -> String {
    let lines = match (facts.additions, facts.deletions) {
        (Some(added), Some(deleted)) => format!("+{} −{}", Number(added), Number(deleted)),
        _ => return "–".to_owned(),
    };
    match facts.changed_files {
        Some(files) => format!("{lines}, {}", Number(files).of("file", "files")),
        None => lines,
    }
}
