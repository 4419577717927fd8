use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail, ensure};
use kernel::{Timestamp, counted};
use platform::{
    Context,
    audit::Actor,
    command::{Program, say},
};

use crate::{
    access,
    actions::{NewRules, RulesPreview, preview_rules, publish_rules},
    pages::stated_rules,
    reads::{self, RulesVersion},
    rules::{Candidate, FieldError},
};

/// Show, check and publish the rules of a project
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Rules {
    /// Show a version of the rules
    #[command(
        after_help = "Examples:\n  guildhall project rules show lantern\n  guildhall project rules show lantern --version 1 --json > rules.json\n\nWith --json, the output is the document, which `check` and `publish` accept."
    )]
    Show {
        /// The project's slug
        slug: String,
        /// The number of the version [default: the current one]
        #[arg(long, value_name = "N")]
        version: Option<i64>,
        /// Print the document
        #[arg(long)]
        json: bool,
    },
    /// Check a rules document, and say what it would have changed in the last 30 days. Changes nothing
    #[command(
        after_help = "Examples:\n  guildhall project rules check lantern rules.json\n  echo '{\"merged\": 60}' | guildhall project rules check lantern -\n\nThe exit code is 1 if the document is not valid."
    )]
    Check {
        /// The project's slug
        slug: String,
        /// The document, as JSON. `-` reads standard input
        file: PathBuf,
    },
    /// Publish a version of the rules, which scores the pull requests that are opened from then on
    #[command(
        after_help = "Example:\n  guildhall project rules publish lantern rules.json --based-on 1\n\nFields that are not in the document have their defaults. Published versions never change."
    )]
    Publish {
        /// The project's slug
        slug: String,
        /// The document, as JSON. `-` reads standard input
        file: PathBuf,
        /// Publish only if this version is current
        #[arg(long, value_name = "N")]
        based_on: Option<i64>,
    },
}

impl Rules {
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Self::Show { slug, version, json } => show(program, &slug, version, json).await?,
            Self::Check { slug, file } => check(program, &slug, &file).await?,
            Self::Publish { slug, file, based_on } => {
                publish(program, &slug, &file, based_on).await?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn show(
    program: &dyn Program,
    slug: &str,
    number: Option<i64>,
    json: bool,
) -> anyhow::Result<()> {
    let db = program.look().await?.db.clone();
    let detail = reads::project_detail(&db, slug).await?;
    db.close().await;
    let versions = detail.ok_or_else(|| access::unknown(slug))?.rules;
    let current = versions.last().map_or(0, |current| current.version);
    let number = number.unwrap_or(current);
    let found = versions.iter().find(|rules| rules.version == number);
    let Some(rules) = found else {
        bail!("The project '{slug}' has the versions 1 to {current} of its rules, not {number}.");
    };
    if json {
        say(format_args!("{:#}", rules.stated()));
    } else {
        print(rules, number == current);
    }
    Ok(())
}

fn print(rules: &RulesVersion, is_current: bool) {
    let state = if is_current { "current" } else { "earlier" };
    let (version, published) = (rules.version, day(rules.published_at));
    say(format_args!("Version {version} ({state}), published {published}"));
    for stated in stated_rules(&rules.rules()) {
        say(format_args!("{:24} {}", stated.rule, stated.value));
    }
}

fn day(at: Timestamp) -> impl std::fmt::Display {
    at.format("%Y-%m-%d %H:%M UTC")
}

async fn check(program: &dyn Program, slug: &str, file: &Path) -> anyhow::Result<()> {
    let candidate = read(file)?;
    let context = program.look().await?;
    let (current, preview) = previewed(&context, slug, &candidate).await?;
    context.db.close().await;
    say(if current.rules() == candidate.document {
        format!("The rules are valid, and equal version {}.", current.version)
    } else {
        format!("The rules are valid. They would be version {}.", current.version + 1)
    });
    describe(&preview);
    Ok(())
}

async fn previewed(
    context: &Context,
    slug: &str,
    candidate: &Candidate,
) -> anyhow::Result<(RulesVersion, RulesPreview)> {
    let project = reads::project(&context.db, slug).await?;
    let project = project.ok_or_else(|| access::unknown(slug))?;
    let current = reads::current_rules(&context.db, project.id.into()).await?;
    let document = candidate.document.clone();
    let preview = preview_rules(context, &project, &current, document).await?;
    Ok((current, preview))
}

/// Prints the effect of rules.
fn describe(preview: &RulesPreview) {
    let comparison = &preview.comparison;
    let pulls = counted(preview.pull_requests, "pull request", "pull requests");
    let (from, to) = (day(preview.from), day(preview.to));
    let only = if preview.is_cut { "the latest " } else { "" };
    say(format_args!("If they had applied to {only}{pulls} opened from {from} to {to}:"));
    let (before, after) = (comparison.before, comparison.after);
    say(format_args!("  points: {before} → {after}"));
    say(format_args!("  pull requests with other points: {}", comparison.changed));
    for change in &comparison.largest {
        let name = preview.named.get(&change.pull_request_id.0);
        let name = name.map(|pull| format!("{}#{}", pull.full_name, pull.number));
        let name = name.unwrap_or_else(|| "in a private repository".to_owned());
        say(format_args!("    {name:40} {}", arrow(change.before, change.after)));
    }
    let (gained, lost) = (comparison.gained, comparison.lost);
    say(format_args!("  people with a better rank: {gained}, with a worse rank: {lost}"));
    for change in &comparison.ranks {
        let login = preview.logins.get(&change.user_id);
        let rank = |rank: Option<u32>| rank.map_or("none".to_owned(), |rank| rank.to_string());
        let ranks = arrow(rank(change.before), rank(change.after));
        say(format_args!("    {:40} {ranks}", login.map_or("", String::as_str)));
    }
}

fn arrow(before: impl std::fmt::Display, after: impl std::fmt::Display) -> String {
    format!("{before} → {after}")
}

async fn publish(
    program: &dyn Program,
    slug: &str,
    file: &Path,
    based_on: Option<i64>,
) -> anyhow::Result<()> {
    let new = NewRules { document: read(file)?.text, based_on };
    let app = program.open().await?;
    let published = publish_rules(&app.context, Actor::Operator, slug, new).await?;
    app.context.db.close().await;
    say(format_args!(
        "Published version {} of the rules of '{slug}'. It scores pull requests that are opened from now on.",
        published.version
    ));
    Ok(())
}

/// The most bytes of a file that are read: more than a document may have, so that it is refused as too large.
const MOST: u64 = 1 << 20;

/// Reads a document from a file, or from standard input for `-`.
fn read(file: &Path) -> anyhow::Result<Candidate> {
    let mut text = String::new();
    let cannot = || format!("cannot read {}", file.display());
    if file == Path::new("-") {
        io::stdin().take(MOST).read_to_string(&mut text)
    } else {
        let opened = File::open(file).with_context(cannot)?;
        opened.take(MOST).read_to_string(&mut text)
    }
    .with_context(cannot)?;
    // Editors of some systems begin a file with this mark.
    let text = text.trim_start_matches('\u{feff}');
    ensure!(!text.trim().is_empty(), "{} is empty", file.display());
    Candidate::read(text).map_err(|errors| invalid(file, &errors))
}

fn invalid(file: &Path, errors: &[FieldError]) -> anyhow::Error {
    let messages: Vec<&str> = errors.iter().map(|error| &*error.message).collect();
    anyhow::anyhow!(
        "{} is not a valid rules document:\n  {}",
        file.display(),
        messages.join("\n  ")
    )
}
