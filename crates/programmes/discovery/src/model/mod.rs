//! Data types of discovery.

mod analysis;
mod claims;
mod derived;
mod facts;
mod filters;
mod health;
mod kind;
mod language;
mod matching;
mod preferences;
mod reason;
mod search;
mod topics;
mod watch;

pub(crate) use analysis::Analysis;
pub(crate) use claims::{
    ClaimStatus, ClosingPull, LONGEST, MOST_ACTIVE, MOST_NEW, MOST_QUEUED, PERIOD, PullOutcome,
    PullState, REMINDED_BEFORE, Ratings,
};
pub(crate) use derived::{Derived, DerivedHealth, NotedAttention, Status};
pub(crate) use facts::{IssueFacts, RepositoryFacts};
pub(crate) use filters::{Facet, Filters, Freshness, Sort};
pub(crate) use health::Health;
pub(crate) use kind::WorkKind;
pub(crate) use language::{ModelAnalysis, Purpose, ShownAnalysis, Tokens};
pub(crate) use matching::{
    Dismissal, DismissalReason, Level, Match, MatchPart, Opportunity, PartOfMatch, Person,
};
pub(crate) use preferences::{
    FeedbackKind, Frequency, LONGEST_TERM, MOST_TERMS, MergedWork, Preferences,
};
pub(crate) use reason::{Reason, ScorePart, ScoreSum};
pub(crate) use search::{
    Document, Hit, IndexChange, ResultPlace, Search, SearchMeans, SearchResults,
};
pub(crate) use topics::{
    CLAIM_CHANGED, CLAIM_ENDING, FOLLOW_UNWANTED, ISSUES_ANALYZED, ISSUES_EMBEDDED,
    REPOSITORY_NAMED, SEARCH_DUE, SEARCH_UNWANTED,
};
pub(crate) use watch::{
    FOUND_FOR, MOST_FOUND, MOST_NEW_WATCHES, MOST_WATCHES, SearchKind, WATCH_PERIOD, WatchKind,
    WatchTarget,
};
