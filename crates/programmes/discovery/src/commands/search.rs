use std::{collections::HashMap, process::ExitCode};

use clap::builder::PossibleValuesParser;
use kernel::{Timestamp, counted};
use platform::command::{Program, limit, remark, say};
use serde_json::json;

use crate::{
    model::{Facet, Filters, Freshness, Search, SearchResults, Sort, WorkKind},
    reads::{self, OpportunityView},
    search::Index,
};

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  guildhall discovery search sort stations --language Rust --level easy\n  guildhall discovery search --sort recent --json\n\nSeveral values of a filter are alternatives: --language Rust --language Go."
)]
pub(super) struct SearchFor {
    /// The words to search for; without words, all issues
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// The language in which the work is done
    #[arg(long, value_name = "NAME")]
    language: Vec<String>,
    /// The difficulty
    #[arg(long, value_parser = ranges(Facet::Level))]
    level: Vec<String>,
    /// A topic of the repository, or a skill that is needed
    #[arg(long, value_name = "NAME")]
    topic: Vec<String>,
    /// The type of the work
    #[arg(long = "type", value_parser = PossibleValuesParser::new(WorkKind::ALL.map(WorkKind::as_str)))]
    kind: Vec<String>,
    /// The estimated time
    #[arg(long, value_parser = ranges(Facet::Hours))]
    hours: Vec<String>,
    /// A label
    #[arg(long, value_name = "NAME")]
    label: Vec<String>,
    /// The health of the repository
    #[arg(long, value_parser = ranges(Facet::Health))]
    health: Vec<String>,
    /// How long ago something last happened to the issue at most
    #[arg(long, value_parser = PossibleValuesParser::new(Freshness::ALL.map(Freshness::as_str)))]
    freshness: Option<String>,
    /// The order
    #[arg(long, default_value = "best", value_parser = ["best", "impact", "recent", "trending"])]
    sort: String,
    /// The number of results
    #[arg(long, default_value = "20", value_parser = limit)]
    limit: u32,
    /// Print the results as one JSON object
    #[arg(long)]
    json: bool,
}

/// Parses the name of a range of a facet.
fn ranges(facet: Facet) -> PossibleValuesParser {
    let ranges = facet.buckets().unwrap_or_default();
    PossibleValuesParser::new(ranges.iter().map(|range| range.name))
}

impl SearchFor {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let context = program.look().await?;
        let index = Index::in_memory()?;
        let writer = index.writer()?;
        let mut after = 0;
        loop {
            let (changes, last) = reads::changes(&context.db, after).await?;
            if changes.is_empty() {
                break;
            }
            writer.apply(changes)?;
            after = last;
        }
        writer.finish()?;
        let as_json = self.json;
        let mut found = index.search(&self.search(context.now()))?;
        let named = reads::opportunities(&context.db, &found.ids()).await?;
        context.db.close().await;
        let name = |own: &OpportunityView| format!("{}#{}", own.repository, own.number);
        let names: HashMap<String, String> =
            named.iter().map(|own| (own.id.to_string(), name(own))).collect();
        for hit in &mut found.hits {
            if let Some(name) = names.get(&hit.key) {
                name.clone_into(&mut hit.key);
            }
        }
        if as_json {
            say(object(&found));
        } else {
            report(&found);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn search(self, now: Timestamp) -> Search {
        let freshness = self.freshness.as_deref().and_then(Freshness::named);
        let active_since = freshness.map(|own| own.since(now));
        let mut filters = Filters::fresh(active_since);
        for (facet, values) in [
            (Facet::Language, self.language),
            (Facet::Level, self.level),
            (Facet::Topic, self.topic),
            (Facet::Kind, self.kind),
            (Facet::Hours, self.hours),
            (Facet::Label, self.label),
            (Facet::Health, self.health),
        ] {
            for value in values {
                filters.accept(facet, value);
            }
        }
        Search {
            text: self.words.join(" "),
            filters,
            sort: match self.sort.as_str() {
                "impact" => Sort::Impact,
                "recent" => Sort::Recent,
                "trending" => Sort::Trending,
                _ => Sort::Best,
            },
            after: None,
            limit: self.limit as usize,
        }
    }
}

fn report(found: &SearchResults) {
    for (word, instead) in &found.corrections {
        remark(format_args!("no opportunity has \"{word}\"; searched for \"{instead}\""));
    }
    for hit in &found.hits {
        say(&hit.key);
    }
    remark(counted(found.total, "opportunity", "opportunities"));
}

fn object(found: &SearchResults) -> serde_json::Value {
    let keys: Vec<&str> = found.hits.iter().map(|hit| hit.key.as_str()).collect();
    let facets = found.facets.iter();
    let facets: serde_json::Map<_, _> =
        facets.map(|(facet, counts)| (facet.name().to_owned(), json!(counts))).collect();
    let corrections = found.corrections.iter();
    let corrections: Vec<_> =
        corrections.map(|(word, instead)| json!({ "word": word, "searched": instead })).collect();
    json!({ "total": found.total, "opportunities": keys, "facets": facets, "corrections": corrections })
}
