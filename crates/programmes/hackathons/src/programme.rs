//! This module's implementation of a programme.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::BoxFuture;
use identity::model::UserId;
use platform::{Context, db::DbError};
use recognition::{
    Facts, Programme, Targets,
    model::{
        Achievement, CanonicalPart, EntryDescription, EntryWithExplanation, FirstBadge, Metric,
        Mismatch, Rarity, Resettled, SettlementMode, SourceLink, Span,
    },
};
use uuid::Uuid;

use crate::{
    actions,
    model::{APPLICATIONS, ON_TIME, POINT_SOURCE, PointReason, SELECTIONS, WINS},
    reads::{self, SourceView},
    rules::points::sentence,
};

/// The programme that awards points for the results of hackathons that an admin approved.
#[derive(Debug)]
pub struct Hackathons;

impl Programme for Hackathons {
    fn name(&self) -> &'static str {
        "hackathons"
    }

    fn sources(&self) -> &'static [&'static str] {
        &[POINT_SOURCE]
    }

    fn points_from(&self) -> &'static str {
        "hackathons"
    }

    fn did<'a>(
        &'a self,
        context: &'a Context,
        people: &'a [UserId],
        within: Span,
    ) -> BoxFuture<'a, Result<HashMap<UserId, String>, DbError>> {
        Box::pin(reads::results_of_people(&context.db, people, within))
    }

    fn resettle<'a>(
        &'a self,
        context: &'a Context,
        mode: SettlementMode,
        progress: &'a mut (dyn FnMut(usize) + Send),
    ) -> BoxFuture<'a, Result<Resettled, DbError>> {
        Box::pin(actions::resettle(context, mode, progress))
    }

    fn mismatches<'a>(
        &'a self,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Mismatch>, DbError>> {
        Box::pin(actions::mismatches(context))
    }

    fn dump<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<CanonicalPart, DbError>> {
        Box::pin(reads::dump(&context.db))
    }

    fn describe<'a>(
        &'a self,
        context: &'a Context,
        entries: &'a [EntryWithExplanation],
    ) -> BoxFuture<'a, Result<Vec<EntryDescription>, DbError>> {
        Box::pin(async move {
            let ids = entries.iter().map(|entry| entry.source_id);
            let sources = reads::point_sources(&context.db, ids).await?;
            let described =
                entries.iter().map(|entry| description(entry, sources.get(&entry.source_id)));
            Ok(described.collect())
        })
    }

    fn targets<'a>(
        &'a self,
        context: &'a Context,
        kind: &'a str,
        ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, Result<Targets, DbError>> {
        Box::pin(async move {
            match kind {
                "hackathon" => reads::hackathon_targets(&context.db, ids.iter().copied()).await,
                _ => Ok(HashMap::new()),
            }
        })
    }

    fn metrics(&self) -> &'static [&'static Metric] {
        &METRICS
    }

    fn first_badges(&self) -> &'static [FirstBadge] {
        &FIRST_BADGES
    }

    fn achievements<'a>(
        &'a self,
        facts: Facts<'a>,
        people: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<Achievement>, DbError>> {
        Box::pin(async move {
            match facts {
                Facts::Current(db) => reads::achievements(db, people).await,
                Facts::Within(tx) => reads::achievements(tx, people).await,
            }
        })
    }
}

/// Describes an entry with a link to the project. The projects of private hackathons are not named.
fn description(entry: &EntryWithExplanation, source: Option<&SourceView>) -> EntryDescription {
    let Some(reason) = PointReason::named(&entry.reason) else {
        return EntryDescription::of_reason(&entry.reason);
    };
    let shown = source.filter(|source| !source.is_private());
    let name = shown.map_or("a private hackathon", |source| &source.hackathon);
    let sentence = if entry.is_reversal() {
        "Reversed because the submission was disqualified.".to_owned()
    } else {
        sentence(reason, entry.points, name)
    };
    EntryDescription {
        reason: reason.heading().to_owned(),
        source: shown.map(|source| SourceLink { label: source.label(), address: source.address() }),
        hidden: shown.is_none().then_some("in a private hackathon"),
        sentences: vec![sentence],
        explanation: None,
    }
}

const METRICS: [&Metric; 4] = [
    &Metric {
        code: APPLICATIONS,
        one: "application to a hackathon",
        many: "applications to hackathons",
    },
    &Metric {
        code: ON_TIME,
        one: "submission on time to a hackathon with results",
        many: "submissions on time to hackathons with results",
    },
    &Metric {
        code: SELECTIONS,
        one: "place among the finalists or winners of a hackathon",
        many: "places among the finalists or winners of hackathons",
    },
    &Metric { code: WINS, one: "win in a hackathon", many: "wins in hackathons" },
];

const FIRST_BADGES: [FirstBadge; 4] = [
    FirstBadge {
        slug: "hackathon-applicant",
        name: "Application submitted",
        description: "The first application to a hackathon.",
        metric: APPLICATIONS,
        rarity: Rarity::Common,
    },
    FirstBadge {
        slug: "hackathon-on-time",
        name: "Submitted on time",
        description: "A submission to a hackathon, on time.",
        metric: ON_TIME,
        rarity: Rarity::Common,
    },
    FirstBadge {
        slug: "hackathon-selected",
        name: "Selected by the jury",
        description: "A finalist or winner of a hackathon.",
        metric: SELECTIONS,
        rarity: Rarity::Rare,
    },
    FirstBadge {
        slug: "hackathon-winner",
        name: "Hackathon winner",
        description: "A winner of a hackathon.",
        metric: WINS,
        rarity: Rarity::Epic,
    },
];
