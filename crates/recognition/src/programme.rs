//! Programmes, which award points. This module uses them only through a trait.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::{self, Debug},
};

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use identity::model::UserId;
use platform::{
    Context,
    db::{Db, DbError, Tx},
    module::Services,
};
use uuid::Uuid;

use crate::model::{
    Achievement, BoardFamily, CanonicalPart, Champion, EntryDescription, EntryWithExplanation,
    FirstBadge, Metric, Mismatch, Pending, Resettled, SettlementMode, Share, Span,
};

/// Objects by ID, each with its name and the path of its page.
pub type Targets = HashMap<Uuid, (String, String)>;

/// The place from which a programme reads facts.
#[derive(Clone, Copy)]
pub enum Facts<'a> {
    /// The committed facts, for pages.
    Current(&'a Db),
    /// The facts that a transaction sees, for decisions that it stores.
    Within(&'a Tx),
}

/// A programme, which decides by its own rules who earns points, and posts them through
/// [`reconcile`](crate::actions::reconcile).
pub trait Programme: Debug + Send + Sync {
    /// Returns the programme's name, which is that of its crate.
    fn name(&self) -> &'static str;

    /// Returns the kinds of sources that earn the programme's points. No two programmes share a kind.
    fn sources(&self) -> &'static [&'static str];

    /// Returns where its points come from, in words that follow "Points from", such as "merges". Empty if it earns none that
    /// leaderboards count.
    fn points_from(&self) -> &'static str {
        ""
    }

    /// Says what people did for their points within a span, each in a line such as "7 merged in Lantern", by one statement.
    /// People who did nothing are absent.
    fn did<'a>(
        &'a self,
        _context: &'a Context,
        _people: &'a [UserId],
        _within: Span,
    ) -> BoxFuture<'a, Result<HashMap<UserId, String>, DbError>> {
        Box::pin(async { Ok(HashMap::new()) })
    }

    /// Returns the points that a person has yet to get for what they did, because they are pending, with the first instant at which
    /// some no longer are. `None` without any.
    fn pending<'a>(
        &'a self,
        _context: &'a Context,
        _person: UserId,
    ) -> BoxFuture<'a, Result<Option<Pending>, DbError>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Settles everything again from the stored facts, in its own transactions. Calls `progress` with
    /// the number of sources that are done.
    fn resettle<'a>(
        &'a self,
        context: &'a Context,
        mode: SettlementMode,
        progress: &'a mut (dyn FnMut(usize) + Send),
    ) -> BoxFuture<'a, Result<Resettled, DbError>>;

    /// Compares the ledger with the results of the programme's rules, and with data that it derived
    /// from the ledger.
    fn mismatches<'a>(
        &'a self,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Mismatch>, DbError>>;

    /// Counts the windows that await settlement. Their ledger legitimately differs, so
    /// [`mismatches`](Self::mismatches) leaves them out.
    fn awaiting<'a>(&'a self, _context: &'a Context) -> BoxFuture<'a, Result<usize, DbError>> {
        Box::pin(std::future::ready(Ok(0)))
    }

    /// Returns how long facts stay open after the end of what they belong to. Entries of a month that are written later
    /// are corrections.
    fn closes_after<'a>(
        &'a self,
        _context: &'a Context,
    ) -> BoxFuture<'a, Result<TimeDelta, DbError>> {
        Box::pin(std::future::ready(Ok(TimeDelta::zero())))
    }

    /// Lists the programme's facts in a form that is comparable between installations.
    fn dump<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<CanonicalPart, DbError>>;

    /// Describes entries of the programme's sources, with one description per entry, in order.
    fn describe<'a>(
        &'a self,
        context: &'a Context,
        entries: &'a [EntryWithExplanation],
    ) -> BoxFuture<'a, Result<Vec<EntryDescription>, DbError>>;

    /// Finds the programme's objects of a kind of audit log targets, such as `project`, by ID, each with its name and
    /// the path of its page.
    fn targets<'a>(
        &'a self,
        _context: &'a Context,
        _kind: &'a str,
        _ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, Result<Targets, DbError>> {
        Box::pin(async { Ok(HashMap::new()) })
    }

    /// Returns the board families that the programme adds.
    fn boards(&self) -> &'static [&'static BoardFamily] {
        &[]
    }

    /// Returns the metrics by which people can earn badges. No two programmes share a code.
    fn metrics(&self) -> &'static [&'static Metric] {
        &[]
    }

    /// Returns the badges that the programme adds to those that every server begins with.
    fn first_badges(&self) -> &'static [FirstBadge] {
        &[]
    }

    /// Lists what people achieved in the programme's metrics, in any order, by one statement. A programme that declares
    /// metrics raises [`BADGES_DUE`](crate::model::BADGES_DUE) for a person when this changes.
    fn achievements<'a>(
        &'a self,
        _facts: Facts<'a>,
        _people: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<Achievement>, DbError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Lists the people who at some time had a share of what is merged in one of the programme's projects. It reads the
    /// merges of everyone, so it is called once for each evaluation of everyone.
    fn champions<'a>(
        &'a self,
        _context: &'a Context,
        _share: Share,
    ) -> BoxFuture<'a, Result<Vec<Champion>, DbError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// The programmes of an application.
#[derive(Clone, Copy, Default)]
pub struct Programmes(pub &'static [&'static dyn Programme]);

impl Debug for Programmes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0).finish()
    }
}

impl Programmes {
    /// Returns the programmes of an application.
    #[must_use]
    pub fn of(services: &Services) -> Self {
        services.extensions.get().copied().unwrap_or_default()
    }

    /// Iterates over the programmes.
    pub fn iter(self) -> impl Iterator<Item = &'static dyn Programme> {
        self.0.iter().copied()
    }

    pub fn boards(self) -> impl Iterator<Item = &'static BoardFamily> {
        self.iter().flat_map(Programme::boards).copied()
    }

    #[must_use]
    pub fn metrics(self) -> Vec<&'static Metric> {
        self.iter().flat_map(Programme::metrics).copied().collect()
    }

    /// Lists what people achieved in all programmes, in any order.
    ///
    /// # Errors
    /// When a programme cannot read its data.
    pub async fn achievements(
        self,
        facts: Facts<'_>,
        people: &[UserId],
    ) -> Result<Vec<Achievement>, DbError> {
        let mut found = Vec::new();
        for programme in self.iter().filter(|it| !it.metrics().is_empty()) {
            found.extend(programme.achievements(facts, people).await?);
        }
        Ok(found)
    }

    /// Describes entries, with one description per entry, in order. An entry of an unknown programme is
    /// described by its reason only.
    ///
    /// # Errors
    /// When a programme cannot read its data.
    pub async fn describe(
        self,
        context: &Context,
        entries: &[EntryWithExplanation],
    ) -> Result<Vec<EntryDescription>, DbError> {
        let mut described = HashMap::new();
        for programme in self.iter() {
            let sources = programme.sources();
            let is_own = |entry: &&EntryWithExplanation| sources.contains(&&*entry.source_kind);
            let own: Vec<_> = entries.iter().filter(is_own).cloned().collect();
            if own.is_empty() {
                continue;
            }
            let words = programme.describe(context, &own).await?;
            described.extend(own.iter().map(|entry| entry.id).zip(words));
        }
        let described = |entry: &EntryWithExplanation| {
            let words = described.remove(&entry.id);
            words.unwrap_or_else(|| EntryDescription::of_reason(&entry.reason))
        };
        Ok(entries.iter().map(described).collect())
    }
}
